#pragma once

#include "core/plan/plan.h"
#include "core/plan/statementnature.h"

namespace tribikos {

/// How much one transaction holds. SQLite has a transaction per revision, MySQL no choice: its DDL commits.
enum class TransactionMode {
    PerRevision,
    All, // the whole run, as far as no statement must be outside
    None // every statement commits by itself
};

/// What decides where transactions end, beside the statements.
struct TransactionRules
{
    Backend backend = Backend::Sqlite;
    TransactionMode mode = TransactionMode::PerRevision;
    int serverVersion = 0; // PostgreSQL: 150004; 0: not known, taken for one of today
    friend bool operator==(const TransactionRules &, const TransactionRules &) = default;
};

/// Statements of a step that are committed together, or one that commits alone.
struct TransactionSegment
{
    enum class Kind {
        Transaction, // between BEGIN and COMMIT
        Outside,     // in no transaction: what it does is there at once
        Committing   // MySQL: ends the transaction before it and commits itself
    };
    enum class Cut {
        None,       // it is as large as it can be
        Asked,      // autocommit_block, or "transaction: none"
        Impossible, // no transaction can hold the statement
        Mode        // every statement was to commit by itself
    };
    Kind kind = Kind::Transaction;
    Cut cut = Cut::None;
    int first = 0; // the step's statements [first, last)
    int last = 0;
    bool isLast = false; // ends with the version rows
    bool createsVersionTable = false;
    bool begins = true;  // false: in the transaction that an earlier step began
    bool commits = true; // false: a later step's COMMIT is its end
    friend bool operator==(const TransactionSegment &, const TransactionSegment &) = default;
};

/// How a run cuts \a step, its transaction modes aside that reach over several steps. The runners go by it.
QList<TransactionSegment> segmentsOf(const PlanStep &step, const TransactionRules &rules);

/// Where BEGIN and COMMIT fall when a plan is run. A live step's statements are not known: it has the one segment
/// that it will be on SQLite and PostgreSQL, and on MySQL what is sure to be in its last transaction.
struct TransactionMap
{
    TransactionRules rules{};
    QList<QList<TransactionSegment>> steps{}; // by Plan::steps

    int count(TransactionSegment::Kind kind) const;
    friend bool operator==(const TransactionMap &, const TransactionMap &) = default;
};
TransactionMap transactionMap(const Plan &plan, TransactionMode mode, int serverVersion = 0);

/// "one transaction per revision, but for 1 statement outside of any"
QString transactionSummary(const TransactionMap &map);
/// Why a segment is what it is, for whoever reads its statements: "commits by itself"; empty: nothing to say.
QString segmentRemark(const TransactionSegment &segment);
/// What \a mode asks for that a run on \a backend doesn't do, as a sentence; empty: nothing.
QString unkeptModeText(TransactionMode mode, Backend backend);
/// What of \a step stays in when it fails behind it, as a sentence without its revision: "statement 2 of 3 runs outside
/// of any transaction and can't be rolled back"; empty: a failure takes back the whole step.
QString lastingText(const PlanStep &step, const QList<TransactionSegment> &segments, const TransactionRules &rules);
/// The same over a plan, a sentence a revision; of MySQL one for all.
QStringList lastingNotes(const Plan &plan, const TransactionMap &map);

} // namespace tribikos
