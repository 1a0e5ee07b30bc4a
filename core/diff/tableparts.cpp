#include "core/diff/tableparts.h"

#include "core/diff/tablefacts.h"

namespace tribikos {

QList<TablePart> tableParts(const Schema &schema, const Table &table, Backend backend)
{
    FactContext context(schema, backend);
    const TableFact fact = TableFacts(context, table).read();
    QList<TablePart> parts;
    for (const Column &column : table.columns) {
        const ColumnFact known = fact.columns.value(foldedName(column.name, backend));
        parts.append({.name = column.name, .type = known.typeShown, .text = known.shown});
    }
    for (const ObjectFact &object : fact.objects) // by kind, then by what makes them the same
        parts.append({.kind = object.kind, .name = object.name, .text = object.shown});
    return parts;
}

} // namespace tribikos
