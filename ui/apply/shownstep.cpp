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

/// Puts statements one after another and remembers where each begins.
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
        m_shown.text += text + u"\n\n"_s;
        m_line += int(text.count(u'\n')) + 2;
    }

private:
    ShownStep &m_shown;
    int m_line = 1;
};

QString runningLine(const PlanStep &step)
{
    const QString word = step.direction == Direction::Downgrade ? u"downgrade"_s
                         : step.direction == Direction::Stamp   ? u"stamp_revision"_s
                                                                : u"upgrade"_s; // as in the script
    return visibleText(u"-- Running %1 %2 -> %3"_s.arg(word, step.from.join(u", "_s),
                                                       step.to.join(u", "_s)),
                       false);
}

} // namespace

ShownStep shownStep(const Plan &plan, const PlanStep &step)
{
    ShownStep shown;
    if (plan.backend != Backend::Sqlite) {
        shown.text = stepText(plan, step);
        return shown;
    }
    Writer writer(shown);
    writer.piece(runningLine(step));
    bool isOpen = false;
    bool mustCreate = step.createsVersionTable;
    const auto begin = [&] {
        if (isOpen)
            return;
        isOpen = true;
        writer.frame(u"BEGIN IMMEDIATE;"_s);
        if (mustCreate)
            writer.piece(plan.createVersionTable.trimmed() + u';');
        mustCreate = false;
    };
    const auto commit = [&] {
        if (isOpen)
            writer.frame(u"COMMIT;"_s);
        isOpen = false;
    };
    for (const Statement &statement : step.statements) {
        if (statement.outsideTransaction) {
            commit();
            writer.frame(say("-- outside of any transaction: it can't be rolled back"));
        } else {
            begin();
        }
        writer.statement(statement);
    }
    begin();
    for (const Statement &statement : step.versionStatements)
        writer.statement(statement);
    commit();
    return shown;
}

bool hasStatementsOutside(const Plan &plan)
{
    for (const PlanStep &step : plan.steps)
        for (const Statement &statement : step.statements)
            if (statement.outsideTransaction)
                return true;
    return false;
}

} // namespace tribikos
