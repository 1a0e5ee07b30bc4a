#include "core/runtime/lease.h"

#include "core/db/sqltext.h"
#include "core/reflect/leftout.h"

#include <QUuid>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString quotedTable(const TableName &versionTable)
{
    const QString name = quotedIdentifier(ownTable(leaseTable, versionTable), Backend::MySql);
    return versionTable.schema.isEmpty()
               ? name
               : quotedIdentifier(versionTable.schema, Backend::MySql) + u'.' + name;
}

/// Somebody else was quicker, on this node or on another: no_such_table, lock wait timeout, deadlock.
bool isRace(const ServerSession &session)
{
    return !session.isLost()
           && (session.lastState() == u"1146" || isRetryable(Backend::MySql, session.lastState()));
}

} // namespace

bool refusesLocks(const QString &state)
{
    // Unknown error (Percona's strict mode), access denied, not supported yet, no such function, execute denied.
    return QStringList{u"1105"_s, u"1227"_s, u"1235"_s, u"1305"_s, u"1370"_s}.contains(state);
}

Lease::Lease(const TableName &versionTable)
    : m_table(quotedTable(versionTable))
    , m_token(QUuid::createUuid().toString(QUuid::Id128))
{}

Result<bool> Lease::take(ServerSession &session)
{
    const QString insert =
        u"INSERT IGNORE INTO %1 VALUES (1, '%2', CONNECTION_ID(), UTC_TIMESTAMP())"_s.arg(m_table,
                                                                                          m_token);
    auto taken = session.execute(insert);
    if (!taken && session.lastState() == u"1146") {
        const auto made = session.execute(
            u"CREATE TABLE IF NOT EXISTS %1 (id INTEGER NOT NULL PRIMARY KEY, token CHAR(32) NOT "
            u"NULL, "
            "session BIGINT NOT NULL, renewed DATETIME NOT NULL) ENGINE=InnoDB"_s.arg(m_table));
        if (!made)
            return made.error();
        taken = session.execute(insert);
    }
    if (taken && *taken == 0)
        taken = session.execute(
            u"UPDATE %1 SET token = '%2', session = CONNECTION_ID(), renewed = UTC_TIMESTAMP() "
            "WHERE id = 1 AND renewed < UTC_TIMESTAMP() - INTERVAL %3 SECOND AND NOT EXISTS "
            "(SELECT 1 FROM information_schema.PROCESSLIST AS p WHERE p.ID = session)"_s.arg(
                m_table, m_token, QString::number(kLifetimeS)));
    if (taken)
        return *taken == 1;
    return isRace(session) ? Result<bool>(false) : Result<bool>(taken.error());
}

QString Lease::isOursSql() const
{
    return u"(SELECT token = '%1' FROM %2 WHERE id = 1)"_s.arg(m_token, m_table);
}

QString Lease::renewSql() const
{
    return u"UPDATE %1 SET renewed = UTC_TIMESTAMP() WHERE id = 1 AND token = '%2'"_s.arg(m_table,
                                                                                          m_token);
}

QString Lease::holderSql() const
{
    return u"(SELECT session FROM %1 WHERE id = 1)"_s.arg(m_table);
}

QString Lease::workerSql() const
{
    return u"SELECT session FROM %1 WHERE id = 1 AND renewed > UTC_TIMESTAMP() - INTERVAL %2 SECOND"_s
        .arg(m_table, QString::number(kLifetimeS));
}

void Lease::release(ServerSession &session) const
{
    const auto ours = session.query(u"SELECT "_s + isOursSql());
    if (ours && ours->constFirst().value(0).toInt() == 1)
        (void)session.execute(u"DROP TABLE "_s + m_table);
}

} // namespace tribikos
