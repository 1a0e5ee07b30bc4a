#include "core/pyread/sa/tableorder.h"

#include <algorithm>
#include <set>

namespace tribikos::py::sa {

namespace {

using Parents = std::set<TableName>;

/// Level by level, each in the order given; nothing where some wait for each other.
std::optional<std::vector<size_t>> byLevels(const std::vector<OrderedTable> &tables,
                                            const std::vector<Parents> &parents)
{
    std::vector<size_t> todo, result;
    std::set<TableName> waiting;
    for (size_t i = 0; i < tables.size(); ++i) {
        todo.push_back(i);
        waiting.insert(tables[i].table.name);
    }
    while (!todo.empty()) {
        std::vector<size_t> later;
        const size_t before = result.size();
        for (const size_t i : todo) {
            const bool isReady = std::none_of(parents[i].begin(), parents[i].end(),
                                              [&](const auto &p) { return waiting.contains(p); });
            (isReady ? result : later).push_back(i);
        }
        if (result.size() == before)
            return std::nullopt;
        for (size_t i = before; i < result.size(); ++i)
            waiting.erase(tables[result[i]].table.name);
        todo = std::move(later);
    }
    return result;
}

/// Which tables refer to themselves through others.
std::vector<bool> onCircles(const std::vector<OrderedTable> &tables,
                            const std::vector<Parents> &parents)
{
    QMap<TableName, size_t> places;
    for (size_t i = 0; i < tables.size(); ++i)
        places.insert(tables[i].table.name, i);
    std::vector<bool> result(tables.size());
    for (size_t start = 0; start < tables.size(); ++start) {
        std::vector<bool> seen(tables.size());
        std::vector<size_t> open{start};
        while (!open.empty() && !result[start]) {
            const size_t at = open.back();
            open.pop_back();
            for (const TableName &parent : parents[at]) {
                const auto found = places.constFind(parent);
                if (found == places.cend())
                    continue;
                if (*found == start)
                    result[start] = true;
                if (!seen[*found]) {
                    seen[*found] = true;
                    open.push_back(*found);
                }
            }
        }
    }
    return result;
}

/// Takes the keys of tables on circles out of the order: all of them, as SQLAlchemy does.
QStringList breakCircles(std::vector<OrderedTable> &tables, std::vector<Parents> &parents,
                         const std::function<bool(const ForeignKey &)> &staysWithTable)
{
    QStringList names;
    const std::vector<bool> isOnCircle = onCircles(tables, parents);
    for (size_t i = 0; i < tables.size(); ++i) {
        if (!isOnCircle[i])
            continue;
        names.append(tables[i].table.name.text());
        tables[i].apart.clear();
        for (const Constraint &constraint : std::as_const(tables[i].table.constraints)) {
            const auto *key = std::get_if<ForeignKey>(&constraint);
            if (!key || (!key->useAlter && staysWithTable(*key)))
                continue;
            tables[i].apart.append(*key);
            parents[i].erase(key->target);
        }
    }
    names.sort();
    return names;
}

} // namespace

TableOrder orderTables(Interpreter &interpreter, const std::vector<TableObject *> &tables,
                       const std::function<bool(const ForeignKey &)> &staysWithTable)
{
    TableOrder order;
    std::vector<Parents> parents(tables.size());
    for (size_t i = 0; i < tables.size(); ++i) {
        OrderedTable made{
            .object = tables[i],
            .table = buildTable(interpreter, *tables[i], conventionOf(interpreter, *tables[i]))};
        for (const Constraint &constraint : std::as_const(made.table.constraints)) {
            const auto *key = std::get_if<ForeignKey>(&constraint);
            if (key && key->useAlter)
                made.apart.append(*key);
            else if (key && !(key->target == made.table.name))
                parents[i].insert(key->target);
        }
        order.tables.push_back(std::move(made));
    }
    auto places = byLevels(order.tables, parents);
    if (!places) {
        const QStringList circle = breakCircles(order.tables, parents, staysWithTable);
        places = byLevels(order.tables, parents);
        if (!places) {
            order.circle = circle;
            return order;
        }
    }
    std::vector<OrderedTable> ordered;
    for (const size_t place : *places)
        ordered.push_back(std::move(order.tables[place]));
    order.tables = std::move(ordered);
    return order;
}

} // namespace tribikos::py::sa
