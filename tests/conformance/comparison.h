#pragma once

#include "caserunner.h"

namespace tribikos {

/// What \a outcome of \a command does otherwise than \a expected says it should; empty when they
/// agree. Of Alembic's own refusals the words count, of Python's exceptions the fact alone; where
/// Alembic's order is random, order does not count. A script that is refused is not printed at all,
/// where Alembic prints what it had until then.
QString difference(const QJsonObject &command, const QJsonObject &expected, const Outcome &outcome);

} // namespace tribikos
