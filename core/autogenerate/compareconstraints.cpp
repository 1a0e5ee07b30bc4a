#include "core/autogenerate/modelcomparison.h"

#include <algorithm>

/// _compare_foreign_keys() of alembic/autogenerate/compare/constraints.py, and check_constraints.py.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QList<ForeignKey> foreignKeys(const Table &table)
{
    QList<ForeignKey> keys;
    for (const Constraint &constraint : table.constraints)
        if (const auto *key = std::get_if<ForeignKey>(&constraint))
            keys.append(*key);
    return keys;
}

QString action(const QString &written)
{
    const QString lower = written.toLower();
    return lower == u"no action" ? QString() : lower;
}

/// Checks that have a name of their own, by it; a type's own checks are not compared.
QMap<QString, CheckConstraint> namedChecks(const Table &table, const Dialect &dialect)
{
    QMap<QString, CheckConstraint> checks;
    const auto add = [&](const CheckConstraint &check) {
        if (!check.isTypeBound && !check.name.isEmpty())
            checks.insert(dialect.finalName(check.name), check);
    };
    for (const Constraint &constraint : table.constraints)
        if (const auto *check = std::get_if<CheckConstraint>(&constraint))
            add(*check);
    for (const Column &column : table.columns)
        for (qsizetype i = 0; i < column.checks.size(); ++i)
            add({.name = column.checkNames.value(i), .condition = column.checks[i]});
    return checks;
}

} // namespace

/// What a foreign key is, its name apart.
QString ModelComparison::keySignature(const ForeignKey &key) const
{
    const QString deferral = key.initially.toLower() == u"deferred" ? u"initially deferred"_s
                             : key.deferrable.value_or(false)       ? u"deferrable"_s
                                                                    : QString();
    return QStringList{
        key.columns.join(u'\x1f'), keyOf(key.target).text(), key.targetColumns.join(u'\x1f'),
        action(key.onUpdate),      action(key.onDelete),     deferral}
        .join(u'\x1e');
}

void ModelComparison::compareForeignKeys(const Table &reflected, const Table &modelled)
{
    QList<ForeignKey> have = foreignKeys(reflected);
    const QList<ForeignKey> wanted = foreignKeys(modelled);
    for (ForeignKey &key : have) { // MySQL doesn't report its default
        for (const ForeignKey &model : wanted) {
            const bool isSame = isMySql() && key.columns == model.columns
                                && key.target == model.target
                                && key.targetColumns == model.targetColumns;
            if (isSame && model.onDelete.toLower() == u"restrict" && key.onDelete.isEmpty())
                key.onDelete = u"RESTRICT"_s;
            if (isSame && model.onUpdate.toLower() == u"restrict" && key.onUpdate.isEmpty())
                key.onUpdate = u"RESTRICT"_s;
        }
    }
    const auto isAmong = [this](const ForeignKey &key, const QList<ForeignKey> &keys) {
        return std::ranges::any_of(keys, [&](const ForeignKey &other) {
            return keySignature(other) == keySignature(key);
        });
    };
    const auto log = [this](const QString &what, const ForeignKey &key) {
        return u"constraints: Detected %1 foreign key (%2)(%3) on table %4"_s.arg(
            what, key.columns.join(u", "_s), key.targetColumns.join(u", "_s), shownTable());
    };
    const auto drop = [this](const ForeignKey &key) {
        return DropConstraint{.table = m_block.table, .name = key.name, .kind = u"foreignkey"_s};
    };
    for (const ForeignKey &key : std::as_const(have))
        if (!isAmong(key, wanted))
            push(Kind::RemoveForeignKey, key.name.text, drop(key),
                 AddConstraint{.table = m_block.table, .constraint = key}, log(u"removed"_s, key));
    for (const ForeignKey &key : wanted)
        if (!isAmong(key, have))
            push(Kind::AddForeignKey, final(key.name),
                 AddConstraint{.table = m_block.table, .constraint = key}, drop(key),
                 log(u"added"_s, key));
}

void ModelComparison::compareChecks(const Table &reflected, const Table &modelled)
{
    const QMap<QString, CheckConstraint> have = namedChecks(reflected, m_dialect);
    const QMap<QString, CheckConstraint> wanted = namedChecks(modelled, m_dialect);
    const auto drop = [this](const CheckConstraint &check) {
        return DropConstraint{.table = m_block.table, .name = check.name, .kind = u"check"_s};
    };
    for (auto each = have.cbegin(); each != have.cend(); ++each)
        if (!wanted.contains(each.key()))
            push(Kind::RemoveConstraint, each.key(), drop(*each),
                 AddConstraint{.table = m_block.table, .constraint = *each},
                 u"check_constraints: Detected removed check constraint '%1' on table '%2'"_s.arg(
                     each.key(), m_block.table.name));
    for (auto each = wanted.cbegin(); each != wanted.cend(); ++each)
        if (!have.contains(each.key()))
            push(Kind::AddConstraint, each.key(),
                 AddConstraint{.table = m_block.table, .constraint = *each}, drop(*each),
                 u"check_constraints: Detected added check constraint '%1' on table '%2'"_s.arg(
                     each.key(), m_block.table.name));
}

} // namespace tribikos
