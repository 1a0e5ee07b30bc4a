#include "core/diagram/diagramgraph.h"

#include <QHash>
#include <algorithm>

namespace tribikos {

namespace {

QList<const ForeignKey *> foreignKeys(const Table &table)
{
    QList<const ForeignKey *> keys;
    for (const Constraint &constraint : table.constraints)
        if (const auto *key = std::get_if<ForeignKey>(&constraint))
            keys.append(key);
    return keys;
}

QStringList keyColumns(const Table &table)
{
    if (const PrimaryKey *key = table.primaryKey())
        return key->columns;
    QStringList columns;
    for (const Column &column : table.columns)
        if (column.primaryKey)
            columns << column.name;
    return columns;
}

/// Whether no two rows of \a table can have the same values in \a columns: some key of it lies within them.
bool areUnique(const Table &table, const QStringList &columns)
{
    const auto lieWithin = [&columns](const QStringList &key) {
        return !key.isEmpty() && std::ranges::all_of(key, [&columns](const QString &name) {
            return columns.contains(name);
        });
    };
    if (lieWithin(keyColumns(table)))
        return true;
    for (const Constraint &constraint : table.constraints) {
        const auto *unique = std::get_if<UniqueConstraint>(&constraint);
        if (unique && lieWithin(unique->columns))
            return true;
    }
    return std::ranges::any_of(table.indexes, [&](const Index &index) {
        if (!index.unique || index.options.contains(QStringLiteral("postgresql_where"))
            || index.options.contains(QStringLiteral("sqlite_where")))
            return false;
        QStringList names;
        for (const ExprPtr &element : index.elements) {
            if (!element || element->kind != Expr::Kind::Column)
                return false;
            names << element->text;
        }
        return lieWithin(names);
    });
}

bool mayBeNull(const Table &table, const QStringList &columns)
{
    const QStringList key = keyColumns(table);
    return std::ranges::any_of(columns, [&](const QString &name) {
        const Column *column = table.column(name);
        return column && column->isNullable() && !key.contains(name);
    });
}

QStringList listedColumns(const Table &table, DiagramDetail detail)
{
    QStringList names;
    if (detail == DiagramDetail::Names)
        return names;
    QStringList keys = keyColumns(table);
    for (const ForeignKey *key : foreignKeys(table))
        keys += key->columns;
    for (const Column &column : table.columns)
        if (detail == DiagramDetail::Columns || keys.contains(column.name))
            names << column.name;
    return names;
}

/// The columns that \a key names in \a target: its primary key where the key says none.
QStringList targetColumns(const ForeignKey &key, const Table &target)
{
    return key.targetColumns.isEmpty() ? keyColumns(target) : key.targetColumns;
}

} // namespace

const Table *referencedTable(const Schema &schema, const TableName &owner, const ForeignKey &key)
{
    const Table *table = schema.table(key.target);
    if (!table && key.target.schema.isEmpty() && !owner.schema.isEmpty())
        table = schema.table({.schema = owner.schema, .name = key.target.name});
    return table;
}

DiagramGraph diagramGraph(const Schema &schema, DiagramDetail detail,
                          const std::set<TableName> *shown)
{
    DiagramGraph graph;
    std::map<TableName, int> places;
    for (const Table &table : schema.tables) {
        if (shown && !shown->contains(table.name))
            continue;
        places.emplace(table.name, int(graph.tables.size()));
        graph.tables.append({.name = table.name, .rows = listedColumns(table, detail)});
    }
    for (const auto &[name, place] : places) {
        const Table &table = *schema.table(name);
        for (const ForeignKey *key : foreignKeys(table)) {
            const Table *target = referencedTable(schema, name, *key);
            const auto other = target ? places.find(target->name) : places.end();
            if (other == places.end())
                continue;
            DiagramLink link{.from = place, .to = other->second, .name = key->name.text};
            link.columns = key->columns;
            link.targetColumns = targetColumns(*key, *target);
            link.fromRow = int(graph.tables[place].rows.indexOf(key->columns.value(0)));
            link.toRow = int(graph.tables[link.to].rows.indexOf(link.targetColumns.value(0)));
            link.fromEnd =
                areUnique(table, key->columns) ? LinkEnd::ZeroOrOne : LinkEnd::ZeroOrMany;
            link.toEnd = mayBeNull(table, key->columns) ? LinkEnd::ZeroOrOne : LinkEnd::One;
            graph.links.append(link);
        }
    }
    return graph;
}

std::set<TableName> neighbourhood(const Schema &schema, const TableName &table, int steps)
{
    std::set<TableName> found{table};
    for (int step = 0; step < steps; ++step) {
        std::set<TableName> next = found;
        for (const Table &one : schema.tables) {
            for (const ForeignKey *key : foreignKeys(one)) {
                const Table *target = referencedTable(schema, one.name, *key);
                if (!target)
                    continue;
                if (found.contains(one.name))
                    next.insert(target->name);
                if (found.contains(target->name))
                    next.insert(one.name);
            }
        }
        if (next.size() == found.size())
            break;
        found = std::move(next);
    }
    return found;
}

} // namespace tribikos
