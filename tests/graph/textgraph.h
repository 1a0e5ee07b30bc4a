#pragma once

#include "core/graph/revisiongraph.h"

namespace tribikos {

/// "a: | b: a | c: a b +x #label": id, parents, +dependencies, #labels, in load order.
QList<Revision> revisionsFromText(const QString &text);
RevisionGraph graphFromText(const QString &text, Diagnostics *diagnostics = nullptr);

} // namespace tribikos
