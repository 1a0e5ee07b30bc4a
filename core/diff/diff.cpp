#include "core/diff/comparer.h"

#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = Difference::Kind;
constexpr Side allSides[] = {Side::Models, Side::Migrations, Side::Database, Side::AtDatabase};

/// The sides' values of one key, taken from maps.
template<typename Map>
Sides<typename Map::mapped_type> valuesAt(const Sides<Map> &maps, const typename Map::key_type &key)
{
    Sides<typename Map::mapped_type> values;
    for (const Side side : allSides) {
        if (!maps.has(side))
            continue;
        const Map *map = maps[side]; // null: what holds the map is itself missing there
        const auto found = map ? map->constFind(key) : typename Map::const_iterator();
        values.set(side, map && found != map->cend() ? &*found : nullptr);
    }
    return values;
}

/// Every key that a side of the three has.
template<typename Map>
QList<typename Map::key_type> keysOf(const Sides<Map> &maps)
{
    QMap<typename Map::key_type, bool> keys;
    for (const Side side : {Side::Models, Side::Migrations, Side::Database})
        if (maps.has(side))
            for (auto i = maps[side]->cbegin(); i != maps[side]->cend(); ++i)
                keys.insert(i.key(), true);
    return keys.keys();
}

/// A part of what the sides have; a side that does not have the whole takes no part.
template<typename T, typename Part>
auto partsOf(const Sides<T> &sides, Part part)
{
    Sides<std::remove_cvref_t<decltype(*part(std::declval<const T &>()))>> parts;
    for (const Side side : allSides)
        if (sides[side])
            parts.set(side, part(*sides[side]));
    if (sides.has(Side::AtDatabase) && !sides[Side::AtDatabase])
        parts.set(Side::AtDatabase, nullptr); // it has no part that the database could have kept
    return parts;
}

template<typename T>
const T *anyOf(const Sides<T> &sides)
{
    for (const Side side : allSides)
        if (sides[side])
            return sides[side];
    return nullptr;
}

bool sameObject(const ObjectFact &a, const ObjectFact &b)
{
    const auto isAny = [](const QString &name) { return name.isEmpty() || name == anyName; };
    const bool sameValue = a.value == b.value || !a.isValueKnown || !b.isValueKnown;
    return sameValue && (isAny(a.nameKey) || isAny(b.nameKey) || a.nameKey == b.nameKey);
}

/// A type's own check that only some sides have is no difference.
bool isOptional(const Sides<ObjectFact> &sides)
{
    return std::ranges::all_of(allSides,
                               [&](Side side) { return !sides[side] || sides[side]->isOptional; });
}

} // namespace

QString differenceKindName(Difference::Kind kind)
{
    switch (kind) {
    case Kind::Table: return u"table"_s;
    case Kind::Column: return u"column"_s;
    case Kind::PrimaryKey: return u"primary key"_s;
    case Kind::UniqueConstraint: return u"unique"_s;
    case Kind::ForeignKey: return u"foreign key"_s;
    case Kind::CheckConstraint: return u"check"_s;
    case Kind::Index: return u"index"_s;
    case Kind::Object: return u"object"_s;
    }
    return {};
}

Comparer::Comparer(const ComparisonInput &input)
    : m_input(input)
    , m_rules(rulesFor(input.backend))
{
    const Schema *atDatabase =
        input.migrationsAtDatabase ? input.migrationsAtDatabase : input.migrations;
    const Schema *schemas[] = {input.models, input.migrations, input.database,
                               input.database ? atDatabase : nullptr};
    for (const Side side : allSides)
        if (const Schema *schema = schemas[size_t(side)])
            m_sides[size_t(side)] = schemaFacts(*schema, input.backend, input.isCompared);
}

template<typename T, typename Same, typename Shown>
void Comparer::judge(const Sides<T> &sides, const Place &place, Same same, Shown shown)
{
    const Agreement agreement = agreementOf(sides, same);
    const std::optional<Verdict> verdict = verdictOf(agreement);
    if (!verdict)
        return;
    const auto text = [&](Side side) { return sides[side] ? shown(*sides[side]) : QString(); };
    Difference found{
        .kind = place.kind, .table = place.table, .name = place.name, .aspect = place.aspect};
    found.inModels = agreement.inModels;
    found.inMigrations = agreement.inMigrations;
    found.inDatabase = agreement.inDatabase;
    found.models = text(Side::Models);
    found.migrations = text(Side::Migrations);
    found.database = text(Side::Database);
    found.verdict = *verdict;
    if (m_input.blame)
        found.revision = m_input.blame->revision(place.kind, place.table, place.name);
    found.explanation = explanationOf(*verdict, agreement, found.revision);
    found.uncertain = place.isUncertain;
    if (found.uncertain)
        found.explanation += u" (raw SQL that can't be followed may explain it)"_s;
    m_found.append(found);
}

bool Comparer::isUncertain(const Sides<TableFact> &tables) const
{
    return std::ranges::any_of(allSides, [&](Side side) {
        const auto &schema = m_sides[size_t(side)];
        return (schema && schema->isOpaque) || (tables[side] && tables[side]->isOpaque);
    });
}

/// What the database was not asked for: another file (SQLite) or database (MySQL), or a schema that the project never
/// names, in which others may live; the schema itself is one difference.
bool Comparer::isElsewhere(const TableName &key) const
{
    if (key.schema.isEmpty())
        return false;
    const auto isNamedBy = [&](Side side) {
        const auto &schema = m_sides[size_t(side)];
        return side != Side::Database && schema && schema->namespaces.contains(key.schema);
    };
    return m_rules.hasOneSchema
           || (!m_input.hasAllSchemas && std::ranges::none_of(allSides, isNamedBy));
}

void Comparer::compareTable(const TableName &key)
{
    Sides<TableFact> tables;
    for (const Side side : allSides) {
        auto &schema = m_sides[size_t(side)];
        if (!schema || (side == Side::Database && isElsewhere(key)))
            continue;
        const auto found = schema->tables.constFind(key);
        tables.set(side, found == schema->tables.cend() ? nullptr : &*found);
    }
    const TableFact *any = anyOf(tables);
    const bool isOfDatabase = any && tables[Side::Database] == any && !tables[Side::AtDatabase];
    if (!any || (isOfDatabase && any->isPartition))
        return;
    const Place place{.table = any->name, .isUncertain = isUncertain(tables)};
    judge(
        tables, place, [](const TableFact &, const TableFact &) { return true; },
        [](const TableFact &table) { return table.shown; });

    Sides<TableFact> inside = tables; // the sides that know what is in it
    for (const Side side : allSides)
        if (inside[side] ? !inside[side]->hasDefinition() : side != Side::AtDatabase)
            inside.remove(side);
    compareTableComment(inside, place);
    const auto columns = partsOf(inside, [](const TableFact &table) { return &table.columns; });
    for (const QString &column : keysOf(columns))
        compareColumn(columns, column, place);
    compareObjects(partsOf(inside, [](const TableFact &table) { return &table.objects; }), place);
}

void Comparer::compareTableComment(const Sides<TableFact> &tables, const Place &place)
{
    if (!m_rules.hasComments)
        return;
    Place comment = place;
    comment.aspect = u"comment"_s;
    const auto comments =
        partsOf(tables, [](const TableFact &t) { return t.comment ? &*t.comment : nullptr; });
    judge(comments, comment, std::equal_to<QString>(), [](const QString &text) { return text; });
}

void Comparer::compareColumn(const Sides<QMap<QString, ColumnFact>> &maps, const QString &key,
                             Place place)
{
    const Sides<ColumnFact> columns = valuesAt(maps, key);
    place.kind = Kind::Column;
    place.name = anyOf(columns)->name;
    judge(
        columns, place, [](const ColumnFact &, const ColumnFact &) { return true; },
        [](const ColumnFact &column) { return column.shown; });
    compareAspects(columns, place);
}

void Comparer::compareAspects(const Sides<ColumnFact> &columns, const Place &place)
{
    const auto whole = partsOf(columns, [](const ColumnFact &column) { return &column; });
    Place aspect = place;
    if (m_input.compareType) {
        aspect.aspect = u"type"_s;
        judge(
            whole, aspect,
            [&](const ColumnFact &a, const ColumnFact &b) {
                const bool sameCollation =
                    m_rules.keepsText ? a.type.collation == b.type.collation
                                      : a.type.collation.isEmpty() || b.type.collation.isEmpty()
                                            || a.type.collation == b.type.collation;
                return sameCollation && sameTypeShape(a.type, b.type, m_rules);
            },
            [](const ColumnFact &column) { return column.typeShown; });
    }
    aspect.aspect = u"nullable"_s;
    judge(
        whole, aspect,
        [](const ColumnFact &a, const ColumnFact &b) { return a.isNullable == b.isNullable; },
        [](const ColumnFact &column) { return column.isNullable ? u"NULL"_s : u"NOT NULL"_s; });
    const bool isKnown = std::ranges::all_of(
        allSides, [&](Side side) { return !columns[side] || columns[side]->isDefaultKnown; });
    if (m_input.compareServerDefault && isKnown) {
        aspect.aspect = u"default"_s;
        const auto defaults =
            partsOf(whole, [](const ColumnFact &c) { return c.defaultKey ? &c : nullptr; });
        judge(
            defaults, aspect,
            [](const ColumnFact &a, const ColumnFact &b) { return a.defaultKey == b.defaultKey; },
            [](const ColumnFact &column) { return column.defaultShown; });
    }
    if (m_rules.hasComments) {
        aspect.aspect = u"comment"_s;
        const auto comments =
            partsOf(whole, [](const ColumnFact &c) { return c.comment ? &*c.comment : nullptr; });
        judge(comments, aspect, std::equal_to<QString>(), [](const QString &text) { return text; });
    }
}

void Comparer::compareObjects(const Sides<ObjectFacts> &objects, const Place &place)
{
    for (const ObjectFacts::key_type &key : keysOf(objects))
        compareObject(valuesAt(objects, key), place);
}

void Comparer::compareObject(Sides<ObjectFact> sides, Place place)
{
    const ObjectFact *any = anyOf(sides);
    if (isOptional(sides)) {
        if (any->kind != Kind::Object)
            return;
        for (const Side side : allSides)
            if (!sides[side])
                sides.remove(side); // it misses nothing
    }
    place.kind = any->kind;
    for (const Side side : allSides)
        if (sides[side] && place.name.isEmpty())
            place.name = sides[side]->name;
    place.aspect = any->what;
    judge(sides, place, sameObject, [](const ObjectFact &object) { return object.shown; });
}

/// Views, triggers and the like; models that have none of them say nothing of them.
void Comparer::compareSchemaObjects()
{
    Sides<ObjectFacts> objects;
    for (const Side side : allSides) {
        const auto &schema = m_sides[size_t(side)];
        if (schema && (side != Side::Models || !schema->objects.isEmpty()))
            objects.set(side, &schema->objects);
    }
    for (const ObjectFacts::key_type &key : keysOf(objects)) {
        Sides<ObjectFact> sides = valuesAt(objects, key);
        const ObjectFact *any = anyOf(sides);
        for (const Side side : allSides)
            if (m_sides[size_t(side)] && !sides[side]
                && m_sides[size_t(side)]->unseen.contains(any->what))
                sides.remove(side); // it may be there all the same
        const bool isOfDatabase = any == sides[Side::Database] && !sides[Side::AtDatabase];
        const QString schema = key.second.section(u'.', 0, -2);
        // An extension belongs to whoever runs the server, until a revision asks for it.
        const bool isSilent =
            isOfDatabase && (any->what == u"extension" || isElsewhere({schema, any->name}));
        if (!isSilent)
            compareObject(sides, {.isUncertain = isUncertain({})});
    }
}

QList<Difference> Comparer::run()
{
    QMap<TableName, QList<TableFact *>> tables;
    for (auto &schema : m_sides)
        if (schema)
            for (auto i = schema->tables.begin(); i != schema->tables.end(); ++i)
                tables[i.key()].append(&*i);
    for (const QList<TableFact *> &sides : std::as_const(tables))
        alignChecks(sides);
    for (const TableName &table : tables.keys())
        compareTable(table);
    compareSchemaObjects();
    std::ranges::stable_sort(m_found, [](const Difference &a, const Difference &b) {
        return std::tie(a.table, a.kind, a.name) < std::tie(b.table, b.kind, b.name);
    });
    return m_found;
}

QList<Difference> compare(const ComparisonInput &input)
{
    return Comparer(input).run();
}

} // namespace tribikos
