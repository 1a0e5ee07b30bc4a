#pragma once

#include "core/base/result.h"
#include "core/db/session.h"
#include "core/plan/statementnature.h"

#include <QString>

namespace tribikos {

/// What became of a statement that was sent by a run that did not live to hear of it.
enum class Effect {
    None,    // it did nothing, or may be run again without harm
    Whole,   // it is done
    Remains, // it left something unusable that must go before it is run again: an invalid index
    Unknown  // only somebody who looks can say
};

/// A digest of the definitions that \a sql can change, as they are now; empty: they can't be told.
Result<QString> stampOf(Session &session, const QString &sql);
/// Compares with \a before, which stampOf() gave before the statement ran.
Result<Effect> effectOf(Session &session, const QString &sql, const QString &before);
/// What makes room for running \a sql again after Effect::Remains.
QString removalOfRemains(const QString &sql);

} // namespace tribikos
