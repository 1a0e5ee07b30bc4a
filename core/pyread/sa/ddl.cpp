#include "core/pyread/sa/ddl.h"

#include "core/base/unwritten.h"
#include "core/pyread/sa/types.h"

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

Value made(Interpreter &interpreter, Operation::Kind operation)
{
    return interpreter.make<DdlObject>(classOf(interpreter, u"DDLElement"_s),
                                       std::move(operation));
}

/// The one thing that each of these takes first, as a T.
template<typename T>
T *element(Interpreter &interpreter, Arguments &a, const QString &what)
{
    const Value value = a.required(u"element"_s);
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(interpreter);
    auto *found = value.as<T>();
    if (!found)
        interpreter.raise(u"TypeError"_s,
                          u"%1 is expected here, not %2"_s.arg(what, interpreter.typeName(value)));
    return found;
}

bool flag(Interpreter &interpreter, Arguments &a, const QString &name)
{
    return interpreter.truth(a.optional(name, Value(false)));
}

/// The statement alone: no types before it, no indexes and no COMMENT statements after it.
Value createTableDdl(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"CreateTable"_s);
    auto *object = element<TableObject>(interpreter, a, u"a Table"_s);
    const bool withoutKeys =
        a.has(u"include_foreign_key_constraints"_s)
        && !a.keywordOnly(u"include_foreign_key_constraints"_s).isNone();
    CreateTable operation{.table =
                              buildTable(interpreter, *object, conventionOf(interpreter, *object)),
                          .ifNotExists = flag(interpreter, a, u"if_not_exists"_s)};
    a.finish();
    if (withoutKeys)
        interpreter.unsupported(u"passes include_foreign_key_constraints to CreateTable()"_s);
    Table &table = operation.table;
    table.indexes.clear();
    const bool keepsComments = hostOf(interpreter).backend() != Backend::PostgreSql;
    table.hasComment = table.hasComment && keepsComments;
    for (Column &column : table.columns) {
        column.type = withoutCreation(column.type);
        column.hasComment = column.hasComment && keepsComments;
    }
    return made(interpreter, operation);
}

Value dropTableDdl(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"DropTable"_s);
    const auto *object = element<TableObject>(interpreter, a, u"a Table"_s);
    const bool ifExists = flag(interpreter, a, u"if_exists"_s);
    a.finish();
    return made(interpreter, DropTable{.table = object->name, .ifExists = ifExists});
}

const TableObject &tableOf(Interpreter &interpreter, const IndexObject &index)
{
    if (!index.table)
        interpreter.raise(classOf(interpreter, u"exc.CompileError"_s),
                          u"Index is not associated with any table."_s);
    return *index.table;
}

Value createIndex(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"CreateIndex"_s);
    const auto *object = element<IndexObject>(interpreter, a, u"an Index"_s);
    const bool ifNotExists = flag(interpreter, a, u"if_not_exists"_s);
    a.finish();
    const TableObject &table = tableOf(interpreter, *object);
    return made(interpreter,
                CreateIndex{.table = table.name,
                            .index = object->toIndex(interpreter, table.name,
                                                     conventionOf(interpreter, table)),
                            .ifNotExists = ifNotExists});
}

Value dropIndex(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"DropIndex"_s);
    const auto *object = element<IndexObject>(interpreter, a, u"an Index"_s);
    const bool ifExists = flag(interpreter, a, u"if_exists"_s);
    a.finish();
    const TableObject &table = tableOf(interpreter, *object);
    const Index index =
        object->toIndex(interpreter, table.name, conventionOf(interpreter, table));
    return made(interpreter, DropIndex{.name = index.name,
                                       .table = table.name,
                                       .schema = table.name.schema,
                                       .ifExists = ifExists,
                                       .options = index.options});
}

/// A constraint with its table, which it must have joined by then.
Constraint constraintOf(Interpreter &interpreter, const ConstraintObject &object, TableName &table)
{
    if (!object.table)
        interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                          u"This constraint is not bound to a table."_s);
    table = object.table->name;
    return buildConstraint(interpreter, object, table, conventionOf(interpreter, *object.table));
}

Value addConstraint(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"AddConstraint"_s);
    const auto *object = element<ConstraintObject>(interpreter, a, u"a constraint"_s);
    a.keywordOnly(u"isolate_from_table"_s);
    a.finish();
    AddConstraint operation;
    operation.constraint = constraintOf(interpreter, *object, operation.table);
    return made(interpreter, operation);
}

Value dropConstraint(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"DropConstraint"_s);
    const auto *object = element<ConstraintObject>(interpreter, a, u"a constraint"_s);
    const bool cascade = interpreter.truth(a.keywordOnly(u"cascade"_s, Value(false)));
    DropConstraint operation{.ifExists = flag(interpreter, a, u"if_exists"_s)};
    a.keywordOnly(u"isolate_from_table"_s);
    a.finish();
    if (cascade)
        interpreter.unsupported(u"drops a constraint with cascade=True: write the statement with "
                                "op.execute()"_s);
    const Constraint constraint = constraintOf(interpreter, *object, operation.table);
    operation.name = constraintName(constraint);
    operation.kind = constraintKind(constraint);
    return made(interpreter, operation);
}

Value createSequence(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"CreateSequence"_s);
    const auto *object = element<SequenceObject>(interpreter, a, u"a Sequence"_s);
    const bool ifNotExists = flag(interpreter, a, u"if_not_exists"_s);
    a.finish();
    return made(interpreter, CreateSequence{.name = {object->schema, object->name},
                                            .options = object->options,
                                            .dataType = object->dataType,
                                            .ifNotExists = ifNotExists});
}

Value dropSequence(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"DropSequence"_s);
    const auto *object = element<SequenceObject>(interpreter, a, u"a Sequence"_s);
    const bool ifExists = flag(interpreter, a, u"if_exists"_s);
    a.finish();
    return made(interpreter,
                DropSequence{.name = {object->schema, object->name}, .ifExists = ifExists});
}

Value createSchema(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"CreateSchema"_s);
    CreateNamespace operation{.name = textOf(interpreter, a.required(u"name"_s), u"name"_s)};
    operation.ifNotExists = flag(interpreter, a, u"if_not_exists"_s);
    a.keywordOnly(u"quote"_s);
    a.finish();
    return made(interpreter, operation);
}

Value dropSchema(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"DropSchema"_s);
    DropNamespace operation{.name = textOf(interpreter, a.required(u"name"_s), u"name"_s)};
    operation.cascade = flag(interpreter, a, u"cascade"_s);
    operation.ifExists = flag(interpreter, a, u"if_exists"_s);
    a.keywordOnly(u"quote"_s);
    a.finish();
    return made(interpreter, operation);
}

template<bool isDrop>
Value tableComment(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, isDrop ? u"DropTableComment"_s : u"SetTableComment"_s);
    const auto *object = element<TableObject>(interpreter, a, u"a Table"_s);
    a.finish();
    SetTableComment operation{.table = object->name, .isDrop = isDrop};
    if (!isDrop && !object->comment.isNone())
        operation.comment = textOf(interpreter, object->comment, u"comment"_s);
    return made(interpreter, operation);
}

bool knowsSequence(Host &host, const TableName &name)
{
    const Schema *schema = host.currentSchema();
    return schema
           && std::any_of(schema->objects.cbegin(), schema->objects.cend(),
                          [&](const NamedObject &object) {
                              return object.kind == NamedObject::Kind::Sequence
                                     && object.name == name;
                          });
}

} // namespace

SqlTypePtr withoutCreation(const SqlTypePtr &type)
{
    if (!type)
        return type;
    SqlType copy = *type;
    copy.createType = false;
    copy.item = withoutCreation(type->item);
    for (auto &[dialect, variant] : copy.variants)
        variant = withoutCreation(variant);
    return std::make_shared<const SqlType>(std::move(copy));
}

QString DdlObject::repr(Interpreter &)
{
    return unwritten(u"<%1>"_s.arg(operationName({.kind = operation})));
}

const QHash<QString, NativeCall> &ddlFunctions()
{
    static const QHash<QString, NativeCall> table{
        {u"CreateTable"_s, createTableDdl},
        {u"DropTable"_s, dropTableDdl},
        {u"CreateIndex"_s, createIndex},
        {u"DropIndex"_s, dropIndex},
        {u"AddConstraint"_s, addConstraint},
        {u"DropConstraint"_s, dropConstraint},
        {u"CreateSequence"_s, createSequence},
        {u"DropSequence"_s, dropSequence},
        {u"CreateSchema"_s, createSchema},
        {u"DropSchema"_s, dropSchema},
        {u"SetTableComment"_s, tableComment<false>},
        {u"DropTableComment"_s, tableComment<true>},
    };
    return table;
}

namespace {

/// SQLite and MySQL have none. PostgreSQL leaves out what is optional. MariaDB has them, but
/// Alembic knows only from its server, so that its script leaves them out.
bool hasSequences(Host &host, const SequenceObject &sequence)
{
    return host.backend() == Backend::PostgreSql
               ? !sequence.optional
               : host.backend() == Backend::MariaDb && !host.isOffline();
}

} // namespace

void createSequenceThroughBind(Interpreter &interpreter, const SequenceObject &sequence,
                               bool checksFirst)
{
    Host &host = hostOf(interpreter);
    const TableName name{sequence.schema, sequence.name};
    if (!hasSequences(host, sequence)
        || (checksFirst && !host.isOffline() && knowsSequence(host, name)))
        return;
    host.record(interpreter, CreateSequence{.name = name,
                                            .options = sequence.options,
                                            .dataType = sequence.dataType,
                                            .ifNotExists = false});
}

void dropSequenceThroughBind(Interpreter &interpreter, const SequenceObject &sequence)
{
    Host &host = hostOf(interpreter);
    if (hasSequences(host, sequence))
        host.record(interpreter, DropSequence{.name = {sequence.schema, sequence.name}});
}

Value sequenceThroughBind(Interpreter &interpreter, const SequenceObject &sequence, bool isCreate,
                          const CallArgs &args)
{
    Arguments a(interpreter, args, isCreate ? u"create"_s : u"drop"_s);
    a.optional(u"bind"_s);
    const bool checksFirst = interpreter.truth(a.optional(u"checkfirst"_s, Value(true)));
    a.finish();
    if (isCreate)
        createSequenceThroughBind(interpreter, sequence, checksFirst);
    else
        dropSequenceThroughBind(interpreter, sequence);
    return {};
}

} // namespace tribikos::py::sa
