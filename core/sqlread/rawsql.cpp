#include "core/sqlread/rawsql.h"

#include "core/sqlread/createtable.h"
#include "core/sqlread/rawalter.h"
#include "core/sqlread/rawblock.h"
#include "core/sqlread/rawobject.h"
#include "core/sqlread/splitter.h"
#include "core/sqlread/sqlcursor.h"

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = NamedObject::Kind;

/// Statements that leave every definition as it is, by their first word.
bool isHarmless(const SqlCursor &cursor)
{
    static constexpr QStringView words[] = {
        u"INSERT",  u"UPDATE",   u"DELETE",   u"REPLACE", u"MERGE",    u"WITH",      u"VALUES",
        u"BEGIN",   u"START",    u"COMMIT",   u"END",     u"ROLLBACK", u"SAVEPOINT", u"RELEASE",
        u"PRAGMA",  u"SET",      u"RESET",    u"ANALYZE", u"VACUUM",   u"REINDEX",   u"EXPLAIN",
        u"GRANT",   u"REVOKE",   u"TRUNCATE", u"LOCK",    u"UNLOCK",   u"COPY",      u"CLUSTER",
        u"REFRESH", u"OPTIMIZE", u"NOTIFY",   u"LISTEN",  u"SHOW",     u"USE",       u"DISCARD",
        u"ATTACH",  u"DETACH",   u"SECURITY", u"ABORT",   u"UNLISTEN", u"CHECKPOINT"};
    return std::ranges::any_of(words, [&](QStringView word) { return cursor.isWord(word); });
}

/// The word of CREATE or DROP that names an object's kind; moves behind it.
std::optional<Kind> takeObjectKind(SqlCursor &cursor)
{
    if (cursor.accept({u"MATERIALIZED", u"VIEW"}))
        return Kind::MaterializedView;
    static constexpr std::pair<QStringView, Kind> kinds[] = {
        {u"VIEW", Kind::View},         {u"TRIGGER", Kind::Trigger},
        {u"FUNCTION", Kind::Function}, {u"PROCEDURE", Kind::Function},
        {u"SEQUENCE", Kind::Sequence}, {u"TYPE", Kind::Enum},
        {u"DOMAIN", Kind::Domain},     {u"EXTENSION", Kind::Extension},
        {u"SCHEMA", Kind::Schema}};
    for (const auto &[word, kind] : kinds)
        if (cursor.accept({word}))
            return kind;
    return std::nullopt;
}

/// Whether CREATE or DROP is of something that no table consists of.
bool isApart(const SqlCursor &cursor)
{
    static constexpr QStringView words[] = {u"OPERATOR",    u"CAST",     u"POLICY",
                                            u"ROLE",        u"USER",     u"STATISTICS",
                                            u"PUBLICATION", u"AGGREGATE"};
    static constexpr QStringView server[] = {
        u"RULE",         u"COLLATION",  u"CONVERSION", u"SERVER",    u"LANGUAGE",
        u"TEXT",         u"EVENT",      u"ACCESS",     u"TRANSFORM", u"GROUP",
        u"SUBSCRIPTION", u"TABLESPACE", u"DATABASE",   u"TRUSTED",   u"PROCEDURAL"};
    const auto isNext = [&](QStringView word) { return cursor.isWord(word); };
    if (cursor.backend() == Backend::PostgreSql
        && (std::ranges::any_of(server, isNext)
            || (cursor.isWord(u"FOREIGN") && cursor.isWord(u"DATA", 1))))
        return true;
    return std::ranges::any_of(words, [&](QStringView word) { return cursor.isWord(word); });
}

/// Whether ALTER is of something that no table's definition depends on.
bool isAside(const SqlCursor &cursor)
{
    static constexpr QStringView words[] = {u"DATABASE", u"ROLE",        u"USER",
                                            u"SYSTEM",   u"EXTENSION",   u"DEFAULT",
                                            u"FUNCTION", u"PUBLICATION", u"POLICY"};
    static constexpr QStringView server[] = {
        u"PROCEDURE", u"ROUTINE",    u"AGGREGATE", u"COLLATION",    u"CONVERSION", u"LANGUAGE",
        u"OPERATOR",  u"RULE",       u"SERVER",    u"SUBSCRIPTION", u"TEXT",       u"STATISTICS",
        u"EVENT",     u"TABLESPACE", u"GROUP",     u"LARGE"};
    const auto isNext = [&](QStringView word) { return cursor.isWord(word, 1); };
    if (cursor.backend() == Backend::PostgreSql
        && (std::ranges::any_of(server, isNext)
            || (cursor.isWord(u"FOREIGN", 1) && cursor.isWord(u"DATA", 2))))
        return true;
    return std::ranges::any_of(words, [&](QStringView word) { return cursor.isWord(word, 1); });
}

/// One statement's effect.
class Statement
{
public:
    Statement(const QString &sql, Backend backend, Schema &schema)
        : m_sql(sql)
        , m_cursor(sql, backend)
        , m_schema(schema)
    {}

    bool apply();

private:
    bool applyCreate();
    bool applyCreateTable();
    bool applyCreateIndex();
    bool applyCreateObject();
    bool applyDrop();
    void dropDependents(Kind kind, const QList<TableName> &names);
    bool applyDropTable();
    bool applyDropIndex();
    bool applyAlterIndex();
    bool applyAlterType();
    void changeLabels(NamedObject *type, const TableName &name,
                      const std::function<void(QStringList &)> &change);
    void renameType(NamedObject *type, const TableName &name, const QString &newName);
    bool applyComment();
    bool applySelect();
    bool applyDo();
    bool writesCatalogue();
    void readEnum(NamedObject &object);
    void readTrigger(NamedObject &object);
    NamedObject *object(Kind kind, const TableName &name);
    void run(Operation::Kind operation) { replay(Operation{std::move(operation)}, m_schema); }
    TableName known(const TableName &name) const
    {
        return knownTable(m_schema, name, m_cursor.backend());
    }
    void markOpaque(const TableName &name, bool isIndex = false);

    const QString &m_sql;
    SqlCursor m_cursor;
    Schema &m_schema;
};

void Statement::markOpaque(const TableName &name, bool isIndex)
{
    Table &table = m_schema.tables[name];
    table.name = name;
    table.isOpaque = true;
    table.columnsOpaque = table.columnsOpaque || !isIndex;
}

NamedObject *Statement::object(Kind kind, const TableName &name)
{
    const bool isFolded = m_cursor.backend() == Backend::Sqlite;
    const auto found = std::ranges::find_if(m_schema.objects, [&](const NamedObject &o) {
        return o.kind == kind && o.name.schema == name.schema
               && o.name.name.compare(name.name, isFolded ? Qt::CaseInsensitive : Qt::CaseSensitive)
                      == 0;
    });
    return found == m_schema.objects.end() ? nullptr : &*found;
}

bool Statement::apply()
{
    if (m_cursor.atEnd())
        return true;
    if (m_cursor.accept({u"CREATE"}))
        return applyCreate();
    if (m_cursor.accept({u"DROP"}))
        return applyDrop();
    if (m_cursor.accept({u"ALTER", u"TABLE"}))
        return applyAlterTable(m_cursor, m_schema);
    if (m_cursor.accept({u"ALTER", u"INDEX"}))
        return applyAlterIndex();
    if (m_cursor.isWord(u"ALTER") && isAside(m_cursor))
        return true;
    if (m_cursor.accept({u"ALTER", u"TYPE"}))
        return applyAlterType();
    if (m_cursor.backend() == Backend::PostgreSql && m_cursor.accept({u"ALTER"}))
        return applyAlterObject(m_cursor, m_schema).value_or(false);
    if (m_cursor.accept({u"COMMENT", u"ON"}))
        return applyComment();
    if (m_cursor.isWord(u"SELECT"))
        return applySelect();
    if (m_cursor.backend() == Backend::PostgreSql && m_cursor.accept({u"DO"}))
        return applyDo();
    return isHarmless(m_cursor) && !writesCatalogue();
}

/// SQLite lets the catalogue be edited as a table; then anything may have changed.
bool Statement::writesCatalogue()
{
    if (m_cursor.backend() != Backend::Sqlite)
        return false;
    while (!m_cursor.atEnd()) {
        const QString word = m_cursor.take().text.toLower();
        if (word == u"sqlite_master" || word == u"sqlite_schema" || word == u"writable_schema")
            return true;
    }
    return false;
}

/// DO [LANGUAGE plpgsql] $$ … $$ [LANGUAGE plpgsql]
bool Statement::applyDo()
{
    QString body;
    while (!m_cursor.atEnd()) {
        const SqlToken token = m_cursor.take();
        if (token.isWord(u"LANGUAGE") && m_cursor.takeName() != u"plpgsql")
            return false;
        if (token.kind == SqlToken::Kind::String)
            body = token.text;
    }
    return !body.isEmpty() && applyBlock(body, m_schema);
}

bool Statement::applySelect()
{
    if (m_cursor.backend() != Backend::PostgreSql)
        return true;
    while (!m_cursor.atEnd()) {
        if (m_cursor.isSymbol(u"(")) {
            if (!m_cursor.takeGroup())
                return true;
            continue;
        }
        if (!m_cursor.take().isWord(u"INTO"))
            continue;
        if (!m_cursor.accept({u"TEMP"}) && !m_cursor.accept({u"TEMPORARY"}))
            markOpaque(m_cursor.takeTableName());
        return true;
    }
    return true;
}

bool Statement::applyCreate()
{
    if (isApart(m_cursor))
        return true;
    const qsizetype start = m_cursor.position();
    if (m_cursor.accept({u"UNIQUE"}) || m_cursor.isWord(u"INDEX")
        || (m_cursor.isMySql() && m_cursor.isWord(u"INDEX", 1)))
        return applyCreateIndex();
    const bool isTemporary = m_cursor.accept({u"TEMP"}) || m_cursor.accept({u"TEMPORARY"});
    m_cursor.accept({u"VIRTUAL"});
    m_cursor.accept({u"UNLOGGED"});
    m_cursor.accept({u"FOREIGN"});
    if (m_cursor.isWord(u"TABLE"))
        return isTemporary || applyCreateTable();
    m_cursor.moveTo(start);
    return applyCreateObject();
}

bool Statement::applyCreateTable()
{
    const Result<CreateTableText> created = parseCreateTable(m_sql, m_cursor.backend());
    if (created) {
        CreateTable operation{.table = created->table, .ifNotExists = created->ifNotExists};
        if (operation.ifNotExists)
            operation.table.name = known(operation.table.name);
        run(operation);
        return true;
    }
    m_cursor.take();
    m_cursor.acceptIfNotExists();
    const TableName name = m_cursor.takeTableName();
    if (name.name.isEmpty())
        return false;
    markOpaque(name);
    return true;
}

bool Statement::applyCreateIndex()
{
    Result<CreateIndexText> created = parseCreateIndex(m_sql, m_cursor.backend());
    if (created) {
        CreateIndexText text = created.take();
        text.index.sql.clear(); // kept for catalogues only: an operation's index is rendered
        run(CreateIndex{known(text.table), text.index, text.ifNotExists});
        return true;
    }
    while (!m_cursor.atEnd() && !m_cursor.take().isWord(u"ON")) {
    }
    m_cursor.accept({u"ONLY"});
    const TableName name = m_cursor.takeTableName();
    if (name.name.isEmpty())
        return false;
    markOpaque(known(name), m_schema.table(known(name)) != nullptr);
    return true;
}

void Statement::readEnum(NamedObject &object)
{
    if (!m_cursor.accept({u"AS", u"ENUM"}) || !m_cursor.acceptSymbol(u"("))
        return;
    while (m_cursor.peek().kind == SqlToken::Kind::String) {
        object.labels.append(m_cursor.take().text);
        m_cursor.acceptSymbol(u",");
    }
}

void Statement::readTrigger(NamedObject &object)
{
    while (!m_cursor.atEnd()) {
        if (m_cursor.take().isWord(u"ON")) {
            object.table = known(m_cursor.takeTableName()).name;
            return;
        }
    }
}

bool Statement::applyCreateObject()
{
    const bool replaces = m_cursor.accept({u"OR", u"REPLACE"});
    const bool isTemporary = m_cursor.accept({u"TEMP"}) || m_cursor.accept({u"TEMPORARY"});
    m_cursor.accept({u"CONSTRAINT"});
    const std::optional<Kind> kind = takeObjectKind(m_cursor);
    if (!kind)
        return false;
    const bool ifNotExists = m_cursor.acceptIfNotExists();
    NamedObject created{
        .kind = *kind, .name = m_cursor.takeTableName(), .definition = m_sql.trimmed()};
    if (created.name.name.isEmpty())
        return false;
    if (isTemporary)
        return true;
    if (*kind == Kind::Enum)
        readEnum(created);
    if (*kind == Kind::Trigger)
        readTrigger(created);
    NamedObject *existing = object(*kind, created.name);
    if (existing && (replaces || !ifNotExists))
        *existing = created;
    else if (!existing)
        m_schema.objects.append(created);
    return true;
}

bool Statement::applyDrop()
{
    if (isApart(m_cursor))
        return true;
    if (m_cursor.accept({u"TABLE"}))
        return applyDropTable();
    if (m_cursor.accept({u"INDEX"}))
        return applyDropIndex();
    const std::optional<Kind> kind = takeObjectKind(m_cursor);
    if (!kind)
        return false;
    m_cursor.acceptIfExists();
    QList<TableName> names;
    do {
        names.append(m_cursor.takeTableName());
        if (m_cursor.isSymbol(u"("))
            m_cursor.takeGroup(); // a function's arguments
        if (const NamedObject *dropped = object(*kind, names.constLast()))
            m_schema.objects.removeOne(*dropped);
    } while (m_cursor.acceptSymbol(u","));
    if (m_cursor.isWord(u"CASCADE"))
        dropDependents(*kind, names);
    return true;
}

/// What goes with \a names: everything in a schema, the columns of a type. Views are there for themselves.
void Statement::dropDependents(Kind kind, const QList<TableName> &names)
{
    if (kind == Kind::Schema)
        for (const TableName &name : names)
            dropNamespace(name.name, m_schema);
    if (kind != Kind::Enum && kind != Kind::Domain)
        return;
    const auto isGone = [&](const Column &column) {
        return column.type && std::ranges::any_of(names, [&](const TableName &name) {
                   return column.type->typeName == name.name || column.type->name == name.name;
               });
    };
    for (Table &table : m_schema.tables)
        table.columns.removeIf(isGone);
}

bool Statement::applyDropTable()
{
    const bool ifExists = m_cursor.acceptIfExists();
    do {
        const TableName name = m_cursor.takeTableName();
        if (name.name.isEmpty())
            return false;
        run(DropTable{known(name), ifExists});
    } while (m_cursor.acceptSymbol(u","));
    return true;
}

bool Statement::applyDropIndex()
{
    m_cursor.accept({u"CONCURRENTLY"});
    DropIndex dropped{.ifExists = m_cursor.acceptIfExists()};
    do {
        const TableName name = m_cursor.takeTableName();
        if (name.name.isEmpty())
            return false;
        dropped.name.text = name.name;
        dropped.schema = name.schema;
        if (m_cursor.accept({u"ON"}))
            dropped.table = known(m_cursor.takeTableName());
        run(dropped);
    } while (m_cursor.acceptSymbol(u","));
    return true;
}

/// ALTER INDEX i RENAME TO j; the index of a constraint is its name.
bool Statement::applyAlterIndex()
{
    const bool ifExists = m_cursor.acceptIfExists();
    const QString name = m_cursor.takeTableName().name;
    const bool isOfNothing = m_cursor.isWord(u"OWNER") || m_cursor.isWord(u"ATTACH")
                             || m_cursor.isWord(u"SET") || m_cursor.isWord(u"RESET")
                             || m_cursor.isWord(u"DEPENDS");
    if (m_cursor.backend() == Backend::PostgreSql && isOfNothing)
        return true;
    if (name.isEmpty() || !m_cursor.accept({u"RENAME", u"TO"}))
        return false;
    const QString newName = m_cursor.takeName();
    bool isFound = ifExists && m_schema.opaqueReasons.isEmpty();
    const auto rename = [&](Name &known) {
        if (known.text != name)
            return;
        known.text = newName;
        isFound = true;
    };
    for (Table &table : m_schema.tables) {
        for (Index &index : table.indexes)
            rename(index.name);
        for (Constraint &constraint : table.constraints)
            std::visit([&](auto &kind) { rename(kind.name); }, constraint);
    }
    return isFound;
}

/// The type and the columns of it.
void Statement::renameType(NamedObject *type, const TableName &name, const QString &newName)
{
    if (type)
        type->name.name = newName;
    for (Table &table : m_schema.tables) {
        for (Column &column : table.columns) {
            if (!column.type)
                continue;
            SqlType renamed = *column.type;
            if (renamed.typeName == name.name)
                renamed.typeName = newName;
            else if (renamed.module == u"reflected" && renamed.name == name.name)
                renamed.name = newName;
            else
                continue;
            column.type = std::make_shared<const SqlType>(renamed);
        }
    }
}

/// The labels of the type, and of the columns that know it: a CREATE TABLE may have brought it along.
void Statement::changeLabels(NamedObject *type, const TableName &name,
                             const std::function<void(QStringList &)> &change)
{
    if (type)
        change(type->labels);
    for (Table &table : m_schema.tables) {
        for (Column &column : table.columns) {
            if (!column.type || column.type->typeName != name.name
                || column.type->schema != name.schema)
                continue;
            SqlType changed = *column.type;
            change(changed.labels);
            column.type = std::make_shared<const SqlType>(changed);
        }
    }
}

bool Statement::applyAlterType()
{
    const TableName name = m_cursor.takeTableName();
    NamedObject *type = object(Kind::Enum, name);
    const bool isOfAttribute =
        m_cursor.isWord(u"ATTRIBUTE", 1); // of a composite type, by its name alone
    if (m_cursor.isWord(u"OWNER") || isOfAttribute)
        return true;
    if (m_cursor.accept({u"RENAME", u"TO"})) {
        renameType(type, name, m_cursor.takeName());
        return true;
    }
    if (m_cursor.accept({u"RENAME", u"VALUE"})) {
        const QString from = m_cursor.take().text;
        const bool isWhole = m_cursor.accept({u"TO"});
        const QString to = m_cursor.take().text;
        changeLabels(type, name,
                     [&](QStringList &labels) { std::ranges::replace(labels, from, to); });
        return isWhole;
    }
    if (!m_cursor.accept({u"ADD", u"VALUE"}))
        return false;
    m_cursor.acceptIfNotExists();
    const QString label = m_cursor.take().text;
    const bool isBefore = m_cursor.accept({u"BEFORE"});
    const bool isPlaced = isBefore || m_cursor.accept({u"AFTER"});
    const QString neighbour = isPlaced ? m_cursor.take().text : QString();
    changeLabels(type, name, [&](QStringList &labels) {
        if (labels.contains(label))
            return;
        const qsizetype at =
            isPlaced ? labels.indexOf(neighbour) + (isBefore ? 0 : 1) : labels.size();
        labels.insert(std::max<qsizetype>(at, 0), label);
    });
    return true;
}

/// COMMENT ON TABLE t IS 'x', COMMENT ON COLUMN t.c IS 'x'; other objects' comments are not kept.
bool Statement::applyComment()
{
    const bool isTable = m_cursor.accept({u"TABLE"});
    if (!isTable && !m_cursor.accept({u"COLUMN"}))
        return true;
    TableName name = m_cursor.takeTableName();
    QString column;
    if (!isTable) {
        if (m_cursor.acceptSymbol(u"."))
            column = m_cursor.takeName();
        else
            column = std::exchange(name, TableName{{}, name.schema}).name;
    }
    if (!m_cursor.accept({u"IS"}))
        return false;
    const bool isGone = m_cursor.isWord(u"NULL");
    const QString comment = m_cursor.take().text;
    if (isTable) {
        run(SetTableComment{known(name), isGone ? std::nullopt : std::optional(comment), isGone});
        return true;
    }
    AlterColumn altered{.table = known(name), .column = column, .clearComment = isGone};
    if (!isGone)
        altered.comment = comment;
    run(altered);
    return true;
}

class TextReader final : public RawSqlReader
{
public:
    explicit TextReader(Backend backend)
        : m_backend(backend)
    {}

    bool apply(const QString &sql, Schema &schema) const override
    {
        bool isUnderstood = true;
        for (const SqlStatement &statement : splitStatements(sql, m_backend))
            isUnderstood = Statement(statement.text, m_backend, schema).apply() && isUnderstood;
        return isUnderstood;
    }
    Backend backend() const override { return m_backend; }

private:
    const Backend m_backend;
};

} // namespace

const RawSqlReader &rawSqlReader(Backend backend)
{
    static const TextReader sqlite(Backend::Sqlite);
    static const TextReader postgreSql(Backend::PostgreSql);
    static const TextReader mySql(Backend::MySql);
    static const TextReader mariaDb(Backend::MariaDb);
    switch (backend) {
    case Backend::Sqlite: return sqlite;
    case Backend::PostgreSql: return postgreSql;
    case Backend::MySql: return mySql;
    case Backend::MariaDb: return mariaDb;
    }
    return sqlite;
}

} // namespace tribikos
