#include "tests/servers/lab.h"

#include "core/config/databaseurl.h"
#include "core/db/sqltext.h"
#include "core/project/serverconnection.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QThread>
#include <QUuid>
#include <csignal>

using namespace Qt::StringLiterals;

namespace tribikos::lab {

namespace {

std::unique_ptr<ServerSession> opened(const ConnectionSpec &spec)
{
    auto session = openServer(spec, Access::Write);
    if (!session)
        qFatal("%s", qPrintable(session.error().message));
    return session.take();
}

QString text(const QList<Row> &rows)
{
    QString all;
    for (const Row &row : rows) {
        for (const QVariant &value : row)
            all += (value.isNull() ? u"NULL"_s : value.toString()) + u" | "_s;
        all += u'\n';
    }
    return all;
}

} // namespace

QString serverUrl(Backend backend)
{
    const char *name =
        backend == Backend::PostgreSql ? "TRIBIKOS_TEST_POSTGRESQL" : "TRIBIKOS_TEST_MARIADB";
    const QString url = qEnvironmentVariable(name);
    if (url.isEmpty())
        qFatal("%s names no server: run this test by ctest, or by tests/servers/with-servers.sh",
               name);
    return url;
}

ConnectionSpec specOf(const QString &url)
{
    const auto parsed = parseDatabaseUrl(url);
    const auto spec = parsed ? serverConnection(*parsed) : Result<ConnectionSpec>(parsed.error());
    if (!spec)
        qFatal("%s", qPrintable(spec.error().message));
    return *spec;
}

Database::Database(Backend backend)
    : Database(serverUrl(backend))
{}

Database::Database(const QString &url)
    : m_server(url)
    , m_name(u"t"_s + QUuid::createUuid().toString(QUuid::Id128).left(16))
    , m_backend(specOf(url).backend)
{
    (void)opened(specOf(m_server))->execute(u"CREATE DATABASE "_s + m_name);
    m_url = m_server.left(m_server.lastIndexOf(u'/') + 1) + m_name;
}

Database::~Database()
{
    const bool isPostgres = m_backend == Backend::PostgreSql;
    if (auto session = openServer(specOf(m_server), Access::Write))
        (void)(*session)->execute(u"DROP DATABASE "_s + m_name
                                  + (isPostgres ? u" WITH (FORCE)"_s : QString()));
}

ConnectionSpec Database::spec() const
{
    return specOf(m_url);
}

std::unique_ptr<ServerSession> Database::open() const
{
    return opened(spec());
}

void Database::exec(const QString &sql) const
{
    if (const auto ran = open()->execute(sql); !ran)
        qFatal("%s: %s", qPrintable(sql), qPrintable(ran.error().message));
}

QList<Row> Database::rows(const QString &sql) const
{
    const auto found = open()->query(sql);
    if (!found)
        qFatal("%s: %s", qPrintable(sql), qPrintable(found.error().message));
    return *found;
}

QStringList Database::position() const
{
    const auto found = open()->query(u"SELECT version_num FROM alembic_version ORDER BY 1"_s);
    if (!found)
        return {u"-"_s};
    QStringList all;
    for (const Row &row : *found)
        all.append(row.value(0).toString());
    return all;
}

QString Database::dump() const
{
    const QString own = u"'alembic_version', 'tribikos_journal'"_s;
    const bool isPostgres = m_backend == Backend::PostgreSql;
    const QString schema = isPostgres ? u"current_schema()"_s : u"database()"_s;
    const auto session = open();
    const auto ask = [&](const QString &sql) {
        const auto found = session->query(sql);
        if (!found)
            qFatal("%s: %s", qPrintable(sql), qPrintable(found.error().message));
        return *found;
    };
    QString all = text(
        ask(u"SELECT table_name, column_name, data_type, is_nullable, column_default "
            "FROM information_schema.columns WHERE table_schema = %1 AND table_name NOT IN (%2) "
            "ORDER BY table_name, ordinal_position"_s.arg(schema, own)));
    all += text(
        ask(isPostgres
                ? u"SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
                  "AND tablename NOT IN (%1) ORDER BY 1, 2"_s.arg(own)
                : u"SELECT table_name, index_name, column_name, non_unique FROM "
                  "information_schema.statistics WHERE table_schema = database() AND "
                  "table_name NOT IN (%1) ORDER BY 1, 2, seq_in_index"_s.arg(own)));
    for (const Row &table :
         ask(u"SELECT table_name FROM information_schema.tables WHERE table_schema = %1 "
             "AND table_name NOT IN (%2) ORDER BY 1"_s.arg(schema, own))) {
        const QString name = table.value(0).toString();
        all += name + u":\n"_s
               + text(ask(u"SELECT * FROM %1 ORDER BY 1"_s.arg(quotedIdentifier(name, m_backend))));
    }
    return all;
}

QString Story::id(int number)
{
    return u"r%1"_s.arg(number, 3, 10, QChar(u'0'));
}

QStringList Story::statements(int number)
{
    const QString n = QString::number(number);
    QStringList all;
    if (number == 1)
        all << u"CREATE TABLE runs (name VARCHAR(20) NOT NULL)"_s;
    all << u"CREATE TABLE t%1 (id INTEGER NOT NULL PRIMARY KEY, n INTEGER)"_s.arg(n)
        << u"INSERT INTO t%1 VALUES (1, 10), (2, 20)"_s.arg(n)
        << u"INSERT INTO runs VALUES ('%1 a')"_s.arg(id(number))
        << u"ALTER TABLE t%1 ADD COLUMN extra INTEGER"_s.arg(n)
        << u"UPDATE t%1 SET extra = n + 1"_s.arg(n)
        << u"INSERT INTO runs VALUES ('%1 b')"_s.arg(id(number))
        << u"CREATE INDEX ix_t%1 ON t%1 (n)"_s.arg(n);
    return all;
}

Story::Story(int count)
{
    for (int number = 1; number <= count; ++number)
        write(number, statements(number));
}

void Story::write(int number, const QStringList &statements) const
{
    QFile file(m_folder.filePath(id(number) + u".sql"_s));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(file.errorString()));
    QString script = u"-- revision: %1\n"_s.arg(id(number));
    if (number > 1)
        script += u"-- revises: %1\n"_s.arg(id(number - 1));
    script +=
        u"-- message: step %1\n\n-- upgrade\n%2;\n\n-- downgrade\nDROP TABLE t%1;\nDELETE FROM runs WHERE name LIKE '%3%';\n"_s
            .arg(QString::number(number), statements.join(u";\n"_s), id(number));
    if (number == 1)
        script += u"DROP TABLE runs;\n"_s;
    file.write(script.toUtf8());
}

PrivateServer::PrivateServer(Backend backend)
    : m_kind(backend == Backend::PostgreSql ? u"pg"_s : u"mysql"_s)
{
    call(u"start"_s);
}

PrivateServer::~PrivateServer()
{
    signal(SIGCONT);
    call(u"clean"_s);
}

void PrivateServer::call(const QString &verb)
{
    const bool starts = verb == u"start";
    QProcess script;
    const auto runs = [&](QStringList words) {
        script.start(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/servers/servers.sh"),
                     words << m_folder.path()
                           << (starts ? QStringList{u"--only"_s, m_kind} : QStringList()));
        return script.waitForFinished(120000) && script.exitCode() == 0;
    };
    // A busy machine may not have a server up in time, or take its port: from anew then, which is no test's subject.
    for (int left = starts ? 2 : 0; !runs({verb}); --left) {
        const QByteArray said = script.readAllStandardError();
        script.kill();
        script.waitForFinished();
        if (left == 0)
            qFatal("servers.sh %s: %s", qPrintable(verb), said.constData());
        qWarning("servers.sh %s: %s", qPrintable(verb), said.constData());
        QProcess::execute(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/servers/servers.sh"),
                          {u"clean"_s, m_folder.path()});
    }
    if (!starts)
        return;
    static const QRegularExpression url(u"^(?:PG_URL|MYSQL_URL)=(.*)$"_s,
                                        QRegularExpression::MultilineOption);
    m_url = url.match(QString::fromUtf8(script.readAllStandardOutput())).captured(1);
}

void PrivateServer::startUpForEver()
{
    call(u"recover"_s);
    QString said;
    for (int tried = 0; tried < 600 && !said.contains(u"starting up"_s); ++tried) {
        QThread::msleep(100); // until it listens
        const auto session = openServer(specOf(m_url), Access::Read);
        said = session ? QString() : session.error().message;
    }
    if (!said.contains(u"starting up"_s))
        qFatal("The server doesn't say that it is starting up: %s", qPrintable(said));
}

void PrivateServer::signal(int number)
{
    QFile real(m_folder.filePath(m_kind + u".real"_s));
    if (!real.open(QIODevice::ReadOnly))
        return;
    const QString folder = QString::fromUtf8(real.readAll()).trimmed();
    QFile pid(folder + (m_kind == u"pg" ? u"/data/postmaster.pid"_s : u"/server.pid"_s));
    if (!pid.open(QIODevice::ReadOnly))
        return;
    const int main = pid.readLine().trimmed().toInt();
    if (main <= 0)
        return;
    if (m_kind == u"pg")
        QProcess::execute(u"pkill"_s, {u"-%1"_s.arg(number), u"-P"_s, QString::number(main)});
    ::kill(main, number);
}

} // namespace tribikos::lab
