#include "core/project/connectiontest.h"

#include "core/base/sqltokenizer.h"
#include "core/db/serversession.h"
#include "core/db/sqlitesession.h"
#include "core/dialects/dialect.h"
#include "core/project/usecases.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The pattern of a GRANT, as LIKE has them.
bool isLike(const QString &name, const QString &pattern)
{
    QString expression;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const bool isEscaped = pattern.at(i) == u'\\' && i + 1 < pattern.size();
        i += isEscaped ? 1 : 0;
        const QChar one = pattern.at(i);
        expression += !isEscaped && one == u'%'   ? u".*"_s
                      : !isEscaped && one == u'_' ? u"."_s
                                                  : QRegularExpression::escape(QString(one));
    }
    return QRegularExpression(QRegularExpression::anchoredPattern(expression))
        .match(name)
        .hasMatch();
}

} // namespace

bool grantsTables(const QString &grant, const QString &database)
{
    const QList<SqlToken> tokens = sqlTokens(grant, Backend::MariaDb);
    if (!tokens.constFirst().isWord(u"GRANT"))
        return false;
    bool isCreate = false;
    QString privilege;
    qsizetype at = 1;
    for (int depth = 0; at < tokens.size() - 1; ++at) {
        const SqlToken &token = tokens.at(at);
        const bool isEnd = depth == 0 && token.isWord(u"ON");
        if (isEnd || (depth == 0 && token.isSymbol(u","))) {
            isCreate |= privilege == u" CREATE" || privilege == u" ALL PRIVILEGES";
            privilege.clear();
        } else {
            privilege += u' ' + token.text;
        }
        if (isEnd)
            break;
        depth += token.isSymbol(u"(") ? 1 : token.isSymbol(u")") ? -1 : 0;
    }
    if (!isCreate || at + 1 >= tokens.size())
        return false;
    const SqlToken &on = tokens.at(at + 1);
    if (QStringView(grant).mid(on.start).startsWith(u"*.* "))
        return true;
    return on.isName() && QStringView(grant).mid(on.end).startsWith(u".* ")
           && isLike(database, on.text);
}

namespace {

QVariant oneValue(Session &session, const QString &sql)
{
    const Result<QList<Row>> rows = session.query(sql);
    return rows && !rows->isEmpty() ? rows->first().value(0) : QVariant();
}

bool canRead(Session &session, const QString &sql)
{
    return bool(session.query(sql));
}

/// The manual's 28.2.6: one row per connection with what protects it.
QString postgresEncryption(Session &session)
{
    return oneValue(
               session,
               u"SELECT version FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"_s)
        .toString();
}

void askPostgres(Session &session, ConnectionReport *report)
{
    report->user = oneValue(session, u"SELECT current_user"_s).toString();
    report->encryption = postgresEncryption(session);
    const QVariant may =
        oneValue(session, u"SELECT pg_catalog.has_schema_privilege(current_schema(), 'CREATE')"_s);
    if (!may.isNull())
        report->canCreate = may.toBool();
    else
        report->warnings.append(u"No schema of the search path exists, so tables can't be made."_s);
    if (oneValue(session, u"SELECT pg_catalog.pg_is_in_recovery()"_s).toBool())
        report->warnings.append(u"The server is a standby: it can be read only."_s);
}

void askMySql(Session &session, ConnectionReport *report)
{
    report->user = oneValue(session, u"SELECT current_user()"_s).toString();
    const Result<QList<Row>> tls = session.query(u"SHOW SESSION STATUS LIKE 'Ssl_version'"_s);
    if (tls && !tls->isEmpty())
        report->encryption = tls->first().value(1).toString();
    const Result<QList<Row>> grants = session.query(u"SHOW GRANTS"_s);
    const QString database = oneValue(session, u"SELECT database()"_s).toString();
    bool mayCreate = false;
    bool isRestricted = false; // MySQL's partial_revokes
    for (const Row &row : grants ? *grants : QList<Row>()) {
        mayCreate |= grantsTables(row.value(0).toString(), database);
        isRestricted |= row.value(0).toString().startsWith(u"REVOKE"_s);
    }
    if (mayCreate && !isRestricted) // a role may hold the right too: a no can't be told for sure
        report->canCreate = true;
    if (oneValue(session, u"SELECT @@global.read_only"_s).toInt() != 0)
        report->warnings.append(u"The server is set to read_only."_s);
}

void warnOfLine(const ConnectionSpec &spec, ConnectionReport *report)
{
    report->isLocal = spec.isLocal();
    if (report->encryption.isEmpty() && !report->isLocal)
        report->warnings.append(
            u"What is said to this server is not encrypted: anybody on the way can read it."_s);
    if (report->isPooled)
        report->warnings.append(
            u"A connection pooler stands between: applying needs a connection of its own to the server."_s);
}

Result<ConnectionReport> testServer(const ConnectionSpec &spec, const TableName &versionTable,
                                    const std::stop_token &stop)
{
    const Error cancelled{.code = ErrorCode::Cancelled, .message = u"The trial was cancelled."_s};
    if (stop.stop_requested())
        return cancelled;
    QElapsedTimer timer;
    timer.start();
    auto opened = openServer(spec, Access::Read, [stop] { return !stop.stop_requested(); });
    if (!opened)
        return opened.error();
    ServerSession &session = **opened;
    ConnectionReport report{.connectMilliseconds = int(timer.elapsed())};
    timer.restart();
    if (const auto answer = session.query(u"SELECT 1"_s); !answer)
        return answer.error();
    report.answerMilliseconds = double(timer.nsecsElapsed()) / 1e6;
    report.server = session.serverVersion();
    report.isPooled = session.isPooled();
    const Dialect &dialect = dialectFor(spec.backend);
    report.rollsBackDdl = dialect.hasTransactionalDdl();
    if (spec.backend == Backend::PostgreSql)
        askPostgres(session, &report);
    else
        askMySql(session, &report);
    report.hasVersionTable =
        canRead(session, u"SELECT 1 FROM %1 WHERE 1 = 0"_s.arg(dialect.tableIdent(versionTable)));
    warnOfLine(spec, &report);
    if (stop.stop_requested())
        return cancelled;
    if (session.isLost())
        return Error{.code = ErrorCode::Connection,
                     .message =
                         u"The connection to %1 was lost while it was tried."_s.arg(spec.place())};
    return report;
}

Result<ConnectionReport> testFile(const ConnectionSpec &spec, const TableName &versionTable)
{
    ConnectionReport report{.isLocal = true, .rollsBackDdl = true};
    const QFileInfo file(spec.database);
    const QFileInfo folder(file.path());
    if (!folder.isDir())
        return Error{.code = ErrorCode::Connection,
                     .message =
                         u"The folder %1 doesn't exist; make it, or choose another file."_s.arg(
                             folder.filePath())};
    report.exists = file.exists();
    // A transaction's journal is made beside the file.
    report.canCreate = folder.isWritable() && (!report.exists || file.isWritable());
    if (!*report.canCreate)
        report.warnings.append(u"The file or its folder can't be written by you."_s);
    if (!report.exists)
        return report;
    QElapsedTimer timer;
    timer.start();
    auto session = SqliteSession::open(spec, Access::Read, {});
    if (!session)
        return session.error();
    report.connectMilliseconds = int(timer.elapsed());
    timer.restart();
    if (const auto answer = (*session)->query(u"SELECT count(*) FROM sqlite_master"_s); !answer)
        return answer.error();
    report.answerMilliseconds = double(timer.nsecsElapsed()) / 1e6;
    report.server = (*session)->serverVersion();
    report.hasVersionTable =
        canRead(**session, u"SELECT 1 FROM %1 WHERE 1 = 0"_s.arg(
                               dialectFor(Backend::Sqlite).tableIdent(versionTable)));
    return report;
}

} // namespace

Result<ConnectionReport> testConnection(const Environment &environment,
                                        const TableName &versionTable, const std::stop_token &stop)
{
    const Result<ConnectionSpec> spec = connectionFor(environment);
    if (!spec)
        return spec.error();
    return spec->backend == Backend::Sqlite ? testFile(*spec, versionTable)
                                            : testServer(*spec, versionTable, stop);
}

} // namespace tribikos
