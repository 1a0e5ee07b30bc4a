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

/// DROP SCHEMA … CASCADE: what stands in it is gone with it.
void dropNamespace(const QString &name, Schema &schema)
{
    schema.tables.removeIf([&](auto entry) { return entry.key().schema == name; });
    schema.objects.removeIf([&](const NamedObject &object) { return object.name.schema == name; });
}

/// DROP TYPE … CASCADE: the columns of it.
void dropColumnsOf(const TableName &type, Schema &schema)
{
    for (Table &table : schema.tables)
        table.columns.removeIf([&](const Column &column) {
            return column.type
                   && (column.type->typeName == type.name || column.type->name == type.name);
        });
}

void dropObject(Kind kind, const QStringList &names, bool cascades, Schema &schema)
{
    const bool isTrigger = kind == Kind::Trigger; // its table's name, then its own
    const TableName name =
        isTrigger ? TableName{.name = names.value(names.size() - 1)} : pgTableName(names);
    const QString table = isTrigger ? names.value(names.size() - 2) : QString();
    schema.objects.removeIf([&](const NamedObject &object) {
        return object.kind == kind && object.name == name && (!isTrigger || object.table == table);
    });
    if (cascades && kind == Kind::Schema)
        dropNamespace(name.name, schema);
    if (cascades && (kind == Kind::Enum || kind == Kind::Domain))
        dropColumnsOf(name, schema);
}

void dropIndex(const QStringList &names, bool ifExists, PgContext &context)
{
    const TableName name = pgTableName(names);
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
            context.run(DropTable{pgTableName(names), ifExists});
        else if (removed == u"OBJECT_INDEX")
            dropIndex(names, ifExists, context);
        else if (kind)
            dropObject(*kind, names, cascades, context.schema);
    }
    return true;
}

} // namespace tribikos
