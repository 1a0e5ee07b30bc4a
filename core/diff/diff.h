#pragma once

#include "core/base/backend.h"
#include "core/schema/schema.h"

#include <QList>
#include <QString>

namespace tribikos {

/// What a difference means when three sides are compared (the table of verdicts in docs/ARCHITECTURE.md).
enum class Verdict {
    Pending,             // the migrations have it, the database not yet
    NeedsRevision,       // the models changed
    NeedsRemoval,        // the models dropped it, migrations and database still have it
    Drift,               // made by hand: only the database has it (or differs)
    AdoptableDrift,      // the models agree with what was made by hand
    Conflict             // all three differ
};
/// "pending", "needs a revision", "drift" ...: the words on screen and in --json.
QString verdictText(Verdict verdict);

/// One object on which the sides do not agree. Texts are SQL-like fragments in the compared dialect
/// ("VARCHAR(20) NOT NULL"); an empty text with has… false means the side does not have it.
struct Difference
{
    enum class Kind { Table, Column, PrimaryKey, UniqueConstraint, ForeignKey, CheckConstraint, Index, Object };
    Kind kind = Kind::Table;
    TableName table{};
    QString name{};      // of the column, constraint, index or object; empty for tables and unnamed constraints
    QString aspect{};    // columns: "", "type", "nullable", "default", "comment"
    bool inModels = false;
    bool inMigrations = false;
    bool inDatabase = false;
    QString models{};
    QString migrations{};
    QString database{};
    Verdict verdict = Verdict::Pending;
    QString explanation{}; // "revision a5e31c90d7b2 is not applied here"
    QString revision{};    // that last touched the object, where known
    bool uncertain = false; // a side is opaque there: raw SQL may explain it
    friend bool operator==(const Difference &, const Difference &) = default;
};
/// "table", "column", "primary key", "unique", "foreign key", "check", "index", "view" ...
QString differenceKindName(Difference::Kind kind);

/// What the sides are; a null side is not there (no models, no database).
struct ComparisonInput
{
    Backend backend = Backend::Sqlite;
    const Schema *models = nullptr;
    const Schema *migrations = nullptr; // at head
    const Schema *database = nullptr;
    const Schema *migrationsAtDatabase = nullptr; // replay up to the database's position: tells pending from drift
    bool compareType = true;
    bool compareServerDefault = true;
};

/// The differences, sorted by table, then kind, then name; deterministic. No difference that isn't one: each
/// side is normalised for the dialect first (type aliases, default spellings, generated names, implicit indexes).
QList<Difference> compare(const ComparisonInput &input);

} // namespace tribikos
