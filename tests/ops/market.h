#pragma once

#include "core/ops/replay.h"

/// The schema that the tests change: users, and orders that refer to it.
namespace tribikos {

using namespace Qt::StringLiterals;

inline const TableName users{{}, u"users"_s};
inline const TableName orders{{}, u"orders"_s};

inline SqlTypePtr type(const QString &name)
{
    return std::make_shared<const SqlType>(SqlType{.name = name, .module = u"sqlalchemy"_s});
}

inline Column column(const QString &name, const QString &typeName = u"Integer"_s)
{
    return {.name = name, .type = type(typeName)};
}

inline Index index(const QString &name, const QStringList &columns, bool unique = false)
{
    Index made{.name = {name}, .unique = unique};
    for (const QString &column : columns)
        made.elements.append(columnExpr(column));
    return made;
}

/// users(id, email, age) with every kind of constraint, and orders that refers to it.
inline Operations market()
{
    Table u{.name = users, .columns = {column(u"id"_s), column(u"email"_s), column(u"age"_s)}};
    u.constraints = {
        PrimaryKey{.columns = {u"id"_s}},
        UniqueConstraint{.name = {u"uq_email"_s}, .columns = {u"email"_s}},
        UniqueConstraint{.columns = {u"email"_s, u"age"_s}},
        CheckConstraint{.name = {u"ck_age"_s}, .condition = textExpr(u"age > 0"_s)},
        ForeignKey{.columns = {u"age"_s}, .target = users, .targetColumns = {u"id"_s}}};
    u.indexes = {index(u"ix_age"_s, {u"age"_s}), index(u"ix_both"_s, {u"email"_s, u"age"_s})};
    u.indexes[0].options.insert(u"sqlite_where"_s, textExpr(u"age IS NOT NULL"_s));
    Table o{.name = orders, .columns = {column(u"id"_s), column(u"user_id"_s)}};
    o.constraints = {PrimaryKey{.columns = {u"id"_s}}, ForeignKey{.name = {u"fk_user"_s},
                                                                  .columns = {u"user_id"_s},
                                                                  .target = users,
                                                                  .targetColumns = {u"id"_s}}};
    return {{CreateTable{u}}, {CreateTable{o}}};
}

/// Takes every text for understood and follows none.
class LenientReader final : public RawSqlReader
{
public:
    bool apply(const QString &, Schema &) const override { return true; }
    Backend backend() const override { return Backend::PostgreSql; }
};

} // namespace tribikos
