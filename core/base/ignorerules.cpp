#include "core/base/ignorerules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Linear but for the last "*", which is tried again further on.
bool fits(QStringView pattern, QStringView text)
{
    qsizetype at = 0;
    qsizetype in = 0;
    qsizetype star = -1;
    qsizetype behind = 0;
    while (in < text.size()) {
        const bool isStar = at < pattern.size() && pattern[at] == u'*';
        if (isStar) {
            star = at++;
            behind = in;
        } else if (at < pattern.size()
                   && (pattern[at] == u'?'
                       || pattern[at].toCaseFolded() == text[in].toCaseFolded())) {
            ++at;
            ++in;
        } else if (star >= 0) {
            at = star + 1;
            in = ++behind;
        } else {
            return false;
        }
    }
    while (at < pattern.size() && pattern[at] == u'*')
        ++at;
    return at == pattern.size();
}

bool fitsTable(const QStringList &parts, const QString &schema, const QString &table)
{
    const QString &last = parts.constLast();
    return fits(last, table) && (parts.size() < 2 || fits(parts[parts.size() - 2], schema));
}

/// "name", "table.name", "schema.table.name"; of what has no table "name" and "schema.name".
bool fitsObject(const QString &pattern, const ComparedObject &object)
{
    QStringList parts = pattern.split(u'.');
    if (object.table.isEmpty())
        return fitsTable(parts, object.schema, object.name);
    const QString name = parts.takeLast();
    return fits(name, object.name)
           && (parts.isEmpty() || fitsTable(parts, object.schema, object.table));
}

bool isOfTables(const QString &key)
{
    return key == u"tables" || key == u"only";
}

} // namespace

const QStringList &IgnoreRules::keys()
{
    static const QStringList all{
        u"tables"_s,       u"only"_s,      u"columns"_s,      u"indexes"_s, u"constraints"_s,
        u"primary_keys"_s, u"uniques"_s,   u"foreign_keys"_s, u"checks"_s,  u"types"_s,
        u"nullable"_s,     u"defaults"_s,  u"comments"_s,     u"views"_s,   u"triggers"_s,
        u"functions"_s,    u"sequences"_s, u"enums"_s,        u"domains"_s, u"extensions"_s,
        u"schemas"_s};
    return all;
}

bool IgnoreRules::ignoresTable(const QString &schema, const QString &table) const
{
    const auto isAmong = [&](const QString &key) {
        const QStringList list = patterns.value(key);
        return std::ranges::any_of(list, [&](const QString &pattern) {
            return fitsTable(pattern.split(u'.'), schema, table);
        });
    };
    return isAmong(u"tables"_s) || (patterns.contains(u"only"_s) && !isAmong(u"only"_s));
}

bool IgnoreRules::ignores(const QStringList &among, const ComparedObject &object) const
{
    if (!object.table.isEmpty() && ignoresTable(object.schema, object.table))
        return true;
    return std::ranges::any_of(among, [&](const QString &key) {
        const QStringList list = isOfTables(key) ? QStringList() : patterns.value(key);
        return std::ranges::any_of(
            list, [&](const QString &pattern) { return fitsObject(pattern, object); });
    });
}

QString patternProblem(const QString &key, const QString &pattern)
{
    const qsizetype most = isOfTables(key) ? 2 : 3;
    const QStringList parts = pattern.split(u'.');
    if (parts.size() > most)
        return u"'%1' has too many parts: %2 take %3."_s.arg(
            pattern, key,
            most == 2 ? u"\"table\" or \"schema.table\""_s
                      : u"\"name\", \"table.name\" or \"schema.table.name\""_s);
    if (std::ranges::any_of(parts, [](const QString &part) { return part.trimmed().isEmpty(); }))
        return u"'%1' has an empty part: write * for any name."_s.arg(pattern);
    return {};
}

} // namespace tribikos
