#include "core/autogenerate/tableorder.h"

#include <QHash>
#include <QSet>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

using Needs = QHash<const Table *, QSet<const Table *>>;

Needs needsOf(const QList<const Table *> &tables)
{
    QHash<QString, const Table *> byName;
    for (const Table *table : tables)
        byName.insert(table->name.text(), table);
    Needs needs;
    for (const Table *table : tables)
        for (const Constraint &constraint : table->constraints)
            if (const auto *key = std::get_if<ForeignKey>(&constraint); key && !key->useAlter)
                if (const Table *target = byName.value(key->target.text());
                    target && target != table)
                    needs[table].insert(target);
    return needs;
}

/// Layer by layer; what is left when no table is free goes to \a stuck.
QList<const Table *> layered(QList<const Table *> todo, const Needs &needs,
                             QList<const Table *> *stuck)
{
    QList<const Table *> order;
    QSet<const Table *> waiting(todo.cbegin(), todo.cend());
    while (!todo.isEmpty()) {
        QList<const Table *> layer;
        QList<const Table *> rest;
        for (const Table *table : std::as_const(todo))
            (needs.value(table).intersects(waiting) ? rest : layer).append(table);
        if (layer.isEmpty()) {
            *stuck = rest;
            break;
        }
        for (const Table *table : std::as_const(layer))
            waiting.remove(table);
        order += layer;
        todo = rest;
    }
    return order;
}

/// Whether \a table can be reached from itself.
bool isInCycle(const Table *table, const Needs &needs)
{
    QSet<const Table *> seen;
    QList<const Table *> todo = needs.value(table).values();
    while (!todo.isEmpty()) {
        const Table *next = todo.takeLast();
        if (next == table)
            return true;
        if (seen.contains(next))
            continue;
        seen.insert(next);
        todo += needs.value(next).values();
    }
    return false;
}

} // namespace

QList<const Table *> sortedTables(const QList<const Table *> &tables, QStringList *remarks)
{
    QList<const Table *> byName = tables;
    std::ranges::sort(byName, {}, [](const Table *table) { return table->name.text(); });
    Needs needs = needsOf(byName);
    QList<const Table *> stuck;
    const QList<const Table *> order = layered(byName, needs, &stuck);
    if (stuck.isEmpty())
        return order;
    QStringList names;
    for (const Table *table : std::as_const(stuck))
        if (isInCycle(table, needs))
            names.append(table->name.text());
    for (const Table *table : std::as_const(byName))
        if (names.contains(table->name.text()))
            needs.remove(table);
    if (remarks)
        remarks->append(
            u"Cannot correctly sort tables; there are unresolvable cycles between tables \"%1\", "
            "which is usually caused by mutually dependent foreign key constraints.  Foreign key "
            "constraints involving these tables will not be considered; this warning may raise an "
            "error in a future release."_s.arg(names.join(u", "_s)));
    QList<const Table *> none;
    return layered(byName, needs, &none);
}

} // namespace tribikos
