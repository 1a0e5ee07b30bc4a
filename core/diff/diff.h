#pragma once

#include "core/base/backend.h"
#include "core/ops/operation.h"
#include "core/schema/schema.h"

#include <QHash>
#include <QList>
#include <QString>
#include <functional>
#include <utility>

namespace tribikos {

/// What a difference means when three sides are compared (the table of verdicts in
/// docs/ARCHITECTURE.md).
enum class Verdict {
    Pending,        // the migrations have it, the database not yet
    NeedsRevision,  // the models changed
    NeedsRemoval,   // the models dropped it, migrations and database still have it
    Drift,          // made by hand: only the database has it (or differs)
    AdoptableDrift, // the models agree with what was made by hand
    Conflict        // all three differ
};
/// "pending", "needs a revision", "drift" ...: the words on screen and in --json.
QString verdictText(Verdict verdict);

/// One object on which the sides do not agree. Texts are SQL-like fragments in the compared dialect
/// ("VARCHAR(20) NOT NULL"); an empty text with has… false means the side does not have it.
struct Difference
{
    enum class Kind {
        Table,
        Column,
        PrimaryKey,
        UniqueConstraint,
        ForeignKey,
        CheckConstraint,
        Index,
        Object
    };
    Kind kind = Kind::Table;
    TableName table{};
    QString name{};   // of the column, constraint, index or object; empty for tables and unnamed
                      // constraints
    QString aspect{}; // columns: "" (it is missing somewhere), "type", "nullable", "default",
                      // "comment"; tables: "", "comment"; objects: "view", "trigger"
    bool inModels = false;
    bool inMigrations = false;
    bool inDatabase = false;
    QString models{};
    QString migrations{};
    QString database{};
    Verdict verdict = Verdict::Pending;
    QString explanation{};  // "revision a5e31c90d7b2 is not applied here"
    QString revision{};     // that last touched the object, where known
    bool uncertain = false; // a side is opaque there: raw SQL may explain it
    friend bool operator==(const Difference &, const Difference &) = default;
};
/// "table", "column", "primary key", "unique", "foreign key", "check", "index", "view" ...
QString differenceKindName(Difference::Kind kind);

/// "view", "materialized view", "trigger", "enum" …: an object's Difference::aspect.
QString namedObjectWord(NamedObject::Kind kind);

class RawSqlReader;

/// Which revision last made or changed an object. Names are kept without case.
class Blame
{
public:
    /// The revision; empty when none is known. \a kind and \a name as in Difference; a column's or
    /// constraint's table answers for what is not known by itself.
    QString revision(Difference::Kind kind, const TableName &table, const QString &name) const;
    bool isEmpty() const { return m_revisions.isEmpty(); }

private:
    friend Blame blame(const QList<std::pair<QString, Operations>> &, const RawSqlReader *);
    QHash<QString, QString> m_revisions{};
};

/// Replays the operations of the revisions (id, upgrade operations) in the order given, from base,
/// and notes who changed what. An object that was renamed or dropped is known under both names.
Blame blame(const QList<std::pair<QString, Operations>> &inOrder,
            const RawSqlReader *sqlReader = nullptr);

/// What the sides are; a null side is not there (no models, no database).
struct ComparisonInput
{
    Backend backend = Backend::Sqlite;
    const Schema *models = nullptr;
    const Schema *migrations = nullptr; // at head
    const Schema *database = nullptr;
    const Schema *migrationsAtDatabase =
        nullptr; // replay up to the database's position: tells pending from drift; null: at head
    const Blame *blame = nullptr; // names the revision in Difference::revision and the explanation
    bool hasAllSchemas = false; // the database counts in schemas, too, that no other side names
    bool compareType = true;
    bool compareServerDefault = true;
    std::function<bool(const TableName &)> isCompared{}; // the tables that are asked for; null: all
};

/*!
    The differences, sorted by table, then kind, then name; deterministic. No difference that isn't
    one: each side is normalised for the dialect first (type aliases, default spellings, generated
    names, implicit indexes).

    A table that a side lacks is one difference; what is inside is compared between the sides that
    have it. Views and triggers are compared with the models only when these have any. Thread-safe.
*/
QList<Difference> compare(const ComparisonInput &input);

} // namespace tribikos
