#include "core/base/text.h"
#include "core/plan/plan.h"

#include <QFileInfo>
#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Alembic's static output: every piece is followed by an empty line.
class ScriptWriter
{
public:
    void piece(const QString &text) { m_text += text + u"\n\n"_s; }
    void statement(const QString &sql) { piece(scriptStatement(sql) + u';'); }
    const QString &text() const { return m_text; }

private:
    QString m_text{};
};

QString runningLine(const PlanStep &step)
{
    const QString word = step.direction == Direction::Upgrade     ? u"upgrade"_s
                         : step.direction == Direction::Downgrade ? u"downgrade"_s
                                                                  : u"stamp_revision"_s;
    // One line whatever the ids hold: a comment must not end early.
    return visibleText(
        u"-- Running %1 %2 -> %3"_s.arg(word, step.from.join(u", "_s), step.to.join(u", "_s)),
        false);
}

/// Where autocommit_block leaves and re-enters the transaction, between statements of one step.
bool endsBlock(const PlanStep &step, int from, int to)
{
    for (int i = std::max(from, 0); i < std::min<int>(to, int(step.operations.size())); ++i)
        if (step.operations[i].as<AutocommitEnd>())
            return true;
    return false;
}

/// The step's statements, told to \a say; \a cut where the transaction is left (true) or begun again.
void tellStatements(const PlanStep &step, bool transactional,
                    const std::function<void(const QString &)> &say,
                    const std::function<void(bool)> &cut)
{
    bool isOutside = false;
    int operation = -1;
    const auto move = [&](bool outside) {
        if (transactional && outside != isOutside)
            cut(outside);
        isOutside = outside;
    };
    for (const Statement &statement : step.statements) {
        if (isOutside && statement.outsideTransaction
            && endsBlock(step, operation, statement.operation))
            move(false);
        move(statement.outsideTransaction);
        say(statement.sql);
        operation = statement.operation;
    }
    move(false);
}

void writeStatements(const PlanStep &step, bool transactional, ScriptWriter &script)
{
    tellStatements(
        step, transactional, [&](const QString &sql) { script.statement(sql); },
        [&](bool outside) { script.piece(outside ? u"COMMIT;"_s : u"BEGIN;"_s); });
}

/// What the step prints; false when it stops half-way.
bool writeStep(const Plan &plan, const PlanStep &step, bool transactional,
               const ScriptOptions &options, ScriptWriter &script)
{
    if (step.createsVersionTable)
        script.statement(plan.createVersionTable);
    if (options.comments)
        script.piece(runningLine(step));
    writeStatements(step, transactional, script);
    if (step.status != StepStatus::Ok)
        return false;
    for (const Statement &statement : step.versionStatements)
        script.statement(statement.sql);
    return true;
}

Error stepError(const PlanStep &step)
{
    const ErrorCode code = step.status == StepStatus::NeedsConnection ? ErrorCode::NeedsConnection
                           : step.status == StepStatus::Error         ? ErrorCode::ProjectRefused
                                                                      : ErrorCode::Unsupported;
    return {.code = code, .message = stepProblem(step), .file = step.file, .line = step.line};
}

/// Whether a statement drops a table that Alembic's own script would not.
bool rebuilds(const PlanStep &step)
{
    return std::ranges::any_of(step.statements, [&step](const Statement &statement) {
        const auto *batch = statement.operation >= 0 && statement.operation < step.operations.size()
                                ? step.operations[statement.operation].as<BatchAlterTable>()
                                : nullptr;
        return statement.kind == Statement::Kind::Rebuild && !(batch && batch->copyFrom);
    });
}

} // namespace

QString scriptStatement(const QString &sql)
{
    return QString(sql).replace(u'\t', u"    "_s).trimmed();
}

Result<QString> scriptText(const Plan &plan, QString *partial, const ScriptOptions &options)
{
    ScriptWriter script;
    const bool transactional = plan.transactionalDdl || options.transaction;
    const bool perStep = transactional && plan.transactionPerMigration;
    const bool guards =
        options.foreignKeysPragma && plan.backend == Backend::Sqlite && std::ranges::any_of(plan.steps, rebuilds);
    // The pragma does nothing inside a transaction.
    if (guards)
        script.statement(u"PRAGMA foreign_keys=OFF"_s);
    if (transactional && !perStep)
        script.piece(u"BEGIN;"_s);
    for (const PlanStep &step : plan.steps) {
        if (perStep)
            script.piece(u"BEGIN;"_s);
        if (!writeStep(plan, step, transactional, options, script)) {
            if (partial)
                *partial = script.text();
            return stepError(step);
        }
        if (perStep)
            script.piece(u"COMMIT;"_s);
    }
    if (transactional && !perStep)
        script.piece(u"COMMIT;"_s);
    if (guards)
        script.statement(u"PRAGMA foreign_keys=ON"_s);
    if (partial)
        *partial = script.text();
    return script.text();
}

QString stepProblem(const PlanStep &step)
{
    const QString file = QFileInfo(step.file).fileName();
    const bool isPlaced = file.isEmpty() || step.reason.contains(file);
    const QString line = step.line > 0 ? u':' + QString::number(step.line) : QString();
    return isPlaced ? u"Revision %1: %2"_s.arg(step.revision, step.reason)
                    : u"Revision %1 (%2%3): %4"_s.arg(step.revision, file, line, step.reason);
}

QStringList stepStatements(const Plan &plan, const PlanStep &step)
{
    QStringList statements;
    tellStatements(
        step, plan.transactionalDdl,
        [&](const QString &sql) { statements.append(scriptStatement(sql)); },
        [&](bool outside) { statements.append(outside ? u"COMMIT"_s : u"BEGIN"_s); });
    return statements;
}

QString stepText(const Plan &plan, const PlanStep &step)
{
    ScriptWriter script;
    writeStep(plan, step, plan.transactionalDdl, {}, script);
    return script.text();
}

} // namespace tribikos
