// os, os.path, sys and pathlib: paths are text, and nothing behind them exists.
#include "core/pyread/stdlib/library.h"

#include <QDir>

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

class PurePath;
Value makePath(I &i, const QString &text, bool isPure);
QString pathText(I &i, const Value &value);

QString joined(const QString &left, const QString &right)
{
    if (right.startsWith(u'/') || left.isEmpty())
        return right;
    return left.endsWith(u'/') ? left + right : left + u'/' + right;
}

QString absolute(I &i, const QString &path)
{
    // relative to the script's folder: the working directory of a run that doesn't happen is unknown
    if (!path.startsWith(u'/'))
        i.unsupported(u"depends on the working directory"_s);
    return QDir::cleanPath(path);
}

QString dirName(const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    return slash < 0 ? QString() : slash == 0 ? u"/"_s : path.left(slash);
}

QString baseName(const QString &path)
{
    return path.mid(path.lastIndexOf(u'/') + 1);
}

QString suffixOf(const QString &path)
{
    const QString base = baseName(path);
    const qsizetype dot = base.lastIndexOf(u'.');
    return dot > 0 ? base.mid(dot) : QString();
}

Value touches(I &i, const QString &what)
{
    i.unsupported(
        u"looks at the file system with %1: Tribikos runs no code that touches files"_s.arg(what));
}

Value join(I &i, A args)
{
    QString path;
    for (const Value &part : args.positional)
        path = joined(path, pathText(i, part));
    return Value(i.checkedText(path));
}

QString first(I &i, A args)
{
    return pathText(i, Arguments(i, args, u"path"_s).required(u"path"_s));
}

constexpr Entry pathTable[] = {
    {u"join", join},
    {u"dirname", [](I &i, A a) { return Value(dirName(first(i, a))); }},
    {u"basename", [](I &i, A a) { return Value(baseName(first(i, a))); }},
    {u"abspath", [](I &i, A a) { return Value(absolute(i, first(i, a))); }},
    {u"realpath", [](I &i, A a) { return Value(absolute(i, first(i, a))); }},
    {u"normpath", [](I &i, A a) { return Value(QDir::cleanPath(first(i, a))); }},
    {u"isabs", [](I &i, A a) { return Value(first(i, a).startsWith(u'/')); }},
    {u"split",
     [](I &i, A a) {
         const QString path = first(i, a);
         return i.tuple({Value(dirName(path)), Value(baseName(path))});
     }},
    {u"splitext",
     [](I &i, A a) {
         const QString path = first(i, a);
         const QString suffix = suffixOf(path);
         return i.tuple({Value(path.chopped(suffix.size())), Value(suffix)});
     }},
    {u"exists", [](I &i, A) { return touches(i, u"os.path.exists()"_s); }},
    {u"isfile", [](I &i, A) { return touches(i, u"os.path.isfile()"_s); }},
    {u"isdir", [](I &i, A) { return touches(i, u"os.path.isdir()"_s); }},
};

/// os.environ: what tribikos.toml says. Of the others that are set where Tribikos runs, as Alembic would see them,
/// there is the name: what depends on one is refused.
Dict &environDict(I &i)
{
    auto *kept = dynamic_cast<Dict *>(i.state(u"os.environ"_s));
    if (!kept) {
        kept = i.make<Dict>();
        for (auto it = i.variables().cbegin(); it != i.variables().cend(); ++it)
            kept->insert(i, Value(it.key()), Value(it.value()));
        for (const QString &name : i.hiddenVariables ? i.hiddenVariables() : QStringList()) {
            if (!i.variables().contains(name))
                kept->insert(i, Value(name),
                             i.unknown(u"os.environ['%1']"_s.arg(name),
                                       u"scripts see only what tribikos.toml says of the "
                                       "environment: give it under [environment-variables], as in "
                                       "%1 = \"…\""_s.arg(name)));
        }
        kept->onMissing = [&i](const QString &key) { i.noteMissingVariable(key); };
        i.setState(u"os.environ"_s, kept);
    }
    return *kept;
}

Value getEnv(I &i, A args)
{
    Arguments a(i, args, u"getenv"_s);
    const QString key = textOf(i, a.required(u"key"_s));
    const Value otherwise = a.optional(u"default"_s);
    const Value *known = environDict(i).find(key);
    return known ? *known : otherwise;
}

Value urandom(I &i, A args)
{
    const qint64 count = numberOf(i, Arguments(i, args, u"urandom"_s).required(u"size"_s));
    if (count < 0 || count > 4096)
        i.unsupported(u"asks for %1 random bytes"_s.arg(count));
    return i.fresh(u"os.urandom()"_s, [&] { return i.bytes(randomBytes(count)); });
}

constexpr Entry osTable[] = {
    {u"getenv", getEnv},
    {u"urandom", urandom},
    {u"fspath", [](I &i, A a) { return Value(first(i, a)); }},
    {u"listdir", [](I &i, A) { return touches(i, u"os.listdir()"_s); }},
    {u"walk", [](I &i, A) { return touches(i, u"os.walk()"_s); }},
    {u"system", [](I &i, A) -> Value { i.unsupported(u"starts a program with os.system()"_s); }},
    {u"popen", [](I &i, A) -> Value { i.unsupported(u"starts a program with os.popen()"_s); }},
};

std::optional<Value> osName(I &i, const QString &name)
{
    if (name == u"environ")
        return Value(&environDict(i));
    if (name == u"path")
        return i.importModule(u"os.path"_s);
    if (name == u"sep")
        return Value(u"/"_s);
    if (name == u"linesep")
        return Value(u"\n"_s);
    if (name == u"pathsep")
        return Value(u":"_s);
    if (name == u"name")
        return Value(u"posix"_s);
    if (name == u"PathLike")
        return Value(i.makeClass(name));
    if (name == u"getcwd") {
        return i.function(name, [](I &in, A) {
            return in.unknown(u"os.getcwd()"_s, u"it depends on where the program is started"_s);
        });
    }
    return std::nullopt;
}

/// sys.path and the like: one list an interpreter, which may be changed and has no effect.
std::optional<Value> sysName(I &i, const QString &name)
{
    const auto kept = [&](auto make) {
        Object *object = i.state(u"sys."_s + name);
        if (!object) {
            object = make();
            i.setState(u"sys."_s + name, object);
        }
        return Value(object);
    };
    if (name == u"path" || name == u"argv" || name == u"meta_path")
        return kept([&]() -> Object * { return i.make<List>(); });
    if (name == u"modules")
        return kept([&]() -> Object * { return i.make<Dict>(); });
    if (name == u"version_info") {
        return kept([&]() -> Object * {
            const Value factory = i.getAttr(i.importModule(u"collections"_s), u"namedtuple"_s);
            const Value cls = i.call(factory, {Value(u"version_info"_s),
                                               Value(u"major minor micro releaselevel serial"_s)});
            return i.call(cls, {Value(3), Value(11), Value(2), Value(u"final"_s), Value(0)})
                .object();
        });
    }
    if (name == u"platform")
        return Value(u"linux"_s);
    if (name == u"maxsize")
        return Value(std::numeric_limits<qint64>::max());
    if (name == u"exit") {
        return i.function(name, [](I &in, A args) -> Value {
            in.raise(u"SystemExit"_s,
                     args.positional.empty() ? QString() : in.str(args.positional[0]));
        });
    }
    return std::nullopt;
}

// --- pathlib -------------------------------------------------------------------------------------

class PurePath : public Object
{
public:
    PurePath(QString path, bool isPurePath) : text(std::move(path)), isPure(isPurePath) {}
    QString typeName() const override { return isPure ? u"PurePosixPath"_s : u"PosixPath"_s; }
    std::optional<Value> getAttr(Interpreter &i, const QString &name) override
    {
        if (name == u"parent")
            return makePath(i, dirName(text).isEmpty() ? u"."_s : dirName(text), isPure);
        if (name == u"name")
            return Value(baseName(text));
        if (name == u"stem")
            return Value(baseName(text).chopped(suffixOf(text).size()));
        if (name == u"suffix")
            return Value(suffixOf(text));
        if (name == u"suffixes") {
            std::vector<Value> all;
            const QString base = baseName(text);
            for (const QString &part : base.mid(base.startsWith(u'.')).split(u'.').mid(1))
                all.emplace_back(u'.' + part);
            return i.list(base.endsWith(u'.') ? std::vector<Value>{} : std::move(all));
        }
        if (name == u"root" || name == u"anchor" || name == u"drive")
            return Value(name != u"drive" && text.startsWith(u'/') ? u"/"_s : QString());
        if (name == u"parents") {
            std::vector<Value> all;
            for (QString up = dirName(text); !up.isEmpty(); up = dirName(up)) {
                all.push_back(makePath(i, up, isPure));
                if (up == u"/")
                    break;
            }
            return i.tuple(std::move(all));
        }
        if (name == u"parts") {
            std::vector<Value> all;
            if (text.startsWith(u'/'))
                all.emplace_back(u"/"_s);
            for (const QString &part : text.split(u'/', Qt::SkipEmptyParts))
                all.emplace_back(part);
            return i.tuple(std::move(all));
        }
        static const QStringList pure{u"resolve"_s,    u"absolute"_s,    u"joinpath"_s,
                                      u"as_posix"_s,   u"with_suffix"_s, u"with_name"_s,
                                      u"is_absolute"_s};
        if (!pure.contains(name)) {
            return i.function(name,
                              [name](I &in, A) { return touches(in, u"Path.%1()"_s.arg(name)); });
        }
        return i.function(name, [this, name](I &in, A args) { return method(in, name, args); });
    }
    std::optional<Value> binary(Interpreter &i, BinaryOp op, const Value &other,
                                bool reflected) override
    {
        if (op != BinaryOp::Div)
            return std::nullopt;
        const QString right = pathText(i, other);
        return makePath(i, reflected ? joined(right, text) : joined(text, right), isPure);
    }
    std::optional<Value> compare(Interpreter &i, CompareOp op, const Value &other) override
    {
        const auto *right = other.as<PurePath>();
        return right ? std::optional<Value>(i.compare(op, Value(text), Value(right->text)))
                     : std::nullopt;
    }
    size_t hash(Interpreter &) override { return qHash(text); }
    QString str(Interpreter &) override { return text; }
    QString repr(Interpreter &) override { return u"%1(%2)"_s.arg(typeName(), reprText(text)); }
    const QString text;
    const bool isPure; // made by PurePath()

private:
    Value method(I &i, const QString &name, A args)
    {
        if (name == u"resolve" || name == u"absolute")
            return makePath(i, absolute(i, text), isPure);
        if (name == u"as_posix")
            return Value(text);
        if (name == u"is_absolute")
            return Value(text.startsWith(u'/'));
        if (name == u"joinpath") {
            QString path = text;
            for (const Value &part : args.positional)
                path = joined(path, pathText(i, part));
            return makePath(i, path, isPure);
        }
        const QString other = first(i, args);
        if (name == u"with_name")
            return makePath(i, joined(dirName(text), other), isPure);
        return makePath(i, text.chopped(suffixOf(text).size()) + other, isPure);
    }
};

Value makePath(I &i, const QString &text, bool isPure)
{
    const QString clean = QDir::cleanPath(i.checkedText(text));
    return i.make<PurePath>(clean.isEmpty() ? u"."_s : text.contains(u"..") ? text : clean, isPure);
}

QString pathText(I &i, const Value &value)
{
    if (const auto *path = value.as<PurePath>())
        return path->text;
    return textOf(i, value);
}

} // namespace

Module *osModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"os"_s, osTable, osName);
}

Module *osPathModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"os.path"_s, pathTable);
}

Module *sysModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"sys"_s, sysName);
}

Module *pathlibModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"pathlib"_s, [](I &i, const QString &name) -> std::optional<Value> {
        if (name != u"Path" && name != u"PurePath" && name != u"PosixPath" && name != u"PurePosixPath")
            return std::nullopt;
        const bool isPure = name.startsWith(u"Pure");
        const QString made = isPure ? u"PurePosixPath"_s : u"PosixPath"_s;
        return Value(sharedClass(i, u"pathlib."_s + made, [&] {
            return i.makeClass(made, {}, [isPure](I &in, Class *, A args) {
                QString path;
                for (const Value &part : args.positional)
                    path = joined(path, pathText(in, part));
                return makePath(in, path, isPure);
            });
        }));
    });
}

} // namespace tribikos::py::stdlib
