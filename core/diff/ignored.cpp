#include "core/diff/ignored.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = Difference::Kind;

QString objectKey(const QString &what)
{
    if (what == u"materialized view")
        return u"views"_s;
    return what + u's';
}

} // namespace

QStringList ignoreKeys(const Difference &difference)
{
    switch (difference.kind) {
    case Kind::Table:
        return difference.aspect == u"comment" ? QStringList{u"comments"_s, u"tables"_s}
                                               : QStringList{u"tables"_s};
    case Kind::Column: {
        const QString aspect = difference.aspect == u"nullable" || difference.aspect.isEmpty()
                                   ? difference.aspect
                                   : difference.aspect + u's';
        return aspect.isEmpty() ? QStringList{u"columns"_s} : QStringList{aspect, u"columns"_s};
    }
    case Kind::PrimaryKey: return {u"primary_keys"_s, u"constraints"_s};
    case Kind::UniqueConstraint: return {u"uniques"_s, u"constraints"_s};
    case Kind::ForeignKey: return {u"foreign_keys"_s, u"constraints"_s};
    case Kind::CheckConstraint: return {u"checks"_s, u"constraints"_s};
    case Kind::Index: return {u"indexes"_s};
    case Kind::Object: break;
    }
    return {objectKey(difference.aspect)};
}

ComparedObject comparedObject(const Difference &difference)
{
    if (difference.kind != Kind::Object)
        return {difference.table.schema, difference.table.name, difference.name};
    const qsizetype dot = difference.name.lastIndexOf(u'.');
    return {.schema = difference.name.left(std::max<qsizetype>(dot, 0)),
            .name = difference.name.mid(dot + 1)};
}

QList<Difference> withoutIgnored(const QList<Difference> &differences, const IgnoreRules &rules,
                                 int *left)
{
    QList<Difference> kept = differences;
    if (!rules.isEmpty())
        kept.removeIf([&](const Difference &difference) {
            return rules.ignores(ignoreKeys(difference), comparedObject(difference));
        });
    *left += int(differences.size() - kept.size());
    return kept;
}

QString ignoredNote(int left)
{
    if (left == 0)
        return {};
    return left == 1 ? u"1 difference is left out by [ignore] in tribikos.toml."_s
                     : u"%1 differences are left out by [ignore] in tribikos.toml."_s.arg(left);
}

} // namespace tribikos
