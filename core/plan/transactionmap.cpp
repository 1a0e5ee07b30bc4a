#include "core/plan/transactionmap.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = TransactionSegment::Kind;
using Cut = TransactionSegment::Cut;

constexpr int kVersionOfToday = 170000;

bool isMySql(Backend backend)
{
    return backend == Backend::MySql || backend == Backend::MariaDb;
}

/// What \a statement is when it stands alone; nullopt: it shares a transaction with its neighbours.
std::optional<TransactionSegment> cutOf(const Statement &statement, const TransactionRules &rules)
{
    const Backend backend = rules.backend;
    const auto nature =
        statement.stretch || backend == Backend::Sqlite
            ? StatementNature::Transactional
            : natureOf(statement.sql, backend,
                       rules.serverVersion > 0 ? rules.serverVersion : kVersionOfToday);
    if (isMySql(backend)) {
        if (nature == StatementNature::Committing)
            return TransactionSegment{.kind = Kind::Committing, .cut = Cut::Impossible};
        return std::nullopt;
    }
    if (nature == StatementNature::Outside)
        return TransactionSegment{.kind = Kind::Outside, .cut = Cut::Impossible};
    if (statement.outsideTransaction) // PostgreSQL: in one of its own, with its row in the journal
        return TransactionSegment{.kind = backend == Backend::Sqlite ? Kind::Outside
                                                                     : Kind::Transaction,
                                  .cut = Cut::Asked};
    if (backend == Backend::PostgreSql && rules.mode == TransactionMode::None)
        return TransactionSegment{.kind = Kind::Transaction, .cut = Cut::Mode};
    return std::nullopt;
}

/// On PostgreSQL a revision that is one transaction can share it with its neighbours.
void joinSteps(TransactionMap &map)
{
    TransactionSegment *open = nullptr;
    for (QList<TransactionSegment> &segments : map.steps) {
        if (segments.size() > 1) {
            open = nullptr;
            continue;
        }
        TransactionSegment &own = segments.first();
        if (open) {
            open->commits = false;
            own.begins = false;
        }
        open = &own;
    }
}

/// The version table is made in the first transaction; on MySQL before it, where it commits by itself.
void placeVersionTable(QList<TransactionSegment> &segments, Backend backend)
{
    if (isMySql(backend)) {
        segments.prepend(
            {.kind = Kind::Committing, .cut = Cut::Impossible, .createsVersionTable = true});
        return;
    }
    const auto first = std::ranges::find(segments, Kind::Transaction, &TransactionSegment::kind);
    if (first != segments.end())
        first->createsVersionTable = true;
}

QString numbers(const QList<int> &all)
{
    QStringList ranges;
    for (qsizetype i = 0; i < all.size();) {
        qsizetype last = i;
        while (last + 1 < all.size() && all.at(last + 1) == all.at(last) + 1)
            ++last;
        ranges.append(last == i       ? QString::number(all.at(i) + 1)
                      : last == i + 1 ? u"%1, %2"_s.arg(all.at(i) + 1).arg(all.at(last) + 1)
                                      : u"%1–%2"_s.arg(all.at(i) + 1).arg(all.at(last) + 1));
        i = last + 1;
    }
    return ranges.join(u", "_s);
}

QString statementsPhrase(const QList<int> &which, qsizetype of)
{
    return of == 1             ? u"its statement"_s
           : which.size() == 1 ? u"statement %1 of %2"_s.arg(numbers(which)).arg(of)
                               : u"statements %1 of %2"_s.arg(numbers(which)).arg(of);
}

/// Statements by the way in which they stay.
struct Lasting
{
    QList<int> outside{};
    QList<int> committing{};
    QList<int> committed{}; // by a COMMIT that comes before the step's end
};

Lasting lastingOf(const QList<TransactionSegment> &segments)
{
    Lasting lasting;
    for (const TransactionSegment &segment : segments) {
        QList<int> *list = segment.kind == Kind::Outside      ? &lasting.outside
                           : segment.kind == Kind::Committing ? &lasting.committing
                           : segment.isLast                   ? nullptr
                                                              : &lasting.committed;
        for (int i = segment.first; list && i < segment.last; ++i)
            list->append(i);
    }
    return lasting;
}

} // namespace

QList<TransactionSegment> segmentsOf(const PlanStep &step, const TransactionRules &rules)
{
    QList<TransactionSegment> all;
    const int count = int(step.statements.size());
    bool isOpen = false;
    for (int i = 0; i < count; ++i) {
        std::optional<TransactionSegment> alone = cutOf(step.statements.at(i), rules);
        if (!alone && isOpen) {
            all.last().last = i + 1;
            continue;
        }
        isOpen = !alone;
        all.append(alone.value_or(TransactionSegment{}));
        all.last().first = i;
        all.last().last = i + 1;
    }
    const bool isWhole = step.undoes && !all.isEmpty(); // it has no version rows
    if (!isOpen && !isWhole)                            // which have a transaction in any case
        all.append({.first = count, .last = count});
    all.last().isLast = true;
    return all;
}

TransactionMap transactionMap(const Plan &plan, TransactionMode mode, int serverVersion)
{
    TransactionMap map{
        .rules = {.backend = plan.backend, .mode = mode, .serverVersion = serverVersion}};
    for (const PlanStep &step : plan.steps)
        map.steps.append(segmentsOf(step, map.rules));
    if (plan.backend == Backend::PostgreSql && mode == TransactionMode::All)
        joinSteps(map);
    for (qsizetype i = 0; i < plan.steps.size(); ++i)
        if (plan.steps.at(i).createsVersionTable)
            placeVersionTable(map.steps[i], plan.backend);
    return map;
}

int TransactionMap::count(TransactionSegment::Kind kind) const
{
    qsizetype found = 0;
    for (const QList<TransactionSegment> &segments : steps)
        found += std::ranges::count(segments, kind, &TransactionSegment::kind);
    return int(found);
}

QString transactionSummary(const TransactionMap &map)
{
    const int committing = map.count(Kind::Committing);
    const int outside = map.count(Kind::Outside);
    if (committing > 0)
        return u"each change of a table commits by itself, and a journal keeps what is in"_s;
    if (map.rules.backend == Backend::PostgreSql && map.rules.mode == TransactionMode::None)
        return u"each statement commits by itself"_s;
    const bool isCut = std::ranges::any_of(
        map.steps, [](const QList<TransactionSegment> &segments) { return segments.size() > 1; });
    const bool isOne =
        map.rules.backend == Backend::PostgreSql && map.rules.mode == TransactionMode::All;
    const QString text = isOne ? u"one transaction for all"_s : u"one transaction per revision"_s;
    if (outside > 0)
        return text
               + (outside == 1 ? u", but for 1 statement outside of any"_s
                               : u", but for %1 statements outside of any"_s.arg(outside));
    return isCut ? text + u", cut where a script asks for it"_s : text;
}

QString unkeptModeText(TransactionMode mode, Backend backend)
{
    if (backend != Backend::Sqlite || mode == TransactionMode::PerRevision)
        return {};
    return mode == TransactionMode::All
               ? u"The project asks for one transaction over the whole run, but on SQLite each "
                 u"revision has its own: when one fails, those before it stay in."_s
               : u"The project asks for no transactions, but on SQLite each revision has its own: "
                 u"when it fails, all of it is taken back."_s;
}

QString segmentRemark(const TransactionSegment &segment)
{
    switch (segment.kind) {
    case Kind::Committing: return u"commits by itself"_s;
    case Kind::Outside:
        return segment.cut == Cut::Impossible
                   ? u"outside of any transaction, for none can hold it: it can't be rolled back"_s
                   : u"outside of any transaction, as the script asks: it can't be rolled back"_s;
    case Kind::Transaction: break;
    }
    switch (segment.cut) {
    case Cut::Asked: return u"a transaction of its own, as the script asks"_s;
    case Cut::Mode: return u"a transaction of its own, as the project's options ask"_s;
    case Cut::Impossible:
    case Cut::None: break;
    }
    return {};
}

QString lastingText(const PlanStep &step, const QList<TransactionSegment> &segments,
                    const TransactionRules &rules)
{
    if (step.live && isMySql(rules.backend))
        return u"each change of a table that it comes to commits by itself and stays"_s;
    const Lasting lasting = lastingOf(segments);
    const qsizetype count = step.statements.size();
    QStringList parts;
    if (!lasting.outside.isEmpty())
        parts.append(lasting.outside.size() == 1
                         ? u"%1 runs outside of any transaction and can't be rolled back"_s.arg(
                             statementsPhrase(lasting.outside, count))
                         : u"%1 run outside of any transaction and can't be rolled back"_s.arg(
                             statementsPhrase(lasting.outside, count)));
    if (!lasting.committing.isEmpty())
        parts.append((lasting.committing.size() == 1
                          ? u"%1 commits by itself and can't be rolled back"_s
                          : u"%1 commit by themselves and can't be rolled back"_s)
                         .arg(statementsPhrase(lasting.committing, count)));
    if (!lasting.committed.isEmpty())
        parts.append((lasting.committed.size() == 1
                          ? u"%1 is committed before the revision is whole"_s
                          : u"%1 are committed before the revision is whole"_s)
                         .arg(statementsPhrase(lasting.committed, count)));
    return parts.join(u"; "_s);
}

QStringList lastingNotes(const Plan &plan, const TransactionMap &map)
{
    QStringList notes;
    int mySqlSteps = 0;
    for (qsizetype i = 0; i < plan.steps.size(); ++i) {
        const PlanStep &step = plan.steps.at(i);
        const QString text = lastingText(step, map.steps.at(i), map.rules);
        if (text.isEmpty())
            continue;
        ++mySqlSteps;
        if (!isMySql(plan.backend))
            notes.append(u"%1: %2"_s.arg(step.revision, text));
    }
    if (isMySql(plan.backend) && mySqlSteps > 0)
        notes.append(u"%1 commits each change of a table by itself: if a statement fails, those "
                     u"before it stay in, and "
                     u"the next run goes on from there."_s.arg(backendTitle(plan.backend)));
    return notes;
}

} // namespace tribikos
