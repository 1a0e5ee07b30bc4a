#pragma once

#include "core/diff/diff.h"
#include "core/ops/rename.h"

namespace tribikos {

/// Two sides of differences: which flags of a Difference say that each has the object.
struct RenameSides
{
    const Schema &from;
    const Schema &to;
    bool Difference::*inFrom = &Difference::inMigrations;
    bool Difference::*inTo = &Difference::inDatabase;
};

/*!
    What among \a differences may be no loss and no addition but another name: of a table, a column that goes and one that
    comes with the same type, nullability and default, in the key or not, under a similar name, in the same place, or as
    the only ones; a table that goes and one that comes with the same columns. To be offered, never to be assumed.
    Thread-safe.
*/
QList<Rename> renameCandidates(const QList<Difference> &differences, const RenameSides &sides,
                               Backend backend);

/// The candidate that \a difference is one end of; null: none.
const Rename *renameOf(const Difference &difference, const QList<Rename> &renames);

/// Adds the question to the explanations of both ends of each.
void askAboutRenames(QList<Difference> &differences, const QList<Rename> &renames);

} // namespace tribikos
