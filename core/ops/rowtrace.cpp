#include "core/ops/rowtrace.h"

#include "core/ops/knownrows.h"
#include "core/ops/sqlfunctions.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Something was written where triggers write on: what the user says of all tables no longer holds, only what is said
/// of one.
void spreadRows(Schema &schema)
{
    schema.assumedEmpty.removeIf([](const QString &pattern) { return pattern.contains(u'*'); });
    forgetEmptyTables(schema);
}

bool isAnyOf(const SqlToken &token, const QStringList &words)
{
    return std::ranges::any_of(words, [&](const QString &word) { return token.isWord(word); });
}

bool namesTable(const QString &name, const Schema &schema)
{
    return std::ranges::any_of(schema.tables,
                               [&](const Table &table) { return isCalled(table, name); });
}

/// Functions that write no rows of the tables that migrations make.
bool isTame(const QString &function)
{
    static const QSet<QString> names{u"setval"_s,
                                     u"nextval"_s,
                                     u"currval"_s,
                                     u"last_insert_rowid"_s,
                                     u"pg_get_serial_sequence"_s,
                                     u"set_config"_s,
                                     u"current_setting"_s,
                                     u"current_schema"_s,
                                     u"current_database"_s,
                                     u"version"_s,
                                     u"database"_s,
                                     u"to_regclass"_s,
                                     u"pg_advisory_lock"_s,
                                     u"pg_advisory_xact_lock"_s,
                                     u"pg_advisory_unlock"_s,
                                     u"format"_s,
                                     u"unnest"_s,
                                     u"generate_series"_s,
                                     u"quote_ident"_s,
                                     u"format_type"_s,
                                     u".set_config"_s,
                                     u".setval"_s,
                                     u".format_type"_s};
    return names.contains(function) || scalarFunctions().contains(function)
           || aggregateFunctions().contains(function);
}

/// Every function of a tree, subqueries included, is tame.
bool isTameTree(const ExprPtr &expression, const Schema &schema)
{
    if (!expression)
        return true;
    const Expr &e = *expression;
    if (e.kind == Expr::Kind::Text || (e.kind == Expr::Kind::Column && e.flag))
        return !e.text.contains(u'(');
    if (e.kind == Expr::Kind::Function && !isTame(e.text.toLower()))
        return false;
    const auto each = [&](const QList<ExprPtr> &parts) {
        return std::ranges::all_of(parts,
                                   [&](const ExprPtr &part) { return isTameTree(part, schema); });
    };
    if (!each(e.args))
        return false;
    if (!e.statement)
        return true;
    const Expr::Statement &s = *e.statement;
    return each(s.columns) && each(s.from) && each(s.orderBy) && each(s.groupBy)
           && isTameTree(s.where, schema) && isTameTree(s.having, schema);
}

/// Every table whose name stands where rows go counts as filled, but for plain INSERTs, which traceInsert() reads:
/// what the user says of empty tables is believed no further. A new name is filled as the old one was.
void noteFilled(const QList<SqlToken> &tokens, qsizetype first, qsizetype last, Backend backend,
                Schema &schema)
{
    if (schema.assumedEmpty.isEmpty())
        return;
    const bool isInsert = first < last && tokens[first].isWord(u"INSERT");
    const bool isDefinition = first < last && tokens[first].isWord(u"CREATE");
    QString renamed;
    for (qsizetype i = first; i < last; ++i) {
        const bool isRoutine = tokens[i].kind == SqlToken::Kind::String && i > first;
        if (isRoutine && !isInsert && tokens[i].text.contains(u' ')) {
            const QList<SqlToken> body = sqlTokens(tokens[i].text, backend);
            noteFilled(body, 0, body.size() - 1, backend, schema);
        }
        const bool isTarget = isAnyOf(tokens[i], {u"INTO"_s, u"COPY"_s, u"REPLACE"_s, u"MERGE"_s})
                              || (isDefinition && tokens[i].isWord(u"TABLE")
                                  && findWord(tokens, i, last, u"AS") < last);
        qsizetype at = i + 1;
        if (isTarget && (!isInsert || i > first + 2))
            if (const QString name = takeTableName(tokens, at).name; !name.isEmpty())
                schema.filled.insert(name.toLower());
        at = i + 1;
        if (tokens[i].isWord(u"TABLE") && renamed.isEmpty())
            renamed = takeTableName(tokens, at).name.toLower();
        at = i + 1;
        if (tokens[i].isWord(u"TO") && schema.filled.contains(renamed))
            if (const QString name = takeTableName(tokens, at).name; !name.isEmpty())
                schema.filled.insert(name.toLower());
    }
}

/// One statement of a text, told by its first words.
class StatementRows
{
public:
    StatementRows(const QList<SqlToken> &tokens, qsizetype first, qsizetype last, Backend backend,
                  Schema &schema)
        : m_tokens(tokens)
        , m_first(first)
        , m_last(last)
        , m_backend(backend)
        , m_schema(schema)
    {}
    void trace();

private:
    void traceCreate();
    void traceAlter();
    void traceInsert();
    void traceWriting();
    void traceBlock();
    void traceRoutine();
    bool callsKnownFunction() const;
    bool has(const QStringList &words) const
    {
        return std::any_of(m_tokens.begin() + m_first, m_tokens.begin() + m_last,
                           [&](const SqlToken &token) { return isAnyOf(token, words); });
    }
    bool isTameText() const
    {
        return std::ranges::all_of(calledFunctions(m_tokens, m_first, m_last, true), isTame);
    }

    const QList<SqlToken> &m_tokens;
    const qsizetype m_first;
    const qsizetype m_last;
    const Backend m_backend;
    Schema &m_schema;
};

void StatementRows::trace()
{
    noteFilled(m_tokens, m_first, m_last, m_backend, m_schema);
    static const QStringList harmless{
        u"DROP"_s,    u"COMMENT"_s,   u"GRANT"_s,   u"REVOKE"_s, u"BEGIN"_s,    u"COMMIT"_s,
        u"START"_s,   u"SAVEPOINT"_s, u"RELEASE"_s, u"PRAGMA"_s, u"ANALYZE"_s,  u"VACUUM"_s,
        u"REINDEX"_s, u"LOCK"_s,      u"UNLOCK"_s,  u"SHOW"_s,   u"TRUNCATE"_s, u"SET"_s,
        u"RESET"_s,   u"CLUSTER"_s,   u"END"_s};
    const SqlToken &verb = m_tokens[m_first];
    if (isAnyOf(verb, harmless)) {
        if (has({u"writable_schema"_s}))
            stopTracingRows(m_schema);
    } else if (verb.isWord(u"CREATE")) {
        traceCreate();
    } else if (verb.isWord(u"ALTER")) {
        traceAlter();
    } else if (verb.isWord(u"INSERT")) {
        traceInsert();
    } else if (isAnyOf(verb, {u"UPDATE"_s, u"DELETE"_s})) {
        if (m_schema.writesSpread)
            spreadRows(m_schema);
    } else if (isAnyOf(verb, {u"REPLACE"_s, u"MERGE"_s, u"COPY"_s, u"WITH"_s})) {
        traceWriting();
    } else if (verb.isWord(u"SELECT")) {
        if (has({u"INTO"_s}) || !isTameText())
            forgetEmptyTables(m_schema);
    } else if (verb.isWord(u"DO")) {
        traceBlock();
    } else {
        forgetEmptyTables(m_schema);
    }
}

/// A function that writes, and what calls functions by itself.
void StatementRows::traceRoutine()
{
    static const QStringList writing{u"INSERT"_s, u"COPY"_s, u"EXECUTE"_s, u"MERGE"_s,
                                     u"CREATE"_s, u"CALL"_s, u"PERFORM"_s, u"IMPORT"_s};
    const auto writes = [](const SqlToken &token) { return isAnyOf(token, writing); };
    for (qsizetype i = m_first + 1; i < m_last; ++i) {
        const bool isBody = m_tokens[i].kind == SqlToken::Kind::String;
        if (writes(m_tokens[i])
            || (isBody && std::ranges::any_of(sqlTokens(m_tokens[i].text, m_backend), writes)))
            m_schema.writesSpread = true;
    }
}

/// Whether a trigger calls a function that the scripts have made: traceRoutine() has seen it.
bool StatementRows::callsKnownFunction() const
{
    for (qsizetype i = m_first; i + 2 < m_last; ++i) {
        if (!m_tokens[i].isWord(u"EXECUTE")
            || !isAnyOf(m_tokens[i + 1], {u"FUNCTION"_s, u"PROCEDURE"_s}))
            continue;
        qsizetype at = i + 2;
        const QString name = takeTableName(m_tokens, at).name;
        return std::ranges::any_of(m_schema.objects, [&](const NamedObject &object) {
            return object.kind == NamedObject::Kind::Function
                   && object.name.name.compare(name, Qt::CaseInsensitive) == 0;
        });
    }
    return false;
}

void StatementRows::traceCreate()
{
    static const QStringList plain{
        u"INDEX"_s,  u"TYPE"_s,     u"SEQUENCE"_s,   u"EXTENSION"_s,   u"SCHEMA"_s, u"VIEW"_s,
        u"DOMAIN"_s, u"DATABASE"_s, u"POLICY"_s,     u"ROLE"_s,        u"USER"_s,   u"COLLATION"_s,
        u"CAST"_s,   u"OPERATOR"_s, u"STATISTICS"_s, u"PUBLICATION"_s, u"TEXT"_s};
    static const QStringList adjectives{
        u"OR"_s,         u"REPLACE"_s,  u"TEMP"_s,      u"TEMPORARY"_s, u"UNIQUE"_s,
        u"UNLOGGED"_s,   u"LOCAL"_s,    u"RECURSIVE"_s, u"GLOBAL"_s,    u"MATERIALIZED"_s,
        u"CONSTRAINT"_s, u"FULLTEXT"_s, u"SPATIAL"_s};
    qsizetype at = m_first + 1;
    while (at < m_last && isAnyOf(m_tokens[at], adjectives))
        ++at;
    if (at == m_last || isAnyOf(m_tokens[at], plain)) {
        if (has({u"MATERIALIZED"_s}) && !isTameText())
            forgetEmptyTables(m_schema);
    } else if (isAnyOf(m_tokens[at], {u"FUNCTION"_s, u"PROCEDURE"_s})) {
        traceRoutine();
    } else if (isAnyOf(m_tokens[at], {u"TRIGGER"_s, u"RULE"_s})) {
        m_schema.writesSpread = m_schema.writesSpread || !callsKnownFunction();
    } else if (!m_tokens[at].isWord(u"TABLE")) {
        stopTracingRows(m_schema); // EVENT TRIGGER, EVENT, FOREIGN TABLE …
    } else if (has({u"INHERITS"_s}) || (has({u"PARTITION"_s}) && has({u"OF"_s}))) {
        forgetEmptyTables(m_schema); // its rows are its parents', too
    } else if (has({u"SELECT"_s, u"VALUES"_s, u"EXECUTE"_s, u"UNION"_s})
               || findWord(m_tokens, at, m_last, u"AS") < m_last) {
        traceWriting();
    }
}

void StatementRows::traceAlter()
{
    if (m_first + 1 == m_last || !m_tokens[m_first + 1].isWord(u"TABLE"))
        return;
    if (has({u"ATTACH"_s, u"INHERIT"_s, u"EXCHANGE"_s})) {
        forgetEmptyTables(m_schema);
        return;
    }
    for (qsizetype i = m_first; i < m_last; ++i) {
        if (!m_tokens[i].isWord(u"RENAME"))
            continue;
        qsizetype at = i + 1;
        if (at < m_last
            && isAnyOf(m_tokens[at], {u"COLUMN"_s, u"INDEX"_s, u"KEY"_s, u"CONSTRAINT"_s}))
            continue;
        if (at + 2 < m_last && m_tokens[at].isName() && m_tokens[at + 1].isWord(u"TO"))
            continue; // a column's
        // Where the rename wasn't followed, a table's name may now be another one's.
        const bool isNamed = at + 1 < m_last && m_tokens[at].isWord(u"TO");
        if (!isNamed || !namesTable(takeTableName(m_tokens, ++at).name, m_schema))
            forgetEmptyTables(m_schema);
    }
}

void StatementRows::traceInsert()
{
    qsizetype at = findWord(m_tokens, m_first, m_last, u"INTO") + 1;
    const TableName target = at < m_last ? takeTableName(m_tokens, at) : TableName();
    const qsizetype select = findWord(m_tokens, m_first, m_last, u"SELECT");
    if (select < m_last && !m_schema.writesSpread) {
        // what stands behind belongs to the INSERT
        qsizetype end = m_last;
        for (const auto &word : {u"RETURNING"_s, u"CONFLICT"_s})
            end = std::min(end, findWord(m_tokens, select, m_last, word));
        const KnownRows rows = knownRows(m_tokens, select, end, m_schema, m_backend);
        if (rows.isQuery && rows.kind == KnownRows::Kind::None)
            return;
    }
    fillTable(target, m_schema);
}

/// MERGE, COPY, WITH …: whatever table it names may be the one that is filled.
void StatementRows::traceWriting()
{
    if (m_tokens[m_first].isWord(u"WITH")
        && !has({u"INSERT"_s, u"MERGE"_s, u"INTO"_s, u"COPY"_s})) {
        if (!isTameText() || (m_schema.writesSpread && has({u"UPDATE"_s, u"DELETE"_s})))
            forgetEmptyTables(m_schema);
        return;
    }
    bool isKnown = !m_schema.writesSpread;
    QList<TableName> targets;
    for (qsizetype i = m_first; i < m_last && isKnown; ++i) {
        if (m_tokens[i].isWord(u"INTO") || m_tokens[i].isWord(u"COPY")
            || (m_tokens[i].isWord(u"REPLACE") && i == m_first)) {
            qsizetype at = i + 1;
            const bool isInto = at < m_last && m_tokens[at].isWord(u"INTO");
            targets.append(isInto ? TableName() : takeTableName(m_tokens, at));
            isKnown = isInto || namesTable(targets.constLast().name, m_schema);
        }
    }
    if (!isKnown) {
        forgetEmptyTables(m_schema);
        return;
    }
    if (m_tokens[m_first].isWord(u"WITH") && !targets.isEmpty()) {
        for (const TableName &target : std::as_const(targets))
            fillTable(target, m_schema);
        return;
    }
    for (qsizetype i = m_first; i < m_last; ++i)
        if (m_tokens[i].isName() && namesTable(m_tokens[i].text, m_schema))
            fillTable({.name = m_tokens[i].text}, m_schema);
}

/// DO $$ … $$: harmless where its words make types and the like only.
void StatementRows::traceBlock()
{
    static const QStringList writing{u"INSERT"_s,  u"COPY"_s,     u"EXECUTE"_s,   u"MERGE"_s,
                                     u"PERFORM"_s, u"CALL"_s,     u"RENAME"_s,    u"ATTACH"_s,
                                     u"INHERIT"_s, u"INHERITS"_s, u"PARTITION"_s, u"IMPORT"_s};
    for (qsizetype i = m_first + 1; i < m_last; ++i) {
        if (m_tokens[i].kind != SqlToken::Kind::String)
            continue;
        const QList<SqlToken> body = sqlTokens(m_tokens[i].text, m_backend);
        const QStringList called = calledFunctions(body, 0, body.size() - 1, true);
        for (const SqlToken &token : body) {
            if (isAnyOf(token, {u"TRIGGER"_s, u"RULE"_s, u"FUNCTION"_s, u"PROCEDURE"_s}))
                stopTracingRows(m_schema);
            if (isAnyOf(token, writing)
                || (m_schema.writesSpread && isAnyOf(token, {u"UPDATE"_s, u"DELETE"_s})))
                forgetEmptyTables(m_schema);
        }
        if (!std::ranges::all_of(called, isTame))
            forgetEmptyTables(m_schema);
    }
}

} // namespace

void forgetEmptyTables(Schema &schema)
{
    if (!schema.startsEmpty)
        return;
    for (Table &table : schema.tables)
        table.isEmpty = false;
}

void stopTracingRows(Schema &schema)
{
    forgetEmptyTables(schema);
    schema.startsEmpty = false;
}

void fillTable(const TableName &name, Schema &schema)
{
    if (!schema.assumedEmpty.isEmpty())
        schema.filled.insert(name.name.toLower());
    if (schema.writesSpread)
        spreadRows(schema);
    if (!schema.startsEmpty)
        return;
    bool isKnown = false;
    for (Table &table : schema.tables) {
        if (!isCalled(table, name.name))
            continue;
        table.isEmpty = false;
        isKnown = true;
    }
    if (schema.writesSpread || !isKnown)
        forgetEmptyTables(schema);
}

void traceRows(const ExprPtr &statement, Schema &schema)
{
    if ((!schema.startsEmpty && schema.assumedEmpty.isEmpty()) || !statement)
        return;
    const bool isInsert = statement->kind == Expr::Kind::Insert;
    const bool isChange =
        statement->kind == Expr::Kind::Update || statement->kind == Expr::Kind::Delete;
    if (isInsert && statement->statement && statement->statement->table) {
        const TableRef &target = *statement->statement->table;
        // Texts inside of expressions are told apart no further: every database's quotes will do.
        const bool isNothing =
            knownRows(statement, schema, Backend::PostgreSql).kind == KnownRows::Kind::None;
        if (!isNothing || schema.writesSpread)
            fillTable({target.schema, target.name}, schema);
    } else if (isChange && schema.writesSpread) {
        spreadRows(schema);
    } else if (isInsert || (!isChange && !isTameTree(statement, schema))) {
        forgetEmptyTables(schema);
    }
}

void traceRows(const QString &sql, Backend backend, Schema &schema)
{
    if (!schema.startsEmpty && schema.assumedEmpty.isEmpty())
        return;
    const QList<SqlToken> tokens = sqlTokens(sql, backend);
    const qsizetype end = tokens.size() - 1; // without End
    qsizetype statements = 0;
    bool renames = false;
    for (qsizetype first = 0; first < end;) {
        qsizetype last = first;
        while (last < end && !tokens[last].isSymbol(u";"))
            ++last;
        if (last > first) {
            ++statements;
            StatementRows(tokens, first, last, backend, schema).trace();
        }
        renames = renames
                  || std::any_of(tokens.begin() + first, tokens.begin() + last,
                                 [](const SqlToken &token) { return token.isWord(u"RENAME"); });
        first = last + 1;
    }
    if (renames && statements > 1) // a name may mean two tables in one text
        forgetEmptyTables(schema);
}

} // namespace tribikos
