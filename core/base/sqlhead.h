#pragma once

#include <QString>

namespace tribikos {

/// The first word of a statement in capitals, comments and opening brackets skipped; empty: nothing
/// to run.
QString leadingKeyword(const QString &sql);
/// \a sql from its first word on: comments and opening brackets before it are left out.
QString withoutPadding(const QString &sql);

} // namespace tribikos
