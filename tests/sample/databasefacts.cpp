#include "tests/sample/databasefacts.h"

#include "core/db/sqlitesession.h"
#include "core/sqlread/splitter.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos::sampletest {

namespace {

std::unique_ptr<SqliteSession> open(const QString &path, Access access)
{
    auto session =
        SqliteSession::open({.url = u"sqlite:///"_s + path, .database = path}, access, {});
    if (!session)
        qFatal("%s", qPrintable(session.error().message));
    return session.take();
}

QList<Row> rows(SqliteSession &session, const QString &sql, const QList<QVariant> &bound = {})
{
    auto found = session.query(sql, bound);
    if (!found)
        qFatal("%s: %s", qPrintable(sql), qPrintable(found.error().message));
    return found.take();
}

QString line(const Row &row)
{
    QStringList cells;
    for (const QVariant &cell : row)
        cells.append(cell.isNull() ? u"NULL"_s : cell.toString());
    return cells.join(u" | "_s);
}

QStringList tableNames(SqliteSession &session)
{
    QStringList names;
    for (const Row &row : rows(session, u"SELECT name FROM sqlite_master WHERE type = 'table' "
                                        "AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"_s))
        names.append(row.first().toString());
    return names;
}

QString indexColumns(SqliteSession &session, const QString &index)
{
    return line(rows(session,
                     u"SELECT group_concat(name) FROM "
                     "(SELECT name FROM pragma_index_info(?) ORDER BY seqno)"_s,
                     {index})
                    .first());
}

QString seedOrNow(QString text)
{
    static const QRegularExpression time(u"\\b20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"_s);
    if (time.match(text).hasMatch() && !text.startsWith(u"2025-01-01 00:00:"_s))
        return u"now"_s;
    return text;
}

} // namespace

QStringList schemaFacts(const QString &databasePath)
{
    const auto session = open(databasePath, Access::Read);
    QStringList facts;
    for (const QString &table : tableNames(*session)) {
        for (const Row &row : rows(*session,
                                   u"SELECT cid, name, type, \"notnull\", dflt_value, pk "
                                   "FROM pragma_table_info(?)"_s,
                                   {table}))
            facts.append(u"%1 column %2"_s.arg(table, line(row)));
        for (const Row &row : rows(*session,
                                   u"SELECT \"from\", \"table\", \"to\", on_update, on_delete "
                                   "FROM pragma_foreign_key_list(?)"_s,
                                   {table}))
            facts.append(u"%1 foreign key %2"_s.arg(table, line(row)));
        for (const Row &row : rows(*session,
                                   u"SELECT name, \"unique\", origin, partial "
                                   "FROM pragma_index_list(?)"_s,
                                   {table})) {
            const QString index = row.first().toString();
            const bool isNamed = row.at(2).toString() == u"c";
            facts.append(u"%1 index %2 (%3) %4"_s.arg(
                table, isNamed ? index : u"-"_s, indexColumns(*session, index), line(row.mid(1))));
        }
    }
    facts.sort();
    return facts;
}

QStringList rowFacts(const QString &databasePath)
{
    const auto session = open(databasePath, Access::Read);
    QStringList facts;
    for (const QString &table : tableNames(*session)) {
        for (Row row : rows(*session, u"SELECT * FROM \"%1\""_s.arg(table))) {
            for (QVariant &cell : row)
                if (!cell.isNull())
                    cell = seedOrNow(cell.toString());
            facts.append(u"%1: %2"_s.arg(table, line(row)));
        }
    }
    facts.sort();
    return facts;
}

void runScript(const QString &databasePath, const QString &script)
{
    const auto session = open(databasePath, Access::Write);
    for (const SqlStatement &statement : splitStatements(script)) {
        const auto ran = session->execute(statement.text);
        if (!ran)
            qFatal("%s: %s", qPrintable(statement.text), qPrintable(ran.error().message));
    }
}

} // namespace tribikos::sampletest
