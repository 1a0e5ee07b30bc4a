#include "core/project/scriptframe.h"

#include "core/dialects/dialect.h"
#include "core/pyread/envpyscript.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Renders env.py's own statements as those of a step.
class FrameWriter
{
public:
    FrameWriter(const PlanRequest &request, const QString &file)
        : m_planner(request)
        , m_file(file)
        , m_isTransactional(
              request.transactionalDdl.value_or(dialectFor(request.backend).hasTransactionalDdl())
              && !request.transactionPerMigration)
    {}

    QStringList pieces(const QList<EnvScript::Piece> &said)
    {
        QStringList texts;
        for (const EnvScript::Piece &piece : said) {
            if (piece.kind == EnvScript::Piece::Kind::Statement)
                texts += statements(piece.operation);
            else if (m_isTransactional)
                texts += piece.kind == EnvScript::Piece::Kind::Begin ? u"BEGIN;"_s : u"COMMIT;"_s;
        }
        return texts;
    }
    const std::optional<Error> &problem() const { return m_problem; }

private:
    QStringList statements(const Operation &operation)
    {
        const PlanStep made = m_planner.rendered({.file = m_file, .operations = {operation}});
        if (made.status != StepStatus::Ok && !m_problem)
            m_problem = Error{
                .code = ErrorCode::Unsupported,
                .message = u"%1:%2 %3"_s.arg(m_file).arg(operation.span.line).arg(made.reason),
                .file = m_file,
                .line = operation.span.line};
        QStringList texts;
        for (const Statement &statement : made.statements)
            texts += scriptStatement(statement) + u';';
        return texts;
    }

    Planner m_planner;
    const QString m_file;
    const bool m_isTransactional;
    std::optional<Error> m_problem{};
};

} // namespace

std::optional<ScriptFrame> scriptFrame(const ConventionRequest &environment,
                                       const PlanRequest &request)
{
    if (environment.environmentFile.isEmpty())
        return std::nullopt;
    const auto said = readEnvScript(environment, request.backend);
    if (!said)
        return ScriptFrame{
            .problem = said.error().message, .file = said.error().file, .line = said.error().line};
    if (!*said)
        return std::nullopt;
    FrameWriter writer(request, environment.environmentFile);
    ScriptFrame frame{.opening = writer.pieces((*said)->opening)};
    frame.closing = writer.pieces((*said)->closing);
    if (const auto &problem = writer.problem()) {
        frame.problem = problem->message;
        frame.file = problem->file;
        frame.line = problem->line;
    }
    return frame;
}

} // namespace tribikos
