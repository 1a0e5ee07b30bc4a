#pragma once

#include "core/base/backend.h"
#include "core/schema/schema.h"

#include <QHash>
#include <QSet>
#include <QStringList>

namespace tribikos {

/*!
    \a database as SQLAlchemy 2.0 reflects it, types by its classes: Alembic's autogenerate sees no more than that, and
    a downgrade says what it saw. Every name of a constraint or index is a final one (op.f()).

    What SQLAlchemy can't see is left out; \a remarks get a sentence for each thing that the revision loses by that.
*/
Schema asSqlAlchemySees(const Schema &database, Backend backend, QStringList *remarks);

/// The same for what migrations make: names that are there, or that the server will have given.
Schema asReplayed(const Schema &made, Backend backend);

/// What the tables of one database share. Inside of this room only.
struct ViewContext
{
    const Schema &database;
    QStringList *remarks;
    QHash<QString, SqlTypePtr> types{};     // seen before, by the catalogue's text
    QSet<QString> ownedSequences{};         // of SERIAL and identity columns (PostgreSQL)
};

// One database each. Inside of this room only.
Table viewOfSqliteTable(const Table &table, ViewContext &context);
Table viewOfPostgresTable(const Table &table, ViewContext &context);
Table viewOfMySqlTable(const Table &table, Backend backend);

/// Alembic's guess that a default on SQLite is an expression that needs parentheses.
bool isUnparenthesizedSqlite(const QString &text);

/// SQLAlchemy's class for a type that a script says in the database's own words ("varchar(20)"); null: there is none,
/// or the words aren't understood whole.
SqlTypePtr classOfWords(const QString &words, Backend backend);
// One database each. Inside of this room only.
SqlTypePtr classOfPostgresWords(const QString &words);
SqlTypePtr classOfMySqlWords(const QString &words);
SqlTypePtr classOfSqliteWords(const QString &words);

/// A type by SQLAlchemy's class; \a module "sqlalchemy" or a dialect's.
SqlTypePtr classType(const QString &module, const QString &name);
SqlTypePtr sharedType(SqlType type);
/// The name as it stands in the database: printed as op.f().
Name finalName(const QString &text);

} // namespace tribikos
