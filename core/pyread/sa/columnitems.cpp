#include "core/pyread/sa/ddl.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

/// ForeignKey, Sequence, Computed, Identity, FetchedValue: what stands inside a Column.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

Value constructForeignKey(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<ForeignKeyObject>(cls);
    Arguments a(interpreter, args, u"ForeignKey"_s);
    const Value target = a.required(u"column"_s);
    if (auto *column = target.as<ColumnClause>())
        made->targetColumn = column;
    else if (const auto clause = isText(target)
                                     ? std::optional<Value>()
                                     : interpreter.findAttr(target, u"__clause_element__"_s))
        made->targetColumn = interpreter.call(*clause, std::vector<Value>{}).as<ColumnClause>();
    else
        made->target = textOf(interpreter, target, u"column"_s);
    a.optional(u"_constraint"_s);
    made->options.useAlter = interpreter.truth(a.optional(u"use_alter"_s, Value(false)));
    made->name = nameFrom(interpreter, a.optional(u"name"_s), u"name"_s);
    made->options.onUpdate = textOrEmpty(interpreter, a.optional(u"onupdate"_s), u"onupdate"_s);
    made->options.onDelete = textOrEmpty(interpreter, a.optional(u"ondelete"_s), u"ondelete"_s);
    made->options.deferrable = optionalBool(interpreter, a.optional(u"deferrable"_s));
    made->options.initially = textOrEmpty(interpreter, a.optional(u"initially"_s), u"initially"_s);
    a.keywordOnly(u"link_to_name"_s);
    made->options.match = textOrEmpty(interpreter, a.keywordOnly(u"match"_s), u"match"_s);
    a.keywordOnly(u"info"_s);
    a.keywordOnly(u"comment"_s);
    made->options.options =
        dialectOptions(interpreter, a.restKeywords(), u"ForeignKeyConstraint"_s);
    a.finish();
    return made;
}

std::optional<Value> ForeignKeyObject::nativeAttr(Interpreter &, const QString &attribute)
{
    if (attribute == u"target_fullname")
        return Value(target);
    if (attribute == u"name")
        return name.isGiven ? Value(name.text) : Value();
    if (attribute == u"ondelete")
        return options.onDelete.isEmpty() ? Value() : Value(options.onDelete);
    return std::nullopt;
}

namespace {

/// start=, increment= … as Sequence() and Identity() take them.
void takeNumbers(Interpreter &interpreter, Identity &identity, Arguments &a)
{
    const auto number = [&](const QString &name) {
        return optionalInt(interpreter, a.optional(name), name);
    };
    identity.start = number(u"start"_s);
    identity.increment = number(u"increment"_s);
    identity.minValue = number(u"minvalue"_s);
    identity.maxValue = number(u"maxvalue"_s);
    identity.noMinValue = interpreter.truth(a.optional(u"nominvalue"_s, Value(false)));
    identity.noMaxValue = interpreter.truth(a.optional(u"nomaxvalue"_s, Value(false)));
    identity.cycle = optionalBool(interpreter, a.optional(u"cycle"_s));
}

} // namespace

Value constructSequence(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<SequenceObject>(cls);
    Arguments a(interpreter, args, u"Sequence"_s);
    made->name = textOf(interpreter, a.required(u"name"_s), u"name"_s);
    takeNumbers(interpreter, made->options, a);
    made->schema = textOrEmpty(interpreter, a.optional(u"schema"_s), u"schema"_s);
    made->options.cache = optionalInt(interpreter, a.optional(u"cache"_s), u"cache"_s);
    made->options.order = optionalBool(interpreter, a.optional(u"order"_s));
    made->dataType = typeFrom(interpreter, a.optional(u"data_type"_s));
    made->optional = interpreter.truth(a.optional(u"optional"_s, Value(false)));
    a.optional(u"quote"_s);
    const Value metadata = a.optional(u"metadata"_s);
    if (auto *bound = metadata.as<MetaDataObject>()) {
        if (made->schema.isEmpty())
            made->schema = bound->schema;
        bound->boundSequences.emplace_back(bound->tables.size(), made);
    }
    for (const QString &name : {u"quote_schema"_s, u"for_update"_s, u"info"_s})
        a.optional(name);
    a.finish();
    return made;
}

std::optional<Value> SequenceObject::nativeAttr(Interpreter &interpreter, const QString &attribute)
{
    if (attribute == u"name")
        return Value(name);
    if (attribute == u"next_value")
        return interpreter.function(attribute, [this](Interpreter &in, const CallArgs &) {
            return makeElement(in,
                               Expr{.kind = Expr::Kind::Sequence, .text = name, .schema = schema});
        });
    if (attribute == u"create" || attribute == u"drop")
        return interpreter.function(
            attribute, [this, attribute](Interpreter &in, const CallArgs &args) {
                return sequenceThroughBind(in, *this, attribute == u"create", args);
            });
    return std::nullopt;
}

Value constructComputed(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<ComputedObject>(cls);
    Arguments a(interpreter, args, u"Computed"_s);
    made->computed.expression = clauseFrom(interpreter, a.required(u"sqltext"_s), true);
    made->computed.persisted = optionalBool(interpreter, a.optional(u"persisted"_s));
    a.finish();
    return made;
}

Value constructIdentity(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<IdentityObject>(cls);
    Arguments a(interpreter, args, u"Identity"_s);
    Identity &identity = made->identity;
    identity.always = interpreter.truth(a.optional(u"always"_s, Value(false)));
    identity.onNull = interpreter.truth(a.optional(u"on_null"_s, Value(false)));
    takeNumbers(interpreter, identity, a);
    identity.cache = optionalInt(interpreter, a.optional(u"cache"_s), u"cache"_s);
    identity.order = optionalBool(interpreter, a.optional(u"order"_s));
    a.restKeywords(); // other dialects' options
    a.finish();
    return made;
}

Value constructServerDefault(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<DefaultObject>(cls);
    if (isNative(cls, u"DefaultClause") && !args.positional.empty()) {
        Column holder;
        takeServerDefault(interpreter, holder, args.positional.front());
        made->expression = holder.serverDefault;
    }
    return made;
}

Value constructClientDefault(Interpreter &interpreter, Class *cls, const CallArgs &)
{
    auto *made = interpreter.make<DefaultObject>(cls);
    made->isServer = false;
    return made;
}

} // namespace tribikos::py::sa
