#include "core/runtime/runlock.h"

#include "core/runtime/lease.h"

#include <QCryptographicHash>
#include <QtEndian>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

qint64 firstNumber(Session &session, const QString &sql)
{
    const auto rows = session.query(sql);
    return rows && !rows->isEmpty() ? rows->constFirst().value(0).toLongLong() : 0;
}

} // namespace

QString mysqlLockName(const QString &database, const TableName &versionTable)
{
    const QByteArray digest = QCryptographicHash::hash(
        (database + u'.' + versionTable.text()).toUtf8(), QCryptographicHash::Sha256);
    return u"tribikos."_s + QString::fromLatin1(digest.toHex().first(40)); // of the 64 it may have
}

qint64 postgresLockKey(const QString &schema, const TableName &versionTable)
{
    const QString usual = versionTable.schema.isEmpty() ? schema : versionTable.schema;
    const QByteArray digest = QCryptographicHash::hash(
        (u"tribikos "_s + usual + u'.' + versionTable.name).toUtf8(), QCryptographicHash::Sha256);
    return qFromBigEndian<qint64>(digest.constData());
}

qint64 sessionAtWork(Session &session, const TableName &versionTable)
{
    if (session.backend() == Backend::Sqlite)
        return 0;
    const bool isPostgres = session.backend() == Backend::PostgreSql;
    const auto place =
        session.query(isPostgres ? u"SELECT current_schema()"_s : u"SELECT database()"_s);
    if (!place || place->isEmpty())
        return 0;
    const QString name = place->constFirst().value(0).toString();
    if (isPostgres)
        return firstNumber(session,
                           u"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted "
                           "AND database = (SELECT oid FROM pg_database WHERE datname = "
                           "current_database()) "
                           "AND (classid::bigint << 32) | objid::bigint = %1 LIMIT 1"_s.arg(
                               postgresLockKey(name, versionTable)));
    const qint64 holder =
        firstNumber(session, u"SELECT IS_USED_LOCK('%1')"_s.arg(mysqlLockName(name, versionTable)));
    return holder != 0 ? holder : firstNumber(session, Lease(versionTable).workerSql());
}

} // namespace tribikos
