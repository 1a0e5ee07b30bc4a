#include "core/pyread/sa/tables.h"
#include "core/base/unwritten.h"
#include "core/pyread/sa/state.h"
#include "core/pyread/sa/types.h"

/// Column, sa.column and what may stand inside a Column.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

ExprPtr ColumnClause::expr(Interpreter &interpreter)
{
    if (proxied)
        return sharedExpr({.kind = Expr::Kind::Column,
                           .args = {proxied},
                           .type = sqlType(interpreter),
                           .table = table ? table->ref(interpreter) : nullptr});
    return sharedExpr({.kind = Expr::Kind::Column,
                       .text = name,
                       .type = sqlType(interpreter),
                       .table = table ? table->ref(interpreter) : nullptr,
                       .flag = isLiteral});
}

QString ColumnClause::str(Interpreter &)
{
    return table ? table->name.name + u'.' + name : name;
}

std::optional<Value> ColumnClause::nativeAttr(Interpreter &interpreter, const QString &attribute)
{
    if (attribute == u"name" || attribute == u"key")
        return Value(name);
    if (attribute == u"table")
        return table ? Value(table) : Value();
    return Element::nativeAttr(interpreter, attribute);
}

namespace {

[[noreturn]] void argumentError(Interpreter &interpreter, const QString &message)
{
    interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s), message);
}

/// The items after name and type.
void takeColumnItem(Interpreter &interpreter, ColumnObject &made, const Value &item)
{
    if (auto *foreignKey = item.as<ForeignKeyObject>()) {
        made.foreignKeys.push_back(foreignKey);
    } else if (auto *check = item.as<ConstraintObject>()) {
        made.checks.push_back(check);
    } else if (auto *computed = item.as<ComputedObject>()) {
        made.column.computed = computed->computed;
    } else if (auto *identity = item.as<IdentityObject>()) {
        made.column.identity = identity->identity;
    } else if (auto *sequence = item.as<SequenceObject>()) {
        made.column.sequence =
            sequence->schema.isEmpty() ? sequence->name : sequence->schema + u'.' + sequence->name;
        made.column.sequenceOptional = sequence->optional;
        made.sequence = sequence;
        sequence->isOfColumn = true;
    } else if (auto *fallback = item.as<DefaultObject>()) {
        if (!fallback->isServer)
            made.column.hasClientDefault = true;
        else if (fallback->expression)
            made.column.serverDefault = fallback->expression;
        else
            made.column.serverDefaultOpaque = true;
    } else if (const auto *unknown = item.as<Unknown>()) {
        unknown->refuse(interpreter);
    } else {
        argumentError(interpreter,
                      u"'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, "
                      "got %1"_s.arg(interpreter.repr(item)));
    }
}

AutoIncrement autoincrementOf(Interpreter &interpreter, const Value &value)
{
    if (isText(value)) {
        const QString word = textOf(interpreter, value, {});
        return word == u"ignore_fk" ? AutoIncrement::IgnoreForeignKey : AutoIncrement::Auto;
    }
    return interpreter.truth(value) ? AutoIncrement::Yes : AutoIncrement::No;
}

void takeKeywords(Interpreter &interpreter, ColumnObject &made, Arguments &a)
{
    Column &column = made.column;
    made.key = textOrEmpty(interpreter, a.keywordOnly(u"key"_s), u"key"_s);
    column.primaryKey = interpreter.truth(a.keywordOnly(u"primary_key"_s, Value(false)));
    if (a.has(u"nullable"_s))
        column.nullable = optionalBool(interpreter, a.keywordOnly(u"nullable"_s));
    const Value index = a.keywordOnly(u"index"_s);
    made.saysIndex = !index.isNone();
    made.index = interpreter.truth(index);
    const Value unique = a.keywordOnly(u"unique"_s);
    made.saysUnique = !unique.isNone();
    made.unique = interpreter.truth(unique);
    if (a.has(u"autoincrement"_s))
        column.autoincrement = autoincrementOf(interpreter, a.keywordOnly(u"autoincrement"_s));
    const Value otherwise = a.keywordOnly(u"default"_s);
    if (otherwise.as<SequenceObject>())
        takeColumnItem(interpreter, made, otherwise);
    else
        made.clientDefault = otherwise;
    if (const Value insertDefault = a.keywordOnly(u"insert_default"_s); !insertDefault.isNone())
        made.clientDefault = insertDefault;
    column.hasClientDefault = !made.clientDefault.isNone();
    made.onUpdate = a.keywordOnly(u"onupdate"_s);
    takeServerDefault(interpreter, column, a.keywordOnly(u"server_default"_s));
    if (a.has(u"comment"_s)) {
        const Value comment = a.keywordOnly(u"comment"_s);
        column.hasComment = !comment.isNone();
        column.comment = textOrEmpty(interpreter, comment, u"comment"_s);
    }
    made.isSystem = interpreter.truth(a.keywordOnly(u"system"_s, Value(false)));
    const std::optional<bool> quote = optionalBool(interpreter, a.keywordOnly(u"quote"_s));
    if (quote)
        column.quoted = quote;
    static const QStringList silent{u"info"_s,       u"doc"_s,
                                    u"server_onupdate"_s,
                                    u"sort_order"_s, u"insert_sentinel"_s,
                                    u"_proxies"_s};
    for (const QString &name : silent)
        a.keywordOnly(name);
}

} // namespace

void takeServerDefault(Interpreter &interpreter, Column &column, const Value &value)
{
    if (value.isNone())
        return;
    if (isText(value)) {
        column.serverDefault = stringExpr(textOf(interpreter, value, u"server_default"_s));
    } else if (auto *element = value.as<Element>()) {
        column.serverDefault = element->expr(interpreter);
    } else if (auto *fallback = value.as<DefaultObject>()) {
        column.serverDefault = fallback->expression;
        column.serverDefaultOpaque = !fallback->expression;
    } else if (auto *computed = value.as<ComputedObject>()) {
        column.computed = computed->computed;
    } else if (auto *identity = value.as<IdentityObject>()) {
        column.identity = identity->identity;
    } else if (auto *sequence = value.as<SequenceObject>()) {
        column.serverDefault = sharedExpr(
            {.kind = Expr::Kind::Sequence, .text = sequence->name, .schema = sequence->schema});
    } else if (const auto *unknown = value.as<Unknown>()) {
        unknown->refuse(interpreter);
    } else {
        argumentError(interpreter,
                      u"Argument 'arg' is expected to be one of type '<class 'str'>' or "
                      "'<class 'sqlalchemy.sql.elements.ClauseElement'>', got '%1'"_s.arg(
                          interpreter.typeName(value)));
    }
}

namespace {

/// For who asks at the end which columns have come into no table.
Value kept(Interpreter &interpreter, ColumnObject *made)
{
    State &state = State::of(interpreter);
    if (state.keepsColumns)
        state.madeColumns.push_back({made, interpreter.location()});
    return made;
}

} // namespace

Value constructColumn(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<ColumnObject>(cls, QString(), nullptr);
    Arguments a(interpreter, args, u"Column"_s);
    NameArg name = nameFrom(interpreter, a.keywordOnly(u"name"_s), u"name"_s);
    Value type = a.keywordOnly(u"type_"_s);
    std::vector<Value> items = a.rest();
    size_t next = 0;
    if (!items.empty() && (isText(items[0]) || (items[0].isNone() && items.size() > 1))) {
        name = nameFrom(interpreter, items[0], u"name"_s);
        ++next;
    }
    if (next < items.size() && (isType(items[next]) || items[next].isNone()))
        type = items[next++];
    made->name = name.text;
    made->column.name = name.text;
    made->column.quoted = name.quoted;
    made->typeArgument = type;
    for (; next < items.size(); ++next)
        takeColumnItem(interpreter, *made, items[next]);
    takeKeywords(interpreter, *made, a);
    made->column.options = dialectOptions(interpreter, a.restKeywords(), u"Column"_s);
    a.finish();
    return kept(interpreter, made);
}

ExprPtr clientDefaultExpr(Interpreter &interpreter, const ColumnObject &column)
{
    const Value &value = column.clientDefault;
    if (!value.as<Element>()
        && hostOf(interpreter).isOffline()) // as Alembic's script; the plan says it
        return sharedExpr({.kind = Expr::Kind::Null, .text = column.name, .flag = true});
    if (!value.as<Element>() && interpreter.isCallable(value))
        interpreter.unsupported(
            u"leaves out the column %1, whose default= is a function: put the value into the row"_s
                .arg(column.name));
    return boundExpr(interpreter, value, const_cast<ColumnObject &>(column).sqlType(interpreter));
}

SqlTypePtr ColumnObject::sqlType(Interpreter &interpreter)
{
    if (!m_type && !typeArgument.isNone())
        m_type = typeFrom(interpreter, typeArgument);
    if (!m_type && typeArgument.isNone() && table && table->metadata && !isTypeSought) {
        isTypeSought = true; // by the column that it refers to, which may refer back
        for (const ForeignKeyObject *foreign : foreignKeys)
            if (ColumnClause *target = foreign->referred(*table->metadata); target && target != this)
                m_type = target->sqlType(interpreter);
        isTypeSought = false;
    }
    return m_type;
}

QString ColumnObject::repr(Interpreter &interpreter)
{
    return unwritten(u"Column(%1)"_s.arg(interpreter.repr(Value(name))));
}

ColumnObject *ColumnObject::copied(Interpreter &interpreter) const
{
    auto *copy = interpreter.make<ColumnObject>(cls, name, m_type);
    copy->assign(*this);
    isTaken = true;
    return copy;
}

void ColumnObject::assign(const ColumnObject &other)
{
    name = other.name;
    m_type = other.m_type;
    column = other.column;
    typeArgument = other.typeArgument;
    clientDefault = other.clientDefault;
    onUpdate = other.onUpdate;
    key = other.key;
    index = other.index;
    unique = other.unique;
    saysIndex = other.saysIndex;
    saysUnique = other.saysUnique;
    isSystem = other.isSystem;
    sortOrder = other.sortOrder;
    usesExisting = other.usesExisting;
    sequence = other.sequence;
    foreignKeys = other.foreignKeys;
    checks = other.checks;
}

void mergeUnder(Interpreter &interpreter, const ColumnObject &base, ColumnObject &over)
{
    ColumnObject *made = base.copied(interpreter);
    if (!over.name.isEmpty())
        made->name = made->column.name = over.name;
    if (!over.typeArgument.isNone())
        made->typeArgument = over.typeArgument;
    if (!over.clientDefault.isNone())
        made->clientDefault = over.clientDefault;
    if (!over.onUpdate.isNone())
        made->onUpdate = over.onUpdate;
    made->index = over.saysIndex ? over.index : made->index;
    made->unique = over.saysUnique ? over.unique : made->unique;
    made->sortOrder = over.sortOrder ? over.sortOrder : base.sortOrder;
    made->foreignKeys.insert(made->foreignKeys.end(), over.foreignKeys.begin(),
                             over.foreignKeys.end());
    made->checks.insert(made->checks.end(), over.checks.begin(), over.checks.end());
    const Column &from = over.column;
    Column &to = made->column;
    if (from.nullable)
        to.nullable = from.nullable;
    to.primaryKey = to.primaryKey || from.primaryKey;
    to.hasClientDefault = !made->clientDefault.isNone();
    if (from.autoincrement != AutoIncrement::Auto)
        to.autoincrement = from.autoincrement;
    if (from.serverDefault)
        to.serverDefault = from.serverDefault;
    to.serverDefaultOpaque = to.serverDefaultOpaque || from.serverDefaultOpaque;
    if (from.computed)
        to.computed = from.computed;
    if (from.identity)
        to.identity = from.identity;
    if (from.hasComment) {
        to.hasComment = true;
        to.comment = from.comment;
    }
    over.assign(*made);
}

std::optional<Value> ColumnObject::nativeAttr(Interpreter &interpreter, const QString &attribute)
{
    if (attribute == u"nullable")
        return Value(column.isNullable());
    if (attribute == u"primary_key")
        return Value(column.primaryKey);
    if (attribute == u"unique")
        return Value(unique);
    if (attribute == u"index")
        return Value(index);
    if (attribute == u"comment")
        return column.hasComment ? Value(column.comment) : Value();
    if (attribute == u"server_default")
        return column.serverDefault ? makeElement(interpreter, column.serverDefault) : Value();
    if (attribute == u"key")
        return Value(key.isEmpty() ? name : key);
    if (attribute == u"foreign_keys") {
        std::vector<Value> keys;
        for (ForeignKeyObject *foreignKey : foreignKeys)
            keys.push_back(foreignKey);
        return interpreter.list(std::move(keys));
    }
    if (attribute == u"copy" || attribute == u"_copy")
        return interpreter.function(
            attribute, [this](Interpreter &in, const CallArgs &) { return kept(in, copied(in)); });
    if (attribute == u"type")
        return typeArgument.as<TypeObject>() ? typeArgument
                                             : typeValue(interpreter, sqlType(interpreter));
    return ColumnClause::nativeAttr(interpreter, attribute);
}

bool ColumnObject::setAttr(Interpreter &interpreter, const QString &attribute, const Value &value)
{
    if (attribute == u"nullable")
        column.nullable = interpreter.truth(value);
    else if (attribute == u"server_default")
        takeServerDefault(interpreter, column, value);
    else if (attribute == u"comment")
        column.comment = textOrEmpty(interpreter, value, attribute),
        column.hasComment = !value.isNone();
    else if (attribute == u"type") {
        typeArgument = value;
        m_type = nullptr;
    } else if (attribute == u"name") {
        name = column.name = textOf(interpreter, value, attribute);
    } else {
        return ColumnClause::setAttr(interpreter, attribute, value);
    }
    return true;
}

namespace {

/// Enum(inherit_schema=True) lives in the schema of its table.
SqlTypePtr inSchema(const SqlTypePtr &type, const QString &schema)
{
    if (!type || type->pythonArguments.value(u"inherit_schema"_s) != u"True")
        return type;
    SqlType made = *type;
    made.schema = schema;
    return std::make_shared<const SqlType>(std::move(made));
}

} // namespace

Column buildColumn(Interpreter &interpreter, ColumnObject &object, const TableName &table,
                   const Convention &convention)
{
    if (object.name.isEmpty())
        argumentError(interpreter, u"Column must be constructed with a non-blank name or assign a "
                                   "non-blank .name before adding to a Table."_s);
    Column column = object.column;
    column.name = object.name;
    column.type = inSchema(object.sqlType(interpreter), table.schema);
    if (column.computed)
        column.computed->expression = settled(interpreter, column.computed->expression);
    for (ConstraintObject *check : object.checks) {
        const auto *condition = std::get_if<CheckConstraint>(&check->constraint);
        if (!condition)
            argumentError(interpreter, u"only CHECK constraints may stand inside a Column"_s);
        column.checks.append(settled(interpreter, condition->condition));
        const NamedThing thing{.kind = u"ck"_s, .table = table, .columns = {object.name}};
        column.checkNames.append(resolveName(interpreter, convention, check->name, thing));
    }
    return column;
}

} // namespace tribikos::py::sa
