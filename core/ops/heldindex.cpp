#include "core/ops/heldindex.h"

#include <algorithm>

namespace tribikos {

namespace {

/// The columns with which an index begins; what stands behind an expression serves no key.
QStringList leadingColumns(const Index &index)
{
    QStringList names;
    for (const ExprPtr &element : index.elements) {
        if (!element || element->kind != Expr::Kind::Column)
            break;
        names.append(element->text);
    }
    return names;
}

QStringList indexedColumns(const Constraint &constraint)
{
    if (const auto *key = std::get_if<PrimaryKey>(&constraint))
        return key->columns;
    const auto *unique = std::get_if<UniqueConstraint>(&constraint);
    return unique ? unique->columns : QStringList();
}

} // namespace

const ForeignKey *keyThatHolds(const DropIndex &operation, const Schema &schema)
{
    const Table *table = operation.table ? schema.table(*operation.table) : nullptr;
    if (!table)
        return nullptr;
    const auto isDropped = [&](const Index &index) {
        return index.name.text == operation.name.text;
    };
    const auto dropped = std::ranges::find_if(table->indexes, isDropped);
    if (dropped == table->indexes.cend())
        return nullptr;
    for (const Constraint &constraint : table->constraints) {
        const auto *key = std::get_if<ForeignKey>(&constraint);
        const auto serves = [&](const QStringList &columns) {
            return columns.mid(0, key->columns.size()) == key->columns;
        };
        if (!key || !serves(leadingColumns(*dropped)))
            continue;
        const bool hasOther =
            std::ranges::any_of(table->indexes,
                                [&](const Index &index) {
                                    return !isDropped(index) && serves(leadingColumns(index));
                                })
            || std::ranges::any_of(table->constraints, [&](const Constraint &other) {
                   return serves(indexedColumns(other));
               });
        if (!hasOther)
            return key;
    }
    return nullptr;
}

} // namespace tribikos
