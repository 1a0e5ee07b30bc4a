#include "core/base/sqltokenizer.h"
#include "core/base/text.h"
#include "core/plan/plan.h"
#include "core/sqlread/splitter.h"

#include <QFileInfo>
#include <QStringBuilder>
#include <QStringDecoder>
#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Alembic's static output: every piece is followed by an empty line.
class ScriptWriter
{
public:
    ScriptWriter(const Plan &plan, const ScriptSink &sink, bool excerpts)
        : m_backend(plan.backend)
        , m_sink(sink)
        , m_excerpts(excerpts)
    {}
    void piece(const QString &text) { m_sink(text % u"\n\n"_s); }
    void pieces(const QStringList &texts)
    {
        for (const QString &text : texts)
            piece(text);
    }
    void statement(const QString &sql) { statement(Statement{.sql = sql}); }
    void statement(const Statement &statement)
    {
        if (statement.stretch && m_excerpts)
            piece(statement.shown() + u';');
        else if (statement.stretch)
            stretch(*statement.stretch);
        else if (statement.isVerbatim)
            verbatim(statement.sql);
        else
            m_sink(scriptStatement(statement) % u";\n\n"_s);
    }

private:
    void verbatim(const QString &sql);
    void stretch(const SqlStretch &stretch);
    void pieceOf(std::string_view text);

    const Backend m_backend;
    const ScriptSink &m_sink;
    const bool m_excerpts;
};

/// A body with semicolons in it goes through MySQL's client under another delimiter only.
void ScriptWriter::verbatim(const QString &sql)
{
    const bool isMySql = m_backend == Backend::MySql || m_backend == Backend::MariaDb;
    const QList<SqlToken> tokens =
        isMySql && sql.contains(u';') ? sqlTokens(sql, m_backend) : QList<SqlToken>();
    if (std::ranges::none_of(tokens, [](const SqlToken &token) { return token.isSymbol(u";"); }))
        return piece(sql + u';');
    QString delimiter = u"//"_s;
    while (sql.contains(delimiter))
        delimiter += u'/';
    piece(u"DELIMITER %1\n%2\n%1\nDELIMITER ;"_s.arg(delimiter, sql));
}

/// In pieces of bounded size, whatever one statement holds.
void ScriptWriter::pieceOf(std::string_view text)
{
    constexpr size_t most = 1 << 16;
    QStringDecoder decoder(QStringDecoder::Utf8);
    for (; !text.empty(); text.remove_prefix(std::min(most, text.size())))
        m_sink(decoder(QByteArrayView(text.data(), qsizetype(std::min(most, text.size())))));
    m_sink(u";\n\n"_s);
}

void ScriptWriter::stretch(const SqlStretch &stretch)
{
    const std::string_view text(stretch.text().data(), size_t(stretch.text().size()));
    SqlSplitter<char> splitter(text, stretch.backend);
    while (const auto slice = splitter.next())
        pieceOf(text.substr(size_t(slice->start), size_t(slice->end - slice->start)));
}

QString runningLine(const PlanStep &step)
{
    const QString word = step.direction == Direction::Upgrade     ? u"upgrade"_s
                         : step.direction == Direction::Downgrade ? u"downgrade"_s
                                                                  : u"stamp_revision"_s;
    // One line whatever the ids hold: a comment must not end early.
    return visibleText(u"-- Running "_s % word % u' ' % step.from.join(u", "_s) % u" -> "_s
                           % step.to.join(u", "_s),
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
                    const std::function<void(const Statement &)> &say,
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
        say(statement);
        operation = statement.operation;
    }
    move(false);
}

void writeStatements(const PlanStep &step, bool transactional, ScriptWriter &script)
{
    tellStatements(
        step, transactional, [&](const Statement &statement) { script.statement(statement); },
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
        script.statement(statement);
    return true;
}

Error stepError(const PlanStep &step)
{
    const ErrorCode code = step.status == StepStatus::NeedsConnection ? ErrorCode::NeedsConnection
                           : step.status == StepStatus::Error         ? ErrorCode::ProjectRefused
                                                                      : ErrorCode::Unsupported;
    return {.code = code, .message = stepProblem(step), .file = step.file, .line = step.line};
}

Error frameError(const ScriptFrame &frame)
{
    return {.code = ErrorCode::Unsupported,
            .message = frame.problem,
            .file = frame.file,
            .line = frame.line};
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

QString scriptStatement(const Statement &statement)
{
    if (statement.stretch || statement.isVerbatim)
        return statement.shown();
    if (!statement.sql.contains(u'\t'))
        return statement.sql.trimmed();
    return QString(statement.sql).replace(u'\t', u"    "_s).trimmed();
}

Status writeScript(const Plan &plan, const ScriptSink &sink, const ScriptOptions &options)
{
    ScriptWriter script(plan, sink, options.excerpts);
    const bool transactional = plan.transactionalDdl || options.transaction;
    const bool perStep = transactional && plan.transactionPerMigration;
    const bool guards = options.foreignKeysPragma && plan.backend == Backend::Sqlite
                        && std::ranges::any_of(plan.steps, rebuilds);
    // The pragma does nothing inside a transaction.
    if (guards)
        script.statement(u"PRAGMA foreign_keys=OFF"_s);
    const bool wraps = transactional && !perStep && (!plan.frame || !plan.transactionalDdl);
    if (plan.frame && !plan.frame->problem.isEmpty())
        return frameError(*plan.frame);
    if (plan.frame)
        script.pieces(plan.frame->opening);
    if (wraps)
        script.piece(u"BEGIN;"_s);
    for (const PlanStep &step : plan.steps) {
        if (perStep)
            script.piece(u"BEGIN;"_s);
        if (!writeStep(plan, step, transactional, options, script))
            return stepError(step);
        if (perStep)
            script.piece(u"COMMIT;"_s);
    }
    if (wraps)
        script.piece(u"COMMIT;"_s);
    if (plan.frame)
        script.pieces(plan.frame->closing);
    if (guards)
        script.statement(u"PRAGMA foreign_keys=ON"_s);
    return done();
}

std::optional<Error> scriptProblem(const Plan &plan)
{
    if (plan.frame && !plan.frame->problem.isEmpty())
        return frameError(*plan.frame);
    const auto failed = std::ranges::find_if(
        plan.steps, [](const PlanStep &step) { return step.status != StepStatus::Ok; });
    return failed == plan.steps.cend() ? std::nullopt : std::optional(stepError(*failed));
}

Result<QString> scriptText(const Plan &plan, QString *partial, const ScriptOptions &options)
{
    QString text;
    const Status status = writeScript(
        plan, [&text](const QString &piece) { text += piece; }, options);
    if (partial)
        *partial = text;
    if (!status)
        return status.error();
    return text;
}

QString stepProblem(const PlanStep &step)
{
    const QString file = QFileInfo(step.file).fileName();
    const bool isPlaced = file.isEmpty() || step.reason.contains(file);
    const QString line = step.line > 0 ? u':' + QString::number(step.line) : QString();
    return isPlaced ? u"Revision %1: %2"_s.arg(step.revision, step.reason)
                    : u"Revision %1 (%2%3): %4"_s.arg(step.revision, file, line, step.reason);
}

QList<Statement> stepStatements(const Plan &plan, const PlanStep &step)
{
    QList<Statement> statements;
    tellStatements(
        step, plan.transactionalDdl,
        [&](const Statement &said) {
            statements.append(said);
            statements.last().sql = scriptStatement(said);
        },
        [&](bool outside) { statements.append({.sql = outside ? u"COMMIT"_s : u"BEGIN"_s}); });
    return statements;
}

QString stepText(const Plan &plan, const PlanStep &step)
{
    QString text;
    const ScriptSink sink = [&text](const QString &piece) { text += piece; };
    ScriptWriter script(plan, sink, true);
    writeStep(plan, step, plan.transactionalDdl, {}, script);
    return text;
}

void writeStep(const Plan &plan, const PlanStep &step, const ScriptSink &sink)
{
    ScriptWriter script(plan, sink, false);
    writeStep(plan, step, plan.transactionalDdl, {}, script);
}

bool hasStretch(const PlanStep &step)
{
    return std::ranges::any_of(
        step.statements, [](const Statement &statement) { return statement.stretch != nullptr; });
}

} // namespace tribikos
