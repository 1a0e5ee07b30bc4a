#include "core/pyread/sa/connection.h"
#include "core/base/unwritten.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"

/// str(statement.compile(dialect=…, compile_kwargs={"literal_binds": True}))
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// What compile() makes: a text that waits for str().
class CompiledText final : public Object
{
public:
    explicit CompiledText(QString sql)
        : m_sql(std::move(sql))
    {}
    QString typeName() const override { return u"Compiled"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"string")
            return Value(m_sql);
        if (name == u"params")
            interpreter.unsupported(u"asks a compiled statement for its parameters"_s);
        return Object::getAttr(interpreter, name);
    }
    QString str(Interpreter &) override { return m_sql; }
    QString repr(Interpreter &) override { return unwritten(u"<Compiled>"_s); }

private:
    const QString m_sql;
};

} // namespace

Value compileElement(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"compile"_s);
    const Value bind = a.optional(u"bind"_s);
    const Value dialect = a.optional(u"dialect"_s);
    const Value options = a.keywordOnly(u"compile_kwargs"_s);
    a.finish();
    const auto *dict = options.as<Dict>();
    const Value *literals = dict ? dict->find(u"literal_binds"_s) : nullptr;
    bool isOwn = false;
    const auto backend = backendOf(interpreter, dialect.isNone() ? bind : dialect, &isOwn);
    if (!backend)
        interpreter.unsupported(
            u"compiles an SQL expression for no database in particular: give compile() a dialect"_s);
    if (!literals || !interpreter.truth(*literals) || dict->size() != 1)
        interpreter.unsupported(
            u"compiles an SQL expression without compile_kwargs={\"literal_binds\": "
            "True}, so that its text has no values"_s);
    const auto sql = hostOf(interpreter).spelled(self.expr(interpreter), *backend, isOwn);
    if (!sql)
        interpreter.unsupported(sql.error().message);
    return interpreter.make<CompiledText>(*sql);
}

} // namespace tribikos::py::sa
