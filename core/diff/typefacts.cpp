#include "core/diff/facts.h"

#include "core/diff/rules.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using ObjectKind = NamedObject::Kind;

/// The type on this database, or of an array's elements.
SqlTypePtr shownType(const SqlTypePtr &type, Backend backend)
{
    if (!type)
        return nullptr;
    for (const auto &[dialect, variant] : type->variants)
        if (dialect == backendName(backend) && variant)
            return shownType(variant, backend);
    return type->name == u"ARRAY" ? shownType(type->item, backend) : type;
}

std::optional<ObjectKind> objectKind(const SqlType &type)
{
    const bool isElsewhere =
        type.module == u"mysql" || type.module == u"mariadb" || type.module == u"reflected";
    if (isElsewhere || type.typeName.isEmpty())
        return std::nullopt;
    if (type.name == u"DOMAIN")
        return ObjectKind::Domain;
    const bool isEnum = (type.name == u"Enum" && type.nativeEnum) || type.name == u"ENUM";
    return isEnum ? std::optional(ObjectKind::Enum) : std::nullopt;
}

/// The enums and domains that columns bring along, where nobody made them by themselves.
void addColumnTypes(const Schema &schema, Backend backend, SchemaFacts &facts)
{
    for (const Table &table : schema.tables) {
        for (const Column &column : table.columns) {
            const SqlTypePtr type = shownType(column.type, backend);
            const std::optional<ObjectKind> kind = type ? objectKind(*type) : std::nullopt;
            if (!kind)
                continue;
            const TableName name = foldedName({type->schema, type->typeName}, backend);
            const ObjectFacts::key_type key{int(*kind), name.text()};
            if (!facts.objects.contains(key))
                facts.objects.insert(key,
                                     {.kind = Difference::Kind::Object,
                                      .name = TableName{type->schema, type->typeName}.text(),
                                      .value = type->labels.join(u'\n'),
                                      .shown = u"ENUM ('%1')"_s.arg(type->labels.join(u"', '"_s)),
                                      .what = *kind == ObjectKind::Enum ? u"enum"_s : u"domain"_s});
        }
    }
}

} // namespace

void addTypeFacts(const Schema &schema, Backend backend, SchemaFacts &facts)
{
    addColumnTypes(schema, backend, facts);
    // A type comes with the first column of it, where that is a difference already, and outlives the last one, which
    // nobody misses. What counts is whether those that are there are the same.
    for (auto i = facts.objects.begin(); i != facts.objects.end(); ++i) {
        const bool isEnum = i.key().first == int(ObjectKind::Enum);
        if (isEnum || i.key().first == int(ObjectKind::Domain))
            i->isOptional = true;
        if (isEnum && i->value.isEmpty())
            i->isValueKnown = false; // a composite, or one whose labels were not read
    }
    // A schema is known by what is in it, whoever made it.
    for (const QString &name : std::as_const(facts.namespaces)) {
        const ObjectFacts::key_type key{int(ObjectKind::Schema), name};
        if (!name.isEmpty() && !facts.objects.contains(key))
            facts.objects.insert(key, {.kind = Difference::Kind::Object,
                                       .name = name,
                                       .shown = u"SCHEMA"_s,
                                       .what = u"schema"_s,
                                       .isOptional = true});
    }
    for (auto i = facts.objects.begin(); i != facts.objects.end(); ++i)
        if (i.key().first == int(ObjectKind::Schema) && !facts.namespaces.contains(i.key().second))
            i->isOptional = true; // an empty one
}

} // namespace tribikos
