#include "core/pyread/sa/redrawing.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

#include <algorithm>

/// From what a script wrote to the values of core/schema.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// "schema.table.column" or "table.column"; a column alone stands for the same name as its source.
void splitTarget(const QString &text, const QString &ownColumn, TableName &table, QString &column)
{
    QStringList parts = text.split(u'.');
    column = parts.size() > 1 ? parts.takeLast() : ownColumn;
    table.name = parts.takeLast();
    table.schema = parts.join(u'.');
}

void setTarget(Interpreter &interpreter, ForeignKey &key, const Value &target,
               const QString &ownColumn, const QString &defaultSchema)
{
    TableName table;
    QString column;
    if (const auto *object = target.as<ColumnClause>()) {
        if (!object->table)
            interpreter.raise(
                classOf(interpreter, u"exc.InvalidRequestError"_s),
                u"the column %1 that a foreign key refers to belongs to no table"_s.arg(
                    object->name));
        table = object->table->name;
        column = object->name;
    } else {
        splitTarget(textOf(interpreter, target, u"a foreign key's target"_s), ownColumn, table,
                    column);
        if (table.schema.isEmpty())
            table.schema = defaultSchema;
    }
    key.target = table;
    key.targetColumns.append(column);
}

QString defaultSchema(const TableObject *table)
{
    return table && table->metadata ? table->metadata->schema : QString();
}

NamedThing namedForeignKey(const ForeignKey &key, const TableName &table)
{
    return {.kind = u"fk"_s,
            .table = table,
            .columns = key.columns,
            .referred = key.target,
            .referredColumns = key.targetColumns};
}

bool needsCheck(const SqlType &type, std::optional<Backend> backend)
{
    if (!type.createConstraint)
        return false;
    if (type.name == u"Boolean" || type.name == u"BOOLEAN")
        return backend && *backend != Backend::PostgreSql;
    if (type.labels.isEmpty())
        return false;
    return !type.nativeEnum || (backend && *backend == Backend::Sqlite);
}

} // namespace

SqlTypePtr typeHere(const SqlTypePtr &type, std::optional<Backend> backend)
{
    if (!type || !backend)
        return type;
    for (const auto &[dialect, variant] : type->variants) {
        if (dialect == backendName(*backend))
            return variant;
    }
    return type;
}

std::optional<CheckConstraint> typeCheck(Interpreter &interpreter, ColumnObject &object,
                                         const TableName &table, const Convention &convention)
{
    Host *host = State::of(interpreter).host;
    const std::optional<Backend> backend = host ? host->backend() : std::nullopt;
    const SqlTypePtr type = typeHere(object.sqlType(interpreter), backend);
    if (!type || !needsCheck(*type, backend))
        return std::nullopt;
    Expr list{.kind = Expr::Kind::List};
    if (type->labels.isEmpty()) {
        list.args = {integerExpr(0), integerExpr(1)};
    } else {
        for (const QString &label : type->labels)
            list.args.append(stringExpr(label));
    }
    const NameArg given{.text = type->typeName, .isGiven = !type->typeName.isEmpty()};
    const NamedThing thing{.kind = u"ck"_s, .table = table, .columns = {object.name}};
    const Expr isOne{.kind = Expr::Kind::Binary,
                     .text = u"IN"_s,
                     .args = {columnExpr(object.name), sharedExpr(std::move(list))}};
    checkRedrawn(interpreter, isOne);
    return CheckConstraint{.name = resolveName(interpreter, convention, given, thing),
                           .condition = sharedExpr(isOne),
                           .isTypeBound = true};
}

QList<Constraint> columnConstraints(Interpreter &interpreter, ColumnObject &object,
                                    const TableName &table, const Convention &convention)
{
    QList<Constraint> result;
    if (object.unique && !object.index) {
        const NamedThing thing{.kind = u"uq"_s, .table = table, .columns = {object.name}};
        result.append(UniqueConstraint{.name = resolveName(interpreter, convention, {}, thing),
                                       .columns = {object.name}});
    }
    for (const ForeignKeyObject *foreignKey : object.foreignKeys) {
        ForeignKey key = foreignKey->options;
        key.columns = {object.name};
        setTarget(interpreter, key,
                  foreignKey->targetColumn ? Value(foreignKey->targetColumn)
                                           : Value(foreignKey->target),
                  object.name, defaultSchema(object.table));
        key.name =
            resolveName(interpreter, convention, foreignKey->name, namedForeignKey(key, table));
        result.append(key);
    }
    return result;
}

QList<Index> columnIndexes(Interpreter &interpreter, const ColumnObject &object,
                           const TableName &table, const Convention &convention)
{
    if (!object.index)
        return {};
    const NamedThing thing{.kind = u"ix"_s, .table = table, .columns = {object.name}};
    Index index{.elements = {columnExpr(object.name)}, .unique = object.unique};
    index.name = resolveName(interpreter, convention, {}, thing);
    if (index.name.isEmpty())
        interpreter.raise(classOf(interpreter, u"exc.CompileError"_s),
                          u"CREATE INDEX requires that the index have a name"_s);
    return {index};
}

Constraint buildConstraint(Interpreter &interpreter, const ConstraintObject &object,
                           const TableName &table, const Convention &convention)
{
    const QStringList columns = object.columnNames(interpreter);
    const auto named = [&](const QString &kind) {
        return resolveName(interpreter, convention, object.name,
                           NamedThing{.kind = kind, .table = table, .columns = columns});
    };
    Constraint result = object.constraint;
    if (auto *primary = std::get_if<PrimaryKey>(&result)) {
        primary->columns = columns;
        primary->name = named(u"pk"_s);
    } else if (auto *unique = std::get_if<UniqueConstraint>(&result)) {
        unique->columns = columns;
        unique->name = named(u"uq"_s);
    } else if (auto *check = std::get_if<CheckConstraint>(&result)) {
        check->condition = settled(interpreter, check->condition);
        check->name = named(u"ck"_s);
    } else if (auto *exclude = std::get_if<ExcludeConstraint>(&result)) {
        for (auto &element : exclude->elements)
            element.first = settled(interpreter, element.first);
        exclude->where = settled(interpreter, exclude->where);
        exclude->name = {.text = object.name.text, .quoted = object.name.quoted};
    } else if (auto *key = std::get_if<ForeignKey>(&result)) {
        key->columns = columns;
        if (key->targetColumns.isEmpty()) {
            for (size_t i = 0; i < object.targets.size(); ++i)
                setTarget(interpreter, *key, object.targets[i], columns.value(qsizetype(i)),
                          defaultSchema(object.table));
        }
        key->name = resolveName(interpreter, convention, object.name, namedForeignKey(*key, table));
    }
    return result;
}

namespace {

/// PRIMARY KEY as written, else from the columns' flags; the auto-incremented column leads then.
std::optional<PrimaryKey> primaryKeyOf(Interpreter &interpreter, TableObject &object,
                                       const Table &table, const Convention &convention)
{
    QStringList flagged;
    for (const Column &column : table.columns) {
        if (!column.primaryKey)
            continue;
        if (column.autoincrement == AutoIncrement::Yes)
            flagged.prepend(column.name);
        else
            flagged.append(column.name);
    }
    for (const ConstraintObject *constraint : object.constraints) {
        if (!std::holds_alternative<PrimaryKey>(constraint->constraint))
            continue;
        auto primary =
            std::get<PrimaryKey>(buildConstraint(interpreter, *constraint, table.name, convention));
        if (primary.columns.isEmpty()) // PrimaryKeyConstraint(name="pk") beside flags
            primary.columns = flagged;
        return primary.columns.isEmpty() ? std::nullopt : std::optional(primary);
    }
    if (flagged.isEmpty())
        return std::nullopt;
    const NamedThing thing{.kind = u"pk"_s, .table = table.name, .columns = flagged};
    return PrimaryKey{.name = resolveName(interpreter, convention, {}, thing), .columns = flagged};
}

void checkColumns(Interpreter &interpreter, const Table &table, const Constraint &constraint)
{
    const auto known = [&](const QStringList &names) {
        for (const QString &name : names) {
            if (!table.column(name))
                interpreter.raise(
                    classOf(interpreter, u"exc.ConstraintColumnNotFoundError"_s),
                    u"Can't create %1 constraint on table '%2': no column named '%3' is present."_s
                        .arg(constraintKind(constraint), table.name.name, name));
        }
    };
    if (const auto *primary = std::get_if<PrimaryKey>(&constraint))
        known(primary->columns);
    else if (const auto *unique = std::get_if<UniqueConstraint>(&constraint))
        known(unique->columns);
    else if (const auto *key = std::get_if<ForeignKey>(&constraint))
        known(key->columns);
}

void buildConstraints(Interpreter &interpreter, TableObject &object, Table &table,
                      const Convention &convention)
{
    if (const auto primary = primaryKeyOf(interpreter, object, table, convention)) {
        checkColumns(interpreter, table, *primary);
        for (const QString &name : primary->columns) {
            Column *column = table.column(name);
            if (column && !column->nullable) // an explicit nullable=True stays (§8.1)
                column->nullable = false;
        }
        table.constraints.append(*primary);
    }
    std::vector<ConstraintObject *> written = object.constraints;
    std::stable_sort(written.begin(), written.end(),
                     [](const auto *a, const auto *b) { return a->order < b->order; });
    for (const ConstraintObject *constraint : written) {
        if (std::holds_alternative<PrimaryKey>(constraint->constraint))
            continue;
        table.constraints.append(buildConstraint(interpreter, *constraint, table.name, convention));
        checkColumns(interpreter, table, table.constraints.last());
    }
    for (ColumnClause *column : object.columns) {
        if (auto *full = objectAs<ColumnObject>(column))
            table.constraints += columnConstraints(interpreter, *full, table.name, convention);
    }
    for (ColumnClause *column : object.columns) {
        auto *full = objectAs<ColumnObject>(column);
        if (const auto check =
                full ? typeCheck(interpreter, *full, table.name, convention) : std::nullopt)
            table.constraints.append(*check);
    }
}

} // namespace

Table buildTable(Interpreter &interpreter, TableObject &object, const Convention &convention)
{
    Table table{.name = object.name, .options = object.options, .prefixes = object.prefixes};
    table.hasComment = object.hasComment;
    table.comment = textOrEmpty(interpreter, object.comment, u"comment"_s);
    table.columns.reserve(qsizetype(object.columns.size()));
    table.info = object.info;
    for (ColumnClause *column : object.columns) {
        auto *full = objectAs<ColumnObject>(column);
        if (full && full->isSystem)
            continue;
        table.columns.append(
            full ? buildColumn(interpreter, *full, table.name, convention)
                 : Column{.name = column->name, .type = column->sqlType(interpreter)});
    }
    buildConstraints(interpreter, object, table, convention);
    for (const ColumnClause *column : object.columns) {
        if (const auto *full = objectAs<const ColumnObject>(column))
            table.indexes += columnIndexes(interpreter, *full, table.name, convention);
    }
    for (const IndexObject *index : object.indexes)
        table.indexes.append(index->toIndex(interpreter, table.name, convention));
    return table;
}

} // namespace tribikos::py::sa
