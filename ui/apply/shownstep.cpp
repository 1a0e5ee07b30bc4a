#include "ui/apply/shownstep.h"

#include "core/base/text.h"

#include <QCoreApplication>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("ShownStep", text);
}

/// Puts statements one under another and remembers where each begins.
class Writer
{
public:
    explicit Writer(ShownStep &shown)
        : m_shown(shown)
    {}

    void frame(const QString &line)
    {
        m_shown.frameLines << m_line;
        piece(line);
    }
    void statement(const Statement &statement)
    {
        const QString text = scriptStatement(statement) + u';';
        m_shown.statements.append({m_line, int(text.count(u'\n')) + 1});
        piece(text);
    }
    void piece(const QString &text)
    {
        m_shown.text += text + u'\n';
        m_line += int(text.count(u'\n')) + 1;
    }
    int line() const { return m_line; }

private:
    ShownStep &m_shown;
    int m_line = 1;
};

QString runningLine(const PlanStep &step)
{
    if (step.undoes)
        return visibleText(
            u"-- Taking back what is in of the %1 of revision %2"_s.arg(
                step.undoes->direction == Direction::Downgrade ? u"downgrade"_s : u"upgrade"_s,
                step.revision),
            false);
    const QString word = step.direction == Direction::Downgrade ? u"downgrade"_s
                         : step.direction == Direction::Stamp   ? u"stamp_revision"_s
                                                                : u"upgrade"_s; // as in the script
    return visibleText(
        u"-- Running %1 %2 -> %3"_s.arg(word, step.from.join(u", "_s), step.to.join(u", "_s)),
        false);
}

QString beginText(Backend backend)
{
    switch (backend) {
    case Backend::Sqlite: return u"BEGIN IMMEDIATE;"_s;
    case Backend::PostgreSql: return u"BEGIN;"_s;
    case Backend::MySql:
    case Backend::MariaDb: break;
    }
    return u"START TRANSACTION;"_s;
}

/// What is said over a segment; empty: the same as over the one before it.
QString aboveText(const TransactionSegment &segment, const TransactionSegment *before)
{
    const bool isIn = segment.kind == TransactionSegment::Kind::Transaction;
    if (isIn && !segment.begins)
        return say("-- in the transaction of the revision before");
    const QString remark = segmentRemark(segment);
    const bool isSaid = before && before->kind == segment.kind && segmentRemark(*before) == remark;
    return remark.isEmpty() || isSaid ? QString() : u"-- "_s + remark;
}

} // namespace

namespace {

ShownStep shownStep(const Plan &plan, const PlanStep &planned,
                    const QList<TransactionSegment> &segments)
{
    ShownStep shown;
    Writer writer(shown);
    writer.piece(runningLine(planned));
    const TransactionSegment *before = nullptr;
    for (const TransactionSegment &segment : segments) {
        const bool isIn = segment.kind == TransactionSegment::Kind::Transaction;
        if (const QString above = aboveText(segment, before); !above.isEmpty())
            writer.frame(above);
        SqlView::Bracket bracket{.first = writer.line(),
                                 .isOutside = !isIn,
                                 .isOpen = !segment.begins,
                                 .isUnended = !segment.commits};
        if (isIn && segment.begins)
            writer.frame(beginText(plan.backend));
        if (segment.createsVersionTable)
            writer.piece(plan.createVersionTable.trimmed() + u';');
        for (int i = segment.first; i < segment.last; ++i)
            writer.statement(planned.statements.at(i));
        for (const Statement &statement :
             segment.isLast ? planned.versionStatements : QList<Statement>())
            writer.statement(statement);
        if (isIn && segment.commits)
            writer.frame(u"COMMIT;"_s);
        bracket.last = writer.line() - 1;
        if (bracket.last >= bracket.first)
            shown.brackets.append(bracket);
        if (isIn && !segment.commits)
            writer.frame(say("-- committed together with the revisions behind it"));
        before = &segment;
    }
    return shown;
}

} // namespace

ShownStep shownStep(const Plan &plan, const TransactionMap &map, int step)
{
    return shownStep(plan, plan.steps.at(step), map.steps.at(step));
}

ShownStep shownSoFar(const Plan &plan, const TransactionMap &map, int step,
                     const QStringList &statements)
{
    PlanStep told = plan.steps.at(step);
    for (const QString &sql : statements)
        told.statements.append(
            {.sql = visibleText(redactedText(sql)).trimmed(), .isVerbatim = true});
    const qsizetype own = told.statements.size() - told.versionStatements.size();
    const bool isWhole = own >= 0 && !told.versionStatements.isEmpty()
                         && statements.at(own) == told.versionStatements.constFirst().sql;
    if (isWhole) // they are told as well
        told.statements.resize(own);
    return shownStep(plan, told, segmentsOf(told, map.rules));
}

} // namespace tribikos
