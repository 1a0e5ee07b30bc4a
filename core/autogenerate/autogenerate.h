#pragma once

#include "core/base/backend.h"
#include "core/ops/operation.h"
#include "core/ops/rename.h"
#include "core/schema/schema.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <functional>
#include <optional>

/*!
    Autogenerate: what Alembic 1.19 would write into a new revision so that a database becomes what the models say, and
    the way back. Source of the rules: alembic/autogenerate/compare and alembic/ddl; alembic-semantics.md, chapter 9.

    Its comparison is Alembic's own, blind spots and false alarms included, so that either tool writes the same file on
    any day. What differences mean among models, migrations and database is core/diff.
*/
namespace tribikos {

/// One directive and the one that takes it back.
struct ModelChange
{
    enum class Kind {
        AddTable,
        RemoveTable,
        AddColumn,
        RemoveColumn,
        ModifyColumn,
        AddIndex,
        RemoveIndex,
        AddConstraint,
        RemoveConstraint,
        AddForeignKey,
        RemoveForeignKey,
        AddTableComment,
        RemoveTableComment,
        RenameTable, // never found, only asked for
        RenameColumn
    };
    Kind kind = Kind::AddTable;
    TableName table{};
    QString name{};        // of the column, index or constraint; empty for tables and unnamed constraints
    QString newName{};     // of RenameTable and RenameColumn
    QStringList aspects{}; // of ModifyColumn: "type", "nullable", "default", "comment"
    Operation upgrade{};
    Operation downgrade{};
    std::optional<Index> index{}; // of AddIndex and RemoveIndex: a drop_index() repeats its options
    QStringList detected{};       // Alembic's log: "constraints: Detected added index 'ix' on …"
    bool isDoubtful = false;      // set by who knows better: nothing differs there, although Alembic writes it
    friend bool operator==(const ModelChange &, const ModelChange &) = default;
};
/// Alembic's name of it in `check`: "add_table", "remove_fk"; a column's are one per aspect, "modify_type".
QStringList changeNames(const ModelChange &change);

/// What belongs to one table and stands together: one batch_alter_table() where batches are written.
struct TableChanges
{
    TableName table{};
    bool isBlock = false; // false: create_table or drop_table, which no batch holds
    QList<ModelChange> changes{};
    friend bool operator==(const TableChanges &, const TableChanges &) = default;
};

/// In the order of upgrade(); downgrade() is all of it backwards.
struct ModelChanges
{
    QList<TableChanges> tables{};
    QStringList warnings{}; // Alembic's and SQLAlchemy's own
    QStringList remarks{};  // ours: what was left out
    bool isEmpty() const { return tables.isEmpty(); }

    Operations upgrade() const;
    Operations downgrade() const;
    /// Those of which \a isWanted says so.
    ModelChanges only(const std::function<bool(const ModelChange &)> &isWanted) const;
};

struct AutogenerateInput
{
    Backend backend = Backend::Sqlite;
    const Schema *models = nullptr;   // never null
    const Schema *database = nullptr; // as reflect() reads it; never null
    /// What answers behind a URL of MySQL may be MariaDB, whose catalogue reads otherwise; nullopt: it is \a backend.
    std::optional<Backend> server{};
    bool isReplayed = false; // \a database is what migrations make, replayed: no catalogue
    bool compareType = true;
    bool compareServerDefault = false;
    bool includeSchemas = false;
    TableName versionTable{{}, QStringLiteral("alembic_version")};
    /// Carried out first, in this order; the rest is compared under the new names. All of them are there to be renamed.
    QList<Rename> renames{};
    /// PostgreSQL: the truth of a SQL expression, asked of the database; nullopt: it can't say. Null: nobody to ask.
    std::function<std::optional<bool>(const QString &)> ask{};
};

/// Thread-safe.
ModelChanges autogenerate(const AutogenerateInput &input);

} // namespace tribikos
