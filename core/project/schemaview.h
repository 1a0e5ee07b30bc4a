#pragma once

#include "core/diff/tableparts.h"
#include "core/project/project.h"

namespace tribikos {

/// Where a schema to look at comes from.
struct SchemaSource
{
    enum class Kind {
        Revision, // what the scripts up to \c revision make
        Models,
        Database // as it was reflected
    };
    Kind kind = Kind::Revision;
    QString revision{}; // empty: all heads
    friend bool operator==(const SchemaSource &, const SchemaSource &) = default;
};

/// A table's part and the revision that brought or last changed it; empty where no script is known to.
struct BlamedPart
{
    TablePart part{};
    QString revision{};
};

struct TableView
{
    TableName name{};
    QString revision{}; // that last made, renamed or changed the table itself
    QList<BlamedPart> parts{};
    bool isOpaque = false; // raw SQL that isn't understood may have changed it
};

/// A view, trigger, function, sequence, type …
struct ObjectView
{
    NamedObject object{};
    QString revision{};
};

/// A schema with what a reader wants to know beside it.
struct SchemaView
{
    Schema schema{};
    QList<TableView> tables{}; // by name
    QList<ObjectView> objects{};
    QStringList notes{};       // what the source could not say
};

/// What \a source holds, spelled for \a backend. \a state is the chosen database's, for Kind::Database. Errors: NotFound,
/// no file has the revision any more; ProjectRefused, no models or an unreadable catalogue; Cancelled.
Result<SchemaView> readSchemaView(const Project &project, Backend backend,
                                  const SchemaSource &source, const EnvironmentState *state,
                                  const std::stop_token &stop = {});

/// The statements that make \a table in \a schema, each ended by a semicolon; the reason as a comment where the dialect
/// can't say it.
QString tableDefinition(const Table &table, Backend backend);

} // namespace tribikos
