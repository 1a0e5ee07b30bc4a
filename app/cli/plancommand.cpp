#include "app/cli/onlinerun.h"

#include "app/cli/cli.h"
#include "app/cli/printers.h"
#include "core/base/text.h"
#include "core/plan/transactionmap.h"

#include <QJsonArray>
#include <QJsonObject>

using namespace Qt::StringLiterals;

/// upgrade --plan
namespace tribikos::cli {

namespace {

QString kindName(TransactionSegment::Kind kind)
{
    switch (kind) {
    case TransactionSegment::Kind::Transaction: return u"transaction"_s;
    case TransactionSegment::Kind::Outside: return u"outside"_s;
    case TransactionSegment::Kind::Committing: return u"commits-itself"_s;
    }
    return {};
}

/// Statements are counted from 1, over those of the revision.
QJsonObject segmentObject(const TransactionSegment &segment)
{
    const bool isIn = segment.kind == TransactionSegment::Kind::Transaction;
    return {{u"kind"_s, kindName(segment.kind)},
            {u"first"_s, segment.first + 1},
            {u"last"_s, segment.last},
            {u"begins"_s, isIn && segment.begins},
            {u"commits"_s,
             segment.kind == TransactionSegment::Kind::Committing || (isIn && segment.commits)},
            {u"creates_version_table"_s, segment.createsVersionTable},
            {u"version_rows"_s, segment.isLast},
            {u"remark"_s, segmentRemark(segment)}};
}

QJsonArray messages(const QList<LossNote> &notes)
{
    QJsonArray list;
    for (const LossNote &note : notes)
        list.append(note.message);
    return list;
}

/// How many statements of \a step a run that broke off has left in: the next one goes on behind them.
int statementsIn(const PlanStep &step, const std::optional<HalfStep> &half)
{
    const bool isHalf = half && !step.undoes && step.revision == half->revision
                        && step.direction == half->direction;
    return isHalf ? int(qMin(half->digests.size(), step.statements.size())) : 0;
}

/// How many the next run runs: a run that broke off has made the version table, too.
int statementsLeft(const Plan &plan, const std::optional<HalfStep> &half)
{
    int in = 0;
    for (const PlanStep &step : plan.steps) {
        const int ofStep = statementsIn(step, half);
        in += ofStep + (ofStep > 0 && step.createsVersionTable ? 1 : 0);
    }
    return plan.statementCount() - in;
}

QJsonObject planObject(const Plan &plan, const TransactionMap &map, const Environment &environment,
                       const std::optional<HalfStep> &half)
{
    QJsonArray steps;
    for (qsizetype i = 0; i < plan.steps.size(); ++i) {
        const PlanStep &step = plan.steps.at(i);
        QJsonArray segments;
        for (const TransactionSegment &segment : map.steps.at(i))
            segments.append(segmentObject(segment));
        PlanStep uncut = step; // where transactions are left is what "transactions" says
        for (Statement &statement : uncut.statements) {
            statement.outsideTransaction = false;
            statement.sql = redactedText(statement.sql);
        }
        QJsonObject object = stepObject(plan, uncut);
        object.insert(u"message"_s, step.message);
        object.insert(u"live"_s, step.live != nullptr);
        object.insert(u"transactions"_s, segments);
        object.insert(u"stays"_s, lastingText(step, map.steps.at(i), map.rules));
        object.insert(u"losses"_s, messages(step.losses));
        object.insert(u"rebuilds"_s, QJsonArray::fromStringList(step.rebuiltTables));
        if (const int in = statementsIn(step, half); in > 0)
            object.insert(u"statements_in"_s, in);
        steps.append(object);
    }
    return {{u"event"_s, u"plan"_s},
            {u"database"_s, redactedUrl(environment.url)},
            {u"from"_s, QJsonArray::fromStringList(plan.startRows)},
            {u"to"_s, QJsonArray::fromStringList(plan.endRows)},
            {u"statements"_s, statementsLeft(plan, half)},
            {u"transactions"_s, transactionSummary(map)},
            {u"stays"_s, QJsonArray::fromStringList(lastingNotes(plan, map))},
            {u"steps"_s, steps}};
}

/// The start of a statement, on one line.
QString shortened(const QString &sql)
{
    constexpr qsizetype longest = 100;
    const QString line = visibleText(redactedText(sql.left(20 * longest)).simplified(), false);
    return line.size() > longest ? line.left(longest - 2) + u" …"_s : line;
}

class PlanPrinter
{
public:
    PlanPrinter(CommandContext &context, const Plan &plan, const std::optional<HalfStep> &half)
        : m_context(context)
        , m_plan(plan)
        , m_half(half)
    {}
    void step(const PlanStep &step, const QList<TransactionSegment> &segments)
    {
        m_in = statementsIn(step, m_half);
        m_context.print(stepLine(step));
        if (step.live)
            m_context.print(u"          reads rows: its statements follow from them"_s);
        else if (!step.isRunnable())
            m_context.print(u"          can't be run: "_s + step.reason);
        for (const TransactionSegment &segment : segments)
            print(step, segment);
    }

private:
    void print(const PlanStep &step, const TransactionSegment &segment)
    {
        const bool isIn = segment.kind == TransactionSegment::Kind::Transaction;
        const QString remark = segmentRemark(segment);
        if (isIn && segment.begins)
            m_context.print(u"  BEGIN"_s + (remark.isEmpty() ? QString() : u"   -- "_s + remark));
        if (segment.createsVersionTable && m_in == 0)
            line(0, m_plan.createVersionTable, isIn ? QString() : remark);
        for (int i = segment.first; i < segment.last; ++i)
            line(i + 1, step.statements.at(i).shown(),
                 i < m_in ? u"in already, as the run that broke off has left it"_s
                 : isIn   ? QString()
                          : remark);
        for (const Statement &statement :
             segment.isLast ? step.versionStatements : QList<Statement>())
            line(0, statement.sql, {});
        if (isIn && segment.commits)
            m_context.print(u"  COMMIT"_s);
    }
    void line(int number, const QString &sql, const QString &remark)
    {
        const QString count = number > 0 ? QString::number(number) : QString();
        m_context.print(u"%1  %2"_s.arg(count, 8).arg(shortened(sql)));
        if (!remark.isEmpty())
            m_context.print(u"          -- "_s + remark);
    }

    CommandContext &m_context;
    const Plan &m_plan;
    const std::optional<HalfStep> &m_half;
    int m_in = 0; // statements of the step that don't run again
};

void printText(CommandContext &context, const Plan &plan, const TransactionMap &map,
               const std::optional<HalfStep> &half)
{
    PlanPrinter printer(context, plan, half);
    for (qsizetype i = 0; i < plan.steps.size(); ++i)
        printer.step(plan.steps.at(i), map.steps.at(i));
    const auto count = [](qsizetype number, const QString &what) {
        return number == 1 ? u"1 "_s + what : u"%1 %2s"_s.arg(QString::number(number), what);
    };
    context.print(u"%1, %2: %3."_s.arg(count(plan.steps.size(), u"revision"_s),
                                       count(statementsLeft(plan, half), u"statement"_s),
                                       transactionSummary(map)));
    for (const QString &note : lastingNotes(plan, map))
        context.print(u"Stays if a later one fails: %1"_s.arg(note));
    for (const PlanStep &step : plan.steps) {
        for (const LossNote &loss : step.losses)
            context.print(u"Can't be taken back: %1 %2"_s.arg(step.revision, loss.message));
        for (const LossNote &warning : step.warnings)
            context.print(u"Mind: %1: %2"_s.arg(step.revision, warning.message));
        if (!step.rebuiltTables.isEmpty())
            context.print(u"%1 rebuilds %2; every row is kept"_s.arg(
                step.revision, step.rebuiltTables.join(u", "_s)));
    }
    context.print(u"Nothing was run."_s);
}

} // namespace

int showPlan(CommandContext &context, const Plan &plan, const Environment &environment,
             const QString &server, const std::optional<HalfStep> &half)
{
    const TransactionMap map =
        transactionMap(plan, transactionMode(context.project().options()), versionNumberOf(server));
    const QString unkept = unkeptModeText(map.rules.mode, map.rules.backend);
    if (!unkept.isEmpty() && !plan.steps.isEmpty())
        context.warn(unkept);
    if (context.isJson())
        context.printJson(planObject(plan, map, environment, half));
    else
        printText(context, plan, map, half);
    const auto refused = notRunnable(plan);
    return refused ? context.fail(*refused) : Done;
}

} // namespace tribikos::cli
