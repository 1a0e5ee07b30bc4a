#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/names.h"

/// The dialect and the URL behind a connection.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// dialect.identifier_preparer, dialect.name …
QString hinted(Interpreter &interpreter, const QString &question, const QString &line)
{
    return hostOf(interpreter).isOffline()
               ? question + u": say in tribikos.toml what it is, under [offline]: "_s + line
               : question;
}

Value toldSchema(Interpreter &interpreter)
{
    const QString &name = hostOf(interpreter).environment().defaultSchema;
    if (name.isEmpty())
        interpreter.needsConnection(hinted(interpreter, u"asks for the default schema's name"_s,
                                           u"default_schema = \"…\""_s));
    return Value(name);
}

/// (8, 0, 36)
Value toldVersion(Interpreter &interpreter)
{
    const QString &version = hostOf(interpreter).environment().serverVersion;
    if (version.isEmpty())
        interpreter.needsConnection(hinted(interpreter,
                                           u"asks the database's driver for server_version_info"_s,
                                           u"server_version = \"…\""_s));
    std::vector<Value> parts;
    for (const QString &part : version.split(u'.'))
        parts.emplace_back(part.toLongLong());
    return interpreter.tuple(std::move(parts));
}

class DialectObject final : public Object
{
public:
    explicit DialectObject(Backend itsBackend, bool isTheScripts = false)
        : isOwn(isTheScripts)
        , m_backend(itsBackend)
    {}
    Backend backend() const { return m_backend; }
    QString typeName() const override { return u"Dialect"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        static const QHash<Backend, QString> drivers{{Backend::Sqlite, u"pysqlite"_s},
                                                     {Backend::PostgreSql, u"psycopg2"_s},
                                                     {Backend::MySql, u"mysqldb"_s},
                                                     {Backend::MariaDb, u"mysqldb"_s}};
        if (name == u"name")
            return Value(backendName(m_backend));
        if (name == u"driver")
            return Value(drivers.value(m_backend));
        if (name == u"default_schema_name")
            return toldSchema(interpreter);
        if (name == u"server_version_info")
            return toldVersion(interpreter);
        if (name == u"is_mariadb")
            return Value(m_backend == Backend::MariaDb);
        if (name == u"type_descriptor")
            return interpreter.function(name, [](Interpreter &in, const CallArgs &args) {
                return args.positional.empty() ? Value()
                       : in.isCallable(args.positional[0]) && args.positional[0].as<Class>()
                           ? in.call(args.positional[0])
                           : args.positional[0];
            });
        if (name == u"has_table" || name.startsWith(u"get_"))
            return inspectorMethod(interpreter, name);
        if (name.startsWith(u"supports_"))
            return std::nullopt;
        interpreter.needsConnection(u"asks the database's driver for %1"_s.arg(name));
    }

    const bool isOwn;

private:
    const Backend m_backend;
};

/// A text of which only the beginning is known. What that decides is answered.
class TextBeginning final : public Object
{
public:
    TextBeginning(QString known, QString what)
        : m_known(std::move(known))
        , m_what(std::move(what))
    {}
    QString typeName() const override { return u"str"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"lower")
            return interpreter.function(
                name, [this](Interpreter &, const CallArgs &) { return Value(this); });
        if (name == u"startswith")
            return interpreter.function(name, [this](Interpreter &in, const CallArgs &args) {
                return startsWith(in, Arguments(in, args, u"startswith"_s).required(u"prefix"_s));
            });
        refuse(interpreter);
    }
    std::optional<bool> contains(Interpreter &interpreter, const Value &item) override
    {
        if (!m_known.contains(textOf(interpreter, item, u"text"_s)))
            refuse(interpreter);
        return true;
    }
    bool truth(Interpreter &) override { return true; }
    std::optional<Value> compare(Interpreter &interpreter, CompareOp, const Value &) override
    {
        refuse(interpreter);
    }
    std::optional<Value> binary(Interpreter &interpreter, BinaryOp, const Value &, bool) override
    {
        refuse(interpreter);
    }
    QString str(Interpreter &interpreter) override { refuse(interpreter); }
    QString repr(Interpreter &interpreter) override { refuse(interpreter); }

private:
    Value startsWith(Interpreter &interpreter, const Value &prefixes)
    {
        const std::vector<Value> given =
            isText(prefixes) ? std::vector<Value>{prefixes} : interpreter.items(prefixes);
        bool isOpen = false;
        for (const Value &one : given) {
            const QString prefix = textOf(interpreter, one, u"prefix"_s);
            if (m_known.startsWith(prefix))
                return Value(true);
            isOpen = isOpen || prefix.startsWith(m_known);
        }
        if (isOpen)
            refuse(interpreter);
        return Value(false);
    }
    [[noreturn]] void refuse(Interpreter &interpreter) const
    {
        interpreter.needsConnection(u"asks for %1"_s.arg(m_what));
    }

    const QString m_known;
    const QString m_what;
};

/// bind.engine.url: what the project's configuration says, or at least the kind of database.
class UrlObject final : public Object
{
public:
    QString typeName() const override { return u"URL"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        const Host &host = hostOf(interpreter);
        const bool isKnown = !host.environment().url.isEmpty();
        if (name == u"get_backend_name")
            return interpreter.function(name, [](Interpreter &in, const CallArgs &) {
                return in.getAttr(makeDialect(in, *hostOf(in).backend()), u"name"_s);
            });
        if (name == u"database" && isKnown)
            return host.environment().database.isEmpty() ? Value()
                                                         : Value(host.environment().database);
        if (name == u"drivername")
            return isKnown ? Value(host.environment().url.section(u':', 0, 0))
                           : beginning(interpreter);
        if (name == u"render_as_string" && isKnown)
            return interpreter.function(name, [this](Interpreter &in, const CallArgs &args) {
                const Value *hides = args.keyword(u"hide_password"_s);
                if (hides && !in.truth(*hides))
                    refuse(in);
                return Value(str(in));
            });
        refuse(interpreter);
    }
    std::optional<Value> partialText(Interpreter &interpreter) override
    {
        if (!hostOf(interpreter).environment().url.isEmpty())
            return std::nullopt;
        return beginning(interpreter);
    }
    QString str(Interpreter &interpreter) override
    {
        const QString &url = hostOf(interpreter).environment().url;
        if (url.isEmpty())
            refuse(interpreter);
        return url;
    }
    QString repr(Interpreter &interpreter) override { return str(interpreter); }

private:
    /// MariaDB's may be written either way.
    static Value beginning(Interpreter &interpreter)
    {
        const auto backend = hostOf(interpreter).backend();
        return interpreter.make<TextBeginning>(
            *backend == Backend::MariaDb ? u"m"_s : backendName(*backend), u"the database's URL"_s);
    }
    [[noreturn]] static void refuse(Interpreter &interpreter)
    {
        interpreter.needsConnection(u"asks for the database's URL"_s);
    }
};

} // namespace

Value makeUrl(Interpreter &interpreter)
{
    return interpreter.make<UrlObject>();
}

Value makeDialect(Interpreter &interpreter, Backend backend)
{
    return interpreter.make<DialectObject>(backend);
}

Value makeOwnDialect(Interpreter &interpreter, Backend backend)
{
    return interpreter.make<DialectObject>(backend, true);
}

std::optional<Backend> dialectBackend(const Value &value, bool *isOwn)
{
    const auto *dialect = value.as<DialectObject>();
    *isOwn = dialect && dialect->isOwn;
    return dialect ? std::optional(dialect->backend()) : std::nullopt;
}

} // namespace tribikos::py::sa
