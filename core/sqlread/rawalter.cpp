#include "core/sqlread/rawalter.h"

#include "core/ops/replay.h"
#include "core/sqlread/definition.h"
#include "core/sqlread/rawsql.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The actions of one ALTER TABLE; each returns false when it can't be followed.
class AlterTable
{
public:
    AlterTable(SqlCursor &cursor, Schema &schema, TableName table)
        : m_cursor(cursor)
        , m_schema(schema)
        , m_table(std::move(table))
    {}

    bool applyAll();

private:
    bool applyOne();
    bool rename();
    bool add();
    bool addColumn(bool ifNotExists);
    bool addConstraint();
    bool drop();
    bool dropConstraint(const QString &kind);
    bool alterColumn();
    bool modify(bool isChange);
    bool convert();
    void readPlace(QString &before, QString &after);
    void run(Operation::Kind operation)
    {
        replay(Operation{std::move(operation)}, m_schema, &rawSqlReader(m_cursor.backend()));
    }
    QString column(const QString &name) const;
    AlterColumn change(const QString &name) const
    {
        return {.table = m_table, .column = column(name)};
    }

    SqlCursor &m_cursor;
    Schema &m_schema;
    TableName m_table;
};

/// The column's name as the table has it, where SQL does not mind the case.
QString AlterTable::column(const QString &name) const
{
    const Table *table = m_schema.table(m_table);
    if (!table)
        return name;
    const auto found = std::ranges::find_if(table->columns, [&](const Column &column) {
        return column.name.compare(name, Qt::CaseInsensitive) == 0;
    });
    return found == table->columns.cend() ? name : found->name;
}

bool AlterTable::applyAll()
{
    do {
        if (!applyOne())
            return false;
    } while (m_cursor.acceptSymbol(u","));
    return m_cursor.atEnd() || m_cursor.isSymbol(u";");
}

bool AlterTable::applyOne()
{
    if (m_cursor.accept({u"RENAME"}))
        return rename();
    if (m_cursor.accept({u"ADD"}))
        return add();
    if (m_cursor.accept({u"DROP"}))
        return drop();
    if (m_cursor.accept({u"ALTER"}))
        return alterColumn();
    if (m_cursor.isMySql() && m_cursor.accept({u"MODIFY"}))
        return modify(false);
    if (m_cursor.isMySql() // mysqldump's, around the rows
        && (m_cursor.accept({u"DISABLE", u"KEYS"}) || m_cursor.accept({u"ENABLE", u"KEYS"})))
        return true;
    if (m_cursor.isMySql() && m_cursor.accept({u"CONVERT", u"TO"}))
        return convert();
    if (m_cursor.isMySql() && m_cursor.accept({u"ENGINE"})) {
        m_cursor.acceptSymbol(u"=");
        return !m_cursor.takeName().isEmpty();
    }
    return m_cursor.isMySql() && m_cursor.accept({u"CHANGE"}) && modify(true);
}

/// CONVERT TO CHARACTER SET x [COLLATE y], which leaves all columns as they are but TEXT, which may grow.
bool AlterTable::convert()
{
    static const QStringList growing{u"text"_s, u"tinytext"_s, u"mediumtext"_s, u"unicodetext"_s};
    const Table *table = m_schema.table(m_table);
    if (!table || std::ranges::any_of(table->columns, [](const Column &column) {
            return !column.type || growing.contains(column.type->name.toLower());
        }))
        return false;
    if (!m_cursor.accept({u"CHARSET"}) && !m_cursor.accept({u"CHARACTER", u"SET"}))
        return false;
    m_cursor.acceptSymbol(u"=");
    if (m_cursor.takeName().isEmpty())
        return false;
    return !m_cursor.accept({u"COLLATE"}) || !m_cursor.takeName().isEmpty();
}

bool AlterTable::rename()
{
    if (m_cursor.accept({u"TO"}) || (m_cursor.isMySql() && m_cursor.accept({u"AS"}))) {
        const TableName to = m_cursor.takeTableName();
        if (to.name.isEmpty() || (!to.schema.isEmpty() && to.schema != m_table.schema))
            return false;
        run(RenameTable{m_table, to.name});
        m_table.name = to.name;
        return true;
    }
    if (m_cursor.isWord(u"INDEX") || m_cursor.isWord(u"KEY") || m_cursor.isWord(u"CONSTRAINT"))
        return false;
    if (!m_cursor.isWord(u"TO", 1))
        m_cursor.accept({u"COLUMN"});
    AlterColumn renamed = change(m_cursor.takeName());
    if (renamed.column.isEmpty() || !m_cursor.accept({u"TO"}))
        return false;
    renamed.newName = m_cursor.takeName();
    run(renamed);
    return !renamed.newName->isEmpty();
}

bool AlterTable::add()
{
    if (startsConstraint(m_cursor))
        return addConstraint();
    m_cursor.accept({u"COLUMN"});
    return addColumn(m_cursor.acceptIfNotExists());
}

bool AlterTable::addColumn(bool ifNotExists)
{
    Table part{.name = m_table};
    if (!readColumn(m_cursor, part))
        return false;
    AddColumn added{.table = m_table, .column = part.columns.constFirst()};
    added.ifNotExists = ifNotExists;
    added.constraints = part.constraints;
    readPlace(added.insertBefore, added.insertAfter);
    run(added);
    return true;
}

bool AlterTable::addConstraint()
{
    Table part{.name = m_table};
    if (!readConstraint(m_cursor, part))
        return false;
    for (const Constraint &constraint : std::as_const(part.constraints))
        run(AddConstraint{m_table, constraint});
    for (Index &index : part.indexes) {
        const Table *table = index.name.isGenerated ? m_schema.table(m_table) : nullptr;
        if (table)
            index.name.text = freeKeyName(*table, index.name.text);
        run(CreateIndex{m_table, index});
    }
    return true;
}

bool AlterTable::drop()
{
    if (m_cursor.accept({u"CONSTRAINT"}))
        return dropConstraint({});
    if (m_cursor.isMySql() && m_cursor.accept({u"PRIMARY", u"KEY"})) {
        run(DropConstraint{m_table, {}, u"primary"_s});
        return true;
    }
    if (m_cursor.isMySql() && m_cursor.accept({u"FOREIGN", u"KEY"}))
        return dropConstraint(u"foreignkey"_s);
    if (m_cursor.isMySql() && m_cursor.accept({u"CHECK"}))
        return dropConstraint(u"check"_s);
    if (m_cursor.isMySql() && (m_cursor.accept({u"INDEX"}) || m_cursor.accept({u"KEY"}))) {
        run(DropIndex{.name = {m_cursor.takeName()}, .table = m_table});
        return true;
    }
    m_cursor.accept({u"COLUMN"});
    const bool ifExists = m_cursor.acceptIfExists();
    const QString name = column(m_cursor.takeName());
    if (!m_cursor.accept({u"CASCADE"}))
        m_cursor.accept({u"RESTRICT"});
    run(DropColumn{m_table, name, ifExists});
    return !name.isEmpty();
}

bool AlterTable::dropConstraint(const QString &kind)
{
    const bool ifExists = m_cursor.acceptIfExists();
    const QString name = m_cursor.takeName();
    if (!m_cursor.accept({u"CASCADE"}))
        m_cursor.accept({u"RESTRICT"});
    run(DropConstraint{m_table, {name}, kind, ifExists});
    return !name.isEmpty();
}

/// ALTER [COLUMN] c SET DEFAULT x, DROP DEFAULT; SQLite has SET and DROP NOT NULL as well.
bool AlterTable::alterColumn()
{
    m_cursor.accept({u"COLUMN"});
    AlterColumn altered = change(m_cursor.takeName());
    if (m_cursor.accept({u"SET", u"NOT", u"NULL"})) {
        altered.nullable = false;
    } else if (m_cursor.accept({u"DROP", u"NOT", u"NULL"})) {
        altered.nullable = true;
    } else if (m_cursor.accept({u"DROP", u"DEFAULT"})) {
        altered.serverDefault = DefaultChange{};
    } else if (m_cursor.accept({u"SET", u"DEFAULT"})) {
        altered.serverDefault = DefaultChange{.expression = readDefault(m_cursor)};
        if (!altered.serverDefault->expression)
            return false;
    } else {
        return false;
    }
    run(altered);
    return true;
}

/// MySQL: FIRST, or AFTER a column.
void AlterTable::readPlace(QString &before, QString &after)
{
    if (m_cursor.accept({u"AFTER"})) {
        after = column(m_cursor.takeName());
    } else if (m_cursor.accept({u"FIRST"})) {
        const Table *table = m_schema.table(m_table);
        if (table && !table->columns.isEmpty())
            before = table->columns.constFirst().name;
    }
}

/// MySQL restates the whole column, under its own or a new name.
bool AlterTable::modify(bool isChange)
{
    m_cursor.accept({u"COLUMN"});
    const QString old = column(isChange ? m_cursor.takeName() : m_cursor.peek().text);
    Table part{.name = m_table};
    if (!readColumn(m_cursor, part) || !part.constraints.isEmpty())
        return false;
    const Column &stated = part.columns.constFirst();
    AlterColumn altered = change(old);
    altered.type = stated.type;
    altered.nullable = stated.nullable;
    altered.serverDefault =
        DefaultChange{.expression = stated.serverDefault, .computed = stated.computed};
    altered.autoincrement = stated.autoincrement == AutoIncrement::Yes;
    altered.clearComment = !stated.hasComment;
    if (stated.hasComment)
        altered.comment = stated.comment;
    if (stated.name != old)
        altered.newName = stated.name;
    readPlace(altered.insertBefore, altered.insertAfter);
    run(altered);
    return true;
}

/// Whether the statement has several actions.
bool hasComma(SqlCursor cursor)
{
    cursor.moveTo(0);
    while (!cursor.atEnd()) {
        if (cursor.isSymbol(u","))
            return true;
        if (!cursor.isSymbol(u"(") || !cursor.takeGroup())
            cursor.take();
    }
    return false;
}

} // namespace

TableName knownTable(const Schema &schema, const TableName &name, Backend backend)
{
    if (backend == Backend::PostgreSql || schema.table(name))
        return name;
    for (const TableName &known : schema.tables.keys())
        if (known.schema.compare(name.schema, Qt::CaseInsensitive) == 0
            && known.name.compare(name.name, Qt::CaseInsensitive) == 0)
            return known;
    return name;
}

bool applyAlterTable(SqlCursor &cursor, Schema &schema)
{
    cursor.acceptIfExists();
    const TableName written = cursor.takeTableName();
    if (written.name.isEmpty())
        return false;
    const TableName name = knownTable(schema, written, cursor.backend());
    const bool isKnown = schema.table(name);
    const bool isOfKeys = isKeyAction(cursor);
    if (AlterTable(cursor, schema, name).applyAll())
        return true;
    Table &table = schema.tables[name];
    table.name = name;
    table.isOpaque = true;
    table.columnsOpaque = table.columnsOpaque || !isKnown || !isOfKeys || hasComma(cursor);
    return true;
}

bool isKeyAction(const SqlCursor &cursor)
{
    static constexpr QStringView kinds[] = {u"CONSTRAINT", u"PRIMARY",  u"FOREIGN",
                                            u"UNIQUE",     u"CHECK",    u"INDEX",
                                            u"KEY",        u"FULLTEXT", u"SPATIAL"};
    static constexpr QStringView aside[] = {u"VALIDATE", u"OWNER",   u"ENABLE",
                                            u"DISABLE",  u"CLUSTER", u"REPLICA"};
    const bool isAction = cursor.isWord(u"ADD") || cursor.isWord(u"DROP")
                          || cursor.isWord(u"RENAME") || cursor.isWord(u"ALTER");
    const auto isNext = [&](qsizetype ahead) {
        return [&cursor, ahead](QStringView word) { return cursor.isWord(word, ahead); };
    };
    return (isAction && std::ranges::any_of(kinds, isNext(1)))
           || std::ranges::any_of(aside, isNext(0));
}

} // namespace tribikos
