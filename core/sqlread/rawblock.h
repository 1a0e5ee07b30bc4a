#pragma once

#include "core/base/backend.h"
#include "core/schema/schema.h"

namespace tribikos {

/// What a DO block of PL/pgSQL, whose body is \a body, may do to \a schema: it runs under conditions
/// that nobody can foretell, so the tables that it alters become opaque. False: it may change
/// anything, as where it makes tables or puts its statements together. Inside of this room only.
bool applyBlock(const QString &body, Schema &schema);

} // namespace tribikos
