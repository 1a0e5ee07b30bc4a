#include "core/pyread/envpyscript.h"

#include "core/pyread/ast.h"
#include "core/pyread/envpyevaluation.h"
#include "core/pyread/envpypaths.h"
#include "core/pyread/projectmodules.h"

#include <QSet>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;
namespace ast = py::ast;

namespace {

bool isAround(const SourceSpan &outer, const SourceSpan &inner)
{
    const auto start = std::pair(inner.line, inner.column);
    const auto end = std::pair(inner.endLine, inner.endColumn);
    return std::pair(outer.line, outer.column) <= start
           && end <= std::pair(outer.endLine, outer.endColumn);
}

/// What the text of env.py tells of its offline part.
class EnvShape
{
public:
    explicit EnvShape(const ast::Module &tree)
        : m_tree(tree)
    {
        read();
    }

    /// `with context.begin_transaction(): context.run_migrations()` wherever it runs the migrations, and no
    /// statement of its own.
    bool isPlain() const { return m_statementLine == 0 && m_runsOutside == 0; }
    int statementLine() const { return m_statementLine; }
    /// Nothing but the missing transaction is out of the ordinary, and there is none anywhere.
    bool hasNoTransaction() const { return m_statementLine == 0 && m_transactions.empty(); }
    /// Whether the statement of the top level at \a line leads to what the context is asked to do.
    bool reaches(int line) const;
    /// Too many functions or calls to follow them all in a moment.
    bool isTooLarge() const
    {
        return m_functions.size() > mostFunctions || m_calls.size() >= mostFollowed
               || m_uses.size() >= mostFollowed;
    }

private:
    static constexpr size_t mostFunctions = 500;
    static constexpr size_t mostFollowed = 5000;
    struct Use
    {
        const ast::Name *name = nullptr;
        QSet<QString> around{}; // the functions around it
    };

    void read();
    void findLeading();
    const ast::FunctionDef *functionAround(const ast::Node &node) const;
    QSet<QString> functionsAround(const ast::Node &node) const;
    bool isOnline(const ast::FunctionDef *function) const;
    static QString contextCall(const ast::Call &call);

    const ast::Module &m_tree;
    std::vector<const ast::FunctionDef *> m_functions{};
    std::vector<const ast::With *> m_transactions{};
    std::vector<const ast::Call *> m_calls{}; // of the context
    std::vector<Use> m_uses{};                // of the functions, by name
    QSet<QString> m_leading{};
    int m_statementLine = 0;
    int m_runsOutside = 0; // run_migrations() without a transaction around it
};

/// "execute" of context.execute(…); empty for anything that isn't of the context.
QString EnvShape::contextCall(const ast::Call &call)
{
    static const QStringList names{u"configure"_s, u"begin_transaction"_s, u"run_migrations"_s,
                                   u"execute"_s};
    const QString name = py::StaticPaths::dotted(call.function);
    const QString last = name.section(u'.', -1);
    const QString owner = name.section(u'.', -2, -2);
    return names.contains(last) && (owner == u"context" || owner == u"op") ? last : QString();
}

const ast::FunctionDef *EnvShape::functionAround(const ast::Node &node) const
{
    const ast::FunctionDef *best = nullptr;
    for (const ast::FunctionDef *function : m_functions)
        if (isAround(function->span, node.span) && (!best || isAround(best->span, function->span)))
            best = function;
    return best;
}

QSet<QString> EnvShape::functionsAround(const ast::Node &node) const
{
    QSet<QString> names;
    for (const ast::FunctionDef *function : m_functions)
        if (isAround(function->span, node.span))
            names.insert(function->name);
    return names;
}

/// A function that is handed a connection isn't for `--sql`.
bool EnvShape::isOnline(const ast::FunctionDef *function) const
{
    static const QStringList connections{u"connection"_s, u"conn"_s, u"sync_connection"_s,
                                         u"sync_conn"_s};
    if (!function)
        return false;
    const bool isNamedSo =
        function->name.contains(u"online"_s) && !function->name.contains(u"offline"_s);
    return isNamedSo || std::ranges::any_of(function->parameters, [](const ast::Parameter &one) {
               return connections.contains(one.name);
           });
}

void EnvShape::read()
{
    std::vector<const ast::With *> blocks;
    for (const auto &node : m_tree.nodes) {
        if (const auto *function = dynamic_cast<const ast::FunctionDef *>(node.get()))
            m_functions.push_back(function);
        else if (const auto *with = dynamic_cast<const ast::With *>(node.get()))
            blocks.push_back(with);
    }
    if (m_functions.size() > mostFunctions)
        return;
    for (const auto &node : m_tree.nodes) {
        const auto *call = dynamic_cast<const ast::Call *>(node.get());
        if (m_calls.size() < mostFollowed && call && !contextCall(*call).isEmpty()
            && !isOnline(functionAround(*call)))
            m_calls.push_back(call);
    }
    for (const ast::With *with : blocks) {
        for (const ast::WithItem &item : with->items) {
            const auto *call = ast::as<ast::Call>(item.context);
            if (call && contextCall(*call) == u"begin_transaction")
                m_transactions.push_back(with);
        }
    }
    for (const ast::Call *call : m_calls) {
        const QString name = contextCall(*call);
        if (name == u"execute" && m_statementLine == 0)
            m_statementLine = call->span.line;
        if (name == u"run_migrations")
            m_runsOutside += std::ranges::none_of(m_transactions, [call](const ast::With *with) {
                return isAround(with->span, call->span);
            });
    }
    if (!isPlain())
        findLeading();
}

/// The functions that ask the context for something, or use one that does.
void EnvShape::findLeading()
{
    QSet<QString> names;
    for (const ast::FunctionDef *function : m_functions)
        names.insert(function->name);
    for (const auto &node : m_tree.nodes) {
        const auto *name = dynamic_cast<const ast::Name *>(node.get());
        if (name && names.contains(name->id) && m_uses.size() < mostFollowed)
            m_uses.push_back({name, functionsAround(*name)});
    }
    for (const ast::Call *call : m_calls)
        m_leading.unite(functionsAround(*call));
    for (qsizetype known = -1; known != m_leading.size();) {
        known = m_leading.size();
        for (const Use &use : m_uses)
            if (m_leading.contains(use.name->id))
                m_leading.unite(use.around);
    }
}

bool EnvShape::reaches(int line) const
{
    SourceSpan span;
    for (const ast::Stmt *statement : m_tree.body)
        if (statement->span.line <= line && line <= statement->span.endLine
            && statement->kind != ast::StmtKind::FunctionDef)
            span = statement->span;
    return std::ranges::any_of(m_calls,
                               [&](const ast::Call *call) { return isAround(span, call->span); })
           || std::ranges::any_of(m_uses, [&](const Use &use) {
                  return m_leading.contains(use.name->id) && isAround(span, use.name->span);
              });
}

Error untold(const QString &file, int line, const QString &why)
{
    return {.code = ErrorCode::Unsupported,
            .message = u"%1:%2 has a part in what an offline script says, and that can't be told: "
                       "%3; run the script with a connection, or let env.py do without."_s.arg(
                           file, QString::number(line), why),
            .file = file,
            .line = line};
}

} // namespace

Result<std::optional<EnvScript>> readEnvScript(const ConventionRequest &request, Backend backend)
{
    const QString &file = request.environmentFile;
    const auto bytes = file.isEmpty() ? Result<QByteArray>(Error{}) : py::readSource(file);
    const auto source =
        bytes ? py::parse(*bytes, file) : Result<std::shared_ptr<const py::Source>>(bytes.error());
    if (!source) // said when the project was opened
        return std::optional<EnvScript>();
    const EnvShape shape(*(*source)->tree);
    if (shape.isTooLarge())
        return untold(file, 1, u"it is too large to be followed"_s);
    if (shape.isPlain())
        return std::optional<EnvScript>();
    if (shape.hasNoTransaction())
        return std::optional(EnvScript());
    py::EnvEvaluation evaluation(request, backend);
    const auto module =
        evaluation.interpreter.runModule(*source, {.name = u"env"_s, .lazyImports = false});
    const int line = std::max(shape.statementLine(), 1);
    if (!module)
        return untold(file, line, module.error().message);
    for (const py::Interpreter::Skipped &skipped : evaluation.interpreter.skipped())
        if (skipped.where.file == file && shape.reaches(skipped.where.span.line))
            return untold(file, line, skipped.reason);
    if (!evaluation.context.loadProblem.message.isEmpty())
        return untold(file, line, evaluation.context.loadProblem.message);
    const py::alembic::Recorder &recorder = evaluation.use.recorder();
    if (recorder.runs != 1)
        return untold(file, line, u"the migrations run %1 times there"_s.arg(recorder.runs));
    return std::optional(recorder.script);
}

} // namespace tribikos
