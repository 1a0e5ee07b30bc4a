#include "core/project/livescript.h"

#include "core/pyread/live.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The database as the evaluator speaks to it: operations are rendered one by one, as a plan's are, and run at once.
class LiveRunner final : public LiveConnection
{
public:
    LiveRunner(LiveDatabase &database, const PlanRequest &request, QString file)
        : m_database(database)
        , m_request(request)
        , m_file(std::move(file))
    {}

    Status perform(const Operation &operation) override
    {
        const auto ran = run(operation);
        return ran ? done() : Status(ran.error());
    }
    Result<Fetched> fetch(const Operation &operation) override { return run(operation); }
    const Schema *schema() override;
    Error lastError() const override { return m_error; }

private:
    Result<Fetched> run(const Operation &operation);
    Status readStructure();

    LiveDatabase &m_database;
    const PlanRequest &m_request;
    const QString m_file;
    std::unique_ptr<Planner> m_planner{}; // null: the structure is to be read
    bool m_isOutside = false;             // in an autocommit block
    bool m_mayHaveChanged = false;        // by what nobody follows
    Error m_error{};
};

Status LiveRunner::readStructure()
{
    Result<Schema> schema = m_database.schema();
    if (!schema)
        return schema.error();
    PlanRequest request = m_request;
    request.schema = schema.take();
    request.schema.namingConvention = m_request.schema.namingConvention;
    request.schema.writesSpread =
        std::ranges::any_of(request.schema.objects, [](const NamedObject &object) {
            return object.kind == NamedObject::Kind::Trigger;
        });
    m_planner = std::make_unique<Planner>(std::move(request));
    m_mayHaveChanged = false;
    return done();
}

const Schema *LiveRunner::schema()
{
    if (m_mayHaveChanged || !m_planner) {
        if (const Status read = readStructure(); !read) {
            m_error = read.error();
            return nullptr;
        }
    }
    return &m_planner->schema();
}

Result<Fetched> LiveRunner::run(const Operation &operation)
{
    if (operation.as<AutocommitBegin>() || operation.as<AutocommitEnd>()) {
        m_isOutside = operation.as<AutocommitBegin>() != nullptr;
        return Fetched{};
    }
    const bool isStatement = operation.as<Execute>() != nullptr;
    // A rebuild writes down every column: those that are there, whatever came before.
    if (!m_planner || (m_mayHaveChanged && !isStatement)) {
        if (const Status read = readStructure(); !read)
            return read.error();
    }
    PlanStep part{.file = m_file};
    if (m_isOutside)
        part.operations.append(Operation{.kind = AutocommitBegin{}});
    part.operations.append(operation);
    part = m_planner->rendered(std::move(part));
    if (part.status != StepStatus::Ok)
        return Error{.code = part.status == StepStatus::Error ? ErrorCode::NotFound
                                                              : ErrorCode::Unsupported,
                     .message = part.reason,
                     .file = m_file,
                     .line = part.line};
    Fetched last;
    for (const Statement &statement : std::as_const(part.statements)) {
        Result<Fetched> ran = m_database.run(statement);
        if (!ran)
            return ran.error();
        last = ran.take();
    }
    m_mayHaveChanged = true;
    return last;
}

} // namespace

LiveScript::LiveScript(std::shared_ptr<const Scripts> scripts, int node, Direction direction,
                       PlanRequest request)
    : m_scripts(std::move(scripts))
    , m_node(node)
    , m_direction(direction)
    , m_request(std::move(request))
{}

QByteArray LiveScript::digest() const
{
    const auto bytes = m_scripts->files().at(m_node).contents();
    return QCryptographicHash::hash(bytes ? *bytes : QByteArray(), QCryptographicHash::Sha256);
}

Status LiveScript::run(LiveDatabase &database, const std::stop_token &stop) const
{
    const Revision &revision = m_scripts->files().at(m_node).revision;
    LiveRunner runner(database, m_request, revision.file);
    const Evaluation result =
        m_scripts->evaluate(m_node, m_direction, m_request.backend, false, Schema(), stop, &runner);
    if (result.status == StepStatus::Ok)
        return done();
    if (result.databaseError)
        return *result.databaseError;
    const QString place = result.line > 0
                              ? u"%1 (%2:%3)"_s.arg(revision.id, QFileInfo(result.file).fileName(),
                                                    QString::number(result.line))
                              : revision.id;
    return Error{.code = stop.stop_requested() ? ErrorCode::Cancelled : ErrorCode::Statement,
                 .message = u"Revision %1 could not go on: %2"_s.arg(place, result.reason),
                 .file = result.file,
                 .line = result.line};
}

} // namespace tribikos
