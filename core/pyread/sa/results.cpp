#include "core/pyread/sa/results.h"

#include "core/base/scriptfacts.h"
#include "core/base/sqltokenizer.h"
#include "core/ops/sqlfunctions.h"
#include "core/pyread/givenvalues.h"

#include <algorithm>

/// Rows that are known without a database: those of tables that hold none.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

using Kind = KnownRows::Kind;

Value cellValue(Interpreter &interpreter, const KnownRows::Cell &cell)
{
    if (!cell.isKnown)
        return interpreter.unknown(cell.name, u"it is in a row of the database"_s);
    switch (cell.value.kind) {
    case Literal::Kind::Integer: return Value(cell.value.text.toLongLong());
    case Literal::Kind::Bool: return Value(cell.value.text != u"0");
    case Literal::Kind::String: return Value(cell.value.text);
    default: return {};
    }
}

/// One row, of values that are known by place and by name.
class RowObject final : public Object
{
public:
    explicit RowObject(QList<KnownRows::Cell> cells)
        : m_cells(std::move(cells))
    {}
    QString typeName() const override { return u"Row"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name.startsWith(u"__"))
            return std::nullopt;
        return named(interpreter, name);
    }
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override
    {
        for (const KnownRows::Cell &cell : std::as_const(m_cells)) {
            if (!visit(cellValue(interpreter, cell)))
                return;
        }
    }
    std::optional<qint64> length(Interpreter &) override { return m_cells.size(); }
    Value getItem(Interpreter &interpreter, const Value &key) override
    {
        if (key.isStr())
            return named(interpreter, key.str());
        const qint64 at = key.isInt() ? key.toInt() : -1;
        if (at < 0 || at >= m_cells.size())
            interpreter.needsConnection(u"looks into a row of the database"_s);
        return cellValue(interpreter, m_cells.at(qsizetype(at)));
    }

private:
    /// Names of columns without an alias are the database's: what doesn't fit is refused.
    Value named(Interpreter &interpreter, const QString &name) const
    {
        for (const KnownRows::Cell &cell : m_cells) {
            if (cell.name == name)
                return cellValue(interpreter, cell);
        }
        interpreter.needsConnection(u"looks into a row of the database"_s);
    }

    const QList<KnownRows::Cell> m_cells;
};

/// A query as its key in [offline.answers]; empty: it can't be written.
QString spelledQuery(Interpreter &interpreter, const ExprPtr &statement)
{
    const auto backend = hostOf(interpreter).backend();
    const bool isQuery = statement->kind == Expr::Kind::Text
                         || statement->kind == Expr::Kind::Select
                         || statement->kind == Expr::Kind::CompoundSelect;
    const auto sql = backend && isQuery ? hostOf(interpreter).spelled(statement, *backend, false)
                                        : Result<QString>(Error{});
    return sql ? answerKey(*sql) : QString();
}

/// What makes a query known offline.
QString answerHint(Interpreter &interpreter, const ExprPtr &statement)
{
    constexpr qsizetype longest = 2000;
    if (!statement || !hostOf(interpreter).isOffline())
        return {};
    QString sql = spelledQuery(interpreter, statement);
    if (sql.isEmpty() || sql.size() > longest)
        return {};
    return u": say in tribikos.toml, under [offline], which empty_tables there are, or under "
           u"[offline.answers] what it "
           "gives: \"%1\" = […]"_s.arg(sql.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s));
}

class ResultObject final : public Object
{
public:
    ResultObject(KnownRows rows, qsizetype query, ExprPtr statement)
        : m_rows(std::move(rows))
        , m_query(query)
        , m_statement(std::move(statement))
    {}
    QString typeName() const override { return u"CursorResult"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override
    {
        if (m_rows.kind == Kind::Unknown)
            refuse(interpreter, u"reads rows from the database"_s);
        use(interpreter);
        while (m_next < m_rows.rows.size())
            if (!visit(next(interpreter)))
                return;
    }
    bool truth(Interpreter &interpreter) override
    {
        interpreter.needsConnection(u"looks at the result of a query"_s);
    }
    Value getItem(Interpreter &interpreter, const Value &) override
    {
        refuse(interpreter, u"reads rows from the database"_s);
    }
    std::optional<Value> compare(Interpreter &interpreter, CompareOp, const Value &) override
    {
        interpreter.needsConnection(u"looks at the result of a query"_s);
    }

private:
    Value valueOf(Interpreter &interpreter, const KnownRows::Row &row) const
    {
        return m_isScalar ? cellValue(interpreter, row.first())
                          : Value(interpreter.make<RowObject>(row));
    }
    /// The next row, None behind the last.
    Value next(Interpreter &interpreter)
    {
        return m_next < m_rows.rows.size() ? valueOf(interpreter, m_rows.rows.at(m_next++))
                                           : Value();
    }
    /// Those that nobody has fetched yet.
    std::vector<Value> rest(Interpreter &interpreter)
    {
        std::vector<Value> values;
        while (m_next < m_rows.rows.size())
            values.push_back(next(interpreter));
        return values;
    }
    std::optional<Value> answer(Interpreter &interpreter, const QString &name);
    void use(Interpreter &interpreter) const
    {
        if (m_query >= 0)
            hostOf(interpreter).withdraw(m_query);
    }

    [[noreturn]] void refuse(Interpreter &interpreter, const QString &what) const
    {
        interpreter.needsConnection(what + answerHint(interpreter, m_statement));
    }

    const KnownRows m_rows;
    const qsizetype m_query; // what asked for them; < 0: nothing that was recorded
    const ExprPtr m_statement;
    qsizetype m_next = 0;    // row to be fetched
    bool m_isScalar = false; // behind scalars()
};

/// What fetching gives; nullopt: no method that fetches, or not so simple.
std::optional<Value> ResultObject::answer(Interpreter &interpreter, const QString &name)
{
    static const QStringList firsts{u"first"_s, u"one_or_none"_s, u"one"_s};
    static const QStringList values{u"scalar"_s, u"scalar_one_or_none"_s, u"scalar_one"_s};
    const qsizetype left = m_rows.rows.size() - m_next;
    const bool isOne = name.contains(u"one") && name != u"fetchone";
    if ((isOne && left > 1) || (name == u"fetchmany" && left > 0))
        return std::nullopt;
    use(interpreter);
    if (name == u"fetchall" || name == u"all" || name == u"fetchmany")
        return interpreter.list(rest(interpreter));
    if (left == 0 && (name == u"one" || name == u"scalar_one"))
        raiseNoResult(interpreter);
    if (name == u"fetchone" || firsts.contains(name))
        return next(interpreter);
    if (!values.contains(name))
        return std::nullopt;
    return left == 0 ? Value() : cellValue(interpreter, m_rows.rows.at(m_next++).first());
}

std::optional<Value> ResultObject::getAttr(Interpreter &interpreter, const QString &name)
{
    static const QStringList fetching{
        u"fetchall"_s,    u"all"_s,    u"fetchmany"_s, u"fetchone"_s,           u"first"_s,
        u"one_or_none"_s, u"scalar"_s, u"one"_s,       u"scalar_one_or_none"_s, u"scalar_one"_s};
    static const QStringList passing{u"unique"_s, u"yield_per"_s, u"execution_options"_s};
    if (name == u"close")
        return interpreter.function(name, [](Interpreter &, const CallArgs &) { return Value(); });
    if (name == u"scalars" || name == u"mappings") {
        return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &) {
            auto *made = in.make<ResultObject>(m_rows, m_query, m_statement);
            made->m_isScalar = name == u"scalars";
            return Value(made);
        });
    }
    if (m_rows.kind != Kind::Unknown) {
        if (passing.contains(name))
            return interpreter.function(
                name, [this](Interpreter &, const CallArgs &) { return Value(this); });
        if (fetching.contains(name))
            return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &) {
                if (const auto found = answer(in, name))
                    return *found;
                refuse(in, u"reads rows from the database (.%1)"_s.arg(name));
            });
        if (name == u"rowcount" && !m_rows.isQuery)
            return Value(m_rows.rows.size());
    }
    refuse(interpreter, u"reads rows from the database (.%1)"_s.arg(name));
}

/// One row as the user says it: values by their place or by their names.
KnownRows::Row answeredRow(Interpreter &interpreter, const Value &row)
{
    KnownRows::Row cells;
    const auto add = [&](const QString &name, const Value &value) {
        Literal literal;
        if (value.isBool())
            literal = {Literal::Kind::Bool, value.isTrue() ? u"1"_s : u"0"_s};
        else if (value.isInt())
            literal = {Literal::Kind::Integer, QString::number(value.toInt())};
        else if (value.isStr())
            literal = {Literal::Kind::String, value.str()};
        else if (!value.isNone())
            interpreter.unsupported(
                u"needs rows from [offline.answers] of tribikos.toml, which may hold texts, whole "
                "numbers, true, false and { python = \"None\" }"_s);
        cells.append({name, literal});
    };
    if (const auto *dict = row.as<Dict>())
        for (const auto &[key, value] : dict->entries())
            add(interpreter.str(key), value);
    else
        for (const Value &value : interpreter.items(row))
            add({}, value);
    return cells;
}

/// Whether a query does nothing but ask, so that a script goes without it once its rows are known.
bool onlyAsks(const QString &sql, Backend backend)
{
    static const QSet<QString> asking{
        u"database"_s, u"current_database"_s, u"current_schema"_s, u"current_setting"_s,
        u"version"_s,  u"to_regclass"_s,      u"array_agg"_s,      u"string_agg"_s};
    const QList<SqlToken> tokens = sqlTokens(sql, backend);
    const auto isWriting = [](const SqlToken &token) {
        return token.isWord(u"INTO") || token.isWord(u"INSERT") || token.isWord(u"UPDATE")
               || token.isWord(u"DELETE");
    };
    const QStringList called = calledFunctions(tokens, 0, tokens.size() - 1, true);
    return tokens.first().isWord(u"SELECT") && std::ranges::none_of(tokens, isWriting)
           && std::ranges::all_of(called, [](const QString &name) {
                  return asking.contains(name) || scalarFunctions().contains(name)
                         || aggregateFunctions().contains(name);
              });
}

/// What the user says that a query gives; Unknown: nothing.
KnownRows answeredRows(Interpreter &interpreter, const ExprPtr &statement)
{
    if (!interpreter.given() || !statement)
        return {};
    const QString sql = spelledQuery(interpreter, statement);
    const auto answer =
        sql.isEmpty() ? std::nullopt : interpreter.given()->find(interpreter, u'\n' + sql);
    if (!answer)
        return {};
    KnownRows known{.kind = Kind::None, .isQuery = onlyAsks(sql, *hostOf(interpreter).backend())};
    for (const Value &row : interpreter.items(*answer))
        known.rows.append(answeredRow(interpreter, row));
    if (!known.rows.isEmpty())
        known.kind = Kind::Some;
    return known;
}

} // namespace

KnownRows rowsOf(Interpreter &interpreter, const ExprPtr &statement, bool asAnswered)
{
    Host &host = hostOf(interpreter);
    const Schema *schema = host.currentSchema();
    const KnownRows known =
        schema && host.backend() ? knownRows(statement, *schema, *host.backend()) : KnownRows();
    return known.kind == Kind::Unknown && asAnswered ? answeredRows(interpreter, statement) : known;
}

Value makeResult(Interpreter &interpreter, const KnownRows &rows, qsizetype query,
                 const ExprPtr &statement)
{
    return interpreter.make<ResultObject>(rows, query, statement);
}

Value scalarOf(Interpreter &interpreter, const KnownRows &rows)
{
    return rows.rows.isEmpty() ? Value() : cellValue(interpreter, rows.rows.first().first());
}

Value firstRow(Interpreter &interpreter, const KnownRows &rows)
{
    return rows.rows.isEmpty() ? Value() : Value(interpreter.make<RowObject>(rows.rows.first()));
}

void raiseNoResult(Interpreter &interpreter)
{
    interpreter.raise(classOf(interpreter, u"exc.NoResultFound"_s),
                      u"No row was found when one was required"_s);
}

} // namespace tribikos::py::sa
