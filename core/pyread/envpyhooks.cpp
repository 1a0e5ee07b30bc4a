#include "core/pyread/envpyhooks.h"

#include "core/pyread/ast.h"
#include "core/pyread/header.h"
#include "core/pyread/interpreter.h"
#include "core/pyread/projectmodules.h"
#include "core/pyread/sa/modules.h"

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

py::Limits hookLimits(const std::stop_token &stop)
{
    py::Limits limits;
    limits.steps = 5'000'000;
    limits.memory = 64ll << 20;
    limits.wallMs = 10'000;
    limits.stop = stop;
    return limits;
}

/// A Python string; None for an empty one.
QString literal(const QString &text)
{
    if (text.isEmpty())
        return u"None"_s;
    QString shown;
    for (const QChar c : text) {
        if (c == u'\\' || c == u'\'')
            shown += u'\\';
        if (c == u'\n' || c == u'\r')
            shown += c == u'\n' ? u"\\n"_s : u"\\r"_s;
        else
            shown += c;
    }
    return u'\'' + shown + u'\'';
}

/// What a hook may need of env.py: not its calls, which connect and configure.
std::shared_ptr<const py::Source> definitionsOf(const py::Source &whole)
{
    using Kind = py::ast::StmtKind;
    auto tree = std::make_shared<py::ast::Module>();
    for (py::ast::Stmt *statement : whole.tree->body) {
        const Kind kind = statement->kind;
        if (kind == Kind::FunctionDef || kind == Kind::ClassDef || kind == Kind::Assign
            || kind == Kind::AnnAssign || kind == Kind::Import || kind == Kind::ImportFrom)
            tree->body.push_back(statement);
    }
    return std::make_shared<const py::Source>(py::Source{whole.file, tree});
}

Result<QList<bool>> ask(const QString &envPy, const QString &hook, const QString &script,
                        qsizetype count, const QStringList &searchPath, const std::stop_token &stop)
{
    static const std::shared_ptr<const py::ModuleRegistry> modules = [] {
        auto made = std::make_shared<py::ModuleRegistry>(py::ModuleRegistry::standard());
        py::sa::registerSqlAlchemy(*made);
        return made;
    }();
    const auto bytes = py::readSource(envPy);
    if (!bytes)
        return bytes.error();
    const auto whole = py::parse(*bytes, envPy);
    if (!whole)
        return whole.error();
    const auto questions = py::parse(script.toUtf8(), envPy);
    if (!questions)
        return questions.error();
    py::Interpreter interpreter(modules, hookLimits(stop));
    interpreter.setModuleFinder(py::projectFinder(searchPath));
    const auto env = interpreter.runModule(definitionsOf(**whole), {.name = u"env"_s});
    if (!env)
        return env.error();
    const py::Value *function = (*env)->find(hook);
    if (!function)
        return Error{.code = ErrorCode::Unsupported,
                     .message = u"%1 has no function %2"_s.arg(envPy, hook)};
    const auto asked = interpreter.runModule(
        *questions,
        {.name = u"questions"_s, .globals = {{u"_hook"_s, *function}}, .tolerant = false});
    if (!asked)
        return asked.error();
    const py::Value *answers = (*asked)->find(u"_answers"_s);
    QList<bool> all;
    const auto read = interpreter.guarded([&]() -> py::Value {
        if (const auto *list = answers->as<py::List>())
            for (const py::Value &answer : list->items)
                all.append(interpreter.truth(answer));
        return *answers;
    });
    if (!read)
        return read.error();
    if (all.size() != count)
        return Error{.code = ErrorCode::Unsupported, .message = u"%1 can't be asked"_s.arg(hook)};
    return all;
}

} // namespace

Result<QList<bool>> askIncludeObject(const QString &envPy, const QString &hook,
                                     const QList<IncludeQuestion> &questions,
                                     const QStringList &searchPath, const std::stop_token &stop)
{
    QString script =
        u"class _Thing:\n"
        "    def __init__(self, name, schema, info, table):\n"
        "        self.name = name\n        self.key = name\n        self.schema = schema\n"
        "        self.info = info\n        self.table = table\n"
        "_answers = [\n"_s;
    for (const IncludeQuestion &each : questions) {
        const QString info = each.info.isEmpty() ? u"{}"_s : each.info;
        const QString schema = literal(each.schema);
        const QString thing =
            each.type == u"table"
                ? u"_Thing(%1, %2, %3, None)"_s.arg(literal(each.name), schema, info)
                : u"_Thing(%1, %2, {}, _Thing(%3, %2, %4, None))"_s.arg(literal(each.name), schema,
                                                                        literal(each.table), info);
        script += u"    bool(_hook(%1, %2, '%3', %4, %5)),\n"_s.arg(
            thing, literal(each.name), each.type, each.isReflected ? u"True"_s : u"False"_s,
            each.hasOther ? thing : u"None"_s);
    }
    return ask(envPy, hook, script + u"]\n"_s, questions.size(), searchPath, stop);
}

Result<QList<bool>> askIncludeName(const QString &envPy, const QString &hook,
                                   const QStringList &tables, const QStringList &searchPath,
                                   const std::stop_token &stop)
{
    QString script = u"_answers = [\n"_s;
    for (const QString &table : tables) {
        const QString schema = table.section(u'.', 0, -2);
        script += u"    bool(_hook(%1, 'table', {'schema_name': %2, 'table_name': %1, "
                  "'schema_qualified_table_name': %3})),\n"_s.arg(literal(table.section(u'.', -1)),
                                                                  literal(schema), literal(table));
    }
    return ask(envPy, hook, script + u"]\n"_s, tables.size(), searchPath, stop);
}

} // namespace tribikos
