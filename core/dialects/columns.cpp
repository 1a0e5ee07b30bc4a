#include "core/dialects/basedialect.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isForeignKeyColumn(const Table &table, const QString &column)
{
    for (const Constraint &constraint : table.constraints)
        if (const auto *key = std::get_if<ForeignKey>(&constraint);
            key && key->columns.contains(column))
            return true;
    return false;
}

} // namespace

/// SQLAlchemy's Table._autoincrement_column, whose rules are those of alembic-semantics 8.2.
const Column *BaseDialect::autoIncrementColumn(const Table &table, Rendering &rendering) const
{
    const PrimaryKey *key = table.primaryKey();
    if (!key)
        return nullptr;
    const auto counts = [this](const Column &column) {
        const TypeAffinity kind = affinity(column.type);
        return kind == TypeAffinity::Integer || kind == TypeAffinity::Numeric;
    };
    const Column *automatic = nullptr;
    for (const QString &name : key->columns) {
        const Column *column = table.column(name);
        if (!column || column->autoincrement != AutoIncrement::Yes)
            continue;
        if (!counts(*column) || automatic) {
            rendering.fail(u"Column %1 can't be autoincrement: %2"_s.arg(
                name,
                automatic ? u"another column of the key is"_s : u"its type does not count"_s));
            return nullptr;
        }
        automatic = column;
    }
    if (automatic || key->columns.size() != 1)
        return automatic;
    const Column *column = table.column(key->columns.first());
    if (!column || column->autoincrement == AutoIncrement::No || !counts(*column)
        || column->hasClientDefault || column->serverDefault || column->serverDefaultOpaque)
        return nullptr;
    if (isForeignKeyColumn(table, column->name)
        && column->autoincrement != AutoIncrement::IgnoreForeignKey)
        return nullptr;
    return column;
}

bool BaseDialect::isAutoIncrement(const Table &table, const Column &column,
                                  Rendering &rendering) const
{
    const PrimaryKey *key = table.primaryKey();
    if (!key || !key->columns.contains(column.name)) // spares most columns the search
        return false;
    const Column *automatic = autoIncrementColumn(table, rendering);
    return automatic && automatic->name == column.name;
}

const Column *BaseDialect::countingColumn(const Table &table) const
{
    const RenderContext context;
    Rendering rendering{.context = context};
    return autoIncrementColumn(table, rendering);
}

bool BaseDialect::isNullable(const Table &table, const Column &column) const
{
    const PrimaryKey *key = table.primaryKey();
    const bool isKey = column.primaryKey || (key && key->columns.contains(column.name));
    return column.nullable.value_or(!isKey && !column.identity);
}

QString BaseDialect::defaultText(const ExprPtr &expr, Rendering &rendering) const
{
    if (!expr)
        return {};
    if (expr->kind == Expr::Kind::Value && expr->value.kind == Literal::Kind::String && !expr->type)
        return stringLiteral(expr->value.text, rendering);
    const QString text = ddlExpression(expr, rendering);
    if (text.isEmpty() && expr->kind == Expr::Kind::Text)
        return rendering.fail(u"A server default of no text at all, text(\"\"), makes a statement that no "
                              "database takes: leave it out, or write the string \"\""_s);
    return text;
}

QString BaseDialect::computedText(const Computed &computed, Rendering &rendering) const
{
    QString text = u"GENERATED ALWAYS AS (%1)"_s.arg(ddlExpression(computed.expression, rendering));
    if (computed.persisted)
        text += *computed.persisted ? u" STORED"_s : u" VIRTUAL"_s;
    return text;
}

QString BaseDialect::identityOptions(const Identity &identity) const
{
    QStringList options;
    const auto number = [&options](const QString &word, const std::optional<qint64> &value) {
        if (value)
            options += word + u' ' + QString::number(*value);
    };
    number(u"INCREMENT BY"_s, identity.increment);
    number(u"START WITH"_s, identity.start);
    number(u"MINVALUE"_s, identity.minValue);
    number(u"MAXVALUE"_s, identity.maxValue);
    if (identity.noMinValue)
        options += u"NO MINVALUE"_s;
    if (identity.noMaxValue)
        options += u"NO MAXVALUE"_s;
    number(u"CACHE"_s, identity.cache);
    if (identity.cycle)
        options += *identity.cycle ? u"CYCLE"_s : u"NO CYCLE"_s;
    return options.join(u' ');
}

QString BaseDialect::createSequenceText(const CreateSequence &create, Rendering &) const
{
    const QString options = identityOptions(create.options);
    return u"CREATE SEQUENCE "_s + (create.ifNotExists ? u"IF NOT EXISTS "_s : QString())
           + tableIdent(create.name) + (options.isEmpty() ? QString() : u' ' + options);
}

QString BaseDialect::columnLine(const Table &table, const Column &column,
                                Rendering &rendering) const
{
    const bool wasFine = !rendering.error;
    if (column.identity && column.serverDefault)
        rendering.fail(u"A column with an Identity can't have a server_default too"_s);
    QString line = columnSpec(table, column, rendering);
    for (qsizetype i = 0; i < column.checks.size(); ++i) {
        const Name name = i < column.checkNames.size() ? column.checkNames[i] : Name{};
        line += u' ' + constraintPreamble(name, rendering) + u"CHECK ("_s
                + ddlExpression(column.checks[i], rendering) + u')';
    }
    if (wasFine && rendering.error)
        rendering.error->message = u"Table %1, column %2: %3"_s.arg(table.name.text(), column.name,
                                                                    rendering.error->message);
    return line;
}

} // namespace tribikos
