#include "core/runtime/versiontable.h"

#include "core/base/text.h"
#include "core/db/sqltext.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int kMostRows =
    10000; // far above any history's number of heads; keeps a hostile table out of memory

Error damaged(const TableName &name, const QString &what)
{
    return {.code = ErrorCode::Conflict,
            .message = u"The version table %1 %2; nothing was done, correct it first."_s.arg(
                visibleText(name.text(), false), what)};
}

QString qualified(const TableName &name, Backend backend)
{
    const QString table = quotedIdentifier(name.name, backend);
    return name.schema.isEmpty() ? table : quotedIdentifier(name.schema, backend) + u'.' + table;
}

/// "table", "view" or nothing.
Result<QString> relationKind(Session &session, const TableName &name)
{
    Result<QList<Row>> rows = [&] {
        if (session.backend() == Backend::Sqlite) {
            const QString schema = name.schema.isEmpty() ? u"main"_s : name.schema;
            return session.query(
                u"SELECT type FROM %1.sqlite_master WHERE type IN ('table', 'view') "
                "AND name = ? COLLATE NOCASE"_s.arg(quotedIdentifier(schema, Backend::Sqlite)),
                {name.name});
        }
        if (session.backend() == Backend::PostgreSql) // what the name means on the search path
            return session.query(u"SELECT CASE WHEN relkind IN ('v', 'm') THEN 'view' ELSE 'table' "
                                 u"END FROM pg_class "
                                 "WHERE oid = to_regclass(?)"_s,
                                 {qualified(name, Backend::PostgreSql)});
        // A row that can't be written would leave the revision's DDL behind.
        return session.query(
            u"SELECT table_type, (SELECT count(*) FROM information_schema.columns AS c "
            "WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name "
            "AND lower(c.column_name) <> 'version_num' AND c.is_nullable = 'NO' "
            "AND c.column_default IS NULL AND c.extra = '') FROM information_schema.tables AS t "
            "WHERE table_name = ? AND table_schema = coalesce(?, database())"_s,
            {name.name, name.schema.isEmpty() ? QVariant(QMetaType::fromType<QString>())
                                              : QVariant(name.schema)});
    }();
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return QString();
    const QString type = rows->first().value(0).toString();
    if (rows->first().value(1).toInt() > 0)
        return damaged(name, u"has a column beside version_num that wants a value"_s);
    return type.contains(u"VIEW"_s, Qt::CaseInsensitive) ? u"view"_s : u"table"_s;
}

} // namespace

QString versionRowsSql(const TableName &name, Backend backend, const QString &more)
{
    // A column that is not there would be read as a string by SQLite, were it quoted.
    return u"SELECT version_num%1 FROM %2 LIMIT %3"_s.arg(
        backend == Backend::Sqlite ? u", typeof(version_num)"_s
        : more.isEmpty()           ? QString()
                                   : u", "_s + more,
        qualified(name, backend), QString::number(kMostRows + 1));
}

Error versionRowsError(const Error &error, const TableName &name)
{
    return error.code == ErrorCode::Statement
               ? damaged(name, u"can't be read (%1)"_s.arg(error.message))
               : error;
}

Result<QStringList> readVersionRows(Session &session, const TableName &name)
{
    const auto found = session.query(versionRowsSql(name, session.backend()));
    if (!found)
        return versionRowsError(found.error(), name);
    return checkedVersionRows(*found, name, session.backend());
}

Result<QStringList> checkedVersionRows(const QList<Row> &found, const TableName &name,
                                       Backend backend)
{
    const bool isSqlite = backend == Backend::Sqlite;
    if (found.size() > kMostRows)
        return damaged(name, u"has more than %1 rows"_s.arg(kMostRows));
    QStringList rows;
    for (const Row &row : found) {
        const QString value = row.value(0).toString();
        if (row.value(0).isNull())
            return damaged(name, u"has a row without a revision (NULL)"_s);
        if (isSqlite && row.value(1).toString() != u"text")
            return damaged(name,
                           u"has a row that is not text but %1"_s.arg(row.value(1).toString()));
        if (value.isEmpty())
            return damaged(name, u"has a row with an empty revision"_s);
        if (rows.contains(value))
            return damaged(name, u"has the revision %1 twice"_s.arg(visibleText(value, false)));
        rows.append(value);
    }
    return rows;
}

Result<VersionTable> readVersionTable(Session &session, const TableName &name)
{
    const Result<QString> kind = relationKind(session, name);
    if (!kind)
        return kind.error();
    if (kind->isEmpty())
        return VersionTable{};
    if (*kind == u"view")
        return damaged(name, u"is a view, not a table"_s);
    Result<QStringList> rows = readVersionRows(session, name);
    if (!rows)
        return rows.error();
    return VersionTable{.exists = true, .rows = rows.take()};
}

Result<QStringList> changedRows(QStringList rows, const QList<VersionChange> &changes)
{
    for (const VersionChange &change : changes) {
        const bool removes = change.kind != VersionChange::Kind::Insert;
        const bool adds = change.kind != VersionChange::Kind::Delete;
        if (removes && rows.removeAll(change.from) != 1)
            return Error{.code = ErrorCode::Conflict,
                         .message = u"The plan takes %1 out of the version table, where it is not; "
                                    "make a new plan."_s.arg(visibleText(change.from, false))};
        if (adds && rows.contains(change.to))
            return Error{.code = ErrorCode::Conflict,
                         .message =
                             u"The plan puts %1 into the version table, where it is already; "
                             "make a new plan."_s.arg(visibleText(change.to, false))};
        if (adds)
            rows.append(change.to);
    }
    return rows;
}

bool isSamePosition(const QStringList &a, const QStringList &b)
{
    QStringList left = a;
    QStringList right = b;
    left.sort();
    right.sort();
    return left == right;
}

QString positionText(const QStringList &rows)
{
    return rows.isEmpty() ? u"base (no revision)"_s : visibleText(rows.join(u", "_s), false);
}

} // namespace tribikos
