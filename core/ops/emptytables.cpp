#include "core/ops/knownrows.h"

#include <algorithm>

using namespace Qt::StringLiterals;

/// Which tables hold no rows: those that the script has just made, and those of which the user says so.
namespace tribikos {

namespace {

/// What "*" doesn't mean: the server's own tables, views, and words that are no table's name.
bool isApart(const TableName &name, const Schema &schema)
{
    static const QSet<QString> catalogues{u"information_schema"_s, u"pg_catalog"_s,
                                          u"performance_schema"_s, u"mysql"_s, u"sys"_s};
    static const QSet<QString> words{u"only"_s,       u"lateral"_s, u"dual"_s,   u"values"_s,
                                     u"rows"_s,       u"unnest"_s,  u"select"_s, u"table"_s,
                                     u"json_table"_s, u"xmltable"_s};
    const QString lower = name.name.toLower();
    return lower.startsWith(u"pg_") || lower.startsWith(u"sqlite_") || words.contains(lower)
           || catalogues.contains(name.schema.toLower())
           || std::ranges::any_of(schema.objects, [&](const NamedObject &object) {
                  return object.name.name.compare(name.name, Qt::CaseInsensitive) == 0
                         && object.kind != NamedObject::Kind::Trigger;
              });
}

/// Whether the user says so, and the script hasn't put rows there.
bool isAssumedEmpty(const TableName &name, const Schema &schema)
{
    if (schema.assumedEmpty.isEmpty() || name.name.isEmpty() || isApart(name, schema)
        || schema.filled.contains(name.name.toLower()))
        return false;
    return std::ranges::any_of(schema.assumedEmpty, [&](const QString &pattern) {
        const QString itsName = pattern.section(u'.', -1);
        const QString itsSchema = pattern.contains(u'.') ? pattern.section(u'.', 0, -2) : QString();
        return (itsSchema.isEmpty() || itsSchema.compare(name.schema, Qt::CaseInsensitive) == 0)
               && (itsName == u"*" || itsName.compare(name.name, Qt::CaseInsensitive) == 0);
    });
}

} // namespace

bool isCalled(const Table &table, const QString &name)
{
    // Every table is asked for each filling of one: sizes, which no folding of letters changes, tell most apart.
    return table.name.name.size() == name.size()
           && table.name.name.compare(name, Qt::CaseInsensitive) == 0;
}

bool isKnownEmpty(const TableName &name, const Schema &schema)
{
    if (isAssumedEmpty(name, schema))
        return true;
    if (!schema.startsEmpty)
        return false;
    bool isThere = false;
    for (const Table &table : schema.tables) {
        if (!isCalled(table, name.name))
            continue;
        if (!table.isEmpty)
            return false;
        isThere = isThere || name.schema.isEmpty()
                  || table.name.schema.compare(name.schema, Qt::CaseInsensitive) == 0
                  || (table.name.schema.isEmpty() && name.schema == u"public");
    }
    return isThere;
}

} // namespace tribikos
