#include "core/plan/tabledependents.h"

#include "core/ops/columnuse.h"

#include <QSet>
#include <algorithm>

namespace tribikos {

namespace {

bool isView(const NamedObject &object)
{
    return object.kind == NamedObject::Kind::View
           || object.kind == NamedObject::Kind::MaterializedView;
}

bool isTrigger(const NamedObject &object)
{
    return object.kind == NamedObject::Kind::Trigger;
}

bool sameName(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool mentionsAny(const NamedObject &object, const QStringList &names)
{
    return std::ranges::any_of(names, [&object](const QString &name) {
        return !sameName(object.name.name, name) && mentionsName(object.definition, name);
    });
}

} // namespace

TableDependents dependentsOf(const Schema &schema, const TableName &table)
{
    TableDependents found;
    QStringList gone{table.name}; // the table and the views that go with it
    QSet<qsizetype> taken;
    for (bool grows = true; grows;) {
        grows = false;
        for (qsizetype i = 0; i < schema.objects.size(); ++i) {
            const NamedObject &object = schema.objects[i];
            if (taken.contains(i) || !isView(object) || !mentionsAny(object, gone))
                continue;
            taken.insert(i);
            gone += object.name.name;
            found.dropped += object;
            grows = true;
        }
    }
    for (const NamedObject &object : schema.objects) {
        if (!isTrigger(object))
            continue;
        if (sameName(object.table, table.name))
            found.ownTriggers += object;
        else if (mentionsAny(object, gone) || gone.contains(object.table, Qt::CaseInsensitive))
            found.dropped += object;
    }
    return found;
}

} // namespace tribikos
