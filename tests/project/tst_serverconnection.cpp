#include "core/project/serverconnection.h"
#include "core/project/usecases.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

Result<ConnectionSpec> specOf(const QString &url)
{
    const auto parsed = parseDatabaseUrl(url);
    return parsed ? serverConnection(*parsed) : Result<ConnectionSpec>(parsed.error());
}

QString tlsName(Tls tls)
{
    switch (tls) {
    case Tls::Automatic: return u"automatic"_s;
    case Tls::Off: return u"off"_s;
    case Tls::Prefer: return u"prefer"_s;
    case Tls::Encrypt: return u"encrypt"_s;
    case Tls::VerifyCa: return u"verify-ca"_s;
    case Tls::VerifyFull: return u"verify-full"_s;
    }
    return {};
}

/// What matters of a connection, in one line.
QString summary(const ConnectionSpec &spec)
{
    QString text = u"%1 %2:%3%4 %5/%6 %7"_s.arg(backendName(spec.backend), spec.host, QString::number(spec.port),
                                                spec.socket.isEmpty() ? QString() : u" ["_s + spec.socket + u']',
                                                spec.user, spec.database, tlsName(spec.tls));
    for (auto option = spec.clientOptions.cbegin(); option != spec.clientOptions.cend(); ++option)
        text += u' ' + option.key() + u'=' + option.value();
    return text + (spec.caFile.isEmpty() ? QString() : u" ca="_s + spec.caFile);
}

} // namespace

class tst_ServerConnection final : public QObject
{
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void choosesTls_data();
    void choosesTls();
    void keepsThePasswordOut();
};

void tst_ServerConnection::reads_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("expected");
    const auto row = [](const QString &url, const QString &expected) {
        QTest::newRow(qPrintable(url)) << url << expected;
    };
    row(u"postgresql://u:p@h:5433/d"_s, u"postgresql h:5433 u/d automatic"_s);
    row(u"postgresql+asyncpg://u@h/d?ssl=require"_s, u"postgresql h:0 u/d encrypt"_s);
    row(u"postgresql+psycopg2://u@/d?host=/run/postgresql"_s, u"postgresql :0 [/run/postgresql] u/d automatic"_s);
    row(u"postgresql://u@h/d?sslmode=verify-full&sslrootcert=/ca.pem"_s, u"postgresql h:0 u/d verify-full ca=/ca.pem"_s);
    row(u"postgresql://h/d?application_name=x&options=-c%20search_path=a"_s,
        u"postgresql h:0 /d automatic application_name=x options=-c search_path=a"_s);
    row(u"postgresql://u@h/d?prepared_statement_cache_size=0"_s, u"postgresql h:0 u/d automatic"_s);
    row(u"mysql+pymysql://u:p%40@h:3307/d?charset=utf8mb4"_s, u"mysql h:3307 u/d automatic"_s);
    row(u"mariadb://u@localhost/d?unix_socket=/run/m.sock"_s, u"mariadb localhost:0 [/run/m.sock] u/d automatic"_s);
    row(u"mysql://u@h/d?ssl_ca=/ca.pem&ssl_verify_identity=true"_s, u"mysql h:0 u/d verify-full ca=/ca.pem"_s);
    row(u"mysql+mysqlconnector://u@h/d?ssl_disabled=True"_s, u"mysql h:0 u/d off"_s);
}

void tst_ServerConnection::reads()
{
    QFETCH(QString, url);
    const auto spec = specOf(url);
    QVERIFY2(spec, qPrintable(spec ? QString() : spec.error().message));
    QTEST(summary(*spec), "expected");
}

void tst_ServerConnection::refuses_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("said");
    QTest::newRow("unknown") << u"postgresql://u:secret@h/d?sslmod=require"_s << u"sslmod"_s;
    QTest::newRow("value") << u"postgresql://u:secret@h/d?sslmode=tight"_s << u"tight"_s;
    QTest::newRow("no database") << u"mysql://u:secret@h"_s << u"names no database"_s;
}

void tst_ServerConnection::refuses()
{
    QFETCH(QString, url);
    QFETCH(QString, said);
    const auto spec = specOf(url);
    QVERIFY(!spec);
    QCOMPARE(spec.error().code, ErrorCode::Connection);
    QVERIFY2(spec.error().message.contains(said), qPrintable(spec.error().message));
    QVERIFY2(!spec.error().message.contains(u"secret"_s), qPrintable(spec.error().message));
}

void tst_ServerConnection::choosesTls_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("expected");
    QTest::newRow("elsewhere") << u"postgresql://u@db.example/d"_s << u"verify-full"_s;
    QTest::newRow("address") << u"mysql://u@10.0.0.7/d"_s << u"verify-full"_s;
    QTest::newRow("here") << u"postgresql://u@localhost/d"_s << u"prefer"_s;
    QTest::newRow("loop") << u"mysql://u@127.0.0.1/d"_s << u"prefer"_s;
    QTest::newRow("socket") << u"postgresql:///d"_s << u"prefer"_s;
    QTest::newRow("asked") << u"postgresql://u@db.example/d?sslmode=disable"_s << u"off"_s;
}

void tst_ServerConnection::choosesTls()
{
    QFETCH(QString, url);
    const auto spec = specOf(url);
    QVERIFY(spec);
    QTEST(tlsName(spec->effectiveTls()), "expected");
}

void tst_ServerConnection::keepsThePasswordOut()
{
    const auto spec = connectionFor({.name = u"x"_s,
                                     .url = u"postgresql://u:canary@h/d"_s,
                                     .backend = Backend::PostgreSql,
                                     .password = u"other"_s});
    QVERIFY(spec);
    QCOMPARE(spec->password, u"other"_s); // given apart, it stands in the URL's place
    QVERIFY(!spec->url.contains(u"canary"_s));
    QVERIFY(!spec->place().contains(u"canary"_s));
}

int runServerConnection(int argc, char **argv)
{
    tst_ServerConnection test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_serverconnection.moc"
