#include "core/sqlread/pgstatement.h"

#include "core/ops/columnuse.h"

#include <QRegularExpression>
#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

/// What goes along under CASCADE, wherever it is.
namespace tribikos {

namespace {

using Kind = NamedObject::Kind;

bool isView(const NamedObject &object)
{
    return object.kind == Kind::View || object.kind == Kind::MaterializedView;
}

QString normalSchema(const QString &schema)
{
    return schema == u"public" ? QString() : schema;
}

bool isTarget(const ForeignKey &key, const TableName &table)
{
    return key.target.name == table.name
           && normalSchema(key.target.schema) == normalSchema(table.schema);
}

/// Removes the keys of all tables that refer to \a table and of which \a goes says so.
void dropKeys(const TableName &table, PgContext &context,
              const std::function<bool(const ForeignKey &)> &goes)
{
    for (Table &owner : context.schema.tables)
        owner.constraints.removeIf([&](const Constraint &constraint) {
            const auto *key = std::get_if<ForeignKey>(&constraint);
            return key && isTarget(*key, table) && goes(*key);
        });
}

/// Removes the views of which \a goes says so, by their trees, and what hangs on them.
void dropViews(const QString &word, PgContext &context,
               const std::function<bool(const PgNode &)> &goes)
{
    QList<TableName> gone;
    for (const NamedObject &object : std::as_const(context.schema.objects)) {
        if (!isView(object)
            || (!object.definition.isEmpty() && !mentionsName(object.definition, word)))
            continue;
        const Result<PgNode> tree = parsePostgres(object.definition);
        if (!tree)
            context.isUnsure = true;
        else if (goes(*tree))
            gone.append(object.name);
    }
    for (const TableName &name : std::as_const(gone))
        pgDropView(name, true, context);
}

/// The tables and views that a statement reads.
QList<TableName> relationsOf(const PgNode &tree, const PgContext &context)
{
    QList<TableName> relations;
    for (const PgNode &relation : pgNodesOf(tree, u"RangeVar"))
        relations.append(context.text.found(relation));
    return relations;
}

/// Whether a view reads the column; what can't be told makes \a context unsure.
bool readsColumn(const PgNode &tree, const TableName &table, const QString &column,
                 PgContext &context)
{
    const QList<TableName> relations = relationsOf(tree, context);
    if (!relations.contains(table))
        return false;
    bool reads = false;
    bool isQualifiedStar = false;
    for (const PgNode &reference : pgNodesOf(tree, u"ColumnRef")) {
        const QList<PgNode> fields = reference.list(u"fields");
        if (fields.isEmpty())
            continue;
        const bool isStar = fields.constLast().is(u"A_Star");
        isQualifiedStar = isQualifiedStar || (isStar && fields.size() > 1);
        reads = reads || isStar || fields.constLast().text(u"sval") == column;
    }
    const bool isItsAlone = std::ranges::all_of(relations, [&](const TableName &relation) {
        const Table *other = context.schema.table(relation);
        return relation == table
               || (!isQualifiedStar && other && !other->columnsOpaque && !other->column(column));
    });
    if (reads && !isItsAlone) // whose column it is takes more than its name
        context.isUnsure = true;
    return reads && isItsAlone;
}

bool isOfType(const Column &column, const TableName &type)
{
    if (!column.type)
        return false;
    if (column.type->typeName == type.name)
        return normalSchema(column.type->schema) == normalSchema(type.schema);
    QString name = column.type->name.section(u'[', 0, 0).trimmed();
    if (name.startsWith(u"public."))
        name = name.sliced(7);
    return name.remove(u'"') == type.text();
}

} // namespace

void pgDropView(const TableName &name, bool cascades, PgContext &context)
{
    context.schema.objects.removeIf([&](const NamedObject &object) {
        return (isView(object) && object.name == name)
               || (object.kind == Kind::Trigger && object.table == name.name);
    });
    if (cascades)
        pgCascadeOfRelation(name, context);
}

void pgCascadeOfRelation(const TableName &name, PgContext &context)
{
    dropKeys(name, context, [](const ForeignKey &) { return true; });
    dropViews(name.name, context,
              [&](const PgNode &tree) { return relationsOf(tree, context).contains(name); });
}

void pgCascadeOfColumn(const TableName &name, const QString &column, PgContext &context)
{
    const Table *table = context.schema.table(name);
    const PrimaryKey *primary = table ? table->primaryKey() : nullptr;
    const bool isOfPrimary = primary && primary->columns.contains(column);
    dropKeys(name, context, [&](const ForeignKey &key) {
        return key.targetColumns.isEmpty() ? isOfPrimary : key.targetColumns.contains(column);
    });
    dropViews(name.name, context,
              [&](const PgNode &tree) { return readsColumn(tree, name, column, context); });
}

void pgCascadeOfKey(const TableName &name, const QStringList &columns, bool isPrimary,
                    PgContext &context)
{
    const QSet<QString> wanted(columns.cbegin(), columns.cend());
    dropKeys(name, context, [&](const ForeignKey &key) {
        return key.targetColumns.isEmpty()
                   ? isPrimary
                   : QSet<QString>(key.targetColumns.cbegin(), key.targetColumns.cend()) == wanted;
    });
}

void pgCascadeOfType(const TableName &type, PgContext &context)
{
    QList<std::pair<TableName, QString>> columns;
    for (const Table &table : std::as_const(context.schema.tables))
        for (const Column &column : table.columns)
            if (isOfType(column, type))
                columns.append({table.name, column.name});
    for (const auto &[table, column] : std::as_const(columns)) {
        pgCascadeOfColumn(table, column, context);
        context.run(DropColumn{table, column});
    }
    for (const NamedObject &object : std::as_const(context.schema.objects))
        if (mentionsName(object.definition, type.name))
            context.isUnsure = true; // a cast, an argument, a domain of it
}

void pgCascadeOfSequence(const TableName &name, PgContext &context)
{
    static const QRegularExpression call(u"nextval\\s*\\(\\s*'([^']*)'"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    for (Table &table : context.schema.tables)
        for (Column &column : table.columns) {
            const QString text = column.serverDefault ? column.serverDefault->text : QString();
            const QString sequence = call.match(text).captured(1).remove(u'"');
            if (!sequence.isEmpty() && context.text.found(sequence.split(u'.')) == name)
                column.serverDefault = nullptr;
        }
}

void pgCascadeOfFunction(const TableName &name, PgContext &context)
{
    context.schema.objects.removeIf([&](const NamedObject &object) {
        if (object.kind != Kind::Trigger || !mentionsName(object.definition, name.name))
            return false;
        const Result<PgNode> tree = parsePostgres(object.definition);
        return tree && context.text.found(tree->texts(u"funcname")) == name;
    });
    const auto mentions = [&](const ExprPtr &expression) {
        return expression && mentionsName(expression->text, name.name);
    };
    for (Table &table : context.schema.tables) {
        const bool isUsed =
            std::ranges::any_of(table.columns,
                                [&](const Column &column) {
                                    return mentions(column.serverDefault)
                                           || (column.computed
                                               && mentions(column.computed->expression))
                                           || std::ranges::any_of(column.checks, mentions);
                                })
            || std::ranges::any_of(
                table.indexes,
                [&](const Index &index) { return std::ranges::any_of(index.elements, mentions); })
            || std::ranges::any_of(table.constraints, [&](const Constraint &constraint) {
                   const auto *check = std::get_if<CheckConstraint>(&constraint);
                   return check && mentions(check->condition);
               });
        table.isOpaque = table.isOpaque || isUsed;
        table.columnsOpaque = table.columnsOpaque || isUsed;
    }
    for (const NamedObject &object : std::as_const(context.schema.objects))
        if (isView(object) && mentionsName(object.definition, name.name))
            context.isUnsure = true;
}

} // namespace tribikos
