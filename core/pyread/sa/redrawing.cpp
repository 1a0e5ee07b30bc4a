#include "core/pyread/sa/redrawing.h"

#include "core/pyread/sa/element.h"

#include <variant>

/// @compiles over SQLAlchemy's own clauses: they then look different wherever they are printed, in the
/// bookkeeping of Alembic too.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// An operator as functions of @compiles compare it; what it would do is SQLAlchemy's business.
class OperatorObject final : public Object
{
public:
    explicit OperatorObject(QString itsName)
        : name(std::move(itsName))
    {}
    QString typeName() const override { return u"operator"_s; }
    std::optional<Value> getAttr(Interpreter &, const QString &attribute) override
    {
        return attribute == u"__name__" ? std::optional<Value>(Value(name)) : std::nullopt;
    }

    const QString name;
};

/// The clause that compiler.visit_…() draws as SQLAlchemy does.
class UnchangedClause final : public Object
{
public:
    QString typeName() const override { return u"str"_s; }
};

/// The element that a function of @compiles(BinaryExpression) is asked about: of it, the operator alone is said.
class BinaryProbe final : public Object
{
public:
    explicit BinaryProbe(Value itsOperator)
        : m_operator(std::move(itsOperator))
    {}
    QString typeName() const override { return u"BinaryExpression"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"operator")
            return m_operator;
        interpreter.unsupported(
            u"draws BinaryExpression with @compiles and asks it for %1"_s.arg(name));
    }

private:
    const Value m_operator;
};

/// The compiler that such a function is given: all that is followed is that it passes the element on as it is.
class PassingCompiler final : public Object
{
public:
    PassingCompiler(const BinaryProbe *element, Value itsOperator)
        : m_element(element)
        , m_operator(std::move(itsOperator))
    {}
    QString typeName() const override { return u"SQLCompiler"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        return interpreter.function(
            name, [this, name](Interpreter &in, const CallArgs &args) -> Value {
                bool isSame = name == u"visit_binary" && args.positional.size() == 1
                              && args.positional.front().as<BinaryProbe>() == m_element;
                for (const auto &[keyword, value] : args.keywords)
                    isSame = isSame && keyword == u"override_operator"
                             && (value.isNone() || in.equals(value, m_operator));
                if (!isSame)
                    in.unsupported(u"draws BinaryExpression with @compiles in its own way"_s);
                return in.make<UnchangedClause>();
            });
    }

private:
    const BinaryProbe *const m_element;
    const Value m_operator;
};

/// SQLAlchemy's name of the operator that \a expression prints; "?": more than one prints so. Empty: none.
QString operatorNameOf(const Expr &expression)
{
    static const QHash<QString, QString> names{{u"="_s, u"eq"_s},
                                               {u"!="_s, u"ne"_s},
                                               {u"<"_s, u"lt"_s},
                                               {u"<="_s, u"le"_s},
                                               {u">"_s, u"gt"_s},
                                               {u">="_s, u"ge"_s},
                                               {u"+"_s, u"add"_s},
                                               {u"-"_s, u"sub"_s},
                                               {u"*"_s, u"mul"_s},
                                               {u"LIKE"_s, u"like_op"_s},
                                               {u"IS"_s, u"is_"_s},
                                               {u"IS NOT"_s, u"is_not"_s},
                                               {u"IN"_s, u"in_op"_s},
                                               {u"NOT IN"_s, u"not_in_op"_s},
                                               {u"NOT LIKE"_s, u"not_like_op"_s}};
    switch (expression.kind) {
    case Expr::Kind::Binary:
        return expression.schema.isEmpty() && !expression.flag
                   ? names.value(expression.text, u"?"_s)
                   : u"?"_s;
    case Expr::Kind::Between:
    case Expr::Kind::Slice: return u"?"_s;
    case Expr::Kind::Unary: // of which some are BinaryExpressions: x IS NULL
        return expression.text.startsWith(u"IS") ? u"?"_s : QString();
    default: return {};
    }
}

/// What a function of @compiles(BinaryExpression) does with an operator; a reason where it isn't passed on.
QString verdictOn(Interpreter &interpreter, const Value &function, const QString &name)
{
    const QString why =
        u"uses an operator that the project draws in its own way with @compiles(BinaryExpression)"_s;
    const auto itsOperator = operatorObject(interpreter, name);
    if (!itsOperator)
        return why;
    const auto *probe = interpreter.make<BinaryProbe>(*itsOperator);
    const auto *compiler = interpreter.make<PassingCompiler>(probe, *itsOperator);
    try {
        const Value drawn =
            interpreter.call(function, {Value(const_cast<BinaryProbe *>(probe)),
                                        Value(const_cast<PassingCompiler *>(compiler))});
        return drawn.as<UnchangedClause>() ? QString() : why;
    } catch (const Refused &refused) {
        if (refused.isFinal)
            throw;
        return why;
    } catch (const Raised &) {
        return why;
    }
}

void checkOperator(Interpreter &interpreter, const QString &name)
{
    State &state = State::of(interpreter);
    for (State::BinaryDrawing &drawing : state.binaryDrawings) {
        auto known = drawing.verdicts.constFind(name);
        if (known == drawing.verdicts.cend()) {
            drawing.verdicts.insert(name, u"draws operators with operators"_s); // while it is asked
            const QString why = verdictOn(interpreter, drawing.function, name);
            known = drawing.verdicts.insert(name, why);
        }
        if (!known->isEmpty())
            interpreter.unsupported(*known);
    }
}

/// Registers \a function for an operator; that of the version table and those that were used already count.
void redrawBinary(Interpreter &interpreter, const Value &function)
{
    State &state = State::of(interpreter);
    state.binaryDrawings.push_back({function, {}});
    QSet<QString> used = state.usedOperators;
    used.insert(u"eq"_s);
    for (const QString &name : used) {
        const QString why = verdictOn(interpreter, function, name);
        state.binaryDrawings.back().verdicts.insert(name, why);
        if (!why.isEmpty() && state.redrawn.isEmpty())
            state.redrawn =
                u"changes with @compiles how SQLAlchemy writes BinaryExpression everywhere"_s;
    }
}

/// A clause that some operations alone print; false: it may stand anywhere.
bool isOfItsOwn(const QString &key)
{
    static const QStringList keys{u"DropTable"_s, u"DropIndex"_s, u"CreateIndex"_s};
    return keys.contains(key);
}

struct Target
{
    QString name{}; // of what is drawn, as SQLAlchemy calls it
    Class *cls = nullptr;
    bool isProjects =
        false; // a class of the project's that can't be evaluated: nothing else is drawn by it
    bool isFunction = false; // of sqlalchemy.sql.functions
};

Target targetOf(const CallArgs &args)
{
    Target target;
    if (args.positional.empty())
        return target;
    target.cls = args.positional.front().as<Class>();
    const auto *unknown = args.positional.front().as<Unknown>();
    const auto *function = args.positional.front().as<NativeFunction>(); // CreateTable and its like
    target.name = target.cls ? target.cls->name
                  : unknown  ? unknown->origin.section(u'.', -1)
                  : function ? function->name
                             : u"a clause"_s;
    target.isProjects = unknown && unknown->isClass;
    target.isFunction = unknown && unknown->origin.startsWith(u"sqlalchemy.")
                        && unknown->origin.contains(u".functions.");
    return target;
}

void takeDrawing(Interpreter &interpreter, const Target &target, const Value &function)
{
    State &state = State::of(interpreter);
    const bool isOwn =
        !target.cls || (!target.cls->nativeKey.isEmpty() && !isNative(target.cls, u"TypeEngine"));
    const bool isText =
        target.cls && target.cls->nativeKey == u"String"; // the version table's column
    if (target.isProjects)
        return;
    if (target.isFunction)
        state.redrawnFunctions.insert(target.name.toLower());
    else if (target.name == u"BinaryExpression" && isOwn)
        redrawBinary(interpreter, function);
    else if (isOwn && isOfItsOwn(target.name))
        state.redrawnClauses.insert(target.name);
    else if ((isOwn || isText) && state.redrawn.isEmpty())
        state.redrawn =
            u"changes with @compiles how SQLAlchemy writes %1 everywhere"_s.arg(target.name);
}

} // namespace

Value compilesCall(Interpreter &interpreter, const CallArgs &args)
{
    const Target target = targetOf(args);
    QStringList dialects;
    for (size_t i = 1; i < args.positional.size(); ++i)
        dialects.append(interpreter.str(args.positional[i]));
    return interpreter.function(
        u"compiles"_s, [target, dialects](Interpreter &in, const CallArgs &inner) -> Value {
            if (inner.positional.empty())
                in.raise(u"TypeError"_s, u"@compiles needs a function"_s);
            State &state = State::of(in);
            const auto backend = state.host ? state.host->backend() : std::nullopt;
            state.drawsNative =
                state.drawsNative
                || !(target.isProjects || (target.cls && target.cls->nativeKey.isEmpty()));
            if (dialects.isEmpty() || (backend && dialects.contains(backendName(*backend))))
                takeDrawing(in, target, inner.positional.front());
            if (target.cls)
                state.compiled.push_back({target.cls, dialects, inner.positional.front()});
            return inner.positional.front();
        });
}

QString redrawnBy(const State &state, const Operation::Kind &kind, Backend backend)
{
    if (!state.redrawn.isEmpty() || state.redrawnClauses.isEmpty())
        return state.redrawn;
    const auto *batch = std::get_if<BatchAlterTable>(&kind);
    const auto *created = std::get_if<CreateTable>(&kind);
    const auto *added = std::get_if<AddColumn>(&kind);
    QStringList printed;
    if (std::holds_alternative<DropTable>(kind) || (batch && backend == Backend::Sqlite))
        printed.append(u"DropTable"_s);
    if (std::holds_alternative<DropIndex>(kind) || batch)
        printed.append(u"DropIndex"_s);
    if (std::holds_alternative<CreateIndex>(kind) || batch
        || (created && !created->table.indexes.isEmpty()) || (added && !added->indexes.isEmpty()))
        printed.append(u"CreateIndex"_s);
    for (const QString &clause : std::as_const(printed))
        if (state.redrawnClauses.contains(clause))
            return u"prints %1, which the project draws in its own way with @compiles"_s.arg(
                clause);
    return {};
}

void checkRedrawn(Interpreter &interpreter, const Expr &expression)
{
    const QString name = operatorNameOf(expression);
    if (name.isEmpty())
        return;
    State &state = State::of(interpreter);
    if (state.binaryDrawings.empty())
        state.usedOperators.insert(name);
    else
        checkOperator(interpreter, name);
}

std::optional<Value> operatorObject(Interpreter &interpreter, const QString &name)
{
    static const QSet<QString> pythons{u"eq"_s, u"ne"_s,  u"lt"_s,  u"le"_s, u"gt"_s,
                                       u"ge"_s, u"add"_s, u"sub"_s, u"mul"_s};
    static const QSet<QString> others{u"like_op"_s,
                                      u"not_like_op"_s,
                                      u"is_"_s,
                                      u"is_not"_s,
                                      u"in_op"_s,
                                      u"not_in_op"_s,
                                      u"concat_op"_s,
                                      u"ilike_op"_s,
                                      u"and_"_s,
                                      u"or_"_s,
                                      u"between_op"_s,
                                      u"json_getitem_op"_s,
                                      u"contains_op"_s,
                                      u"startswith_op"_s,
                                      u"endswith_op"_s,
                                      u"match_op"_s,
                                      u"json_path_getitem_op"_s,
                                      u"ASTEXT"_s,
                                      u"JSONPATH_ASTEXT"_s,
                                      u"CONTAINS"_s,
                                      u"CONTAINED_BY"_s,
                                      u"HAS_KEY"_s,
                                      u"HAS_ALL"_s,
                                      u"HAS_ANY"_s,
                                      u"OVERLAP"_s,
                                      u"DELETE_PATH"_s,
                                      u"PATH_EXISTS"_s,
                                      u"PATH_MATCH"_s};
    if (pythons.contains(name)) // SQLAlchemy's are Python's
        return interpreter.getAttr(interpreter.importModule(u"operator"_s), name);
    if (!others.contains(name))
        return std::nullopt;
    const QString key = u"sqlalchemy.operator."_s + name;
    if (Object *known = interpreter.state(key))
        return Value(known);
    auto *made = interpreter.make<OperatorObject>(name);
    interpreter.setState(key, made);
    return Value(made);
}

} // namespace tribikos::py::sa
