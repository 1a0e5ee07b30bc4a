#include "core/pyread/sa/tables.h"

/// Constraints and indexes as scripts write them.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// The keyword arguments that every constraint takes.
void takeCommon(Interpreter &interpreter, ConstraintObject &made, Arguments &a)
{
    made.order = State::of(interpreter).nextOrder();
    made.name = nameFrom(interpreter, a.keywordOnly(u"name"_s), u"name"_s);
    for (const QString &name : {u"info"_s, u"comment"_s, u"_create_rule"_s, u"_type_bound"_s,
                                u"_column_flag"_s, u"_implicit_generated"_s})
        a.keywordOnly(name);
}

template<typename T>
void takeDeferrable(Interpreter &interpreter, T &constraint, Arguments &a)
{
    constraint.deferrable = optionalBool(interpreter, a.keywordOnly(u"deferrable"_s));
    constraint.initially = textOrEmpty(interpreter, a.keywordOnly(u"initially"_s), u"initially"_s);
}

} // namespace

Value constructPrimaryKey(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<ConstraintObject>(cls);
    Arguments a(interpreter, args, u"PrimaryKeyConstraint"_s);
    takeCommon(interpreter, *made, a);
    a.keywordOnly(u"deferrable"_s);
    a.keywordOnly(u"initially"_s);
    made->columns = a.rest();
    made->constraint = PrimaryKey{
        .options = dialectOptions(interpreter, a.restKeywords(), u"PrimaryKeyConstraint"_s)};
    a.finish();
    joinTable(interpreter, made);
    return made;
}

Value constructUnique(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<ConstraintObject>(cls);
    Arguments a(interpreter, args, u"UniqueConstraint"_s);
    takeCommon(interpreter, *made, a);
    UniqueConstraint unique;
    takeDeferrable(interpreter, unique, a);
    made->columns = a.rest();
    unique.options = dialectOptions(interpreter, a.restKeywords(), u"UniqueConstraint"_s);
    made->constraint = unique;
    a.finish();
    joinTable(interpreter, made);
    return made;
}

Value constructCheck(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<ConstraintObject>(cls);
    made->order = State::of(interpreter).nextOrder();
    Arguments a(interpreter, args, u"CheckConstraint"_s);
    CheckConstraint check;
    check.condition = clauseFrom(interpreter, a.required(u"sqltext"_s), true);
    made->name = nameFrom(interpreter, a.optional(u"name"_s), u"name"_s);
    for (const QString &name : {u"deferrable"_s, u"initially"_s})
        a.optional(name);
    const Value table = a.optional(u"table"_s);
    for (const QString &name : {u"info"_s, u"_create_rule"_s})
        a.optional(name);
    const bool joins = interpreter.truth(a.optional(u"_autoattach"_s, Value(true)));
    for (const QString &name : {u"_type_bound"_s, u"comment"_s})
        a.optional(name);
    check.options = dialectOptions(interpreter, a.restKeywords(), u"CheckConstraint"_s);
    made->constraint = check;
    a.finish();
    if (auto *given = table.as<TableObject>())
        given->take(interpreter, made);
    else if (joins)
        joinTable(interpreter, made);
    return made;
}

Value constructForeignKeyConstraint(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<ConstraintObject>(cls);
    made->order = State::of(interpreter).nextOrder();
    Arguments a(interpreter, args, u"ForeignKeyConstraint"_s);
    made->columns = interpreter.items(a.required(u"columns"_s));
    made->targets = interpreter.items(a.required(u"refcolumns"_s));
    made->name = nameFrom(interpreter, a.optional(u"name"_s), u"name"_s);
    ForeignKey key;
    key.onUpdate = textOrEmpty(interpreter, a.optional(u"onupdate"_s), u"onupdate"_s);
    key.onDelete = textOrEmpty(interpreter, a.optional(u"ondelete"_s), u"ondelete"_s);
    key.deferrable = optionalBool(interpreter, a.optional(u"deferrable"_s));
    key.initially = textOrEmpty(interpreter, a.optional(u"initially"_s), u"initially"_s);
    key.useAlter = interpreter.truth(a.optional(u"use_alter"_s, Value(false)));
    a.optional(u"link_to_name"_s);
    key.match = textOrEmpty(interpreter, a.optional(u"match"_s), u"match"_s);
    const Value table = a.optional(u"table"_s);
    for (const QString &name : {u"info"_s, u"comment"_s})
        a.optional(name);
    key.options = dialectOptions(interpreter, a.restKeywords(), u"ForeignKeyConstraint"_s);
    a.finish();
    if (made->columns.size() != made->targets.size())
        interpreter.raise(
            classOf(interpreter, u"exc.ArgumentError"_s),
            u"ForeignKeyConstraint number of constrained columns must match the number of "
            "referenced columns."_s);
    made->constraint = key;
    if (auto *given = table.as<TableObject>())
        given->take(interpreter, made);
    else
        joinTable(interpreter, made);
    return made;
}

Value constructExclude(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<ConstraintObject>(cls);
    Arguments a(interpreter, args, u"ExcludeConstraint"_s);
    takeCommon(interpreter, *made, a);
    ExcludeConstraint exclude;
    takeDeferrable(interpreter, exclude, a);
    exclude.method = textOrEmpty(interpreter, a.keywordOnly(u"using"_s), u"using"_s);
    if (exclude.method.isEmpty())
        exclude.method = u"gist"_s;
    if (const Value where = a.keywordOnly(u"where"_s); !where.isNone())
        exclude.where = clauseFrom(interpreter, where, true);
    if (const auto *classes = a.keywordOnly(u"ops"_s).as<Dict>()) {
        for (const auto &[key, value] : classes->entries())
            exclude.operatorClasses.insert(textOf(interpreter, key, u"ops"_s),
                                           textOf(interpreter, value, u"ops"_s));
    }
    for (const Value &element : a.rest()) {
        const std::vector<Value> pair = interpreter.items(element);
        if (pair.size() != 2)
            interpreter.raise(u"ValueError"_s,
                              u"an ExcludeConstraint takes pairs of column and operator"_s);
        exclude.elements.append(
            {columnExprFrom(interpreter, pair[0]), textOf(interpreter, pair[1], u"operator"_s)});
    }
    a.finish();
    made->constraint = exclude;
    joinTable(interpreter, made);
    return made;
}

QStringList ConstraintObject::columnNames(Interpreter &interpreter) const
{
    QStringList names;
    for (const Value &column : columns) {
        if (const auto *object = column.as<ColumnClause>())
            names.append(columnNameOf(interpreter, *object));
        else if (isText(column))
            names.append(textOf(interpreter, column, u"a column"_s));
        else if (const auto clause = interpreter.findAttr(column, u"__clause_element__"_s))
            names.append(interpreter.str(
                interpreter.getAttr(interpreter.call(*clause, std::vector<Value>{}), u"name"_s)));
        else
            names.append(textOf(interpreter, column, u"a column"_s));
    }
    return names;
}

std::optional<Value> ConstraintObject::nativeAttr(Interpreter &interpreter,
                                                  const QString &attribute)
{
    if (attribute == u"name")
        return name.isGiven ? Value(name.text) : Value();
    if (attribute == u"columns") {
        std::vector<Value> names;
        for (const QString &column : columnNames(interpreter))
            names.push_back(Value(column));
        return interpreter.list(std::move(names));
    }
    if (attribute == u"table")
        return table ? Value(table) : Value();
    return std::nullopt;
}

Value constructIndex(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<IndexObject>(cls);
    Arguments a(interpreter, args, u"Index"_s);
    made->name = nameFrom(interpreter, a.required(u"name"_s), u"name"_s);
    made->elements = a.rest();
    made->unique = interpreter.truth(a.keywordOnly(u"unique"_s, Value(false)));
    if (const auto quote = optionalBool(interpreter, a.keywordOnly(u"quote"_s)))
        made->name.quoted = quote;
    a.keywordOnly(u"info"_s);
    a.keywordOnly(u"_table"_s);
    a.keywordOnly(u"_column_flag"_s);
    made->keywords = a.restKeywords();
    made->options = dialectOptions(interpreter, made->keywords, u"Index"_s);
    for (const auto &[key, value] : made->keywords)
        made->optionOrder.append(key);
    a.finish();
    joinTable(interpreter, made);
    return made;
}

std::optional<Value> IndexObject::nativeAttr(Interpreter &interpreter, const QString &attribute)
{
    if (attribute == u"name")
        return name.isGiven ? Value(name.text) : Value();
    if (attribute == u"unique")
        return Value(unique);
    if (attribute != u"create" && attribute != u"drop")
        return std::nullopt;
    return interpreter.function(attribute, [this, attribute](Interpreter &in, const CallArgs &) {
        if (!table)
            in.raise(classOf(in, u"exc.CompileError"_s),
                     u"Index is not associated with any table."_s);
        const Index value = toIndex(in, table->name, hostOf(in).namingConvention());
        if (attribute == u"create")
            hostOf(in).record(in, CreateIndex{.table = table->name, .index = value});
        else
            hostOf(in).record(
                in,
                DropIndex{.name = value.name, .table = table->name, .schema = table->name.schema});
        return Value();
    });
}

namespace {

/// The column that an element indexes, for the index's name; "" for expressions.
QString indexedColumn(const ExprPtr &element)
{
    if (element->kind == Expr::Kind::Column)
        return element->text;
    return element->args.isEmpty() || !element->args.first() ? QString()
                                                             : indexedColumn(element->args.first());
}

/// postgresql_ops goes by an element's key, which text() has in op.create_index() only.
void forgetTextKeys(Index &index)
{
    const auto found = index.options.find(u"postgresql_ops"_s);
    auto *classes = found == index.options.end() ? nullptr : std::get_if<OptionMap>(&*found);
    for (const ExprPtr &element : index.elements) {
        if (classes && element->kind == Expr::Kind::Text)
            classes->entries.removeIf(
                [&](const auto &entry) { return entry.first == element->text; });
    }
}

} // namespace

Index IndexObject::toIndex(Interpreter &interpreter, const TableName &tableName,
                           const Convention &convention) const
{
    Index index{.unique = unique, .options = options, .optionOrder = optionOrder};
    NamedThing thing{.kind = u"ix"_s, .table = tableName};
    if (!keywords.empty()) // again: columns may have got their names since
        index.options = dialectOptions(interpreter, keywords, u"Index"_s);
    for (DialectOption &option : index.options) {
        if (auto *expression = std::get_if<ExprPtr>(&option))
            *expression = settled(interpreter, *expression);
    }
    for (const Value &element : elements) {
        const ExprPtr expression = settled(interpreter, columnExprFrom(interpreter, element));
        index.elements.append(expression);
        if (const QString column = indexedColumn(expression); !column.isEmpty())
            thing.columns.append(column);
    }
    if (!isOfDirective)
        forgetTextKeys(index);
    if (!name.isGiven && convention.value(u"ix"_s).isEmpty())
        interpreter.raise(classOf(interpreter, u"exc.CompileError"_s),
                          u"CREATE INDEX requires that the index have a name"_s);
    index.name = resolveName(interpreter, convention, name, thing);
    return index;
}

} // namespace tribikos::py::sa
