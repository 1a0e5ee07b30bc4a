#include "core/dialects/basedialect.h"

namespace tribikos {

const Dialect &dialectFor(Backend backend)
{
    switch (backend) {
    case Backend::Sqlite: return sqliteDialect();
    case Backend::PostgreSql: return postgresqlDialect();
    case Backend::MySql: return mysqlDialect();
    case Backend::MariaDb: return mariadbDialect();
    }
    return sqliteDialect();
}

Result<QStringList> Dialect::render(const Operation &operation, RenderContext &context) const
{
    QStringList statements;
    if (const Status status = renderInto(operation, context, statements); !status)
        return status.error();
    return statements;
}

std::optional<QString> optionText(const DialectOptions &options, const QString &name)
{
    const auto found = options.constFind(name);
    if (found == options.cend())
        return std::nullopt;
    if (const auto *text = std::get_if<QString>(&*found))
        return *text;
    if (const auto *number = std::get_if<qint64>(&*found))
        return QString::number(*number);
    if (const auto *expr = std::get_if<ExprPtr>(&*found); expr && *expr)
        return (*expr)->kind == Expr::Kind::Value ? (*expr)->value.text : (*expr)->text;
    return std::nullopt;
}

std::optional<bool> optionFlag(const DialectOptions &options, const QString &name)
{
    const auto found = options.constFind(name);
    if (found == options.cend())
        return std::nullopt;
    if (const auto *flag = std::get_if<bool>(&*found))
        return *flag;
    if (const auto *number = std::get_if<qint64>(&*found))
        return *number != 0;
    return std::nullopt;
}

ExprPtr optionExpression(const DialectOptions &options, const QString &name)
{
    const auto found = options.constFind(name);
    if (found == options.cend())
        return {};
    if (const auto *expr = std::get_if<ExprPtr>(&*found))
        return *expr;
    const std::optional<QString> text = optionText(options, name);
    return text ? textExpr(*text) : ExprPtr{};
}

QStringList optionList(const DialectOptions &options, const QString &name)
{
    const auto found = options.constFind(name);
    if (found == options.cend())
        return {};
    if (const auto *list = std::get_if<QStringList>(&*found))
        return *list;
    const std::optional<QString> text = optionText(options, name);
    return text ? QStringList{*text} : QStringList{};
}

} // namespace tribikos
