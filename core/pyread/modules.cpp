// Imports: what is ours, what is the project's, what is neither.
#include "core/pyread/evaluator.h"
#include "core/pyread/givenvalues.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// The names that \a statement would have bound or changed, for when it fails.
class Touched
{
public:
    explicit Touched(const ast::Stmt &statement) { add(statement); }
    QStringList names{};

private:
    void add(const ast::Body &body)
    {
        for (const ast::Stmt *statement : body)
            add(*statement);
    }
    void target(const ast::Expr *expression)
    {
        if (const auto *name = ast::as<ast::Name>(expression))
            names.append(name->id);
        else if (const auto *tuple = ast::as<ast::TupleExpr>(expression))
            for (const ast::Expr *item : tuple->items)
                target(item);
        else if (const auto *list = ast::as<ast::ListExpr>(expression))
            for (const ast::Expr *item : list->items)
                target(item);
        else
            base(expression);
    }
    /// `a` of `a.b.c(…)[d]`: whoever is changed through it can't be trusted any more.
    void base(const ast::Expr *expression)
    {
        while (expression) {
            if (const auto *attribute = ast::as<ast::Attribute>(expression))
                expression = attribute->value;
            else if (const auto *subscript = ast::as<ast::Subscript>(expression))
                expression = subscript->value;
            else if (const auto *call = ast::as<ast::Call>(expression))
                expression = call->function;
            else if (const auto *starred = ast::as<ast::Starred>(expression))
                expression = starred->value;
            else
                break;
        }
        if (const auto *name = ast::as<ast::Name>(expression))
            names.append(name->id);
    }
    void add(const ast::Stmt &statement);
};

void Touched::add(const ast::Stmt &statement)
{
    if (const auto *assign = ast::as<ast::Assign>(&statement)) {
        for (const ast::Expr *one : assign->targets)
            target(one);
    } else if (const auto *annotated = ast::as<ast::AnnAssign>(&statement)) {
        target(annotated->target);
    } else if (const auto *augmented = ast::as<ast::AugAssign>(&statement)) {
        target(augmented->target);
    } else if (const auto *expression = ast::as<ast::ExprStmt>(&statement)) {
        const auto *call = ast::as<ast::Call>(expression->value);
        if (call && call->function->kind == ast::ExprKind::Attribute)
            base(call->function);
    } else if (const auto *function = ast::as<ast::FunctionDef>(&statement)) {
        names.append(function->name);
    } else if (const auto *cls = ast::as<ast::ClassDef>(&statement)) {
        names.append(cls->name);
    } else if (const auto *branch = ast::as<ast::If>(&statement)) {
        for (const auto &one : branch->branches)
            add(one.body);
        add(branch->orelse);
    } else if (const auto *loop = ast::as<ast::For>(&statement)) {
        target(loop->target);
        add(loop->body);
        add(loop->orelse);
    } else if (const auto *repeat = ast::as<ast::While>(&statement)) {
        add(repeat->body);
        add(repeat->orelse);
    } else if (const auto *attempt = ast::as<ast::Try>(&statement)) {
        add(attempt->body);
        for (const auto &handler : attempt->handlers)
            add(handler.body);
        add(attempt->orelse);
        add(attempt->finally);
    } else if (const auto *with = ast::as<ast::With>(&statement)) {
        for (const auto &item : with->items) {
            if (item.target)
                target(item.target);
        }
        add(with->body);
    } else if (const auto *import = ast::as<ast::Import>(&statement)) {
        for (const auto &name : import->names)
            names.append(name.asName.isEmpty() ? name.name.section(u'.', 0, 0) : name.asName);
    } else if (const auto *from = ast::as<ast::ImportFrom>(&statement)) {
        for (const auto &name : from->names)
            names.append(name.asName.isEmpty() ? name.name : name.asName);
    } else if (const auto *match = ast::as<ast::Match>(&statement)) {
        for (const auto &one : match->cases)
            add(one.body);
    }
}

} // namespace

void Interpreter::runTopLevel(Module *module, const std::shared_ptr<const Source> &source,
                              bool tolerant)
{
    struct Leave
    {
        Interpreter &interpreter;
        size_t frames;
        ~Leave()
        {
            --interpreter.m_topLevels;
            --interpreter.m_depth;
            interpreter.m_frames.resize(frames);
        }
    };
    if (m_depth >= m_limits.callDepth)
        exhausted(u"nests more than %1 imports and calls"_s.arg(m_limits.callDepth));
    ++m_depth;
    ++m_topLevels;
    const Leave leave{*this, m_frames.size()};
    m_frames.push_back({source.get(), {}, u"<module>"_s});
    module->set(u"__name__"_s, Value(module->name));
    module->set(u"__file__"_s, Value(source->file));
    module->set(u"__doc__"_s,
                source->tree->hasDocstring ? Value(source->tree->docstring) : Value());
    Evaluator evaluator(*this, source.get(), module, nullptr);
    GivenValues *const given =
        m_given && m_modules.contains(module->name) && m_given->concerns(*this, module->name)
            ? m_given.get()
            : nullptr;
    if (given)
        given->place(*this, *module, nullptr);
    for (const ast::Stmt *statement : source->tree->body) {
        QString reason;
        try {
            evaluator.exec(*statement);
            if (given) {
                const QStringList set = Touched(*statement).names;
                given->place(*this, *module, &set);
            }
            continue;
        } catch (const Refused &refused) {
            if (!tolerant || refused.isFinal)
                throw;
            reason = refused.error.message;
        } catch (const Raised &raised) {
            if (!tolerant)
                throw;
            reason = errorOf(raised).message;
        }
        m_frames.resize(leave.frames + 1);
        m_frames.back().span = statement->span;
        if (statement->kind != ast::StmtKind::ClassDef
            && statement->kind != ast::StmtKind::FunctionDef) // these are Unknown by their names
            m_skipped.push_back({location(), reason, module});
        const QStringList names = Touched(*statement).names;
        for (const QString &name : names) {
            const Value *now = module->find(name);
            const auto *known = now ? now->as<Module>() : nullptr;
            if (known && known->file.isEmpty())
                continue;
            auto *unknown = make<Unknown>(name, reason, location());
            unknown->isClass = statement->kind == ast::StmtKind::ClassDef;
            if (source.get() != m_script && m_modules.contains(module->name))
                unknown->path = module->name + u'.' + name;
            module->set(name, unknown);
        }
        if (given)
            given->place(*this, *module, &names);
    }
}

Module *Interpreter::loadModule(const QString &name)
{
    const auto loaded = m_modules.constFind(name);
    if (loaded != m_modules.constEnd())
        return *loaded;
    if (const ModuleRegistry::Factory *factory = m_registry ? m_registry->find(name) : nullptr) {
        Module *module = (*factory)(*this);
        m_modules.insert(name, module);
        if (m_given && m_given->concerns(*this, name))
            m_given->place(*this, *module, nullptr);
        return module;
    }
    const qsizetype dot = name.lastIndexOf(u'.');
    if (dot > 0 && !loadModule(name.left(dot)))
        return nullptr;
    if (Module *module = m_modules.value(name)) // the package has imported it itself
        return module;
    if (!m_finder)
        return nullptr;
    const std::optional<ModuleSource> found = m_finder(name);
    if (!found)
        return nullptr;
    Module *module = loadProjectModule(name, *found);
    if (module && dot > 0) {
        Module *parent = m_modules.value(name.left(dot));
        if (parent && !parent->find(name.mid(dot + 1)))
            parent->set(name.mid(dot + 1), Value(module));
    }
    return module;
}

Module *Interpreter::loadProjectModule(const QString &name, const ModuleSource &found)
{
    if (!found.source && !found.error.message.isEmpty()) {
        m_importFailures.insert(name, found.error.message);
        return nullptr;
    }
    auto *module = make<Module>(name);
    module->isPackage = found.isPackage || !found.source;
    m_modules.insert(name, module);
    if (!state(u"sys.modules"_s))
        setState(u"sys.modules"_s, make<Dict>());
    if (auto *known = dynamic_cast<Dict *>(state(u"sys.modules"_s)))
        known->insert(*this, Value(name), Value(module));
    m_packages.insert(name, module->isPackage ? name : name.section(u'.', 0, -2));
    if (!found.source)
        return module;
    module->file = found.source->file;
    m_sources.push_back(found.source);
    runTopLevel(module, found.source, true);
    return module;
}

Value Interpreter::importModule(const QString &name)
{
    if (Module *module = loadModule(name))
        return module;
    if (m_given) // "geoip2.database": it isn't there, or is what the user says
        if (const auto value = m_given->find(*this, name))
            return *value;
    return unknown(name, m_importFailures.value(name));
}

std::optional<Value> Interpreter::submodule(const Module &parent, const QString &name)
{
    if (!parent.file.isEmpty() && !parent.isPackage)
        return std::nullopt;
    if (Module *module = loadModule(parent.name + u'.' + name))
        return Value(module);
    return std::nullopt;
}

Value LazyImport::resolve(Interpreter &interpreter)
{
    struct Mark
    {
        explicit Mark(bool &itsFlag)
            : flag(itsFlag)
        {
            flag = true;
        }
        ~Mark() { flag = false; }
        bool &flag;
    };
    interpreter.step(); // a chain of imports uses up the stack like one of calls
    const Mark mark(m_isResolving);
    return resolved(interpreter);
}

Value LazyImport::resolved(Interpreter &interpreter) const
{
    Value module;
    for (const QString &name : modules) {
        module = interpreter.importModule(name);
        if (name == modules.first() && bindsTop && modules.size() == 1)
            break;
    }
    if (bindsTop)
        return interpreter.importModule(modules.first().section(u'.', 0, 0));
    if (attribute.isEmpty())
        return module;
    return interpreter.importedAttribute(module, modules.first(), attribute);
}

Value Interpreter::importedAttribute(const Value &module, const QString &moduleName,
                                     const QString &attribute)
{
    if (std::optional<Value> found = findAttr(module, attribute))
        return *found;
    const auto *known = module.as<Module>();
    return unknown(moduleName + u'.' + attribute,
                   known && !known->file.isEmpty()
                           && !known->file.startsWith(u'<') // not one of ours
                       ? u"the module %1 of the project has no such name"_s.arg(moduleName)
                       : QString());
}

} // namespace tribikos::py
