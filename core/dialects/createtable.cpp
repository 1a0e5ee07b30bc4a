#include "core/dialects/basedialect.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Whether the reader has put the type's CHECK among the constraints already, under whatever name.
bool hasCheck(const QList<Constraint> &constraints, const CheckConstraint &wanted)
{
    return std::ranges::any_of(constraints, [&wanted](const Constraint &constraint) {
        const auto *check = std::get_if<CheckConstraint>(&constraint);
        return check
               && (sameExpr(check->condition, wanted.condition)
                   || (!wanted.name.isEmpty() && check->name.text == wanted.name.text));
    });
}

} // namespace

QList<CheckConstraint> BaseDialect::missingTypeChecks(const Column &column,
                                                      const QList<Constraint> &constraints) const
{
    QList<CheckConstraint> checks = typeChecks(column);
    if (!checks.isEmpty()) // most columns' types have none
        checks.removeIf([&](const CheckConstraint &check) { return hasCheck(constraints, check); });
    return checks;
}

QString BaseDialect::tableBody(const Table &table, Rendering &rendering) const
{
    QStringList lines;
    lines.reserve(table.columns.size() + table.constraints.size() + 1);
    for (const Column &column : table.columns)
        lines += columnLine(table, column, rendering);
    const auto put = [&lines](const QString &text) {
        if (!text.isEmpty())
            lines += text;
    };
    if (const PrimaryKey *key = table.primaryKey())
        put(primaryKeyText(table, *key, rendering));
    for (const Constraint &constraint : table.constraints) {
        const auto *foreign = std::get_if<ForeignKey>(&constraint);
        const bool isWritten = !foreign || writesForeignKey(table.name, *foreign);
        if (isWritten && !std::holds_alternative<PrimaryKey>(constraint))
            put(constraintText(table, constraint, rendering));
    }
    for (const Column &column : table.columns)
        for (const CheckConstraint &check : missingTypeChecks(column, table.constraints))
            put(checkText(check, rendering));
    return lines.isEmpty() ? QString() : u'\t' + lines.join(u", \n\t"_s);
}

Result<QString> BaseDialect::createTable(const Table &table, const RenderContext &context) const
{
    Rendering rendering{.context = context};
    QString text = u"CREATE "_s;
    for (const QString &prefix : table.prefixes)
        text += prefix + u' ';
    const QString body = tableBody(table, rendering);
    text += u"TABLE "_s + tableIdent(table.name) + u" (\n"_s
            + (body.isEmpty() ? u")"_s : body + u"\n)"_s) + tableOptions(table, rendering);
    if (rendering.error)
        return *rendering.error;
    return text;
}

void BaseDialect::createTypes(const Table &, RenderContext &, Rendering &, QStringList &) const {}

void BaseDialect::columnComments(const Table &table, Rendering &rendering,
                                 QStringList &statements) const
{
    if (commentStyle() != CommentStyle::Separate)
        return;
    for (const Column &column : table.columns)
        if (column.hasComment && !column.comment.isEmpty()) // an empty one is none to Alembic
            rendering.say(statements, u"COMMENT ON COLUMN %1.%2 IS %3"_s.arg(
                                          tableIdent(table.name), columnIdent(column),
                                          stringLiteral(column.comment, rendering)));
}

void BaseDialect::add(const CreateTable &create, RenderContext &context, Rendering &rendering,
                      QStringList &statements) const
{
    createTypes(create.table, context, rendering, statements);
    Result<QString> text = createTable(create.table, context);
    if (!text)
        rendering.fail(text.error().message, text.error().code);
    if (rendering.error)
        return;
    const Table *known = context.schema ? context.schema->table(create.table.name) : nullptr;
    if (known && !known->isOpaque && !create.ifNotExists)
        rendering.remark(
            u"The table %1 exists already, so that the database will refuse its CREATE TABLE, which "
            "Alembic prints as well: leave it out, or drop the table before"_s.arg(
                create.table.name.text()));
    QString sql = text.take();
    if (create.ifNotExists)
        sql.replace(sql.indexOf(u"TABLE "_s), 6, u"TABLE IF NOT EXISTS "_s);
    rendering.say(statements, sql);
    QList<Index> indexes = create.table.indexes;
    if (indexes.size() > 1)
        std::ranges::stable_sort(indexes, {}, [](const Index &index) { return index.name.text; });
    for (const Index &index : std::as_const(indexes)) {
        const QString indexSql =
            createIndexText({.table = create.table.name, .index = index}, rendering);
        if (rendering.error)
            return;
        rendering.say(statements, indexSql);
    }
    if (commentStyle() == CommentStyle::Separate && create.table.hasComment
        && !create.table.comment.isEmpty())
        rendering.say(statements, u"COMMENT ON TABLE %1 IS %2"_s.arg(
                                      tableIdent(create.table.name),
                                      stringLiteral(create.table.comment, rendering)));
    columnComments(create.table, rendering, statements);
}

} // namespace tribikos
