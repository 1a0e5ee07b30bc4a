#include "core/schema/expr.h"

#include <QSet>
#include <algorithm>

namespace tribikos {

namespace {

template<typename T>
bool samePointee(const std::shared_ptr<const T> &a, const std::shared_ptr<const T> &b)
{
    return a == b || (a && b && *a == *b);
}

bool sameList(const QList<ExprPtr> &a, const QList<ExprPtr> &b)
{
    return std::ranges::equal(a, b, sameExpr);
}

} // namespace

bool operator==(const SqlType &a, const SqlType &b)
{
    const auto plain = [](const SqlType &t) {
        return std::tie(t.name, t.module, t.length, t.precision, t.scale, t.timezone, t.collation,
                        t.charset, t.labels, t.typeName, t.schema, t.nativeEnum, t.createConstraint,
                        t.createType, t.metadataBound, t.fsp, t.displayWidth, t.isUnsigned,
                        t.zerofill, t.binary, t.national, t.ascii, t.unicode, t.varying, t.fields,
                        t.dimensions, t.check, t.domainDefault, t.domainNotNull);
    };
    return plain(a) == plain(b) && sameType(a.item, b.item)
           && std::ranges::equal(a.variants, b.variants, [](const auto &x, const auto &y) {
                  return x.first == y.first && sameType(x.second, y.second);
              });
}

bool sameType(const SqlTypePtr &a, const SqlTypePtr &b)
{
    return samePointee(a, b);
}

bool operator==(const TableRef &a, const TableRef &b)
{
    return a.name == b.name && a.schema == b.schema && a.alias == b.alias
           && sameExpr(a.source, b.source);
}

bool operator==(const Expr::Statement &a, const Expr::Statement &b)
{
    const auto plain = [](const Expr::Statement &s) {
        return std::tie(s.distinct, s.insertColumns, s.defaultValues, s.onConflict,
                        s.conflictColumns, s.conflictConstraint, s.prefixes, s.forUpdate, s.lockOptions,
                        s.suffixes, s.hints, s.rowLimit, s.isOrdered, s.correlates, s.correlatesExcept);
    };
    const auto sameRow = [](const QList<ExprPtr> &x, const QList<ExprPtr> &y) {
        return sameList(x, y);
    };
    const auto sameSet = [](const auto &x, const auto &y) {
        return x.first == y.first && sameExpr(x.second, y.second);
    };
    return plain(a) == plain(b) && samePointee(a.table, b.table) && sameList(a.columns, b.columns)
           && sameList(a.from, b.from) && sameExpr(a.where, b.where)
           && sameList(a.groupBy, b.groupBy) && sameExpr(a.having, b.having)
           && sameList(a.orderBy, b.orderBy)
           && sameList(a.distinctOn, b.distinctOn) && sameExpr(a.limit, b.limit)
           && sameExpr(a.offset, b.offset) && std::ranges::equal(a.rows, b.rows, sameRow)
           && sameExpr(a.fromSelect, b.fromSelect)
           && std::ranges::equal(a.assignments, b.assignments, sameSet)
           && sameList(a.returning, b.returning) && sameList(a.lockOf, b.lockOf) && sameList(a.ctes, b.ctes)
           && sameList(a.correlated, b.correlated) && sameList(a.uncorrelated, b.uncorrelated)
           && sameExpr(a.conflictWhere, b.conflictWhere)
           && sameExpr(a.conflictIndexWhere, b.conflictIndexWhere);
}

qint64 weightOf(const Expr &expression)
{
    qint64 weight = 1;
    const auto add = [&weight](const ExprPtr &part) {
        weight = std::min(weight + (part ? part->weight : 0), qint64(1) << 40);
    };
    const auto addAll = [&add](const QList<ExprPtr> &parts) {
        for (const ExprPtr &part : parts)
            add(part);
    };
    addAll(expression.args);
    addAll(expression.binds.values());
    if (!expression.statement)
        return weight;
    const Expr::Statement &s = *expression.statement;
    for (const QList<ExprPtr> *parts : {&s.columns, &s.from, &s.groupBy, &s.orderBy, &s.distinctOn,
                                        &s.returning, &s.ctes})
        addAll(*parts);
    QSet<const Expr *> sources; // the subqueries that columns bring into FROM, each once
    for (const ExprPtr &column : s.columns)
        if (column && column->table && column->table->source
            && !sources.contains(column->table->source.get())) {
            sources.insert(column->table->source.get());
            add(column->table->source);
        }
    for (const ExprPtr &part : {s.where, s.having, s.limit, s.offset, s.fromSelect, s.conflictWhere,
                                s.conflictIndexWhere})
        add(part);
    for (const QList<ExprPtr> &row : s.rows)
        addAll(row);
    for (const auto &[name, value] : s.assignments)
        add(value);
    return weight;
}

bool operator==(const Expr &a, const Expr &b)
{
    const auto sameBind = [&b](auto i) {
        const auto j = b.binds.constFind(i.key());
        return j != b.binds.cend() && sameExpr(i.value(), j.value());
    };
    if (a.kind != b.kind || a.text != b.text || a.schema != b.schema || a.flag != b.flag
        || !(a.value == b.value) || a.binds.size() != b.binds.size())
        return false;
    for (auto i = a.binds.cbegin(); i != a.binds.cend(); ++i)
        if (!sameBind(i))
            return false;
    return sameType(a.type, b.type) && samePointee(a.table, b.table) && sameList(a.args, b.args)
           && samePointee(a.statement, b.statement);
}

bool sameExpr(const ExprPtr &a, const ExprPtr &b)
{
    return samePointee(a, b);
}

ExprPtr textExpr(const QString &sql)
{
    return std::make_shared<const Expr>(Expr{.kind = Expr::Kind::Text, .text = sql});
}

ExprPtr stringExpr(const QString &value)
{
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Value, .value = {Literal::Kind::String, value}});
}

ExprPtr integerExpr(qint64 value)
{
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Value, .value = {Literal::Kind::Integer, QString::number(value)}});
}

ExprPtr columnExpr(const QString &name)
{
    return std::make_shared<const Expr>(Expr{.kind = Expr::Kind::Column, .text = name});
}

} // namespace tribikos
