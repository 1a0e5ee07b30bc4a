#pragma once

#include "core/base/result.h"
#include "core/db/session.h"
#include "core/plan/plan.h"

#include <QMap>

namespace tribikos {

/*!
    What of a revision is in, where no transaction can hold all of it: MySQL's DDL, and statements
    that PostgreSQL wants outside. One row per statement of the revision that is under way, in the table
    tribikos_journal beside the version table; none when nothing is. Alembic doesn't look at it.

    A statement is "started" before it runs and "done" after it, unless it shares a transaction with
    its row. A kill between the two leaves "started": then the tables are asked (statementprobe.h).
    What is taken back is "undoing" before that, and has no row after it. Statements are counted from 0.
*/
class Journal
{
public:
    enum class State { Started, Done, Undoing };
    struct Entry
    {
        State state = State::Started;
        QByteArray digest{}; // of the statement's text
        QString stamp{};     // of what it changes, before it ran
        qint64 session = 0;  // who ran it
    };

    explicit Journal(const TableName &versionTable);

    /// What is under way, read anew; nothing where there is no journal.
    Status read(Session &session);
    bool isEmpty() const { return m_entries.isEmpty(); }
    /// Whether what is under way is \a step; always when it is empty.
    bool isOf(const PlanStep &step) const;
    /// "the upgrade to a1b2"
    QString subject() const;
    /// What is under way, for whoever takes it back; nothing when it is empty.
    std::optional<HalfStep> half() const;
    /// Somebody has begun to take it back: it can't be gone on with.
    bool isBeingUndone() const;
    /// "Statements 1–3 of the upgrade of revision a1b2 are in. Statement 4 … was under way."; empty when it is.
    QString standing() const;
    const QMap<int, Entry> &entries() const { return m_entries; }
    /// How many statements are done: they run in order, so it is a beginning of the revision.
    int doneCount() const;

    /// How many of \a step's first statements are in, for a trial; an Error where only a run could tell, or go on.
    Result<int> statementsIn(const PlanStep &step) const;

    /// Creates the table where it is missing. On MySQL this commits.
    Status create(Session &session);
    /// Writes that the statements \a done have run and that \a started is about to; either may be none.
    Status mark(Session &session, const PlanStep &step, const QList<int> &done_,
                std::optional<int> started, const QString &stamp, qint64 serverId);
    /// \a statement had no effect.
    Status unmark(Session &session, int statement);
    /// What ran from \a statement on is in another state now, as that it is about to be taken back.
    Status setState(Session &session, int statement, State state);
    /// What ran from \a statement on counts no more.
    Status unmarkFrom(Session &session, int statement);
    /// The revision is whole, or nothing of it is in. forget() once that is committed.
    Status clear(Session &session);
    void forget();
    /// Takes the table away, when nothing is under way: Alembic's autogenerate would ask what it is.
    Status drop(Session &session);

    /// What a statement's row says of its text.
    static QByteArray digest(const Statement &statement);

private:
    QString m_table{}; // quoted
    TableName m_name{};
    bool m_exists = false;
    QString m_revision{};
    QString m_direction{};
    QMap<int, Entry> m_entries{};
};

} // namespace tribikos
