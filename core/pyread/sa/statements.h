#pragma once

#include "core/pyread/sa/element.h"

namespace tribikos::py::sa {

class TableObject;

/// select(), insert() …: a statement that each method copies and extends, as SQLAlchemy does.
class StatementObject final : public Element
{
public:
    StatementObject(Class *itsClass, Expr::Kind statementKind)
        : Element(itsClass, nullptr)
        , kind(statementKind)
    {}
    ExprPtr expr(Interpreter &interpreter) override;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    StatementObject *copied(Interpreter &interpreter) const;

    const Expr::Kind kind;
    Expr::Statement statement{};
    TableObject *target = nullptr;   // of INSERT, UPDATE, DELETE
    TableObject *leftSide = nullptr; // of a SELECT: what join() and filter_by() start from
    QString compound{};              // "UNION" …
    QList<ExprPtr> parts{};          // of a compound
    std::vector<Value> entities{};   // what select() was given
    bool isExists = false;           // exists().where(…): EXISTS around the SELECT
    bool isMany = false;             // INSERT: values([…]), whose keys nobody asks for
    bool isInline = false;           // INSERT: .inline(), likewise
};

/// select(…).subquery("x"), a.join(b): something to select from.
class SubqueryObject final : public Element
{
public:
    using Element::Element;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    /// All that it offers, for select(subquery); refuses columns that have no name.
    QList<ExprPtr> columnExprs(Interpreter &interpreter);

private:
    TableObject *columns(Interpreter &interpreter);
    Value united(Interpreter &interpreter, const QString &word, const CallArgs &args);
    Value prefixed(Interpreter &interpreter, const CallArgs &args);

    TableObject *m_columns = nullptr; // made when `.c` is asked for
};

/// table_valued() and column_valued() of functions.
const MethodTable<Element> &tableFunctionMethods();
/// render_derived(), lateral() and alias() of \a alias, a TableFunction; nullopt: none of them.
std::optional<Value> tableFunctionMethod(Interpreter &interpreter, const ExprPtr &alias,
                                         const QString &name);
/// postgresql.aggregate_order_by(x, y.desc())
Value aggregateOrderBy(Interpreter &interpreter, const CallArgs &args);
/// postgresql.array([a, b])
Value postgresArray(Interpreter &interpreter, const CallArgs &args);
Value makeSelect(Interpreter &interpreter, const std::vector<Value> &columns);
Value makeInsert(Interpreter &interpreter, const Value &table);
Value makeUpdate(Interpreter &interpreter, const Value &table);
Value makeDelete(Interpreter &interpreter, const Value &table);
/// \a statement, made of \a insert, with the RETURNING that SQLAlchemy adds in an offline script.
ExprPtr withKeyReturned(Interpreter &interpreter, const StatementObject &insert,
                        const ExprPtr &statement);
/// left.join(right, on, isouter=, full=)
Value makeJoin(Interpreter &interpreter, const Value &left, const CallArgs &args, bool isOuter);
/// The table that a value stands for: Table, sa.table(), a model class; null: none.
TableObject *tableFrom(Interpreter &interpreter, const Value &value);
/// The tables and subqueries that \a expressions name, each once.
QList<ExprPtr> sourcesOf(const QList<ExprPtr> &expressions);
/// What a FROM clause takes.
ExprPtr fromExpr(Interpreter &interpreter, const Value &value);

/// .subquery(), .cte(), .union() …
const MethodTable<StatementObject> &compoundMethods();
/// union(), except_() … by name.
const QHash<QString, NativeCall> &compoundFunctions();
/// select, insert, update, delete, union, values … by name.
const QHash<QString, NativeCall> &statementFunctions();

} // namespace tribikos::py::sa
