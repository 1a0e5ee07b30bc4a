#pragma once

namespace tribikos::py {

/// Packages that scripts use and that aren't there to be read: what their documentation says they do,
/// in Python of our own. What stands in none of them stays unknown.
extern const char *const osloConfigText;     // oslo_config
extern const char *const osloDbText;         // oslo_db.sqlalchemy
extern const char *const osloCacheText;      // oslo_cache.core
extern const char *const osloTimeText;       // oslo_utils.timeutils
extern const char *const osloUuidText;       // oslo_utils.uuidutils
extern const char *const octaviaLibText;     // octavia_lib.common.constants
extern const char *const urllibText;         // urllib.parse, of the standard library
extern const char *const calendarText;       // calendar: no text calendars
extern const char *const fractionsText;      // fractions
extern const char *const postgresqlEnumText; // alembic_postgresql_enum
extern const char *const alembicUtilsText;   // alembic_utils
extern const char *const richProgressText;   // rich.progress
extern const char *const csvText;            // csv, of the standard library: writers alone
extern const char *const tqdmText;           // tqdm, tqdm.auto

} // namespace tribikos::py
