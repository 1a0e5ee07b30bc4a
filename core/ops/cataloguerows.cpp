#include "core/ops/cataloguerows.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = KnownRows::Kind;
using Cell = KnownRows::Cell;

Cell textCell(const QString &name, const QString &text)
{
    return {name, {Literal::Kind::String, text}};
}

Cell unknownCell(const QString &name)
{
    return {.name = name, .isKnown = false};
}

Cell integerCell(const QString &name, qint64 number)
{
    return {name, {Literal::Kind::Integer, QString::number(number)}};
}

/// PRAGMA table_info(t): cid, name, type, notnull, dflt_value, pk
KnownRows pragmaRows(const QList<SqlToken> &tokens, qsizetype first, qsizetype last,
                     const Schema &schema)
{
    const bool isCall = first + 5 == last && tokens[first + 1].isWord(u"table_info")
                        && tokens[first + 2].isSymbol(u"(");
    if (!isCall
        || !(tokens[first + 3].isName() || tokens[first + 3].kind == SqlToken::Kind::String))
        return {};
    const Table *table = schema.table({{}, tokens[first + 3].text});
    if (!table)
        return {.kind = Kind::None, .isQuery = true};
    if (table->columnsOpaque)
        return {};
    KnownRows found{.kind = Kind::Some, .isQuery = true};
    for (const Column &column : table->columns)
        found.rows.append({integerCell(u"cid"_s, found.rows.size()),
                           textCell(u"name"_s, column.name), unknownCell(u"type"_s),
                           integerCell(u"notnull"_s, column.isNullable() ? 0 : 1),
                           unknownCell(u"dflt_value"_s), unknownCell(u"pk"_s)});
    return found;
}

/// MySQL's DATA_TYPE and COLUMN_TYPE, as far as scripts ask for them: dates.
std::pair<Cell, Cell> typeCells(const Column &column, Backend backend)
{
    static const QStringList others{u"Integer"_s, u"SmallInteger"_s, u"BigInteger"_s,  u"String"_s,
                                    u"Text"_s,    u"Unicode"_s,      u"UnicodeText"_s, u"Boolean"_s,
                                    u"Enum"_s,    u"JSON"_s,         u"Float"_s,       u"Numeric"_s,
                                    u"Date"_s,    u"Time"_s,         u"LargeBinary"_s};
    const std::pair unknown{unknownCell(u"data_type"_s), unknownCell(u"column_type"_s)};
    if (backend == Backend::PostgreSql || !column.type || !column.type->variants.isEmpty())
        return unknown;
    const QString name = column.type->name.compare(u"datetime", Qt::CaseInsensitive) == 0
                             ? u"datetime"_s
                         : others.contains(column.type->name) ? column.type->name.toLower()
                                                              : QString();
    if (name.isEmpty())
        return unknown;
    const QString precision =
        column.type->fsp.value_or(0) > 0 ? u"(%1)"_s.arg(*column.type->fsp) : QString();
    return {textCell(u"data_type"_s, name), textCell(u"column_type"_s, name + precision)};
}

/// A SELECT from one of the views of information_schema, its tokens without the semicolon.
class InformationQuery
{
public:
    InformationQuery(const QList<SqlToken> &tokens, qsizetype first, qsizetype last,
                     const Schema &schema, Backend backend)
        : m_tokens(tokens)
        , m_first(first)
        , m_last(last)
        , m_schema(schema)
        , m_backend(backend)
    {}
    KnownRows rows();

private:
    bool isKnownView(const TableName &view) const;
    bool asksFor(const QString &column) const
    {
        return std::ranges::any_of(m_conditions, [&](const auto &c) { return c.first == column; });
    }
    bool readConditions(qsizetype at);
    bool readCondition(qsizetype &at);
    std::optional<QList<KnownRows::Row>> allRows(const QString &view) const;
    std::optional<bool> fits(const KnownRows::Row &row) const;
    std::optional<KnownRows::Row> selected(const KnownRows::Row &row, qsizetype from) const;

    const QList<SqlToken> &m_tokens;
    const qsizetype m_first;
    const qsizetype m_last;
    const Schema &m_schema;
    const Backend m_backend;
    QList<std::pair<QString, QStringList>> m_conditions{}; // column, what it may be
};

const Cell *cellNamed(const KnownRows::Row &row, const QString &name)
{
    const auto found = std::ranges::find(row, name, &Cell::name);
    return found == row.cend() ? nullptr : &*found;
}

/// column = 'text', column IN ('a', 'b'), table_schema = DATABASE()
bool InformationQuery::readCondition(qsizetype &at)
{
    QString column = takeTableName(m_tokens, at).name.toLower();
    QStringList values;
    if (at + 1 < m_last && m_tokens[at].isSymbol(u"=")
        && m_tokens[at + 1].kind == SqlToken::Kind::String) {
        values.append(m_tokens[at + 1].text);
        at += 2;
    } else if (at + 3 < m_last && m_tokens[at].isSymbol(u"=")
               && (m_tokens[at + 1].isWord(u"DATABASE") || m_tokens[at + 1].isWord(u"SCHEMA")
                   || m_tokens[at + 1].isWord(u"current_schema"))
               && m_tokens[at + 2].isSymbol(u"(") && m_tokens[at + 3].isSymbol(u")")) {
        values.append(QString()); // the usual schema's name, by which we know none
        at += 4;
    } else if (at + 1 < m_last && m_tokens[at].isWord(u"IN") && m_tokens[at + 1].isSymbol(u"(")) {
        const qsizetype end = behindGroup(m_tokens, at + 1, m_last);
        for (qsizetype i = at + 2; i + 1 < end; ++i) {
            if (m_tokens[i].kind == SqlToken::Kind::String)
                values.append(m_tokens[i].text);
            else if (!m_tokens[i].isSymbol(u","))
                return false;
        }
        at = end;
    }
    if (column == u"table_schema" && m_backend == Backend::PostgreSql)
        values.replaceInStrings(u"public"_s, QString());
    m_conditions.append({column, values});
    return !column.isEmpty() && !values.isEmpty();
}

bool InformationQuery::readConditions(qsizetype at)
{
    if (at == m_last)
        return true;
    if (!m_tokens[at].isWord(u"WHERE"))
        return false;
    do {
        ++at;
        if (!readCondition(at))
            return false;
    } while (at < m_last && m_tokens[at].isWord(u"AND"));
    return at == m_last;
}

bool InformationQuery::isKnownView(const TableName &view) const
{
    const QString name = view.name.toLower();
    if (m_backend == Backend::Sqlite)
        return view.schema.isEmpty() && (name == u"sqlite_master" || name == u"sqlite_schema");
    return view.schema.compare(u"information_schema", Qt::CaseInsensitive) == 0
           && (name == u"tables" || name == u"columns");
}

std::optional<QList<KnownRows::Row>> InformationQuery::allRows(const QString &view) const
{
    const bool isOfColumns = view == u"columns";
    QList<KnownRows::Row> all;
    for (const Table &table : m_schema.tables) {
        if (m_backend == Backend::Sqlite) {
            all.append({textCell(u"type"_s, u"table"_s), textCell(u"name"_s, table.name.name),
                        textCell(u"tbl_name"_s, table.name.name)});
            continue;
        }
        const KnownRows::Row head{textCell(u"table_schema"_s, table.name.schema),
                                  textCell(u"table_name"_s, table.name.name)};
        if (!isOfColumns) {
            all.append(head);
            continue;
        }
        const auto itsFit = fits(head); // of other tables the columns don't matter
        if (itsFit && !*itsFit)
            continue;
        if (table.columnsOpaque)
            return std::nullopt;
        for (const Column &column : table.columns) {
            const auto [data, full] = typeCells(column, m_backend);
            all.append(head
                       + KnownRows::Row{
                           textCell(u"column_name"_s, column.name),
                           textCell(u"is_nullable"_s, column.isNullable() ? u"YES"_s : u"NO"_s),
                           data, full});
        }
    }
    return all;
}

/// nullopt: a value decides that isn't known. Columns that \a row lacks don't matter yet.
std::optional<bool> InformationQuery::fits(const KnownRows::Row &row) const
{
    bool isOpen = false;
    for (const auto &[column, values] : m_conditions) {
        const Cell *cell = cellNamed(row, column);
        if (cell && cell->isKnown && !values.contains(cell->value.text))
            return false;
        isOpen = isOpen || !cell || !cell->isKnown;
    }
    return isOpen ? std::nullopt : std::optional(true);
}

/// The cells of the SELECT list, which is plain names or numbers.
std::optional<KnownRows::Row> InformationQuery::selected(const KnownRows::Row &row,
                                                         qsizetype from) const
{
    KnownRows::Row result;
    for (qsizetype at = m_first + 1; at < from;) {
        if (m_tokens[at].kind == SqlToken::Kind::Number) {
            result.append(integerCell(u"1"_s, m_tokens[at++].text.toLongLong()));
        } else {
            const QString name = takeTableName(m_tokens, at).name;
            const Cell *cell = cellNamed(row, name.toLower());
            if (!cell)
                return std::nullopt;
            result.append(*cell);
            result.last().name = name;
            // the usual schema's own name is the server's to say
            result.last().isKnown = cell->isKnown && cell->name != u"table_schema";
        }
        if (at < from && !m_tokens[at].isSymbol(u","))
            return std::nullopt;
        ++at;
    }
    return result.isEmpty() ? std::nullopt : std::optional(result);
}

KnownRows InformationQuery::rows()
{
    const qsizetype from = findWord(m_tokens, m_first, m_last, u"FROM");
    qsizetype at = from + 1;
    const TableName view = takeTableName(m_tokens, at);
    const QString name = view.name.toLower();
    if (!isKnownView(view) || !readConditions(at))
        return {};
    // The version table is there as well, and what SQLite makes for itself.
    const bool isOfOne = asksFor(u"table_name"_s) || asksFor(u"name"_s);
    if (!isOfOne && !asksFor(u"column_name"_s) && !asksFor(u"data_type"_s))
        return {};
    if (m_backend == Backend::Sqlite && !m_conditions.contains({u"type"_s, {u"table"_s}}))
        return {};
    const auto all = allRows(name);
    if (!all)
        return {};
    KnownRows found{.kind = Kind::Some, .isQuery = true};
    for (const KnownRows::Row &row : *all) {
        const auto isFit = fits(row);
        const auto cells = !isFit || *isFit ? selected(row, from) : std::nullopt;
        if (!isFit || (*isFit && !cells))
            return {};
        if (*isFit)
            found.rows.append(*cells);
    }
    if (found.rows.isEmpty())
        found.kind = Kind::None;
    return found;
}

} // namespace

KnownRows catalogueRows(const QList<SqlToken> &tokens, qsizetype first, qsizetype last,
                        const Schema &schema, Backend backend)
{
    if (first >= last || !schema.opaqueReasons.isEmpty())
        return {};
    if (backend == Backend::Sqlite && tokens[first].isWord(u"PRAGMA"))
        return pragmaRows(tokens, first, last, schema);
    return tokens[first].isWord(u"SELECT")
               ? InformationQuery(tokens, first, last, schema, backend).rows()
               : KnownRows();
}

} // namespace tribikos
