#include "core/ops/knownrows.h"

#include "core/ops/cataloguerows.h"
#include "core/ops/sqlfunctions.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = KnownRows::Kind;

Literal integerCell(qint64 number)
{
    return {Literal::Kind::Integer, QString::number(number)};
}

Literal falseCell()
{
    return {Literal::Kind::Bool, u"0"_s};
}

KnownRows oneRow(const KnownRows::Row &row)
{
    return row.isEmpty() ? KnownRows()
                         : KnownRows{.kind = Kind::Some, .isQuery = true, .rows = {row}};
}

/// What an aggregate is over no rows; nullopt: not one that we know that well.
std::optional<Literal> aggregateOfNothing(const QString &function)
{
    static const QStringList nulls{u"max"_s, u"min"_s, u"sum"_s, u"avg"_s};
    if (function == u"count")
        return integerCell(0);
    return nulls.contains(function) ? std::optional<Literal>(Literal{}) : std::nullopt;
}

bool isCallKeyword(const QString &word)
{
    static const QSet<QString> words{
        u"in"_s,       u"exists"_s,  u"and"_s,      u"or"_s,        u"not"_s,       u"as"_s,
        u"on"_s,       u"any"_s,     u"all"_s,      u"some"_s,      u"when"_s,      u"then"_s,
        u"else"_s,     u"case"_s,    u"from"_s,     u"where"_s,     u"by"_s,        u"over"_s,
        u"values"_s,   u"cast"_s,    u"distinct"_s, u"is"_s,        u"like"_s,      u"end"_s,
        u"array"_s,    u"select"_s,  u"using"_s,    u"row"_s,       u"set"_s,       u"join"_s,
        u"interval"_s, u"between"_s, u"union"_s,    u"filter"_s,    u"returning"_s, u"ilike"_s,
        u"if"_s,       u"elsif"_s,   u"lateral"_s,  u"limit"_s,     u"offset"_s,    u"having"_s,
        u"while"_s,    u"return"_s,  u"except"_s,   u"intersect"_s, u"into"_s};
    return words.contains(word);
}

bool isTypeWithLength(const QString &word)
{
    static const QSet<QString> words{u"varchar"_s, u"char"_s,      u"character"_s, u"numeric"_s,
                                     u"decimal"_s, u"timestamp"_s, u"time"_s,      u"bit"_s,
                                     u"varying"_s, u"enum"_s};
    return words.contains(word);
}

/// A query's tokens, read as far as it is plain.
class QueryText
{
public:
    QueryText(const QList<SqlToken> &tokens, qsizetype first, qsizetype last, const Schema &schema,
              Backend backend)
        : m_tokens(tokens)
        , m_first(first)
        , m_last(last)
        , m_schema(schema)
        , m_backend(backend)
    {}
    KnownRows rows() const;

private:
    KnownRows selectRows() const;
    KnownRows existsRow() const;
    KnownRows withRows() const;
    KnownRows aggregates(qsizetype first, qsizetype last) const;
    std::optional<KnownRows::Cell> aggregate(qsizetype first, qsizetype last) const;
    bool isNothing(qsizetype first, qsizetype last) const;
    bool isEmptyItem(qsizetype at, qsizetype last) const;
    qsizetype find(QStringView word, qsizetype from) const
    {
        return findWord(m_tokens, from, m_last, word);
    }
    bool has(QStringView word) const { return find(word, m_first) < m_last; }
    bool isWord(qsizetype at, QStringView word) const
    {
        return at < m_last && m_tokens[at].isWord(word);
    }

    const QList<SqlToken> &m_tokens;
    const qsizetype m_first;
    const qsizetype m_last;
    const Schema &m_schema;
    const Backend m_backend;
};

/// Whether the FROM item at \a at is a table or subquery that is certainly empty.
bool QueryText::isEmptyItem(qsizetype at, qsizetype last) const
{
    if (at < last && m_tokens[at].isSymbol(u"(")) {
        const KnownRows inner =
            knownRows(m_tokens, at + 1, behindGroup(m_tokens, at, last) - 1, m_schema, m_backend);
        return inner.isQuery && inner.kind == Kind::None;
    }
    const TableName name = takeTableName(m_tokens, at);
    return !name.name.isEmpty() && !(at < last && m_tokens[at].isSymbol(u"("))
           && isKnownEmpty(name, m_schema);
}

/// Whether a FROM clause gives no rows: its leftmost item is empty, or without outer joins any.
bool QueryText::isNothing(qsizetype first, qsizetype last) const
{
    const auto hasWord = [&](QStringView word) {
        return findWord(m_tokens, first, last, word) < last;
    };
    if (hasWord(u"RIGHT") || hasWord(u"FULL"))
        return false;
    if (isEmptyItem(first, last))
        return true;
    if (hasWord(u"LEFT"))
        return false;
    for (qsizetype i = first; i < last; ++i) {
        if (m_tokens[i].isSymbol(u"(")) {
            i = behindGroup(m_tokens, i, last) - 1;
            continue;
        }
        const bool isNext = m_tokens[i].isSymbol(u",") || m_tokens[i].isWord(u"JOIN");
        if (isNext && isEmptyItem(i + 1, last))
            return true;
    }
    return false;
}

/// count(x), max(x) …, coalesce(max(x), 0), each with an alias or without.
std::optional<KnownRows::Cell> QueryText::aggregate(qsizetype first, qsizetype last) const
{
    if (first + 2 >= last || m_tokens[first].kind != SqlToken::Kind::Word
        || !m_tokens[first + 1].isSymbol(u"("))
        return std::nullopt;
    const QString function = m_tokens[first].text.toLower();
    qsizetype end = behindGroup(m_tokens, first + 1, last);
    std::optional<Literal> value = aggregateOfNothing(function);
    if (function == u"coalesce" && end - first >= 6) {
        const SqlToken &otherwise = m_tokens[end - 2];
        bool isNumber = false;
        const qint64 number = otherwise.text.toLongLong(&isNumber);
        const auto inner =
            m_tokens[end - 3].isSymbol(u",") ? aggregate(first + 2, end - 3) : std::nullopt;
        if (inner && otherwise.kind == SqlToken::Kind::Number && isNumber)
            value = inner->value.kind == Literal::Kind::Null ? integerCell(number) : inner->value;
    }
    if (!value)
        return std::nullopt;
    QString name = function;
    end += isWord(end, u"AS");
    if (end < last && m_tokens[end].isName() && !m_tokens[end].isWord(u"OVER")
        && !m_tokens[end].isWord(u"FILTER"))
        name = m_tokens[end++].text;
    return end == last ? std::optional(KnownRows::Cell{name, *value}) : std::nullopt;
}

KnownRows QueryText::aggregates(qsizetype first, qsizetype last) const
{
    KnownRows::Row row;
    for (qsizetype at = first; at < last;) {
        qsizetype end = at;
        while (end < last && !m_tokens[end].isSymbol(u","))
            end = m_tokens[end].isSymbol(u"(") ? behindGroup(m_tokens, end, last) : end + 1;
        const auto cell = aggregate(at, end);
        if (!cell)
            return {};
        row.append(*cell);
        at = end + 1;
    }
    return oneRow(row);
}

/// SELECT EXISTS (SELECT … FROM t)
KnownRows QueryText::existsRow() const
{
    if (!isWord(m_first + 1, u"EXISTS") || m_first + 3 >= m_last
        || !m_tokens[m_first + 2].isSymbol(u"("))
        return {};
    qsizetype end = behindGroup(m_tokens, m_first + 2, m_last);
    const KnownRows inner = knownRows(m_tokens, m_first + 3, end - 1, m_schema, m_backend);
    if (!inner.isQuery || inner.kind != Kind::None)
        return {};
    QString name = u"exists"_s;
    end += isWord(end, u"AS");
    if (end < m_last && m_tokens[end].isName())
        name = m_tokens[end++].text;
    if (end != m_last)
        return {};
    return oneRow({{name, falseCell()}});
}

KnownRows QueryText::selectRows() const
{
    for (const auto &word : {u"UNION"_s, u"INTERSECT"_s, u"EXCEPT"_s, u"INTO"_s, u"ROLLUP"_s,
                             u"CUBE"_s, u"GROUPING"_s, u"WINDOW"_s, u"PROCEDURE"_s})
        if (has(word))
            return {};
    const qsizetype from = find(u"FROM", m_first);
    if (from == m_last)
        return existsRow();
    qsizetype end = m_last;
    for (const auto &word : {u"WHERE"_s, u"GROUP"_s, u"HAVING"_s, u"ORDER"_s, u"LIMIT"_s, u"FOR"_s})
        end = std::min(end, find(word, from));
    if (!isNothing(from + 1, end))
        return {};
    const qsizetype group = find(u"GROUP", from);
    const bool isGrouped = group < m_last;
    if (isGrouped && (group + 2 >= m_last || m_tokens[group + 2].isSymbol(u"(")))
        return {};
    if (has(u"HAVING") && !isGrouped)
        return {};
    const QStringList called = calledFunctions(m_tokens, m_first + 1, from, false);
    const bool isPlain = std::ranges::all_of(
        called, [](const QString &name) { return scalarFunctions().contains(name); });
    if (isGrouped)
        return {.kind = Kind::None, .isQuery = true};
    const bool isCut = has(u"LIMIT") || has(u"OFFSET") || has(u"FETCH");
    if (!called.isEmpty() && !isCut) {
        if (const KnownRows one = aggregates(m_first + 1, from); one.kind == Kind::Some)
            return one;
    }
    return isPlain ? KnownRows{.kind = Kind::None, .isQuery = true} : KnownRows();
}

/// WITH x AS (SELECT …) and what follows it, where only that writes and no x hides a table.
KnownRows QueryText::withRows() const
{
    qsizetype main = m_last;
    for (const auto &verb : {u"SELECT"_s, u"UPDATE"_s, u"DELETE"_s, u"INSERT"_s})
        main = std::min(main, find(verb, m_first));
    for (qsizetype i = m_first; i < main; ++i) {
        for (const auto &verb : {u"INSERT"_s, u"UPDATE"_s, u"DELETE"_s, u"MERGE"_s})
            if (m_tokens[i].isWord(verb))
                return {};
        if (m_tokens[i].isName() && isWord(i + 1, u"AS")
            && isKnownEmpty({.name = m_tokens[i].text}, m_schema))
            return {};
    }
    return main < m_last ? knownRows(m_tokens, main, m_last, m_schema, m_backend) : KnownRows();
}

KnownRows QueryText::rows() const
{
    if (m_first >= m_last)
        return {};
    const KnownRows catalogue = catalogueRows(m_tokens, m_first, m_last, m_schema, m_backend);
    if (catalogue.kind != Kind::Unknown)
        return catalogue;
    if (m_tokens[m_first].isWord(u"WITH"))
        return withRows();
    if (m_tokens[m_first].isWord(u"SELECT"))
        return selectRows();
    qsizetype at = m_first + 1;
    if (m_tokens[m_first].isWord(u"INSERT")) {
        const qsizetype select = find(u"SELECT", at);
        const bool isPlain = select < m_last && !has(u"RETURNING") && !has(u"CONFLICT")
                             && !has(u"DUPLICATE") && !has(u"WITH") && !has(u"VALUES");
        const KnownRows source =
            isPlain ? knownRows(m_tokens, select, m_last, m_schema, m_backend) : KnownRows();
        return source.isQuery && source.kind == Kind::None ? KnownRows{.kind = Kind::None}
                                                           : KnownRows();
    }
    if (m_tokens[m_first].isWord(u"DELETE")) {
        if (!isWord(at, u"FROM"))
            return {};
        ++at;
    } else if (!m_tokens[m_first].isWord(u"UPDATE")) {
        return {};
    }
    return isEmptyItem(at, m_last) ? KnownRows{.kind = Kind::None} : KnownRows();
}

// --- Expressions ---------------------------------------------------------------------------------

/// What stands in an expression outside of its subqueries.
struct Ingredients
{
    QList<TableName> tables{};
    QStringList functions{};
    QList<ExprPtr> sources{}; // subqueries that columns belong to
    bool isPlain = true;
};

void collect(const ExprPtr &expression, Backend backend, Ingredients &found)
{
    if (!expression)
        return;
    const Expr &e = *expression;
    using ExprKind = Expr::Kind;
    if (e.kind == ExprKind::ScalarSubquery || e.kind == ExprKind::Exists
        || e.kind == ExprKind::Select || e.kind == ExprKind::Over)
        return;
    if (e.kind == ExprKind::Text || (e.kind == ExprKind::Column && e.flag)) {
        const QList<SqlToken> tokens = sqlTokens(e.text, backend);
        found.functions += calledFunctions(tokens, 0, tokens.size() - 1, false);
        return;
    }
    if (e.kind == ExprKind::Function)
        found.functions.append(e.text.toLower());
    if ((e.kind == ExprKind::Column || e.kind == ExprKind::Star || e.kind == ExprKind::TableSource)
        && e.table) {
        if (e.table->source)
            found.sources.append(e.table->source);
        else
            found.tables.append({e.table->schema, e.table->name});
    }
    for (const ExprPtr &part : e.args)
        collect(part, backend, found);
}

/// A text's tokens, with the strings that are bound to its parameters in their places.
QList<SqlToken> boundTokens(const Expr &text, Backend backend)
{
    QList<SqlToken> tokens = sqlTokens(text.text, backend);
    for (SqlToken &token : tokens) {
        if (token.kind != SqlToken::Kind::Parameter)
            continue;
        const QString name = token.text.startsWith(u':') ? token.text.mid(1) : token.text;
        const ExprPtr value = text.binds.value(name);
        if (!value || value->kind != Expr::Kind::Value
            || value->value.kind != Literal::Kind::String)
            continue;
        token.kind = SqlToken::Kind::String;
        token.text = value->value.text;
    }
    return tokens;
}

class QueryTree
{
public:
    QueryTree(const Schema &schema, Backend backend)
        : m_schema(schema)
        , m_backend(backend)
    {}
    KnownRows rows(const ExprPtr &statement) const;

private:
    KnownRows selectRows(const Expr::Statement &select) const;
    std::optional<KnownRows::Cell> cell(const ExprPtr &column, bool hasFrom) const;
    bool isNothing(const ExprPtr &item) const;
    bool hasNoRows(const ExprPtr &query) const
    {
        const KnownRows inner = rows(query);
        return inner.isQuery && inner.kind == Kind::None;
    }

    const Schema &m_schema;
    const Backend m_backend;
};

bool QueryTree::isNothing(const ExprPtr &item) const
{
    if (!item)
        return false;
    using ExprKind = Expr::Kind;
    switch (item->kind) {
    case ExprKind::TableSource:
        return item->table
               && (item->table->source
                       ? isNothing(item->table->source)
                       : isKnownEmpty({item->table->schema, item->table->name}, m_schema));
    case ExprKind::Join: {
        const bool left = isNothing(item->args.value(0));
        if (item->text == u"JOIN")
            return left || isNothing(item->args.value(1));
        return left && item->text == u"LEFT OUTER JOIN";
    }
    case ExprKind::Subquery:
    case ExprKind::Cte: return hasNoRows(item->args.value(0));
    default: return false;
    }
}

/// One cell of the row of aggregates, or of a SELECT without FROM.
std::optional<KnownRows::Cell> QueryTree::cell(const ExprPtr &column, bool hasFrom) const
{
    using ExprKind = Expr::Kind;
    if (!column)
        return std::nullopt;
    if (column->kind == ExprKind::Label) {
        auto inner = cell(column->args.value(0), hasFrom);
        if (inner)
            inner->name = column->text;
        return inner;
    }
    if (column->kind == ExprKind::Function && hasFrom) {
        const QString function = column->text.toLower();
        if (const auto value = aggregateOfNothing(function))
            return KnownRows::Cell{function, *value};
        return std::nullopt;
    }
    if (hasFrom)
        return std::nullopt;
    if (column->kind == ExprKind::False)
        return KnownRows::Cell{u"anon_1"_s, falseCell()};
    if (column->kind == ExprKind::Exists && hasNoRows(column->args.value(0)))
        return KnownRows::Cell{u"anon_1"_s, falseCell()};
    return std::nullopt;
}

KnownRows QueryTree::selectRows(const Expr::Statement &select) const
{
    Ingredients inList;
    for (const ExprPtr &column : select.columns)
        collect(column, m_backend, inList);
    Ingredients all = inList;
    collect(select.where, m_backend, all);
    bool isEmpty =
        std::ranges::any_of(select.from, [&](const ExprPtr &item) { return isNothing(item); });
    if (select.from.isEmpty())
        isEmpty =
            std::ranges::any_of(all.tables,
                                [&](const TableName &t) { return isKnownEmpty(t, m_schema); })
            || std::ranges::any_of(all.sources, [&](const ExprPtr &s) { return isNothing(s); });
    const bool hasFrom = !select.from.isEmpty() || !all.tables.isEmpty() || !all.sources.isEmpty();
    if (hasFrom && !isEmpty)
        return {};
    const bool isGrouped = !select.groupBy.isEmpty();
    if (select.having && !isGrouped)
        return {};
    if (isGrouped) {
        Ingredients groups; // ROLLUP and the like make a row of nothing
        for (const ExprPtr &group : select.groupBy)
            collect(group, m_backend, groups);
        return groups.functions.isEmpty() && hasFrom
                   ? KnownRows{.kind = Kind::None, .isQuery = true}
                   : KnownRows();
    }
    const bool isPlain = std::ranges::all_of(
        inList.functions, [](const QString &name) { return scalarFunctions().contains(name); });
    if (hasFrom && isPlain)
        return {.kind = Kind::None, .isQuery = true};
    if (select.limit || select.offset || (!hasFrom && select.where))
        return {};
    KnownRows::Row row;
    for (const ExprPtr &column : select.columns) {
        const auto value = cell(column, hasFrom);
        if (!value)
            return {};
        row.append(*value);
    }
    return oneRow(row);
}

KnownRows QueryTree::rows(const ExprPtr &statement) const
{
    using ExprKind = Expr::Kind;
    if (!statement)
        return {};
    if (statement->kind == ExprKind::Text) {
        const QList<SqlToken> tokens = boundTokens(*statement, m_backend);
        qsizetype last = tokens.size() - 1; // without End
        while (last > 0 && tokens[last - 1].isSymbol(u";"))
            --last;
        return findWord(tokens, 0, last, u";") < last
                   ? KnownRows()
                   : knownRows(tokens, 0, last, m_schema, m_backend);
    }
    if (statement->kind == ExprKind::CompoundSelect) {
        const bool isNone =
            statement->text.startsWith(u"UNION")
            && std::ranges::all_of(statement->args, [&](const ExprPtr &p) { return hasNoRows(p); });
        return isNone ? KnownRows{.kind = Kind::None, .isQuery = true} : KnownRows();
    }
    if (!statement->statement)
        return {};
    const Expr::Statement &s = *statement->statement;
    if (statement->kind == ExprKind::Select)
        return selectRows(s);
    const bool isChange =
        statement->kind == ExprKind::Update || statement->kind == ExprKind::Delete;
    if (isChange && s.table && isKnownEmpty({s.table->schema, s.table->name}, m_schema))
        return {.kind = Kind::None};
    if (statement->kind == ExprKind::Insert && s.fromSelect && hasNoRows(s.fromSelect))
        return {.kind = Kind::None};
    return {};
}

} // namespace

TableName takeTableName(const QList<SqlToken> &tokens, qsizetype &at)
{
    if (at >= tokens.size() || !tokens[at].isName())
        return {};
    TableName name{.name = tokens[at++].text};
    while (at + 1 < tokens.size() && tokens[at].isSymbol(u".") && tokens[at + 1].isName()) {
        name = {name.schema.isEmpty() ? name.name : name.schema + u'.' + name.name,
                tokens[at + 1].text};
        at += 2;
    }
    return name;
}

qsizetype behindGroup(const QList<SqlToken> &tokens, qsizetype open, qsizetype last)
{
    int depth = 0;
    for (qsizetype i = open; i < last; ++i) {
        if (tokens[i].isSymbol(u"("))
            ++depth;
        else if (tokens[i].isSymbol(u")") && --depth == 0)
            return i + 1;
    }
    return last;
}

qsizetype findWord(const QList<SqlToken> &tokens, qsizetype first, qsizetype last, QStringView word)
{
    for (qsizetype i = first; i < last; ++i) {
        if (tokens[i].isSymbol(u"(")) {
            i = behindGroup(tokens, i, last) - 1;
            continue;
        }
        if (tokens[i].isWord(word) || tokens[i].isSymbol(word))
            return i;
    }
    return last;
}

QStringList calledFunctions(const QList<SqlToken> &tokens, qsizetype first, qsizetype last,
                            bool inside)
{
    QStringList found;
    for (qsizetype i = first; i + 1 < last; ++i) {
        if (!inside && tokens[i].isSymbol(u"(") && tokens[i + 1].isWord(u"SELECT")) {
            i = behindGroup(tokens, i, last) - 1;
            continue;
        }
        if (!tokens[i].isName() || !tokens[i + 1].isSymbol(u"("))
            continue;
        const QString name = tokens[i].text.toLower();
        const bool isQualified = i > first && tokens[i - 1].isSymbol(u".");
        if (isQualified)
            found.append(u"."_s + name);
        else if (tokens[i].kind == SqlToken::Kind::Quoted
                 || !(isCallKeyword(name) || isTypeWithLength(name)))
            found.append(name);
    }
    return found;
}

KnownRows knownRows(const QList<SqlToken> &tokens, qsizetype first, qsizetype last,
                    const Schema &schema, Backend backend)
{
    return QueryText(tokens, first, last, schema, backend).rows();
}

KnownRows knownRows(const ExprPtr &statement, const Schema &schema, Backend backend)
{
    return QueryTree(schema, backend).rows(statement);
}

} // namespace tribikos
