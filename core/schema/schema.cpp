#include "core/schema/schema.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool sameExprs(const QList<ExprPtr> &a, const QList<ExprPtr> &b)
{
    return std::ranges::equal(a, b, sameExpr);
}

bool sameOption(const DialectOption &a, const DialectOption &b)
{
    if (const auto *x = std::get_if<ExprPtr>(&a)) {
        const auto *y = std::get_if<ExprPtr>(&b);
        return y && sameExpr(*x, *y);
    }
    return a == b;
}

} // namespace

std::optional<QString> OptionMap::value(const QString &key) const
{
    const auto found = std::ranges::find(entries, key, &std::pair<QString, QString>::first);
    return found == entries.cend() ? std::nullopt : std::optional(found->second);
}

bool sameOptions(const DialectOptions &a, const DialectOptions &b)
{
    return a.size() == b.size() && a.keys() == b.keys()
           && std::ranges::equal(a.values(), b.values(), sameOption);
}

bool operator==(const Column &a, const Column &b)
{
    const auto plain = [](const Column &c) {
        return std::tie(c.name, c.nullable, c.primaryKey, c.autoincrement, c.serverDefaultOpaque,
                        c.hasClientDefault, c.sequence, c.sequenceOptional, c.computed, c.identity,
                        c.comment, c.hasComment, c.collation, c.onConflict, c.quoted, c.checkNames);
    };
    return plain(a) == plain(b) && sameType(a.type, b.type)
           && sameExpr(a.serverDefault, b.serverDefault) && sameExprs(a.checks, b.checks)
           && sameOptions(a.options, b.options);
}

bool operator==(const PrimaryKey &a, const PrimaryKey &b)
{
    return a.name == b.name && a.columns == b.columns && a.onConflict == b.onConflict
           && sameOptions(a.options, b.options);
}

bool operator==(const UniqueConstraint &a, const UniqueConstraint &b)
{
    return std::tie(a.name, a.columns, a.deferrable, a.initially, a.onConflict)
               == std::tie(b.name, b.columns, b.deferrable, b.initially, b.onConflict)
           && sameOptions(a.options, b.options);
}

bool operator==(const ForeignKey &a, const ForeignKey &b)
{
    const auto plain = [](const ForeignKey &f) {
        return std::tie(f.name, f.columns, f.target, f.targetColumns, f.onDelete, f.onUpdate,
                        f.deferrable, f.initially, f.match, f.useAlter);
    };
    return plain(a) == plain(b) && sameOptions(a.options, b.options);
}

bool operator==(const CheckConstraint &a, const CheckConstraint &b)
{
    return a.name == b.name && sameExpr(a.condition, b.condition) && a.isTypeBound == b.isTypeBound
           && sameOptions(a.options, b.options);
}

bool operator==(const ExcludeConstraint &a, const ExcludeConstraint &b)
{
    const auto sameElement = [](const auto &x, const auto &y) {
        return x.second == y.second && sameExpr(x.first, y.first);
    };
    return std::tie(a.name, a.method, a.deferrable, a.initially, a.operatorClasses)
               == std::tie(b.name, b.method, b.deferrable, b.initially, b.operatorClasses)
           && sameExpr(a.where, b.where) && std::ranges::equal(a.elements, b.elements, sameElement);
}

bool operator==(const Index &a, const Index &b)
{
    return a.name == b.name && a.unique == b.unique && sameExprs(a.elements, b.elements)
           && sameOptions(a.options, b.options) && a.sql == b.sql;
}

bool operator==(const Table &a, const Table &b)
{
    return a.name == b.name && a.columns == b.columns && a.constraints == b.constraints
           && a.indexes == b.indexes && a.comment == b.comment && a.hasComment == b.hasComment
           && sameOptions(a.options, b.options) && a.prefixes == b.prefixes
           && a.isOpaque == b.isOpaque;
}

bool operator==(const Schema &a, const Schema &b)
{
    return a.tables == b.tables && a.objects == b.objects
           && a.namingConvention == b.namingConvention && a.opaqueReasons == b.opaqueReasons;
}

const Name &constraintName(const Constraint &constraint)
{
    return std::visit([](const auto &c) -> const Name & { return c.name; }, constraint);
}

QString constraintKind(const Constraint &constraint)
{
    static const QString kinds[] = {u"primary"_s, u"unique"_s, u"foreignkey"_s, u"check"_s,
                                    u"exclude"_s};
    return kinds[constraint.index()];
}

const Column *Table::column(const QString &columnName) const
{
    const auto found = std::ranges::find(columns, columnName, &Column::name);
    return found == columns.cend() ? nullptr : &*found;
}

Column *Table::column(const QString &columnName)
{
    const auto found = std::ranges::find(columns, columnName, &Column::name);
    return found == columns.end() ? nullptr : &*found;
}

const PrimaryKey *Table::primaryKey() const
{
    for (const Constraint &constraint : constraints)
        if (const auto *key = std::get_if<PrimaryKey>(&constraint))
            return key;
    return nullptr;
}

const Table *Schema::table(const TableName &name) const
{
    const auto found = tables.constFind(name);
    return found == tables.cend() ? nullptr : &*found;
}

Table *Schema::table(const TableName &name)
{
    const auto found = tables.find(name);
    return found == tables.end() ? nullptr : &*found;
}

} // namespace tribikos
