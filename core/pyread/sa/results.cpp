#include "core/pyread/sa/results.h"

/// Rows that are known without a database: those of tables that hold none.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

using Kind = KnownRows::Kind;

Value cellValue(const KnownRows::Cell &cell)
{
    switch (cell.value.kind) {
    case Literal::Kind::Integer: return Value(cell.value.text.toLongLong());
    case Literal::Kind::Bool: return Value(cell.value.text != u"0");
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
    void iterate(Interpreter &, const Visitor &visit) override
    {
        for (const KnownRows::Cell &cell : std::as_const(m_cells)) {
            if (!visit(cellValue(cell)))
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
        return cellValue(m_cells.at(qsizetype(at)));
    }

private:
    /// Names of columns without an alias are the database's: what doesn't fit is refused.
    Value named(Interpreter &interpreter, const QString &name) const
    {
        for (const KnownRows::Cell &cell : m_cells) {
            if (cell.name == name)
                return cellValue(cell);
        }
        interpreter.needsConnection(u"looks into a row of the database"_s);
    }

    const QList<KnownRows::Cell> m_cells;
};

class ResultObject final : public Object
{
public:
    explicit ResultObject(KnownRows rows)
        : m_rows(std::move(rows))
    {}
    QString typeName() const override { return u"CursorResult"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override
    {
        if (m_rows.kind == Kind::Unknown)
            interpreter.needsConnection(u"reads rows from the database"_s);
        if (m_rows.kind == Kind::One)
            visit(row(interpreter));
    }
    bool truth(Interpreter &interpreter) override
    {
        interpreter.needsConnection(u"looks at the result of a query"_s);
    }
    Value getItem(Interpreter &interpreter, const Value &) override
    {
        interpreter.needsConnection(u"reads rows from the database"_s);
    }
    std::optional<Value> compare(Interpreter &interpreter, CompareOp, const Value &) override
    {
        interpreter.needsConnection(u"looks at the result of a query"_s);
    }

private:
    Value row(Interpreter &interpreter) const
    {
        return m_isScalar ? scalarOf(interpreter, m_rows) : firstRow(interpreter, m_rows);
    }
    std::optional<Value> answer(Interpreter &interpreter, const QString &name);

    const KnownRows m_rows;
    bool m_isScalar = false; // behind scalars()
};

/// What fetching gives; nullopt: no method that fetches.
std::optional<Value> ResultObject::answer(Interpreter &interpreter, const QString &name)
{
    static const QStringList lists{u"fetchall"_s, u"all"_s, u"fetchmany"_s};
    static const QStringList firsts{u"fetchone"_s, u"first"_s, u"one_or_none"_s};
    static const QStringList values{u"scalar"_s, u"scalar_one_or_none"_s};
    const bool isNone = m_rows.kind == Kind::None;
    if (lists.contains(name))
        return interpreter.list(isNone ? std::vector<Value>()
                                       : std::vector<Value>{row(interpreter)});
    if (firsts.contains(name))
        return row(interpreter);
    if (values.contains(name))
        return scalarOf(interpreter, m_rows);
    if (name != u"one" && name != u"scalar_one")
        return std::nullopt;
    if (isNone)
        raiseNoResult(interpreter);
    return name == u"one" ? row(interpreter) : scalarOf(interpreter, m_rows);
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
            auto *made = in.make<ResultObject>(m_rows);
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
                return *answer(in, name);
            });
        if (name == u"rowcount" && !m_rows.isQuery)
            return Value(0);
    }
    interpreter.needsConnection(u"reads rows from the database (.%1)"_s.arg(name));
}

} // namespace

KnownRows rowsOf(Interpreter &interpreter, const ExprPtr &statement)
{
    Host &host = hostOf(interpreter);
    const Schema *schema = host.startsEmpty() ? host.currentSchema() : nullptr;
    return schema && host.backend() ? knownRows(statement, *schema, *host.backend()) : KnownRows();
}

Value makeResult(Interpreter &interpreter, const KnownRows &rows)
{
    return interpreter.make<ResultObject>(rows);
}

Value scalarOf(Interpreter &, const KnownRows &rows)
{
    return rows.kind == Kind::One ? cellValue(rows.cells.first()) : Value();
}

Value firstRow(Interpreter &interpreter, const KnownRows &rows)
{
    return rows.kind == Kind::One ? Value(interpreter.make<RowObject>(rows.cells)) : Value();
}

void raiseNoResult(Interpreter &interpreter)
{
    interpreter.raise(classOf(interpreter, u"exc.NoResultFound"_s),
                      u"No row was found when one was required"_s);
}

} // namespace tribikos::py::sa
