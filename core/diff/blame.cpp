#include "core/diff/diff.h"

#include "core/ops/replay.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = Difference::Kind;

QString blameKey(Kind kind, const TableName &table, const QString &name)
{
    return QStringList{QString::number(int(kind)), table.text(), name}.join(QChar(0x1f)).toLower();
}

Kind kindOf(const Constraint &constraint)
{
    if (std::holds_alternative<PrimaryKey>(constraint))
        return Kind::PrimaryKey;
    if (std::holds_alternative<UniqueConstraint>(constraint))
        return Kind::UniqueConstraint;
    return std::holds_alternative<ForeignKey>(constraint) ? Kind::ForeignKey
                                                          : Kind::CheckConstraint;
}

/// The parts of two states of a table that are not the same, as keys.
QStringList changedKeys(const TableName &name, const Table *before, const Table *after)
{
    QStringList keys;
    const auto compare = [&](const auto &was, const auto &is, auto kindAndName) {
        for (const auto &part : is)
            if (!was.contains(part))
                keys.append(
                    std::apply([&](Kind k, const QString &n) { return blameKey(k, name, n); },
                               kindAndName(part)));
        for (const auto &part : was)
            if (!is.contains(part))
                keys.append(
                    std::apply([&](Kind k, const QString &n) { return blameKey(k, name, n); },
                               kindAndName(part)));
    };
    static const Table none{};
    const Table &a = before ? *before : none;
    const Table &b = after ? *after : none;
    if (!before || !after || a.isOpaque != b.isOpaque)
        keys.append(blameKey(Kind::Table, name, {}));
    compare(a.columns, b.columns, [](const Column &c) { return std::pair(Kind::Column, c.name); });
    compare(a.constraints, b.constraints, [](const Constraint &c) {
        const Kind kind = kindOf(c);
        return std::pair(kind, kind == Kind::PrimaryKey ? QString() : constraintName(c).text);
    });
    compare(a.indexes, b.indexes,
            [](const Index &i) { return std::pair(Kind::Index, i.name.text); });
    return keys;
}

/// The tables that one operation may change; nullopt: any.
std::optional<QList<TableName>> touchedTables(const Operation &operation)
{
    const auto *execute = operation.as<Execute>();
    if (execute && execute->statement && execute->statement->kind == Expr::Kind::Text)
        return std::nullopt;
    const auto *index = operation.as<DropIndex>();
    if (index && !index->table)
        return std::nullopt;
    return operationTables(operation);
}

QStringList changedObjects(const QList<NamedObject> &before, const QList<NamedObject> &after)
{
    QStringList keys;
    for (const NamedObject &object : after)
        if (!before.contains(object))
            keys.append(blameKey(Kind::Object, {}, object.name.text()));
    for (const NamedObject &object : before)
        if (!after.contains(object))
            keys.append(blameKey(Kind::Object, {}, object.name.text()));
    return keys;
}

/// Applies \a operation and tells what it changed. Only the tables it names are kept for comparing,
/// as a copy of the whole schema per operation would make long histories quadratic.
QStringList changedKeys(const Operation &operation, Schema &schema, const RawSqlReader *sqlReader)
{
    const std::optional<QList<TableName>> touched = touchedTables(operation);
    const QList<NamedObject> objects = schema.objects;
    QMap<TableName, Table> before;
    if (touched) {
        for (const TableName &name : *touched)
            if (const Table *table = std::as_const(schema).table(name))
                before.insert(name, *table);
    } else {
        before = schema.tables;
    }
    replay(operation, schema, sqlReader);
    QList<TableName> names = touched ? *touched : before.keys();
    for (const TableName &name : touched ? QList<TableName>{} : schema.tables.keys())
        if (!before.contains(name))
            names.append(name);
    QStringList keys = changedObjects(objects, schema.objects);
    for (const TableName &name : std::as_const(names)) {
        const auto was = before.constFind(name);
        keys += changedKeys(name, was == before.cend() ? nullptr : &*was,
                            std::as_const(schema).table(name));
    }
    return keys;
}

} // namespace

QString Blame::revision(Difference::Kind kind, const TableName &table, const QString &name) const
{
    const QString known = m_revisions.value(blameKey(kind, table, name));
    return known.isEmpty() && kind != Kind::Table
               ? m_revisions.value(blameKey(Kind::Table, table, {}))
               : known;
}

Blame blame(const QList<std::pair<QString, Operations>> &inOrder, const RawSqlReader *sqlReader)
{
    Blame result;
    Schema schema;
    for (const auto &[revision, operations] : inOrder) {
        for (const Operation &operation : operations)
            for (const QString &key : changedKeys(operation, schema, sqlReader))
                result.m_revisions.insert(key, revision);
    }
    return result;
}

} // namespace tribikos
