#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/ops/operation.h"

namespace tribikos {

/// What a fragment of raw SQL does to metadata; given by the room that can read SQL (core/sqlread), so that
/// replay need not. Returns false when the statement is opaque (may change anything, unknown what).
class RawSqlReader
{
public:
    virtual ~RawSqlReader() = default;
    virtual bool apply(const QString &sql, Schema &schema) const = 0;
    /// Whose SQL it reads.
    virtual Backend backend() const = 0;
};

/*!
    Applies \a operation to \a schema in memory: the schema at any revision, with no database.

    Lenient where a database would not be: dropping what is not known is no error, for the history may be
    partly opaque; what can't be followed marks the table (Table::isOpaque) or the schema
    (Schema::opaqueReasons) instead. Data statements change no metadata; which tables they may have filled
    is kept in Table::isEmpty where Schema::startsEmpty. \a sqlReader may be null.
*/
void replay(const Operation &operation, Schema &schema, const RawSqlReader *sqlReader = nullptr);
void replay(const Operations &operations, Schema &schema, const RawSqlReader *sqlReader = nullptr);

} // namespace tribikos
