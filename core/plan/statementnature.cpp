#include "core/plan/statementnature.h"

#include "core/base/sqlhead.h"

#include <QRegularExpression>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isOutsidePostgres(const QString &sql, int serverVersion)
{
    static const QRegularExpression always(
        u"^(?:VACUUM|CHECKPOINT|CREATE\\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)|DROP\\s+(?:DATABASE|"
        u"TABLESPACE|SUBSCRIPTION)|"
        "ALTER\\s+(?:SYSTEM|SUBSCRIPTION)|ALTER\\s+DATABASE\\s+\\S+\\s+SET\\s+TABLESPACE|"
        "CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY|DROP\\s+INDEX\\s+CONCURRENTLY|"
        "REINDEX\\s+(?:\\([^)]*\\)\\s*)?(?:DATABASE|SYSTEM|SCHEMA|\\w+\\s+CONCURRENTLY)|CLUSTER\\s*"
        ";?\\s*$)|"
        "\\bDETACH\\s+PARTITION\\b.*\\bCONCURRENTLY\\b"_s,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression addValue(u"^ALTER\\s+TYPE\\b.*\\bADD\\s+VALUE\\b"_s,
                                             QRegularExpression::CaseInsensitiveOption
                                                 | QRegularExpression::DotMatchesEverythingOption);
    const QString text = withoutPadding(sql);
    return always.match(text).hasMatch()
           || (serverVersion < 120000 && addValue.match(text).hasMatch());
}

} // namespace

StatementNature natureOf(const QString &sql, Backend backend, int serverVersion)
{
    if (backend == Backend::PostgreSql)
        return isOutsidePostgres(sql, serverVersion) ? StatementNature::Outside
                                                     : StatementNature::Transactional;
    static const QStringList transactional{
        u"INSERT"_s,  u"UPDATE"_s,   u"DELETE"_s,    u"REPLACE"_s, u"SELECT"_s,
        u"WITH"_s,    u"SET"_s,      u"SHOW"_s,      u"DO"_s,      u"VALUES"_s,
        u"EXPLAIN"_s, u"DESCRIBE"_s, u"SAVEPOINT"_s, u"RELEASE"_s, u"ROLLBACK"_s};
    static const QRegularExpression committing(
        u"^SET\\s+(?:STATEMENT|PASSWORD|DEFAULT\\s+ROLE|ROLE\\s+\\S+\\s+FOR|(?:(?:SESSION|LOCAL|@@"
        u"SESSION\\.)\\s*)?(?:@@)?"
        "AUTOCOMMIT)\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (committing.match(withoutPadding(sql)).hasMatch())
        return StatementNature::Committing;
    return transactional.contains(leadingKeyword(sql)) ? StatementNature::Transactional
                                                       : StatementNature::Committing;
}

int versionNumberOf(const QString &server)
{
    static const QRegularExpression numbers(u"(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?"_s);
    const auto match = numbers.match(server);
    const int major = match.captured(1).toInt();
    if (major >= 10 && !server.contains(u"MariaDB"_s)) // PostgreSQL has two numbers since
        return major * 10000 + match.captured(2).toInt();
    return major * 10000 + match.captured(2).toInt() * 100 + match.captured(3).toInt();
}

} // namespace tribikos
