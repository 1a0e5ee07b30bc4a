#include "core/pyread/models.h"

#include "core/pyread/ast.h"
#include "core/pyread/interpreter.h"
#include "core/pyread/projectmodules.h"
#include "core/pyread/sa/modules.h"
#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/typingforms.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// A project's models may be many: they get more than a revision script.
py::Limits modelLimits(const std::stop_token &stop)
{
    py::Limits limits;
    limits.steps = 5'000'000;
    limits.memory = 128ll << 20;
    limits.wallMs = 20'000;
    limits.stop = stop;
    return limits;
}

const std::shared_ptr<const py::ModuleRegistry> &modelRegistry()
{
    static const std::shared_ptr<const py::ModuleRegistry> modules = [] {
        auto made = std::make_shared<py::ModuleRegistry>(py::ModuleRegistry::standard());
        py::sa::registerSqlAlchemy(*made);
        py::sa::registerOrmExtensions(*made);
        py::sa::registerTypingForms(*made);
        return made;
    }();
    return modules;
}

/// Models have no database behind them: what would reach one is refused.
class ModelHost final : public py::sa::Host
{
public:
    explicit ModelHost(std::optional<Backend> backend)
        : m_backend(backend)
    {}
    std::optional<Backend> backend() const override { return m_backend; }
    void record(py::Interpreter &interpreter, Operation::Kind) override
    {
        interpreter.needsConnection(u"changes a database"_s);
    }
    const Schema *currentSchema() override { return nullptr; }
    bool isOffline() const override { return true; }
    QMap<QString, QString> namingConvention() const override { return py::sa::defaultConvention(); }
    void markNondeterministic() override {}

private:
    const std::optional<Backend> m_backend;
};

/// One reading of one project's models.
class ModelReader
{
public:
    ModelReader(const ModelRequest &request, Diagnostics *problems)
        : m_request(request)
        , m_problems(problems)
        , m_host(request.backend)
        , m_interpreter(modelRegistry(), modelLimits(request.stop))
    {
        m_interpreter.setLazyImports(false);
        py::sa::State::of(m_interpreter).host = &m_host;
        py::sa::State::of(m_interpreter).userTypes = request.types;
        py::sa::State::of(m_interpreter).keepsColumns = true;
        m_interpreter.setGiven(ofBackend(request.facts.values, request.backend),
                               request.facts.variables);
        m_interpreter.setModuleFinder(
            [this, find = py::projectFinder(request.searchPath)](const QString &name) {
                auto found = find(name);
                if (found && found->source && !m_modules.contains(name))
                    m_modules.append(name);
                return found;
            });
    }
    Result<Schema> read(const QStringList &files);

private:
    /// Of a class that can't be read.
    struct Parents
    {
        bool haveTable = false;
        bool areKnown = false; // all of them: no table but theirs is concerned
    };

    Status readFile(const QString &file);
    QString dottedName(const QString &path) const;
    void reportModules();
    void reportName(const py::Module &module, const QString &name, const py::Value &value);
    Parents leaveOutParents(const py::Module &module, const py::SourceLocation &where);
    py::Value valueOf(const py::Module &module, const py::ast::Expr *name);
    void reportUnplaced();
    void reportForeignCalls(const py::Module &module);
    void reportUnfollowed();
    void keepTemplates(const py::Value &value);
    bool isTold(const py::SourceLocation &where) const;
    void reportLostColumns();
    void reportLost(const py::SourceLocation &where, const py::Module *module,
                    const QString &reason);
    void addTables(Schema &schema);
    void addTable(Schema &schema, py::sa::TableObject &table, const py::sa::Convention &convention);
    void problem(Severity severity, const QString &code, const QString &message,
                 const QString &file, const SourceSpan &span = {});

    const ModelRequest &m_request;
    Diagnostics *const m_problems;
    ModelHost m_host;
    py::Interpreter m_interpreter;
    QStringList m_modules{};                 // of the project, in the order of their first import
    QSet<const py::Object *> m_incomplete{}; // tables of classes that aren't known whole
    std::vector<py::Module *> m_loose{};     // files outside of the search path
    std::vector<py::SourceLocation> m_told{};
    QSet<const py::Object *> m_walked{};
};

void ModelReader::problem(Severity severity, const QString &code, const QString &message,
                          const QString &file, const SourceSpan &span)
{
    m_told.push_back({file, span});
    if (m_problems)
        m_problems->append(
            {.severity = severity, .code = code, .message = message, .file = file, .span = span});
}

/// "app.models" for <search path>/app/models.py; the innermost folder of the path that fits.
QString ModelReader::dottedName(const QString &path) const
{
    QString best;
    QString clean = QFileInfo(path).absoluteFilePath();
    if (clean.endsWith(u"/__init__.py"))
        clean.chop(int(u"/__init__.py"_s.size()));
    else if (clean.endsWith(u".py"))
        clean.chop(3);
    for (const QString &folder : m_request.searchPath) {
        const QString root = QDir(folder).absolutePath() + u'/';
        if (!clean.startsWith(root))
            continue;
        const QString name = clean.mid(root.size()).replace(u'/', u'.');
        if (best.isEmpty())
            best = name;
    }
    return best;
}

Status ModelReader::readFile(const QString &file)
{
    QString path = QDir(m_request.baseFolder).absoluteFilePath(file);
    if (QFileInfo(path).isDir())
        path += u"/__init__.py"_s;
    if (!QFileInfo(path).isFile())
        return Error{
            .code = ErrorCode::NotFound,
            .message =
                u"%1 with the models does not exist: check the models of the project."_s.arg(path),
            .file = path};
    if (const QString name = dottedName(path); !name.isEmpty()) {
        const auto module = m_interpreter.importByName(name);
        return module ? done() : Status(module.error());
    }
    const auto bytes = py::readSource(path);
    if (!bytes)
        return bytes.error();
    const auto source = py::parse(*bytes, path);
    if (!source)
        return source.error();
    py::ModuleOptions options;
    options.name = QFileInfo(path).completeBaseName();
    options.lazyImports = false;
    const auto module = m_interpreter.runModule(*source, options);
    if (module)
        m_loose.push_back(*module);
    return module ? done() : Status(module.error());
}

/// What \a name, `a` or `a.b`, stands for in \a module; None: not known.
py::Value ModelReader::valueOf(const py::Module &module, const py::ast::Expr *name)
{
    if (const auto *plain = py::ast::as<py::ast::Name>(name)) {
        const py::Value *found = module.find(plain->id);
        return found ? *found : py::Value();
    }
    const auto *attribute = py::ast::as<py::ast::Attribute>(name);
    if (!attribute)
        return {};
    const py::Value owner = valueOf(module, attribute->value);
    const auto found = m_interpreter.guarded([&]() -> py::Value {
        return m_interpreter.findAttr(owner, attribute->name).value_or(py::Value());
    });
    return found ? *found : py::Value();
}

/// The class statement at \a where failed: a class without a table of its own has its columns in its parent's, which
/// therefore isn't known whole.
ModelReader::Parents ModelReader::leaveOutParents(const py::Module &module,
                                                  const py::SourceLocation &where)
{
    const auto bytes = py::readSource(where.file);
    const auto source = bytes ? py::parse(*bytes, where.file)
                              : Result<std::shared_ptr<const py::Source>>(bytes.error());
    Parents parents;
    if (!source)
        return parents;
    for (const py::ast::Stmt *statement : (*source)->tree->body) {
        const auto *made = py::ast::as<py::ast::ClassDef>(statement);
        if (!made || made->span.line != where.span.line)
            continue;
        parents.areKnown = true;
        for (const auto &argument : made->arguments) {
            if (argument.kind == py::ast::Argument::Kind::Keyword)
                continue;
            const py::Value base = valueOf(module, argument.value);
            const auto *unknown = base.as<py::Unknown>();
            const auto *parent = base.as<py::Class>();
            const auto *table = parent ? py::sa::mappedTable(parent) : nullptr;
            if (table)
                m_incomplete.insert(table);
            // A class that failed has left its own parents out; what is imported from elsewhere has no table here.
            const bool isLost =
                base.isNone() || (unknown && !unknown->isClass && !unknown->reason.isEmpty());
            parents.areKnown = parents.areKnown && !isLost;
            parents.haveTable = parents.haveTable || table;
        }
    }
    return parents;
}

/// A statement that failed left Unknowns with a reason under its names; a class whose base isn't
/// part of the project may have columns that nobody can see.
void ModelReader::reportName(const py::Module &module, const QString &name, const py::Value &value)
{
    if (const auto *unknown = value.as<py::Unknown>()) {
        const bool isHere = unknown->where.file == module.file;
        const Parents parents = unknown->isClass && isHere ? leaveOutParents(module, unknown->where)
                                                           : Parents{.areKnown = true};
        const bool counts = parents.haveTable || !parents.areKnown || !name.startsWith(u'_');
        if (!unknown->reason.isEmpty() && isHere && counts)
            problem(Severity::Warning,
                    parents.areKnown ? u"unreadable-model"_s : u"unplaced-model"_s,
                    u"%1:%2 %3 can't be read: %4"_s.arg(module.file)
                        .arg(unknown->where.span.line)
                        .arg(name, unknown->reason),
                    module.file, unknown->where.span);
        return;
    }
    const auto *cls = value.as<py::Class>();
    if (!cls || cls->module != module.name || cls->unknownBases.empty())
        return;
    const bool isModel = cls->lookup(u"__tablename__"_s) || cls->lookup(u"__table__"_s);
    if (!isModel)
        return;
    if (const auto *table = py::sa::mappedTable(cls))
        m_incomplete.insert(table);
    problem(Severity::Warning, u"unknown-base"_s,
            u"%1:%2 the model %3 derives from %4, which is not part of the project: what it adds "
            u"to the "
            "table is not known."_s.arg(module.file)
                .arg(cls->where.span.line)
                .arg(name, cls->unknownBases.front()->origin),
            module.file, cls->where.span);
}

void ModelReader::reportModules()
{
    for (const QString &name : QStringList(m_modules)) {
        const auto module = m_interpreter.importByName(name);
        if (!module) {
            problem(Severity::Error, u"unreadable-module"_s, module.error().message,
                    module.error().file, {.line = module.error().line});
            continue;
        }
        for (const QString &key : QStringList((*module)->names())) {
            if (const py::Value *value = (*module)->find(key))
                reportName(**module, key, *value);
        }
        reportForeignCalls(**module);
    }
}

/// A package such as SQLAlchemy-Continuum is told once to add tables and columns to all models.
void ModelReader::reportForeignCalls(const py::Module &module)
{
    const auto isForeign = [](const py::Value &value) {
        const auto *unknown = value.as<py::Unknown>();
        return unknown && unknown->reason.isEmpty() && unknown->origin.startsWith(u"sqlalchemy_")
               && !unknown->origin.startsWith(u"sqlalchemy_utils");
    };
    const QStringList names = module.names();
    if (std::ranges::none_of(names, [&](const QString &name) {
            const py::Value *value = module.find(name);
            return value && isForeign(*value);
        }))
        return;
    const auto bytes = py::readSource(module.file);
    const auto source =
        bytes ? py::parse(*bytes, module.file) : Result<std::shared_ptr<const py::Source>>(bytes.error());
    if (!source)
        return;
    for (const py::ast::Stmt *statement : (*source)->tree->body) {
        const auto *alone = py::ast::as<py::ast::ExprStmt>(statement);
        const auto *call = py::ast::as<py::ast::Call>(alone ? alone->value : nullptr);
        const py::Value callee = call ? valueOf(module, call->function) : py::Value();
        if (!isForeign(callee))
            continue;
        problem(Severity::Warning, u"unfollowed-code"_s,
                u"%1:%2 calls %3, which is not part of the project: what it adds to the models is "
                "not known."_s.arg(module.file)
                    .arg(statement->span.line)
                    .arg(callee.as<py::Unknown>()->origin),
                module.file, statement->span);
    }
}

void ModelReader::reportUnfollowed()
{
    for (const auto &[where, reason] : py::sa::State::of(m_interpreter).unfollowed)
        problem(Severity::Warning, u"unfollowed-code"_s,
                u"%1:%2 %3: what that adds to the models is not known."_s.arg(where.file)
                    .arg(where.span.line)
                    .arg(reason),
                where.file, where.span);
}

/// Columns of mixins and abstract classes, and those in Annotated[…], need no table.
void ModelReader::keepTemplates(const py::Value &value)
{
    const auto *form = value.as<py::sa::TypingForm>();
    const auto *cls = value.as<py::Class>();
    if ((!form && !cls) || m_walked.contains(value.object()))
        return;
    m_walked.insert(value.object());
    const auto keep = [this](const py::Value &inner, bool isTemplate) {
        const auto *column = inner.as<py::sa::ColumnObject>();
        if (!column)
            keepTemplates(inner);
        else if (isTemplate)
            column->isTaken = true;
    };
    for (const py::Value &inner : form ? form->args : std::vector<py::Value>())
        keep(inner, true);
    for (py::Class *base : cls ? cls->mro : std::vector<py::Class *>()) {
        if (base != cls)
            keepTemplates(base);
        else
            for (const py::Value &inner : base->attrs)
                keep(inner, !base->attrs.contains(u"__table__"_s));
    }
}

bool ModelReader::isTold(const py::SourceLocation &where) const
{
    return std::ranges::any_of(m_told, [&](const py::SourceLocation &told) {
        return told.file == where.file && told.span.line <= where.span.line
               && where.span.line <= std::max(told.span.endLine, told.span.line);
    });
}

/// Whatever way a column went that isn't followed: where it was to arrive nobody knows.
void ModelReader::reportLostColumns()
{
    std::vector<py::Module *> modules = m_loose;
    for (const QString &name : std::as_const(m_modules))
        if (const auto module = m_interpreter.importByName(name))
            modules.push_back(*module);
    for (const py::Module *module : modules)
        for (const QString &key : module->names())
            if (const py::Value *value = module->find(key))
                keepTemplates(*value);
    QSet<const py::sa::TableObject *> tables;
    for (const py::sa::MetaDataObject *metadata : py::sa::State::of(m_interpreter).metadatas)
        tables.unite({metadata->tables.begin(), metadata->tables.end()});
    QMap<QString, std::vector<py::sa::State::MadeColumn>> lost; // by file: a failed class may have made many
    for (const py::sa::State::MadeColumn &made : py::sa::State::of(m_interpreter).madeColumns) {
        const py::sa::TableObject *table = made.column->table;
        const bool hasTable = table && (table->isLight || tables.contains(table));
        // func.lower(Column("a")): without a type it is but a name in an expression
        const bool isName = made.column->typeArgument.isNone() && made.column->foreignKeys.empty()
                            && !py::sa::isNative(made.column->cls, u"MappedColumn");
        if (!hasTable && !isName && !made.column->isTaken && !isTold(made.where))
            lost[made.where.file].push_back(made);
    }
    for (const auto &made : std::as_const(lost)) {
        const auto &[column, where] = made.front();
        const QString name = column->name.isEmpty() ? u"a column"_s : u"the column "_s + column->name;
        const QString others = made.size() > 1 ? u" (and %1 more below)"_s.arg(made.size() - 1) : QString();
        problem(Severity::Warning, u"unplaced-column"_s,
                u"%1:%2 makes %3%4, which comes into no table that Tribikos can tell: write it into "
                "the body of its class."_s.arg(where.file)
                    .arg(where.span.line)
                    .arg(name, others),
                where.file, where.span);
    }
}

/// A constraint or an index that can't be taken up: the tables that its statement names aren't
/// known whole. A null \a module: it isn't known in which one it stands.
void ModelReader::reportLost(const py::SourceLocation &where, const py::Module *module,
                             const QString &reason)
{
    static const QRegularExpression makes(
        u"\\b(Index|[A-Z]\\w*Constraint|append_constraint|append_column)\\s*\\("_s);
    static const QRegularExpression makesClass(u"^\\s+class\\s"_s,
                                               QRegularExpression::MultilineOption);
    static const QRegularExpression word(u"[A-Za-z_]\\w*"_s);
    const auto bytes = py::readSource(where.file);
    const QStringList lines = bytes ? QString::fromUtf8(*bytes).split(u'\n') : QStringList();
    const int first = std::max(where.span.line, 1);
    const QString text =
        lines.mid(first - 1, std::max(where.span.endLine - first, 0) + 1).join(u'\n');
    const bool isItem = text.contains(makes);
    if (!isItem && !text.contains(makesClass)) // such as one below an `if`
        return;
    for (auto found = word.globalMatch(text); module && found.hasNext();) {
        const py::Value *value = module->find(found.next().captured());
        const auto *cls = value ? value->as<py::Class>() : nullptr;
        const auto *named = value ? value->as<py::sa::TableObject>() : nullptr;
        if (const auto *table = cls ? py::sa::mappedTable(cls) : named)
            m_incomplete.insert(table);
    }
    problem(Severity::Warning, isItem ? u"unreadable-model"_s : u"unplaced-model"_s,
            u"%1:%2 %3 of the models can't be read: %4"_s.arg(where.file)
                .arg(where.span.line)
                .arg(isItem ? u"a constraint or an index"_s : u"a class"_s, reason),
            where.file, where.span);
}

void ModelReader::reportUnplaced()
{
    for (const auto &[where, reason, module] : m_interpreter.skipped()) {
        if (where.file == module->file)
            reportLost(where, module, reason);
    }
    for (const auto &[item, where] : py::sa::State::of(m_interpreter).unplaced) {
        const auto *constraint = item.as<py::sa::ConstraintObject>();
        if (constraint ? constraint->table : item.as<py::sa::IndexObject>()->table)
            continue;
        const auto module = m_interpreter.importByName(dottedName(where.file));
        reportLost(where, module ? *module : nullptr,
                   u"its table can't be told from what it is made of: write it into the table's "
                   "__table_args__."_s);
    }
}

void ModelReader::addTable(Schema &schema, py::sa::TableObject &object,
                           const py::sa::Convention &convention)
{
    Table table;
    const auto built = m_interpreter.guarded([&]() -> py::Value {
        table = py::sa::buildTable(m_interpreter, object, convention);
        return {};
    });
    if (!built) {
        problem(Severity::Warning, u"unreadable-model"_s,
                u"The table %1 of the models can't be read: %2"_s.arg(object.name.text(),
                                                                      built.error().message),
                built.error().file, {.line = built.error().line});
        table = Table{.name = object.name, .isOpaque = true};
    }
    table.isOpaque = table.isOpaque || m_incomplete.contains(&object);
    if (schema.tables.contains(table.name))
        problem(Severity::Error, u"duplicate-table"_s,
                u"The models define the table %1 more than once."_s.arg(table.name.text()), {});
    schema.tables.insert(table.name, table);
}

/// A column without a type takes that of the column it refers to.
void resolveForeignTypes(Schema &schema)
{
    bool changed = true;
    for (int round = 0; changed && round < 10; ++round) {
        changed = false;
        for (Table &table : schema.tables) {
            for (const Constraint &constraint : table.constraints) {
                const auto *key = std::get_if<ForeignKey>(&constraint);
                const Table *target = key ? schema.table(key->target) : nullptr;
                for (qsizetype i = 0; target && i < key->columns.size(); ++i) {
                    Column *column = table.column(key->columns.at(i));
                    const Column *referred = target->column(key->targetColumns.value(i));
                    if (column && !column->type && referred && referred->type) {
                        column->type = referred->type;
                        changed = true;
                    }
                }
            }
        }
    }
}

void ModelReader::addTables(Schema &schema)
{
    for (py::sa::MetaDataObject *metadata : py::sa::State::of(m_interpreter).metadatas) {
        const py::sa::Convention convention =
            metadata->convention.value_or(py::sa::defaultConvention());
        if (metadata->convention && !metadata->tables.empty())
            schema.namingConvention = *metadata->convention;
        for (py::sa::TableObject *table : metadata->tables)
            addTable(schema, *table, convention);
    }
    resolveForeignTypes(schema);
}

Result<Schema> ModelReader::read(const QStringList &files)
{
    Error last;
    bool any = false;
    for (const QString &file : files) {
        const Status read = readFile(file);
        any = any || read;
        if (read)
            continue;
        if (read.error().code == ErrorCode::Cancelled)
            return read.error();
        last = read.error();
        problem(Severity::Error, u"unreadable-module"_s, last.message, last.file,
                {.line = last.line});
    }
    if (!any && !files.isEmpty())
        return last;
    reportModules();
    reportUnplaced();
    reportUnfollowed();
    reportLostColumns();
    Schema schema;
    addTables(schema);
    if (m_request.stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled,
                     .message = u"Cancelled while reading the models."_s};
    return schema;
}

} // namespace

bool mayHideColumns(const Diagnostic &problem)
{
    static const QStringList codes{u"unreadable-module"_s, u"unplaced-model"_s,
                                   u"unreadable-statement"_s, u"duplicate-table"_s,
                                   u"unplaced-column"_s,      u"unfollowed-code"_s};
    return codes.contains(problem.code);
}

Result<Schema> readModels(const QStringList &files, const ModelRequest &request,
                          Diagnostics *problems)
{
    return ModelReader(request, problems).read(files);
}

} // namespace tribikos
