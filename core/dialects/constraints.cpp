#include "core/dialects/basedialect.h"

#include "core/base/overloaded.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// A key made from primary_key=True on columns alone puts the counting column first; a written one
/// keeps its order.
bool isImplicitKey(const Table &table, const PrimaryKey &key)
{
    return std::ranges::all_of(key.columns, [&table](const QString &name) {
        const Column *column = table.column(name);
        return column && column->primaryKey;
    });
}

} // namespace

QString BaseDialect::constraintPreamble(const Name &name, Rendering &rendering) const
{
    return name.isEmpty() ? QString() : u"CONSTRAINT "_s + objectName(name, rendering) + u' ';
}

QString BaseDialect::deferrability(std::optional<bool> deferrable, const QString &initially,
                                   Rendering &rendering) const
{
    QString text;
    if (deferrable)
        text += *deferrable ? u" DEFERRABLE"_s : u" NOT DEFERRABLE"_s;
    if (!initially.isEmpty()) {
        const QString word = initially.toUpper();
        if (word != u"DEFERRED" && word != u"IMMEDIATE")
            return rendering.fail(
                u"initially must be DEFERRED or IMMEDIATE, not %1"_s.arg(initially));
        text += u" INITIALLY "_s + initially;
    }
    return text;
}

QString BaseDialect::primaryKeyText(const Table &table, const PrimaryKey &key,
                                    Rendering &rendering) const
{
    QStringList columns = key.columns;
    if (columns.isEmpty())
        return {};
    const Column *automatic = autoIncrementColumn(table, rendering);
    if (automatic && columns.size() > 1 && isImplicitKey(table, key)) {
        columns.removeAll(automatic->name);
        columns.prepend(automatic->name);
    }
    return constraintPreamble(key.name, rendering) + u"PRIMARY KEY ("_s + identList(columns) + u')';
}

QString BaseDialect::uniqueText(const Table &, const UniqueConstraint &unique,
                                Rendering &rendering) const
{
    if (unique.columns.isEmpty())
        return {};
    return constraintPreamble(unique.name, rendering) + u"UNIQUE ("_s + identList(unique.columns)
           + u')' + deferrability(unique.deferrable, unique.initially, rendering);
}

QString BaseDialect::checkText(const CheckConstraint &check, Rendering &rendering) const
{
    return constraintPreamble(check.name, rendering) + u"CHECK ("_s
           + ddlExpression(check.condition, rendering) + u')';
}

QString BaseDialect::excludeText(const ExcludeConstraint &exclude, Rendering &rendering) const
{
    return rendering.fail(u"%1 has no EXCLUDE constraints, which %2 is"_s.arg(
        backendTitle(backend()), exclude.name.text));
}

QString BaseDialect::matchText(const ForeignKey &key, Rendering &) const
{
    return key.match.isEmpty() ? QString() : u" MATCH "_s + key.match;
}

bool BaseDialect::isReferentialAction(const QString &phrase, bool onDelete) const
{
    Q_UNUSED(onDelete)
    static const QStringList actions{u"RESTRICT"_s, u"CASCADE"_s, u"SET NULL"_s, u"NO ACTION"_s,
                                     u"SET DEFAULT"_s};
    return actions.contains(phrase.toUpper());
}

QString BaseDialect::referencesText(const ForeignKey &key, Rendering &rendering) const
{
    QString text = u"REFERENCES "_s + referencedTable(key);
    if (!key.targetColumns.isEmpty())
        text += u" ("_s + identList(key.targetColumns) + u')';
    text += matchText(key, rendering);
    const auto action = [&](const QString &phrase, bool onDelete) {
        if (phrase.isEmpty())
            return;
        if (!isReferentialAction(phrase, onDelete))
            rendering.fail(
                u"%1 is no action of a foreign key; use RESTRICT, CASCADE, SET NULL, NO ACTION or "
                "SET DEFAULT"_s.arg(phrase));
        text += (onDelete ? u" ON DELETE "_s : u" ON UPDATE "_s) + phrase;
    };
    action(key.onDelete, true);
    action(key.onUpdate, false);
    return text + deferrability(key.deferrable, key.initially, rendering);
}

QString BaseDialect::foreignKeyText(const TableName &, const ForeignKey &key,
                                    Rendering &rendering) const
{
    return constraintPreamble(key.name, rendering) + u"FOREIGN KEY("_s + identList(key.columns)
           + u") "_s + referencesText(key, rendering);
}

bool BaseDialect::writesForeignKey(const TableName &, const ForeignKey &key) const
{
    return !key.useAlter;
}

QString BaseDialect::constraintText(const Table &table, const Constraint &constraint,
                                    Rendering &rendering) const
{
    return std::visit(
        Overloaded{
            [&](const PrimaryKey &key) { return primaryKeyText(table, key, rendering); },
            [&](const UniqueConstraint &unique) { return uniqueText(table, unique, rendering); },
            [&](const ForeignKey &key) { return foreignKeyText(table.name, key, rendering); },
            [&](const CheckConstraint &check) { return checkText(check, rendering); },
            [&](const ExcludeConstraint &exclude) { return excludeText(exclude, rendering); },
        },
        constraint);
}

} // namespace tribikos
