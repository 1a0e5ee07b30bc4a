#include "core/sqlread/pgstatement.h"

#include <algorithm>

using namespace Qt::StringLiterals;

/// DROP of tables, indexes and named objects, and what goes with them.
namespace tribikos {

namespace {

using Kind = NamedObject::Kind;

/// The kind of named object that DROP's kind stands for; nullopt: of something that is not kept.
std::optional<Kind> kindOf(QStringView removed)
{
    static constexpr std::pair<QStringView, Kind> kinds[] = {
        {u"OBJECT_VIEW", Kind::View},           {u"OBJECT_MATVIEW", Kind::MaterializedView},
        {u"OBJECT_SEQUENCE", Kind::Sequence},   {u"OBJECT_TYPE", Kind::Enum},
        {u"OBJECT_DOMAIN", Kind::Domain},       {u"OBJECT_FUNCTION", Kind::Function},
        {u"OBJECT_PROCEDURE", Kind::Function},  {u"OBJECT_ROUTINE", Kind::Function},
        {u"OBJECT_EXTENSION", Kind::Extension}, {u"OBJECT_SCHEMA", Kind::Schema},
        {u"OBJECT_TRIGGER", Kind::Trigger}};
    const auto found = std::ranges::find(kinds, removed, &std::pair<QStringView, Kind>::first);
    return found == std::end(kinds) ? std::nullopt : std::optional(found->second);
}

/// The names in one of DROP's objects: a String, a List of them, a type, or a function with its arguments.
QStringList namesOf(const PgNode &object)
{
    if (object.is(u"String"))
        return {object.text(u"sval")};
    if (object.is(u"TypeName"))
        return object.texts(u"names");
    if (object.is(u"ObjectWithArgs"))
        return object.texts(u"objname");
    return object.texts(u"items");
}

/// DROP SCHEMA … CASCADE: what stands in it is gone with it, and what hangs on that.
void dropNamespace(const QString &name, PgContext &context)
{
    QList<TableName> relations;
    QList<TableName> types;
    for (const TableName &table : context.schema.tables.keys())
        if (table.schema == name)
            relations.append(table);
    for (const NamedObject &object : std::as_const(context.schema.objects)) {
        if (object.name.schema != name)
            continue;
        const bool isType = object.kind == Kind::Enum || object.kind == Kind::Domain;
        (isType ? types : relations).append(object.name);
    }
    context.schema.tables.removeIf([&](auto entry) { return entry.key().schema == name; });
    context.schema.objects.removeIf(
        [&](const NamedObject &object) { return object.name.schema == name; });
    for (const TableName &type : std::as_const(types))
        pgCascadeOfType(type, context);
    for (const TableName &relation : std::as_const(relations))
        pgCascadeOfRelation(relation, context);
}

/// A function's argument types: the last part of each name, arrays with brackets.
QString argumentType(const PgNode &type)
{
    return type.texts(u"names").value(type.texts(u"names").size() - 1)
           + (type.has(u"arrayBounds") ? u"[]"_s : QString());
}

/// DROP FUNCTION f(int) leaves f(text).
void dropFunction(const PgNode &object, const TableName &name, bool cascades, PgContext &context)
{
    QStringList wanted;
    for (const PgNode &type : object.list(u"objargs"))
        wanted.append(argumentType(type));
    const bool isAny = object.flag(u"args_unspecified");
    const auto removed = context.schema.objects.removeIf([&](const NamedObject &known) {
        return known.kind == Kind::Function && known.name == name
               && (isAny || known.definition.isEmpty() || pgArguments(known.definition) == wanted);
    });
    if (cascades && removed > 0)
        pgCascadeOfFunction(name, context);
}

/// DROP EXTENSION … CASCADE takes the columns of its types along; what else an extension brought nobody can know here.
void dropExtension(const QString &name, PgContext &context)
{
    static const QHash<QString, QStringList> types{
        {u"citext"_s, {u"citext"_s}},
        {u"cube"_s, {u"cube"_s}},
        {u"hstore"_s, {u"hstore"_s, u"ghstore"_s}},
        {u"isn"_s,
         {u"ean13"_s, u"isbn13"_s, u"ismn13"_s, u"issn13"_s, u"isbn"_s, u"ismn"_s, u"issn"_s,
          u"upc"_s}},
        {u"ltree"_s, {u"ltree"_s, u"lquery"_s, u"ltxtquery"_s}},
        {u"seg"_s, {u"seg"_s}},
        {u"vector"_s, {u"vector"_s, u"halfvec"_s, u"sparsevec"_s}}};
    const auto known = types.constFind(name);
    context.isUnsure = context.isUnsure || known == types.cend();
    for (const QString &type : known == types.cend() ? QStringList() : *known)
        pgCascadeOfType({.name = type}, context);
}

/// A view or type that isn't there; sequences and functions may come with something else.
bool refusesMissing(Kind kind, const TableName &name, PgContext &context)
{
    const bool isView = kind == Kind::View || kind == Kind::MaterializedView;
    const bool isType = kind == Kind::Enum || kind == Kind::Domain;
    const bool isBrought =
        std::ranges::any_of(context.schema.objects, [&](const NamedObject &object) {
            const bool isSame =
                object.kind == kind
                || (isType && (object.kind == Kind::Enum || object.kind == Kind::Domain));
            return object.kind == Kind::Extension || (isSame && object.name == name);
        });
    if (isBrought || (!isView && !isType) || context.schema.tables.isEmpty())
        return false;
    return context.refuses(
        true, u"There is no %1 %2."_s.arg(isView ? u"view"_s : u"type"_s, name.text()));
}

void dropObject(Kind kind, const QStringList &names, bool ifExists, bool cascades,
                PgContext &context)
{
    const bool isTrigger = kind == Kind::Trigger; // its table's name, then its own
    const TableName name =
        isTrigger ? TableName{.name = names.value(names.size() - 1)} : context.text.found(names);
    const QString table = isTrigger ? names.value(names.size() - 2) : QString();
    if (!ifExists && refusesMissing(kind, name, context))
        return;
    if (kind == Kind::View || kind == Kind::MaterializedView)
        return pgDropView(name, cascades, context);
    const bool isOfSchema = kind == Kind::Schema || kind == Kind::Extension;
    const TableName own = isOfSchema ? TableName{.name = name.name} : name;
    context.schema.objects.removeIf([&](const NamedObject &object) {
        return object.kind == kind && object.name == own && (!isTrigger || object.table == table);
    });
    if (!cascades)
        return;
    if (kind == Kind::Schema)
        dropNamespace(own.name == u"public" ? QString() : own.name, context);
    if (kind == Kind::Enum || kind == Kind::Domain)
        pgCascadeOfType(name, context);
    if (kind == Kind::Sequence)
        pgCascadeOfSequence(name, context);
    if (kind == Kind::Extension)
        dropExtension(own.name, context);
}

void dropTable(const TableName &name, bool ifExists, bool cascades, PgContext &context)
{
    if (context.isTemporary(name)) {
        context.session.temporary.remove(name.name);
        return;
    }
    if (!ifExists && context.refusesTable(name))
        return;
    context.run(DropTable{name, ifExists});
    if (cascades)
        pgCascadeOfRelation(name, context);
}

void dropIndex(const QStringList &names, bool ifExists, PgContext &context)
{
    const TableName name = context.text.found(names);
    context.run(
        DropIndex{.name = {.text = name.name}, .schema = name.schema, .ifExists = ifExists});
}

} // namespace

std::optional<bool> pgDrop(const PgNode &statement, PgContext &context)
{
    if (!statement.is(u"DropStmt"))
        return std::nullopt;
    const QString removed = statement.text(u"removeType");
    const bool ifExists = statement.flag(u"missing_ok");
    const bool cascades = statement.text(u"behavior") == u"DROP_CASCADE";
    const std::optional<Kind> kind = kindOf(removed);
    for (const PgNode &object : statement.list(u"objects")) {
        const QStringList names = namesOf(object);
        if (removed == u"OBJECT_TABLE" || removed == u"OBJECT_FOREIGN_TABLE")
            dropTable(context.text.found(names), ifExists, cascades, context);
        else if (removed == u"OBJECT_INDEX")
            dropIndex(names, ifExists, context);
        else if (kind == Kind::Function)
            dropFunction(object, context.text.found(names), cascades, context);
        else if (kind)
            dropObject(*kind, names, ifExists, cascades, context);
    }
    return true;
}

QStringList pgArguments(const QString &definition)
{
    QStringList types;
    const Result<PgNode> tree = parsePostgres(definition);
    if (!tree)
        return types;
    for (const PgNode &parameter : tree->list(u"parameters")) {
        const QString mode = parameter.text(u"mode");
        if (mode != u"FUNC_PARAM_OUT" && mode != u"FUNC_PARAM_TABLE")
            types.append(argumentType(parameter.node(u"argType")));
    }
    return types;
}

} // namespace tribikos
