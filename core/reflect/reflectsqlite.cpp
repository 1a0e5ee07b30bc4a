#include "core/reflect/reflectsqlite.h"

#include "core/sqlread/createtable.h"

#include <QHash>
#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// A column as PRAGMA table_xinfo tells it.
struct ColumnFact
{
    QString name{};
    QString type{};
    bool isNotNull = false;
    QString defaultText{};
    int keyPlace = 0; // 1-based place in the primary key
    int hidden = 0;   // 2: virtual, 3: stored generated column
};
using ColumnFacts = QHash<QString, QList<ColumnFact>>; // by table

Result<ColumnFacts> readColumnFacts(Session &session)
{
    const Result<QList<Row>> rows =
        session.query(u"SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden "
                      "FROM sqlite_master AS m JOIN pragma_table_xinfo(m.name) AS x "
                      "WHERE m.type = 'table' AND m.rootpage > 0 ORDER BY m.name, x.cid"_s);
    if (!rows)
        return rows.error();
    ColumnFacts facts;
    for (const Row &row : *rows)
        if (row.size() == 7)
            facts[row[0].toString()].append({row[1].toString(), row[2].toString(), row[3].toBool(),
                                             row[4].toString(), row[5].toInt(), row[6].toInt()});
    return facts;
}

/// Tables that belong to a virtual table.
Result<QSet<QString>> readShadowTables(Session &session)
{
    const Result<QList<Row>> rows = session.query(
        u"SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'"_s);
    if (!rows)
        return rows.error();
    QSet<QString> names;
    for (const Row &row : *rows)
        if (!row.isEmpty())
            names.insert(row[0].toString());
    return names;
}

bool agrees(const Table &table, const QList<ColumnFact> &facts)
{
    const PrimaryKey *key = table.primaryKey();
    return std::ranges::equal(
        table.columns, facts, [&](const Column &column, const ColumnFact &fact) {
            const qsizetype place = key ? key->columns.indexOf(column.name) + 1 : 0;
            const bool isWithoutRowid = table.options.contains(u"sqlite_with_rowid"_s);
            return column.name == fact.name && place == fact.keyPlace
                   && (column.isNullable() != fact.isNotNull || (isWithoutRowid && place > 0));
        });
}

/// What SQLite says of the columns, where the text can't be used.
Table tableFromFacts(const QString &name, const QList<ColumnFact> &facts)
{
    Table table{.name = {{}, name}, .isOpaque = true, .columnsOpaque = true};
    QMap<int, QString> key;
    for (const ColumnFact &fact : facts) {
        Column column{.name = fact.name, .nullable = !fact.isNotNull};
        column.primaryKey = fact.keyPlace > 0;
        if (!fact.type.isEmpty())
            column.type = std::make_shared<const SqlType>(
                SqlType{.name = fact.type, .module = u"reflected"_s});
        if (!fact.defaultText.isEmpty())
            column.serverDefault = textExpr(fact.defaultText);
        if (fact.keyPlace > 0)
            key.insert(fact.keyPlace, fact.name);
        table.columns.append(column);
    }
    if (!key.isEmpty())
        table.constraints.append(PrimaryKey{.columns = key.values()});
    return table;
}

/// One pass over sqlite_master, whose order is that of creation.
class CatalogueReader
{
public:
    CatalogueReader(ColumnFacts facts, QSet<QString> shadows, TableName versionTable)
        : m_facts(std::move(facts))
        , m_shadows(std::move(shadows))
        , m_versionTable(std::move(versionTable))
    {}

    void read(const QString &type, const QString &name, const QString &table, const QString &sql);
    Schema take() { return std::move(m_schema); }

private:
    bool isLeftOut(const QString &table) const
    {
        return m_shadows.contains(table)
               || table.compare(m_versionTable.name, Qt::CaseInsensitive) == 0;
    }
    void readTable(const QString &name, const QString &sql);
    void readIndex(const QString &name, const QString &table, const QString &sql);

    /// A SQLite type is a name: columns of the same one share it.
    void shareTypes(Table &table)
    {
        for (Column &column : table.columns)
            if (column.type) {
                SqlTypePtr &known = m_types[column.type->name];
                if (!known || *known != *column.type)
                    known = column.type;
                column.type = known;
            }
    }

    const ColumnFacts m_facts;
    const QSet<QString> m_shadows;
    const TableName m_versionTable;
    QHash<QString, SqlTypePtr> m_types{};
    Schema m_schema{};
};

void CatalogueReader::read(const QString &type, const QString &name, const QString &table,
                           const QString &sql)
{
    if (isLeftOut(table))
        return;
    if (type == u"table")
        readTable(name, sql);
    else if (type == u"index")
        readIndex(name, table, sql);
    else if (type == u"view")
        m_schema.objects.append(
            {.kind = NamedObject::Kind::View, .name = {{}, name}, .definition = sql});
    else if (type == u"trigger")
        m_schema.objects.append({.kind = NamedObject::Kind::Trigger,
                                 .name = {{}, name},
                                 .table = table,
                                 .definition = sql});
}

void CatalogueReader::readTable(const QString &name, const QString &sql)
{
    const QList<ColumnFact> facts = m_facts.value(name);
    Result<CreateTableText> read = parseCreateTable(sql);
    if (!read) {
        m_schema.tables.insert({{}, name}, tableFromFacts(name, facts));
        return;
    }
    CreateTableText text = read.take();
    if (!text.module.isEmpty())
        text.table.options.insert(u"sqlite_module"_s, text.module);
    else if (!agrees(text.table, facts))
        text.table = tableFromFacts(name, facts);
    text.table.name = {{}, name};
    shareTypes(text.table);
    m_schema.tables.insert(text.table.name, text.table);
}

void CatalogueReader::readIndex(const QString &name, const QString &table, const QString &sql)
{
    Table *owner = m_schema.table({{}, table});
    if (!owner)
        return;
    Result<CreateIndexText> read = parseCreateIndex(sql);
    Index index{.name = {name}, .sql = sql};
    if (read)
        index = read.take().index;
    else
        owner->isOpaque = owner->columnsOpaque = true;
    index.name.text = name;
    owner->indexes.append(index);
}

} // namespace

Result<Schema> reflectSqlite(Session &session, const TableName &versionTable)
{
    // Indexes and triggers after the tables: a catalogue that was vacuumed may list them in any
    // order.
    const Result<QList<Row>> entries =
        session.query(u"SELECT type, name, tbl_name, sql FROM sqlite_master "
                      "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                      "ORDER BY type <> 'table', rowid"_s);
    if (!entries)
        return entries.error();
    Result<ColumnFacts> facts = readColumnFacts(session);
    if (!facts)
        return facts.error();
    Result<QSet<QString>> shadows = readShadowTables(session);
    if (!shadows)
        return shadows.error();
    CatalogueReader reader(facts.take(), shadows.take(), versionTable);
    for (const Row &row : *entries)
        if (row.size() == 4)
            reader.read(row[0].toString(), row[1].toString(), row[2].toString(), row[3].toString());
    return reader.take();
}

} // namespace tribikos
