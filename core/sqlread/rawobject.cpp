#include "core/sqlread/rawobject.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = NamedObject::Kind;

NamedObject *namedObject(Schema &schema, Kind kind, const TableName &name)
{
    const auto found = std::ranges::find_if(schema.objects, [&](const NamedObject &object) {
        return object.kind == kind && object.name == name;
    });
    return found == schema.objects.end() ? nullptr : &*found;
}

/// What the server keeps apart from the definition: owners, storage, statistics.
bool isOfNothing(SqlCursor &cursor)
{
    return cursor.isWord(u"OWNER") || cursor.isWord(u"DEPENDS") || cursor.isWord(u"RESET")
           || (cursor.isWord(u"SET") && cursor.isSymbol(u"(", 1))
           || (cursor.isWord(u"SET") && cursor.isWord(u"TABLESPACE", 1))
           || (cursor.isWord(u"NO") && cursor.isWord(u"DEPENDS", 1));
}

/// RENAME TO and SET SCHEMA, which every kind of object has; false: neither comes next.
bool moved(SqlCursor &cursor, NamedObject *object)
{
    if (cursor.accept({u"RENAME", u"TO"})) {
        const QString name = cursor.takeName();
        if (object)
            object->name.name = name;
        return !name.isEmpty();
    }
    if (!cursor.accept({u"SET", u"SCHEMA"}))
        return false;
    const QString schema = cursor.takeName();
    if (object)
        object->name.schema = schema == u"public" ? QString() : schema;
    return !schema.isEmpty();
}

bool alterSequence(SqlCursor &cursor, Schema &schema)
{
    cursor.acceptIfExists();
    NamedObject *sequence = namedObject(schema, Kind::Sequence, cursor.takeTableName());
    if (isOfNothing(cursor) || moved(cursor, sequence))
        return true;
    while (!cursor.atEnd()) {
        if (!cursor.take().isWord(u"OWNED") || !cursor.accept({u"BY"}))
            continue;
        TableName owner = cursor.takeTableName(); // t.c, s.t.c or NONE
        const bool isOfColumn = !owner.schema.isEmpty() || cursor.isSymbol(u".");
        if (!cursor.isSymbol(u".") && isOfColumn)
            owner = {{}, owner.schema};
        if (sequence)
            sequence->table = isOfColumn ? owner.name : QString();
    }
    return true; // its numbers are not kept
}

bool alterView(SqlCursor &cursor, Schema &schema, Kind kind)
{
    cursor.acceptIfExists();
    NamedObject *view = namedObject(schema, kind, cursor.takeTableName());
    if (isOfNothing(cursor) || moved(cursor, view))
        return true;
    if (view)
        view->definition.clear(); // it has other columns' names or defaults now
    return true;
}

/// A domain's rules: the text that made it is no longer the whole of it.
bool alterDomain(SqlCursor &cursor, Schema &schema)
{
    NamedObject *domain = namedObject(schema, Kind::Domain, cursor.takeTableName());
    if (isOfNothing(cursor))
        return true;
    if (cursor.isWord(u"RENAME") && cursor.isWord(u"TO", 1))
        return false; // of its columns as well
    if (!moved(cursor, domain) && domain)
        domain->definition.clear();
    return true;
}

bool alterTrigger(SqlCursor &cursor, Schema &schema)
{
    const QString name = cursor.takeName();
    if (!cursor.accept({u"ON"}))
        return false;
    const QString table = cursor.takeTableName().name;
    for (NamedObject &object : schema.objects)
        if (object.kind == Kind::Trigger && object.name.name == name && object.table == table) {
            moved(cursor, &object);
            break;
        }
    return true;
}

bool alterSchema(SqlCursor &cursor, Schema &schema)
{
    const QString name = cursor.takeName();
    if (!cursor.accept({u"RENAME", u"TO"}))
        return isOfNothing(cursor);
    const QString newName = cursor.takeName();
    if (name.isEmpty() || newName.isEmpty() || name == u"public" || newName == u"public")
        return false;
    QMap<TableName, Table> tables;
    for (Table table : std::as_const(schema.tables)) {
        if (table.name.schema == name)
            table.name.schema = newName;
        for (Constraint &constraint : table.constraints)
            if (auto *key = std::get_if<ForeignKey>(&constraint); key && key->target.schema == name)
                key->target.schema = newName;
        tables.insert(table.name, table);
    }
    schema.tables = tables;
    for (NamedObject &object : schema.objects) {
        if (object.name.schema == name)
            object.name.schema = newName;
        if (object.kind == Kind::Schema && object.name.name == name)
            object.name.name = newName;
    }
    return true;
}

} // namespace

NamedObject *relationLike(Schema &schema, const TableName &name)
{
    for (const Kind kind : {Kind::Sequence, Kind::View, Kind::MaterializedView})
        if (NamedObject *object = namedObject(schema, kind, name))
            return object;
    return nullptr;
}

void dropNamespace(const QString &name, Schema &schema)
{
    schema.tables.removeIf([&](auto entry) { return entry.key().schema == name; });
    schema.objects.removeIf([&](const NamedObject &object) {
        return object.name.schema == name
               || (object.kind == Kind::Schema && object.name.name == name);
    });
}

std::optional<bool> applyAlterObject(SqlCursor &cursor, Schema &schema)
{
    if (cursor.accept({u"SEQUENCE"}))
        return alterSequence(cursor, schema);
    if (cursor.accept({u"VIEW"}))
        return alterView(cursor, schema, Kind::View);
    if (cursor.accept({u"MATERIALIZED", u"VIEW"}))
        return alterView(cursor, schema, Kind::MaterializedView);
    if (cursor.accept({u"DOMAIN"}))
        return alterDomain(cursor, schema);
    if (cursor.accept({u"TRIGGER"}))
        return alterTrigger(cursor, schema);
    if (cursor.accept({u"SCHEMA"}))
        return alterSchema(cursor, schema);
    return std::nullopt;
}

} // namespace tribikos
