#include "core/dialects/basedialect.h"

#include "core/base/overloaded.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// SQLAlchemy puts an added column into a table of its own, which decides whether it counts.
Table tableOf(const AddColumn &add)
{
    Table table{.name = add.table, .columns = {add.column}, .constraints = add.constraints};
    if (add.column.primaryKey && !table.primaryKey())
        table.constraints.prepend(PrimaryKey{.columns = {add.column.name}});
    return table;
}

} // namespace

Status BaseDialect::renderInto(const Operation &operation, RenderContext &context,
                               QStringList &statements) const
{
    Rendering rendering{.context = context};
    QStringList made;
    const auto put = [&](const QString &sql) { rendering.say(made, sql); };
    std::visit(Overloaded{
                   [&](const CreateTable &op) { add(op, context, rendering, made); },
                   [&](const DropTable &op) {
                       put(u"DROP TABLE "_s + (op.ifExists ? u"IF EXISTS "_s : QString())
                           + tableIdent(op.table));
                   },
                   [&](const RenameTable &op) {
                       put(u"ALTER TABLE "_s + alterTableIdent(op.table) + u" RENAME TO "_s
                           + renameTarget(op));
                   },
                   [&](const AddColumn &op) { add(op, rendering, made); },
                   [&](const DropColumn &op) {
                       put(u"ALTER TABLE "_s + alterTableIdent(op.table) + u" DROP COLUMN "_s
                           + (op.ifExists ? u"IF EXISTS "_s : QString()) + ident(op.column));
                   },
                   [&](const AlterColumn &op) { add(op, rendering, made); },
                   [&](const CreateIndex &op) { put(createIndexText(op, rendering)); },
                   [&](const DropIndex &op) { put(dropIndexText(op, rendering)); },
                   [&](const AddConstraint &op) { add(op, rendering, made); },
                   [&](const DropConstraint &op) { add(op, rendering, made); },
                   [&](const SetTableComment &op) { add(op, rendering, made); },
                   [&](const Execute &op) { put(executeText(op, context, rendering)); },
                   [&](const ExecuteMany &) {
                       rendering.fail(u"A stretch of statements is not one statement"_s);
                   },
                   [&](const BulkInsert &op) { add(op, rendering, made); },
                   [&](const CreateType &op) { add(op, context, rendering, made); },
                   [&](const DropType &op) { add(op, context, rendering, made); },
                   [&](const CreateSequence &op) { put(createSequenceText(op, rendering)); },
                   [&](const DropSequence &op) {
                       put(u"DROP SEQUENCE "_s + (op.ifExists ? u"IF EXISTS "_s : QString())
                           + tableIdent(op.name));
                   },
                   [&](const CreateNamespace &op) {
                       put(u"CREATE SCHEMA "_s + (op.ifNotExists ? u"IF NOT EXISTS "_s : QString())
                           + ident(op.name));
                   },
                   [&](const DropNamespace &op) {
                       put(u"DROP SCHEMA "_s + (op.ifExists ? u"IF EXISTS "_s : QString())
                           + ident(op.name) + (op.cascade ? u" CASCADE"_s : QString()));
                   },
                   [&](const BatchAlterTable &op) {
                       rendering.fail(u"A batch on %1 is not one statement"_s.arg(op.table.text()));
                   },
                   [](const AutocommitBegin &) {},
                   [](const AutocommitEnd &) {},
               },
               operation.kind);
    for (const QString &sql : std::as_const(made))
        statements += finished(sql, context);
    context.remarks = rendering.remarks;
    if (rendering.error)
        return *rendering.error;
    return done();
}

QString BaseDialect::finished(const QString &statement, const RenderContext &context) const
{
    QString text = statement;
    if (context.doublePercent && backend() != Backend::Sqlite)
        text.replace(u'%', "%%"_L1);
    return text.replace(bindPercent, u'%');
}

void BaseDialect::add(const AddColumn &add, Rendering &rendering, QStringList &statements) const
{
    const Table table = tableOf(add);
    const QString alter = u"ALTER TABLE "_s + alterTableIdent(add.table);
    QString line = alter + u" ADD COLUMN "_s + (add.ifNotExists ? u"IF NOT EXISTS "_s : QString())
                   + columnSpec(table, add.column, rendering);
    const Constraint *inlined = nullptr;
    if (add.inlinePrimaryKey && add.column.primaryKey)
        line += u" PRIMARY KEY"_s;
    for (const Constraint &constraint : add.constraints) {
        const auto *key = std::get_if<ForeignKey>(&constraint);
        if (add.inlineReferences && key && key->columns.size() == 1 && !inlined) {
            inlined = &constraint;
            line += u' ' + referencesText(*key, rendering);
        }
    }
    for (qsizetype i = 0; i < add.column.checks.size(); ++i)
        line += u' ' + constraintPreamble(add.column.checkNames.value(i), rendering) + u"CHECK ("_s
                + ddlExpression(add.column.checks[i], rendering) + u')';
    if (rendering.error)
        return;
    rendering.say(statements, line);
    for (const Constraint &constraint : add.constraints)
        if (&constraint != inlined && !std::holds_alternative<PrimaryKey>(constraint))
            this->add(AddConstraint{.table = add.table, .constraint = constraint}, rendering,
                      statements);
    for (const CheckConstraint &check : missingTypeChecks(add.column, add.constraints))
        this->add(AddConstraint{.table = add.table, .constraint = check}, rendering, statements);
    for (const Index &index : add.indexes) {
        const QString sql = createIndexText({.table = add.table, .index = index}, rendering);
        if (rendering.error)
            return;
        rendering.say(statements, sql);
    }
    columnComments(table, rendering, statements);
}

QString BaseDialect::alterColumn(const AlterColumn &alter) const
{
    return u"ALTER TABLE "_s + alterTableIdent(alter.table) + u" ALTER COLUMN "_s
           + ident(alter.column);
}

void BaseDialect::dropOldTypeChecks(const AlterColumn &alter, Rendering &rendering,
                                    QStringList &statements) const
{
    if (!alter.type || !alter.existingType)
        return;
    const Column column{.name = alter.column, .type = alter.existingType};
    for (const CheckConstraint &check : typeChecks(column))
        add(DropConstraint{.table = alter.table, .name = check.name, .kind = u"check"_s}, rendering,
            statements);
}

void BaseDialect::addNewTypeChecks(const AlterColumn &alter, Rendering &rendering,
                                   QStringList &statements) const
{
    if (!alter.type)
        return;
    const Column column{.name = alter.column, .type = alter.type};
    for (const CheckConstraint &check : typeChecks(column))
        add(AddConstraint{.table = alter.table, .constraint = check}, rendering, statements);
}

/// Alembic's default implementation: nullable, default, type, comment, name.
void BaseDialect::add(const AlterColumn &alter, Rendering &rendering, QStringList &statements) const
{
    const QString start = alterColumn(alter);
    dropOldTypeChecks(alter, rendering, statements);
    if (alter.nullable)
        rendering.say(statements,
                      start + (*alter.nullable ? u" DROP NOT NULL"_s : u" SET NOT NULL"_s));
    if (alter.serverDefault) {
        const DefaultChange old = alter.existingServerDefault.value_or(DefaultChange{});
        if (alter.serverDefault->computed || old.computed)
            rendering.fail(
                u"A column can't be made, or cease to be, a generated one: add a new column "
                "instead of %1"_s.arg(alter.column));
        else if (alter.serverDefault->identity || old.identity)
            rendering.fail(u"%1 has no identity columns, which the change of %2 needs"_s.arg(
                backendTitle(backend()), alter.column));
        if (rendering.error)
            return;
        const ExprPtr &expr = alter.serverDefault->expression;
        rendering.say(statements, start
                                      + (expr ? u" SET DEFAULT "_s + defaultText(expr, rendering)
                                              : u" DROP DEFAULT"_s));
    }
    if (alter.type)
        rendering.say(statements, start + u" TYPE "_s + type(alter.type, rendering));
    if (alter.comment || alter.clearComment)
        rendering.fail(u"%1 has no column comments, which the change of %2 sets"_s.arg(
            backendTitle(backend()), alter.column));
    if (rendering.error)
        return;
    if (alter.newName && *alter.newName != alter.column)
        rendering.say(statements, u"ALTER TABLE "_s + alterTableIdent(alter.table)
                                      + u" RENAME COLUMN "_s + ident(alter.column) + u" TO "_s
                                      + ident(*alter.newName));
    addNewTypeChecks(alter, rendering, statements);
}

void BaseDialect::add(const AddConstraint &add, Rendering &rendering, QStringList &statements) const
{
    const Table table{.name = add.table};
    const QString text = constraintText(table, add.constraint, rendering);
    if (!rendering.error && !text.isEmpty())
        rendering.say(statements, u"ALTER TABLE "_s + tableIdent(add.table) + u" ADD "_s + text);
}

void BaseDialect::add(const DropConstraint &drop, Rendering &rendering,
                      QStringList &statements) const
{
    if (drop.name.isEmpty()) {
        rendering.fail(
            u"The constraint to drop from %1 has no name; give it the name that the database "
            "knows"_s.arg(drop.table.text()));
        return;
    }
    rendering.say(statements, u"ALTER TABLE "_s + tableIdent(drop.table) + u" DROP CONSTRAINT "_s
                                  + (drop.ifExists ? u"IF EXISTS "_s : QString())
                                  + objectName(drop.name, rendering));
}

void BaseDialect::add(const SetTableComment &set, Rendering &rendering,
                      QStringList &statements) const
{
    const bool clears = set.isDrop || !set.comment;
    rendering.say(statements, u"COMMENT ON TABLE "_s + tableIdent(set.table) + u" IS "_s
                                  + (clears ? u"NULL"_s : stringLiteral(*set.comment, rendering)));
}

void BaseDialect::add(const CreateType &, RenderContext &, Rendering &, QStringList &) const
{
    // Only PostgreSQL has named types; elsewhere SQLAlchemy's create() does nothing.
}

void BaseDialect::add(const DropType &, RenderContext &, Rendering &, QStringList &) const {}

} // namespace tribikos
