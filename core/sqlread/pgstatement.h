#pragma once

#include "core/ops/replay.h"
#include "core/sqlread/pgdefinition.h"

namespace tribikos {

/// What lasts from one statement to the next.
struct PgSession
{
    /// The schema as it was where a transaction or savepoint began.
    struct Begin
    {
        QString name{};
        Schema schema{};
        QStringList searchPath{};
    };
    QStringList searchPath{}; // schemas where a bare name is looked for; "" is public, which empty means as well
    std::optional<QStringList> outside{}; // what SET LOCAL hides
    QList<Begin> open{};
    QSet<QString> temporary{}; // tables of the session
    bool isScript = false;     // all that there is was made by the statements before
    bool isWhole = true;       // and all of them were understood
};

/// One statement of PostgreSQL that is being followed. Inside of this room only, as everything here.
struct PgContext
{
    PgText text;
    Schema &schema;
    PgSession &session;
    QString refusal{};     // why the server would not run it
    bool isUnsure = false; // more may have changed than can be told

    TableName table(const PgNode &rangeVar) const { return text.found(rangeVar); }
    /// True, with the reason kept, where the server would refuse a script's statement, which then changes nothing.
    bool refuses(bool isRefused, const QString &message);
    bool refusesTable(const TableName &name);
    /// A table of the session, which hides others of its name.
    bool isTemporary(const TableName &name) const
    {
        return session.temporary.contains(name.name)
               && (name.schema.isEmpty() || name.schema == session.searchPath.value(0));
    }
    /// For want of the column; with \a isThere false: because there is one.
    bool refusesColumn(const TableName &name, const QString &column, bool isThere = true);
    /// For want of a column of a key, or of the table that a foreign key refers to.
    bool refusesConstraint(const TableName &name, const Constraint &constraint);
    void run(Operation::Kind operation);
    /// Nothing is certain of the table any more; \a keepsColumns: of its keys and indexes.
    void markOpaque(const TableName &name, bool keepsColumns = false);
    NamedObject *object(NamedObject::Kind kind, const TableName &name);
    /// The sequence, view or materialized view of this name; null: there is none. ALTER TABLE takes their names too.
    NamedObject *relationLike(const TableName &name);
};

/*!
    What one statement does to \a schema, by its tree; data and settings are told by their first
    word and never parsed, however long they are. False: it may have changed anything. What the
    grammar refuses marks the tables that it names.

    \a why gets the reason with its line in \a sql, when something was not followed, be it known of
    which table or not.
*/
bool applyPostgres(const QString &sql, Schema &schema, PgSession &session, Error *why);

// By what a statement is about; nullopt: it is of another kind.
std::optional<bool> pgCreate(const PgNode &statement, PgContext &context);
std::optional<bool> pgDrop(const PgNode &statement, PgContext &context);
std::optional<bool> pgAlterTable(const PgNode &statement, PgContext &context);
std::optional<bool> pgAlterObject(const PgNode &statement, PgContext &context);
std::optional<bool> pgOfSession(const PgNode &statement, PgContext &context);

// DROP … CASCADE: what hangs on something in other tables, views and triggers; called where it is still there (a column)
// or gone already (a relation, a key). PgContext::isUnsure where that can't be told.
void pgDropView(const TableName &name, bool cascades, PgContext &context);
void pgCascadeOfRelation(const TableName &name, PgContext &context);
void pgCascadeOfColumn(const TableName &name, const QString &column, PgContext &context);
void pgCascadeOfKey(const TableName &name, const QStringList &columns, bool isPrimary, PgContext &context);
void pgCascadeOfType(const TableName &type, PgContext &context);
void pgCascadeOfSequence(const TableName &name, PgContext &context);
void pgCascadeOfFunction(const TableName &name, PgContext &context);

/// The types of the arguments that tell a function from others of its name.
QStringList pgArguments(const QString &definition);

/// The table of a sequence's OWNED BY t.c; empty: NONE. nullopt: not said.
std::optional<QString> pgSequenceOwner(const PgNode &statement);

} // namespace tribikos
