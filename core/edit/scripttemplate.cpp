#include "core/edit/scripttemplate.h"

#include "core/edit/makofilters.h"
#include "core/edit/makonodes.h"
#include "core/edit/makoprogram.h"
#include "core/pyread/decode.h"
#include "core/pyread/interpreter.h"

using namespace Qt::StringLiterals;

namespace tribikos {

using py::Arguments;
using py::CallArgs;
using py::Interpreter;
using py::Value;

namespace {

constexpr qsizetype largestScript = 4 << 20; // characters

/// A name that the template mentions and nobody has set: false and equal to nothing, as Mako's UNDEFINED, and
/// of no other use.
class MissingName : public py::Object
{
public:
    MissingName(QString missing, bool isRefused)
        : m_name(std::move(missing))
        , m_isRefused(isRefused)
    {}
    QString typeName() const override { return u"Undefined"_s; }
    bool truth(Interpreter &interpreter) override
    {
        if (m_isRefused)
            refuse(interpreter);
        return false;
    }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &) override
    {
        refuse(interpreter);
    }
    bool isCallable() const override { return true; }
    Value call(Interpreter &interpreter, const CallArgs &) override { refuse(interpreter); }
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const py::Visitor &) override { refuse(interpreter); }
    Value getItem(Interpreter &interpreter, const Value &) override { refuse(interpreter); }
    std::optional<Value> compare(Interpreter &interpreter, py::CompareOp op, const Value &) override
    {
        if (m_isRefused || (op != py::CompareOp::Eq && op != py::CompareOp::Ne))
            refuse(interpreter);
        return std::nullopt; // by identity
    }
    QString repr(Interpreter &interpreter) override { refuse(interpreter); }

private:
    [[noreturn]] void refuse(Interpreter &interpreter) const
    {
        interpreter.unsupported(
            m_isRefused ? u"uses '%1', which env.py may set; it is not run"_s.arg(m_name)
                        : u"uses '%1', which the template is not given"_s.arg(m_name));
    }
    const QString m_name;
    const bool m_isRefused;
};

/// `config` or `context`: an object of a few methods.
class TemplateObject : public py::Object
{
public:
    TemplateObject(QString name, QHash<QString, Value> attributes)
        : m_name(std::move(name))
        , m_attributes(std::move(attributes))
    {}
    QString typeName() const override { return m_name; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        const auto found = m_attributes.constFind(name);
        if (found != m_attributes.constEnd())
            return *found;
        interpreter.unsupported(
            u"uses %1.%2, which Tribikos doesn't know"_s.arg(m_name.toLower(), name));
    }

private:
    const QString m_name;
    const QHash<QString, Value> m_attributes;
};

class Renderer
{
public:
    Renderer(QString file, const TemplateVariables &variables)
        : m_file(std::move(file))
        , m_variables(variables)
        , m_interpreter(std::make_shared<const py::ModuleRegistry>(py::ModuleRegistry::standard()))
    {}
    Result<QString> render(const QString &text);

private:
    void makeVariables();
    void makeConfig();
    void makeFunctions(const QStringList &texts);
    void add(const QString &name, Value value) { m_globals.insert(name, std::move(value)); }
    void addFunction(const QString &name, py::NativeCall body)
    {
        add(name, m_interpreter.function(name, std::move(body)));
    }
    void addFilter(const QString &name, QString (*filter)(const QString &));
    std::vector<Value> texts(const QStringList &values) const;
    Value moment();

    const QString m_file;
    const TemplateVariables &m_variables;
    Interpreter m_interpreter;
    QHash<QString, Value> m_globals{};
    QString m_out{};
};

std::vector<Value> Renderer::texts(const QStringList &values) const
{
    return {values.cbegin(), values.cend()};
}

Value Renderer::moment()
{
    const CreateDate &date = m_variables.createDate;
    const Value module = m_interpreter.importModule(u"datetime"_s);
    CallArgs args;
    for (const int part : {date.date.year(), date.date.month(), date.date.day(), date.hour,
                           date.minute, date.second, date.microsecond})
        args.positional.push_back(Value(part));
    if (date.utcOffset) {
        const Value delta =
            m_interpreter.callMethod(module, u"timedelta"_s, {Value(0), Value(*date.utcOffset)});
        args.keywords.emplace_back(u"tzinfo"_s,
                                   m_interpreter.callMethod(module, u"timezone"_s, {delta}));
    }
    return m_interpreter.call(m_interpreter.getAttr(module, u"datetime"_s), args);
}

void Renderer::makeConfig()
{
    const auto option = [options = m_variables.mainOptions](Interpreter &interpreter,
                                                            const CallArgs &args) {
        Arguments a(interpreter, args, u"get_main_option"_s);
        const QString name = interpreter.str(a.required(u"name"_s));
        const Value otherwise = a.optional(u"default"_s);
        a.finish();
        const auto found = options.constFind(name.toLower());
        return found == options.constEnd() ? otherwise : Value(*found);
    };
    const Value get = m_interpreter.function(u"get_main_option"_s, option);
    const bool hasFile = !m_variables.configFile.isEmpty();
    add(u"config"_s,
        m_interpreter.make<TemplateObject>(
            u"Config"_s,
            QHash<QString, Value>{
                {u"get_main_option"_s, get},
                {u"get_alembic_option"_s, get},
                {u"config_file_name"_s, hasFile ? Value(m_variables.configFile) : Value()},
                {u"config_ini_section"_s, Value(m_variables.configSection)}}));
}

void Renderer::makeVariables()
{
    const TemplateVariables &v = m_variables;
    const auto scalar = [this](const QStringList &values, bool isList) {
        if (values.isEmpty())
            return Value();
        if (values.size() == 1)
            return Value(values.constFirst());
        return isList ? m_interpreter.list(texts(values)) : m_interpreter.tuple(texts(values));
    };
    add(u"up_revision"_s, Value(v.upRevision));
    add(u"down_revision"_s, scalar(v.downRevisions, false));
    add(u"branch_labels"_s,
        v.branchLabels.isEmpty() ? Value() : m_interpreter.tuple(texts(v.branchLabels)));
    add(u"depends_on"_s, scalar(v.dependsOn, true));
    add(u"create_date"_s, moment());
    add(u"message"_s, Value(v.message));
    if (v.upgrades)
        add(u"upgrades"_s, Value(*v.upgrades));
    if (v.downgrades)
        add(u"downgrades"_s, Value(*v.downgrades));
    if (v.imports)
        add(u"imports"_s, Value(*v.imports));
    addFunction(u"comma"_s, [](Interpreter &interpreter, const CallArgs &args) -> Value {
        Arguments a(interpreter, args, u"comma"_s);
        const Value value = a.required(u"value"_s);
        a.finish();
        if (value.isNone())
            return Value(QString());
        if (value.isStr())
            return value;
        QStringList list;
        for (const Value &item : interpreter.items(value))
            list.append(interpreter.str(item));
        return Value(list.join(u", "_s));
    });
    makeConfig();
    const auto get = [variables = m_globals](Interpreter &interpreter, const CallArgs &args) {
        Arguments a(interpreter, args, u"get"_s);
        const QString name = interpreter.str(a.required(u"key"_s));
        const Value otherwise = a.optional(u"default"_s);
        a.finish();
        return variables.value(name, otherwise);
    };
    add(u"context"_s, m_interpreter.make<TemplateObject>(
                          u"Context"_s, QHash<QString, Value>{
                                            {u"get"_s, m_interpreter.function(u"get"_s, get)}}));
}

void Renderer::addFilter(const QString &name, QString (*filter)(const QString &))
{
    addFunction(name, [filter](Interpreter &interpreter, const CallArgs &args) {
        Arguments a(interpreter, args, u"filter"_s);
        const Value value = a.required(u"text"_s);
        a.finish();
        return Value(interpreter.checkedText(filter(interpreter.str(value))));
    });
}

void Renderer::makeFunctions(const QStringList &parts)
{
    addFunction(u"__mako_text"_s, [parts](Interpreter &, const CallArgs &args) {
        return Value(parts.value(args.positional.at(0).toInt()));
    });
    addFunction(u"__mako_write"_s, [this](Interpreter &interpreter, const CallArgs &args) {
        const Value text = interpreter.plain(args.positional.at(0));
        if (!text.isStr())
            interpreter.raise(u"TypeError"_s, u"a template writes text, not a '%1'"_s.arg(
                                                  interpreter.typeName(text)));
        m_out += text.str();
        if (m_out.size() > largestScript)
            interpreter.unsupported(u"writes more than %1 MiB"_s.arg(largestScript >> 20));
        return Value();
    });
    addFunction(u"__mako_missing"_s, [this](Interpreter &interpreter, const CallArgs &args) {
        return Value(
            interpreter.make<MissingName>(args.positional.at(0).str(), m_variables.mayHaveMore));
    });
    addFilter(u"__mako_h"_s, mako::htmlEscaped);
    addFilter(u"__mako_x"_s, mako::htmlEscaped);
    addFilter(u"__mako_u"_s, mako::urlEscaped);
    addFilter(u"__mako_entity"_s, mako::entityEscaped);
    addFilter(u"__mako_trim"_s, [](const QString &text) { return text.trimmed(); });
}

Result<QString> Renderer::render(const QString &text)
{
    const auto made = m_interpreter.guarded([this] {
        makeVariables();
        return Value();
    });
    if (!made)
        return made.error();
    const QList<QString> names = m_globals.keys();
    const auto program = mako::programOf(text, m_file, {names.cbegin(), names.cend()});
    if (!program)
        return program.error();
    makeFunctions(program->texts);
    const auto source = py::parseMade(program->python, program->lineOf, m_file);
    if (!source)
        return source.error();
    py::ModuleOptions options;
    options.globals = m_globals;
    options.tolerant = false;
    options.lazyImports = false;
    const auto run = m_interpreter.runModule(*source, options);
    if (!run)
        return run.error();
    return m_out;
}

} // namespace

Result<QString> renderScript(const QByteArray &bytes, const QString &file,
                             const TemplateVariables &variables)
{
    const auto source = py::decodeExactly(bytes, file);
    if (!source)
        return source.error();
    return Renderer(file, variables).render(source->text);
}

} // namespace tribikos
