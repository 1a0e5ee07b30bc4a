#include "core/diff/facts.h"

#include "core/diff/rules.h"
#include "core/diff/tablefacts.h"

#include <QHash>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

QString namedObjectWord(NamedObject::Kind kind)
{
    switch (kind) {
    case NamedObject::Kind::View: return u"view"_s;
    case NamedObject::Kind::MaterializedView: return u"materialized view"_s;
    case NamedObject::Kind::Trigger: return u"trigger"_s;
    case NamedObject::Kind::Function: return u"function"_s;
    case NamedObject::Kind::Sequence: return u"sequence"_s;
    case NamedObject::Kind::Enum: return u"enum"_s;
    case NamedObject::Kind::Domain: return u"domain"_s;
    case NamedObject::Kind::Extension: return u"extension"_s;
    case NamedObject::Kind::Schema: return u"schema"_s;
    }
    return {};
}

namespace {

ObjectFact objectFact(const NamedObject &object, Backend backend)
{
    ObjectFact fact{.kind = Difference::Kind::Object, .name = object.name.text()};
    fact.what = namedObjectWord(object.kind);
    fact.shown = object.labels.isEmpty() ? object.definition.simplified()
                                         : u"ENUM ('%1')"_s.arg(object.labels.join(u"', '"_s));
    if (fact.shown.isEmpty())
        fact.shown = u"(definition not known)"_s;
    if (!object.labels.isEmpty())
        fact.value = object.labels.join(u'\n');
    else if (rulesFor(backend).keepsText && !object.definition.isEmpty())
        fact.value = normalDefinition(object.definition, backend);
    fact.isValueKnown = !fact.value.isEmpty() || !rulesFor(backend).keepsText;
    // The sequence of a SERIAL column is made with it, and no script says so.
    fact.isOptional = object.kind == NamedObject::Kind::Sequence && !object.table.isEmpty();
    return fact;
}

using Key = ObjectFacts::key_type;
constexpr int checkKind = int(Difference::Kind::CheckConstraint);

} // namespace

QString foldedName(const QString &name, Backend backend)
{
    return rulesFor(backend).foldsCase ? name.toLower() : name;
}

TableName foldedName(const TableName &name, Backend backend)
{
    const bool isUsual =
        name.schema.compare(rulesFor(backend).usualSchema, Qt::CaseInsensitive) == 0;
    return {isUsual ? QString() : foldedName(name.schema, backend), foldedName(name.name, backend)};
}

namespace {

/// A table of which is known no more than its name may be a view that an index was made on.
bool isViewOf(const Table &table, const Schema &schema)
{
    return table.isOpaque && table.columns.isEmpty()
           && std::ranges::any_of(schema.objects, [&](const NamedObject &object) {
                  const bool isView = object.kind == NamedObject::Kind::View
                                      || object.kind == NamedObject::Kind::MaterializedView;
                  return isView && object.name == table.name;
              });
}

} // namespace

SchemaFacts schemaFacts(const Schema &schema, Backend backend,
                        const std::function<bool(const TableName &)> &isWanted)
{
    FactContext context(schema, backend);
    SchemaFacts facts{.isOpaque = !schema.opaqueReasons.isEmpty()};
    for (const Table &table : schema.tables) {
        if (table.prefixes.contains(u"TEMPORARY"_s, Qt::CaseInsensitive)
            || (!schema.objects.isEmpty() && isViewOf(table, schema)))
            continue;
        const TableName name = foldedName(table.name, backend);
        facts.namespaces.insert(name.schema);
        if (!isWanted || isWanted(table.name))
            facts.tables.insert(name, TableFacts(context, table).read());
    }
    for (const NamedObject &object : schema.objects) {
        if (!rulesFor(backend).objects.contains(object.kind))
            continue;
        const TableName name = foldedName(object.name, backend);
        if (object.kind != NamedObject::Kind::Schema)
            facts.namespaces.insert(name.schema);
        facts.objects.insert({int(object.kind), name.text()}, objectFact(object, backend));
    }
    for (const NamedObject::Kind kind : schema.unseen)
        facts.unseen.insert(namedObjectWord(kind));
    if (rulesFor(backend).typesAreObjects)
        addTypeFacts(schema, backend, facts);
    return facts;
}

void alignChecks(const QList<TableFact *> &sides)
{
    QHash<QString, QString> names; // text -> key of the named check with that text
    const auto eachCheck = [](TableFact &side, auto visit) {
        for (const Key &key : side.objects.keys())
            if (key.first == checkKind)
                visit(key, side.objects.value(key));
    };
    for (TableFact *side : sides) {
        if (!side)
            continue;
        eachCheck(*side, [&](const Key &key, const ObjectFact &fact) {
            if (!fact.name.isEmpty())
                names.insert(fact.value, key.second);
        });
    }
    for (TableFact *side : sides) {
        if (!side)
            continue;
        eachCheck(*side, [&](const Key &key, const ObjectFact &fact) {
            const Key named{checkKind, names.value(fact.value)};
            if (!fact.name.isEmpty() || named.second.isEmpty() || side->objects.contains(named))
                return;
            side->objects.remove(key);
            side->objects.insert(named, fact);
        });
    }
}

} // namespace tribikos
