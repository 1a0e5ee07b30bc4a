#pragma once

#include "core/dialects/dialect.h"

/// Short spellings for hand-made operations in tests.
namespace tribikos::test {

using namespace Qt::StringLiterals;

inline SqlTypePtr type(SqlType made, const QString &module = u"sqlalchemy"_s)
{
    made.module = module;
    return std::make_shared<const SqlType>(std::move(made));
}

inline SqlTypePtr integerType()
{
    return type({.name = u"Integer"_s});
}

inline SqlTypePtr stringType(int length)
{
    return type({.name = u"String"_s, .length = length});
}

inline Column column(const QString &name, const SqlTypePtr &columnType = integerType())
{
    return {.name = name, .type = columnType};
}

inline Column idColumn()
{
    return {.name = u"id"_s, .type = integerType(), .primaryKey = true};
}

inline PrimaryKey idKey()
{
    return {.columns = {u"id"_s}};
}

inline ExprPtr make(Expr made)
{
    return std::make_shared<const Expr>(std::move(made));
}

inline ExprPtr call(const QString &name, const QList<ExprPtr> &args = {})
{
    return make({.kind = Expr::Kind::Function, .text = name, .args = args});
}

inline ExprPtr binary(const ExprPtr &left, const QString &op, const ExprPtr &right)
{
    return make({.kind = Expr::Kind::Binary, .text = op, .args = {left, right}});
}

inline TableRefPtr tableRef(const QString &name)
{
    return std::make_shared<const TableRef>(TableRef{.name = name});
}

inline ExprPtr columnOf(const TableRefPtr &table, const QString &name)
{
    return make({.kind = Expr::Kind::Column, .text = name, .table = table});
}

/// The statements that \a dialect makes, one per line; a refusal as "refused: code".
inline QString rendered(Backend backend, const Operation::Kind &kind, RenderContext context = {})
{
    QStringList statements;
    const Status status = dialectFor(backend).renderInto({.kind = kind}, context, statements);
    if (!status)
        statements +=
            status.error().code == ErrorCode::NeedsRebuild ? u"needs rebuild"_s : u"refused"_s;
    return statements.join(u'\n');
}

} // namespace tribikos::test
