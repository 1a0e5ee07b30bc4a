#pragma once

#include "core/base/ignorerules.h"
#include "core/diff/diff.h"

namespace tribikos {

/// The keys of [ignore] under which a pattern may leave \a difference out, the narrowest first: "defaults", "columns".
QStringList ignoreKeys(const Difference &difference);
/// What a pattern of these keys is held against.
ComparedObject comparedObject(const Difference &difference);

/// \a differences without those that \a rules leave out, whose number is added to \a left.
QList<Difference> withoutIgnored(const QList<Difference> &differences, const IgnoreRules &rules, int *left);

/// A sentence on \a left of them; empty for none.
QString ignoredNote(int left);

} // namespace tribikos
