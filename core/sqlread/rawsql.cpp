#include "core/sqlread/rawsql.h"

#include "core/sqlread/createtable.h"
#include "core/sqlread/pgstatement.h"
#include "core/sqlread/rawalter.h"
#include "core/sqlread/splitter.h"
#include "core/sqlread/sqlcursor.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = NamedObject::Kind;

/// Statements that leave every definition as it is, by their first word.
bool isHarmless(const SqlCursor &cursor)
{
    static constexpr QStringView words[] = {
        u"INSERT",   u"UPDATE", u"DELETE", u"REPLACE", u"WITH",     u"VALUES",  u"SELECT",
        u"BEGIN",    u"START",  u"COMMIT", u"END",     u"ROLLBACK", u"RELEASE", u"SAVEPOINT",
        u"PRAGMA",   u"SET",    u"RESET",  u"ANALYZE", u"VACUUM",   u"REINDEX", u"EXPLAIN",
        u"GRANT",    u"REVOKE", u"SHOW",   u"USE",     u"TRUNCATE", u"LOCK",    u"UNLOCK",
        u"OPTIMIZE", u"ATTACH", u"DETACH", u"DO",      u"FLUSH",    u"KILL",    u"LOAD",
        u"DESCRIBE", u"DESC",   u"XA",     u"CHECK",   u"CHECKSUM", u"REPAIR",  u"DELIMITER"};
    return std::ranges::any_of(words, [&](QStringView word) { return cursor.isWord(word); });
}

/// The word of CREATE or DROP that names an object's kind; moves behind it.
std::optional<Kind> takeObjectKind(SqlCursor &cursor)
{
    static constexpr std::pair<QStringView, Kind> kinds[] = {
        {u"VIEW", Kind::View},         {u"TRIGGER", Kind::Trigger},
        {u"FUNCTION", Kind::Function}, {u"PROCEDURE", Kind::Function},
        {u"SEQUENCE", Kind::Sequence}, {u"SCHEMA", Kind::Schema}};
    for (const auto &[word, kind] : kinds)
        if (cursor.accept({word}))
            return kind;
    return std::nullopt;
}

/// Whether CREATE or DROP is of something that no table consists of.
bool isApart(const SqlCursor &cursor)
{
    static constexpr QStringView words[] = {u"ROLE", u"USER", u"STATISTICS", u"EVENT", u"SERVER"};
    return std::ranges::any_of(words, [&](QStringView word) { return cursor.isWord(word); });
}

/// Whether ALTER is of something that no table's definition depends on.
bool isAside(const SqlCursor &cursor)
{
    static constexpr QStringView words[] = {u"DATABASE",  u"ROLE",  u"USER",  u"FUNCTION",
                                            u"PROCEDURE", u"EVENT", u"SERVER"};
    return std::ranges::any_of(words, [&](QStringView word) { return cursor.isWord(word, 1); });
}

/// ALGORITHM = x DEFINER = `a`@`b` SQL SECURITY x, before the object's kind.
void skipDefiner(SqlCursor &cursor)
{
    for (;;) {
        if (cursor.accept({u"ALGORITHM"}) || cursor.accept({u"DEFINER"})) {
            cursor.acceptSymbol(u"=");
            cursor.take();
            cursor.takeGroup(); // CURRENT_USER()
            if (cursor.acceptSymbol(u"@") || cursor.peek().kind == SqlToken::Kind::Parameter)
                cursor.take();
        } else if (cursor.accept({u"SQL", u"SECURITY"})) {
            cursor.take();
        } else if (!cursor.accept({u"AGGREGATE"})) {
            return;
        }
    }
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
    bool applyRenameTable();
    bool applyDrop();
    bool applyDropTable();
    bool applyDropIndex();
    bool writesCatalogue();
    QString wholeText() const;
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
    if (m_cursor.isWord(u"ALTER") && isAside(m_cursor))
        return true;
    if (m_cursor.isMySql() && m_cursor.accept({u"RENAME", u"TABLE"}))
        return applyRenameTable();
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

bool Statement::applyCreate()
{
    if (isApart(m_cursor))
        return true;
    const qsizetype start = m_cursor.position();
    if (m_cursor.accept({u"UNIQUE"}) || m_cursor.isWord(u"INDEX")
        || (m_cursor.isMySql() && m_cursor.isWord(u"INDEX", 1)))
        return applyCreateIndex();
    if (m_cursor.isMySql())
        m_cursor.accept({u"OR", u"REPLACE"});
    const bool isTemporary = m_cursor.accept({u"TEMP"}) || m_cursor.accept({u"TEMPORARY"});
    m_cursor.accept({u"VIRTUAL"});
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
    const TableName name = m_cursor.takeTableName();
    if (name.name.isEmpty())
        return false;
    markOpaque(known(name), m_schema.table(known(name)) != nullptr);
    return true;
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

/// The text, of mysqldump's executed comments what is in them.
QString Statement::wholeText() const
{
    const bool hasMarks = m_cursor.isMySql() && (m_sql.contains(u"/*!") || m_sql.contains(u"/*M!"));
    if (!hasMarks)
        return m_sql.trimmed();
    SqlCursor cursor(m_sql, m_cursor.backend());
    QStringList texts;
    qsizetype end = 0;
    while (!cursor.atEnd()) {
        const SqlToken token = cursor.take();
        const QString text = m_sql.mid(token.start, token.end - token.start);
        if (token.start == end && !texts.isEmpty())
            texts.last() += text;
        else
            texts.append(text);
        end = token.end;
    }
    return texts.join(u' ');
}

bool Statement::applyCreateObject()
{
    const bool replaces = m_cursor.accept({u"OR", u"REPLACE"});
    if (m_cursor.isMySql())
        skipDefiner(m_cursor);
    if (isApart(m_cursor) || m_cursor.isWord(u"DATABASE"))
        return true;
    const bool isTemporary = m_cursor.accept({u"TEMP"}) || m_cursor.accept({u"TEMPORARY"});
    const std::optional<Kind> kind = takeObjectKind(m_cursor);
    if (!kind)
        return false;
    const bool ifNotExists = m_cursor.acceptIfNotExists();
    NamedObject created{.kind = *kind, .name = m_cursor.takeTableName(), .definition = wholeText()};
    if (created.name.name.isEmpty())
        return false;
    if (isTemporary)
        return true;
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
    if (m_cursor.isWord(u"DATABASE")) // of a dump, before it makes its own
        return m_schema.tables.isEmpty();
    const std::optional<Kind> kind = takeObjectKind(m_cursor);
    if (!kind)
        return false;
    m_cursor.acceptIfExists();
    do {
        if (const NamedObject *dropped = object(*kind, m_cursor.takeTableName()))
            m_schema.objects.removeOne(*dropped);
    } while (m_cursor.acceptSymbol(u","));
    return true;
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

/// RENAME TABLE a TO b, c TO d
bool Statement::applyRenameTable()
{
    do {
        m_cursor.acceptIfExists();
        const TableName from = known(m_cursor.takeTableName());
        const bool isSaid = m_cursor.accept({u"TO"});
        const TableName to = m_cursor.takeTableName();
        if (!isSaid || from.name.isEmpty() || to.name.isEmpty() || to.schema != from.schema)
            return false;
        NamedObject *view = m_schema.table(from) ? nullptr : object(Kind::View, from);
        if (view)
            view->name = to;
        else
            run(RenameTable{from, to.name});
    } while (m_cursor.acceptSymbol(u","));
    return m_cursor.atEnd();
}

bool Statement::applyDropIndex()
{
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

/// One statement; \a why as for applyPostgres().
bool follow(const QString &sql, Backend backend, Schema &schema, PgSession &session, Error *why)
{
    if (backend == Backend::PostgreSql)
        return applyPostgres(sql, schema, session, why);
    if (Statement(sql, backend, schema).apply())
        return true;
    *why = {
        .code = ErrorCode::Syntax, .message = u"This statement is not understood."_s, .line = 1};
    return false;
}

/// Which of several databases a script of MySQL's is about: the first that it makes something in.
class UsedDatabase
{
public:
    /// Whether \a sql is of another; \a why says so of the USE that goes there.
    bool isElsewhere(const QString &sql, Backend backend, Error *why)
    {
        SqlCursor cursor(sql, backend);
        if (!cursor.accept({u"USE"})) {
            m_isMade = m_isMade || !(isHarmless(cursor) || isOfDatabases(cursor));
            return m_isAway;
        }
        const QString name = cursor.takeName();
        if (!m_isMade)
            m_name = name;
        m_isAway = name != m_name;
        if (m_isAway)
            *why = {.code = ErrorCode::Syntax,
                    .message =
                        u"What follows USE %1 is of another database and left out."_s.arg(name),
                    .line = 1};
        return true;
    }

private:
    static bool isOfDatabases(SqlCursor &cursor)
    {
        return (cursor.isWord(u"CREATE") || cursor.isWord(u"DROP") || cursor.isWord(u"ALTER"))
               && (cursor.isWord(u"DATABASE", 1) || cursor.isWord(u"SCHEMA", 1));
    }

    QString m_name{};      // empty: the connection's own
    bool m_isMade = false; // something is in it already
    bool m_isAway = false;
};

bool followAll(const QString &sql, Backend backend, Schema &schema, PgSession &session,
               QList<Error> *reasons)
{
    UsedDatabase database;
    const bool canSwitch =
        session.isScript && (backend == Backend::MySql || backend == Backend::MariaDb);
    for (const SqlStatement &statement : splitStatements(sql, backend)) {
        Error why;
        if (canSwitch && database.isElsewhere(statement.text, backend, &why)) {
            if (reasons && !why.message.isEmpty()) {
                why.line = statement.line;
                reasons->append(why);
            }
            continue;
        }
        session.isWhole = follow(statement.text, backend, schema, session, &why) && session.isWhole;
        if (session.isScript && !statement.isComplete && why.message.isEmpty()) {
            why = {.code = ErrorCode::Syntax,
                   .message = u"This statement doesn't end: close its quote or parenthesis."_s,
                   .line = 1};
            session.isWhole = false; // what it swallowed may be anything
        }
        if (!reasons || why.message.isEmpty())
            continue;
        why.line += statement.line - 1;
        reasons->append(why);
    }
    return session.isWhole;
}

class TextReader final : public RawSqlReader
{
public:
    explicit TextReader(Backend backend)
        : m_backend(backend)
    {}

    bool apply(const QString &sql, Schema &schema) const override
    {
        PgSession session;
        const bool isUnderstood = followAll(sql, m_backend, schema, session, nullptr);
        // what comes next would be made elsewhere, by operations that know nothing of the path
        return isUnderstood && session.searchPath.value(0).isEmpty();
    }
    Backend backend() const override { return m_backend; }

private:
    const Backend m_backend;
};

} // namespace

bool followRawSql(const QString &sql, Backend backend, Schema &schema, QList<Error> *reasons)
{
    PgSession session{.isScript = reasons != nullptr};
    return followAll(sql, backend, schema, session, reasons);
}

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
