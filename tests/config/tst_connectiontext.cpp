#include "core/config/connectiontext.h"
#include "core/config/foundurls.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

class tst_ConnectionText : public QObject
{
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void setsParameters();
    void setsSessionSettings_data();
    void setsSessionSettings();
    void findsUrls();
};

void tst_ConnectionText::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("password");
    const auto row = [](const char *name, const QString &text, const QString &url, const QString &password = {}) {
        QTest::newRow(name) << text << url << password;
    };
    row("SQLAlchemy", u" postgresql+psycopg://me:s%40@db/market \n"_s, u"postgresql+psycopg://me:***@db/market"_s, u"s@"_s);
    row("postgres://", u"postgres://me@db/market"_s, u"postgresql://me@db/market"_s);
    row("JDBC", u"jdbc:postgresql://db:5433/market?user=me&password=x%26y&sslMode=verify-full"_s,
        u"postgresql://me:***@db:5433/market?sslmode=verify-full"_s, u"x&y"_s);
    row("JDBC, old TLS", u"jdbc:postgresql://db/market?ssl=true"_s, u"postgresql://db/market?sslmode=verify-full"_s);
    row("JDBC, schema", u"jdbc:postgresql://db/market?currentSchema=shop"_s,
        u"postgresql://db/market?options=-c%20search_path%3Dshop"_s);
    row("JDBC, no host", u"jdbc:postgresql:market"_s, u"postgresql:///market"_s);
    row("JDBC, MySQL", u"jdbc:mysql://db/shop?useSSL=true"_s, u"mysql://db/shop?ssl_mode=VERIFY_IDENTITY"_s);
    row("JDBC, MariaDB", u"jdbc:mariadb://db:3307/shop"_s, u"mariadb://db:3307/shop"_s);
    row("JDBC, SQLite", u"jdbc:sqlite:/var/lib/x.db"_s, u"sqlite:////var/lib/x.db"_s);
    row("keywords", u"host=db port=5433 dbname=market user=me password='a b\\'c' sslmode=require"_s,
        u"postgresql://me:***@db:5433/market?sslmode=require"_s, u"a b'c"_s);
    row("keywords, socket", u"host=/run/postgresql dbname=market"_s, u"postgresql:///market?host=/run/postgresql"_s);
    row("service", u"service=market"_s, u"postgresql://?service=market"_s);
    row("a file", u"/home/me/market.sqlite3"_s, u"sqlite:////home/me/market.sqlite3"_s);
}

void tst_ConnectionText::reads()
{
    QFETCH(QString, text);
    QFETCH(QString, url);
    QFETCH(QString, password);
    const Result<DatabaseUrl> read = readConnectionText(text);
    QVERIFY2(read, read ? "" : qPrintable(read.error().message));
    QCOMPARE(read->displayText(), url);
    QCOMPARE(read->password, password);
}

void tst_ConnectionText::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("said");
    QTest::newRow("nothing") << QString() << u"is empty"_s;
    QTest::newRow("a word") << u"market"_s << u"can't be read"_s;
    QTest::newRow("another JDBC") << u"jdbc:oracle:thin:@db"_s << u"'oracle'"_s;
    QTest::newRow("half a keyword") << u"host=db password"_s << u"host=…"_s;
}

void tst_ConnectionText::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, said);
    const Result<DatabaseUrl> read = readConnectionText(text);
    QVERIFY(!read);
    QVERIFY2(read.error().message.contains(said), qPrintable(read.error().message));
}

void tst_ConnectionText::setsParameters()
{
    DatabaseUrl url = *parseDatabaseUrl(u"postgresql://db/market?a=1&b=2"_s);
    setParameter(url, u"a"_s, u"3"_s);
    setParameter(url, u"c"_s, u"4"_s);
    setParameter(url, u"b"_s, {});
    QCOMPARE(url.withoutSecrets(), u"postgresql://db/market?a=3&c=4"_s);
}

void tst_ConnectionText::setsSessionSettings_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("after");
    QTest::newRow("new") << QString() << u"app"_s << u"-c role=app"_s;
    QTest::newRow("changed") << u"-c role=old -c x=1"_s << u"app"_s << u"-c x=1 -c role=app"_s;
    QTest::newRow("removed") << u"-c role=old -c x=1"_s << QString() << u"-c x=1"_s;
    QTest::newRow("other spellings") << u"-crole=old --x=1 -d 2"_s << u"app"_s << u"--x=1 -d 2 -c role=app"_s;
}

void tst_ConnectionText::setsSessionSettings()
{
    QFETCH(QString, before);
    QFETCH(QString, value);
    QFETCH(QString, after);
    DatabaseUrl url{.backend = Backend::PostgreSql};
    setParameter(url, u"options"_s, before);
    QCOMPARE(sessionSetting(url, u"role"_s), before.contains(u"role="_s) ? u"old"_s : QString());
    setSessionSetting(url, u"role"_s, value);
    QCOMPARE(url.parameter(u"options"_s), after);
    QCOMPARE(sessionSetting(url, u"role"_s), value);
}

void tst_ConnectionText::findsUrls()
{
    const QTemporaryDir folder;
    const auto write = [&folder](const QString &name, const QByteArray &text) {
        const QString path = folder.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    write(u"alembic.ini"_s, "[alembic]\nsqlalchemy.url = driver://user:pass@localhost/dbname\n"
                            "[prod]\nsqlalchemy.url = postgresql://app:canary@db/market\n");
    write(u".env"_s, "# comment\nDATABASE_URL=\"mysql+pymysql://root@127.0.0.1:3306/shop\"\n"
                     "OTHER=postgresql://${USER}@db/x\nAGAIN=postgresql://app:canary@db/market\n");
    write(u"src/app/config.py"_s, "URL = 'sqlite:///./market.db'\nX = f'postgresql://{user}@db/x'\n");
    write(u"src/app/deep/down/config.py"_s, "URL = 'sqlite:///./far.db'\n");
    write(u"node_modules/x/.env"_s, "URL=sqlite:///theirs.db\n");
    write(u"notes.txt"_s, "postgresql://nobody@db/notes\n");
    write(u"hostile.env"_s, QByteArray(900'000, 'a') + " postgresql://x@db/y\n");
    QStringList lines;
    for (const FoundUrl &found : findDatabaseUrls(folder.path()))
        lines << u"%1:%2 %3 %4"_s.arg(found.file).arg(found.line).arg(found.name, found.url.displayText());
    lines.sort();
    QCOMPARE(lines, (QStringList{u".env:2 DATABASE_URL mysql+pymysql://root@127.0.0.1:3306/shop"_s,
                                 u".env:4 AGAIN postgresql://app:***@db/market"_s,
                                 u"src/app/config.py:1 URL sqlite:///./market.db"_s}));
}

int runConnectionTextTest(int argc, char **argv)
{
    tst_ConnectionText test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_connectiontext.moc"
