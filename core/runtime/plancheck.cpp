#include "core/runtime/plancheck.h"

#include "core/base/text.h"
#include "core/db/sqltext.h"
#include "core/runtime/runnarrator.h"
#include "core/runtime/versiontable.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool endsTransaction(const QString &sql, const QString &keyword)
{
    static const QStringList words{u"BEGIN"_s, u"START"_s, u"COMMIT"_s, u"END"_s, u"ABORT"_s};
    if (keyword != u"ROLLBACK")
        return words.contains(keyword);
    static const QRegularExpression toSavepoint(u"\\bROLLBACK\\s+(TRANSACTION\\s+)?TO\\b"_s,
                                                QRegularExpression::CaseInsensitiveOption);
    return !toSavepoint.match(sql).hasMatch();
}

} // namespace

Status checkStatement(const PlanStep &step, int number, const Statement &statement)
{
    const int line = statement.span.line > 0 ? statement.span.line : step.line;
    const auto refuse = [&](const QString &reason) {
        return Error{.code = step.live ? ErrorCode::Statement : ErrorCode::Unsupported,
                     .message = step.live
                                    ? u"Revision %1 failed: statement %2 %3"_s.arg(
                                        stepPlace(step, line), QString::number(number + 1), reason)
                                    : u"Revision %1 was not started: statement %2 of %3 %4."_s.arg(
                                        stepPlace(step, line), QString::number(number + 1),
                                        QString::number(statementCount(step)), reason),
                     .detail = redactedText(statement.shown()),
                     .file = step.file,
                     .line = line};
    };
    if (statement.sql.contains(QChar(u'\0'))
        || (statement.stretch && statement.stretch->text().contains('\0')))
        return refuse(u"holds a NUL character, behind which a driver reads nothing; remove it"_s);
    if (statement.outsideTransaction && statement.kind == Statement::Kind::Rebuild)
        return refuse(u"rebuilds a table outside a transaction, which could lose it half-way"_s);
    if (statement.stretch)
        return done(); // inserts, updates and deletes
    const QString keyword = leadingKeyword(statement.sql);
    if (endsTransaction(statement.sql, keyword))
        return refuse(
            u"is %1, which would end the transaction that keeps a failed revision from being half "
            "applied; remove it"_s.arg(keyword));
    if (keyword == u"ATTACH" || keyword == u"DETACH" || keyword == u"USE")
        return refuse(
            u"is %1: a run writes to the one database that it was started for; remove it"_s.arg(
                keyword));
    return done();
}

namespace {

Status checkStep(const PlanStep &step)
{
    if (!step.isRunnable()) {
        const ErrorCode code = step.status == StepStatus::NeedsConnection
                                   ? ErrorCode::NeedsConnection
                                   : ErrorCode::Unsupported;
        return Error{.code = code,
                     .message = u"Revision %1 can't be run: %2"_s.arg(stepPlace(step, step.line),
                                                                      step.reason),
                     .file = step.file,
                     .line = step.line};
    }
    if (step.versionChanges.size() != step.versionStatements.size())
        return Error{
            .code = ErrorCode::Usage,
            .message =
                u"Revision %1 can't be run: its plan names %2 version changes in %3 statements."_s
                    .arg(stepPlace(step, step.line), QString::number(step.versionChanges.size()),
                         QString::number(step.versionStatements.size()))};
    for (int i = 0; i < step.statements.size(); ++i) {
        if (const Status fine = checkStatement(step, i, step.statements.at(i)); !fine)
            return fine;
    }
    return done();
}

} // namespace

Result<QList<QStringList>> checkPlan(const Plan &plan)
{
    QList<QStringList> path{plan.startRows};
    for (const PlanStep &step : plan.steps) {
        if (const Status fine = checkStep(step); !fine)
            return fine.error();
        Result<QStringList> rows = changedRows(path.last(), step.versionChanges);
        if (!rows)
            return rows.error();
        path.append(rows.take());
    }
    if (!isSamePosition(path.last(), plan.endRows))
        return Error{
            .code = ErrorCode::Conflict,
            .message =
                u"The plan says that it ends at %1, but its steps lead to %2; make a new plan."_s
                    .arg(positionText(plan.endRows), positionText(path.last()))};
    return path;
}

} // namespace tribikos
