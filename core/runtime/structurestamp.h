#pragma once

#include "core/db/session.h"

namespace tribikos {

/// A text that differs whenever the database's schema has changed in between. SQLite: the schema cookie
/// (pragma.html#pragma_schema_version), which every CREATE, ALTER, DROP and VACUUM raises. Empty: this
/// database has no such thing.
Result<QString> structureStamp(Session &session);

} // namespace tribikos
