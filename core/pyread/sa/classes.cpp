#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/state.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

#include <algorithm>

/// The classes of `sqlalchemy`, made when somebody asks for them.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

using Construct = Value (*)(Interpreter &, Class *, const CallArgs &);

struct ClassSpec
{
    const char *key;
    const char *parent;
    Construct construct; // null: scripts don't make them, or only ours does
};

constexpr ClassSpec classSpecs[] = {
    {"ClauseElement", "", constructCompiled},
    {"ColumnElement", "ClauseElement", constructCompiled},
    {"FunctionElement", "ColumnElement", constructCompiled},
    {"GenericFunction", "FunctionElement", constructCompiled},
    {"ColumnClause", "ColumnElement", nullptr},
    {"Column", "ColumnClause", constructColumn},
    {"MappedColumn", "Column", constructMappedColumn},
    {"MappedAsDataclass", "", nullptr},
    {"AsyncAttrs", "", nullptr},
    {"DeferredReflection", "", nullptr},
    {"BinaryExpression", "ColumnElement", nullptr},
    {"BooleanClauseList", "ColumnElement", nullptr},
    {"UnaryExpression", "ColumnElement", nullptr},
    {"BindParameter", "ColumnElement", nullptr},
    {"Label", "ColumnElement", nullptr},
    {"Cast", "ColumnElement", nullptr},
    {"Case", "ColumnElement", nullptr},
    {"Function", "ColumnElement", nullptr},
    {"TextClause", "ClauseElement", nullptr},
    {"DDL", "ClauseElement", nullptr},
    {"DDLElement", "ClauseElement", constructCompiled},
    {"Executable", "ClauseElement", constructCompiled},
    {"Select", "Executable", nullptr},
    {"CompoundSelect", "Executable", nullptr},
    {"Insert", "Executable", nullptr},
    {"Update", "Executable", nullptr},
    {"Delete", "Executable", nullptr},
    {"Subquery", "ClauseElement", nullptr},
    {"CTE", "ClauseElement", nullptr},
    {"Join", "ClauseElement", nullptr},
    {"TableClause", "", nullptr},
    {"Table", "TableClause", constructTable},
    {"MetaData", "", constructMetaData},
    {"conv", "", nullptr},
    {"quoted_name", "", nullptr},
    {"SchemaItem", "", nullptr},
    {"Constraint", "SchemaItem", nullptr},
    {"PrimaryKeyConstraint", "Constraint", constructPrimaryKey},
    {"UniqueConstraint", "Constraint", constructUnique},
    {"CheckConstraint", "Constraint", constructCheck},
    {"ForeignKeyConstraint", "Constraint", constructForeignKeyConstraint},
    {"ExcludeConstraint", "Constraint", constructExclude},
    {"Index", "SchemaItem", constructIndex},
    {"ForeignKey", "SchemaItem", constructForeignKey},
    {"Sequence", "SchemaItem", constructSequence},
    {"Computed", "SchemaItem", constructComputed},
    {"Identity", "SchemaItem", constructIdentity},
    {"FetchedValue", "SchemaItem", constructServerDefault},
    {"DefaultClause", "FetchedValue", constructServerDefault},
    {"ColumnDefault", "SchemaItem", constructClientDefault},
    {"Connection", "", nullptr},
    {"Engine", "", nullptr},
    {"Inspector", "", constructInspector},
    {"Session", "", constructSession},
    {"sessionmaker", "", constructSession},
};

/// sqlalchemy.exc; scripts catch and raise them.
constexpr const char *exceptionSpecs[][2] = {
    {"SQLAlchemyError", "Exception"},
    {"ArgumentError", "SQLAlchemyError"},
    {"CompileError", "SQLAlchemyError"},
    {"UnsupportedCompilationError", "CompileError"},
    {"CircularDependencyError", "SQLAlchemyError"},
    {"InvalidRequestError", "SQLAlchemyError"},
    {"NoInspectionAvailable", "InvalidRequestError"},
    {"NoSuchTableError", "InvalidRequestError"},
    {"NoSuchColumnError", "InvalidRequestError"},
    {"NoResultFound", "InvalidRequestError"},
    {"MultipleResultsFound", "InvalidRequestError"},
    {"ResourceClosedError", "InvalidRequestError"},
    {"UnboundExecutionError", "InvalidRequestError"},
    {"ObjectNotExecutableError", "ArgumentError"},
    {"ConstraintColumnNotFoundError", "ArgumentError"},
    {"NoReferenceError", "InvalidRequestError"},
    {"NoReferencedTableError", "NoReferenceError"},
    {"IdentifierError", "SQLAlchemyError"},
    {"DBAPIError", "SQLAlchemyError"},
    {"InterfaceError", "DBAPIError"},
    {"DatabaseError", "DBAPIError"},
    {"OperationalError", "DatabaseError"},
    {"ProgrammingError", "DatabaseError"},
    {"IntegrityError", "DatabaseError"},
    {"DataError", "DatabaseError"},
    {"InternalError", "DatabaseError"},
    {"NotSupportedError", "DatabaseError"},
    {"StatementError", "SQLAlchemyError"},
    {"SAWarning", "Exception"},
    {"SADeprecationWarning", "Exception"},
};

/// A class of `sqlalchemy` as every interpreter makes it; types go before other classes of their name.
struct Native
{
    QString key{};
    QString name{};   // the key's last part
    QString parent{}; // its key; empty: object
    Construct construct = nullptr;
    bool isType = false;
};

const Native *nativeOf(const QString &key)
{
    static const QHash<QString, Native> byKey = [] {
        QHash<QString, Native> table;
        const auto add = [&table](const char *itsKey, const char *parent, Construct construct) {
            const QString text = QString::fromLatin1(itsKey);
            table.insert(text, {text, text.section(u'.', -1), QString::fromLatin1(parent),
                                construct, construct == constructType});
        };
        for (const ClassSpec &spec : classSpecs)
            add(spec.key, spec.parent, spec.construct);
        for (const TypeSpec &spec : typeSpecs())
            add(spec.key, spec.parent, constructType);
        return table;
    }();
    const auto found = byKey.constFind(key);
    return found == byKey.cend() ? nullptr : &*found;
}

Class *keepClass(Interpreter &interpreter, const QString &key, Class *made)
{
    made->module = u"sqlalchemy"_s;
    State &state = State::of(interpreter);
    made->nativeKey = key;
    state.classes.insert(key, made);
    return made;
}

/// For projects' own comparators, which change no DDL.
std::optional<Value> comparatorClass(Interpreter &interpreter, Class *, const QString &name)
{
    if (name != u"Comparator" && name != u"comparator_factory")
        return std::nullopt;
    const QString key = u"TypeEngine.Comparator"_s;
    State &state = State::of(interpreter);
    Class *made = state.classes.value(key);
    if (!made) {
        made = interpreter.makeClass(u"Comparator"_s);
        state.classes.insert(key, made);
    }
    return Value(made);
}

Class *makeNativeClass(Interpreter &interpreter, const Native &native)
{
    std::vector<Class *> bases;
    if (!native.parent.isEmpty())
        bases.push_back(classOf(interpreter, native.parent));
    Class::Constructor construct;
    if (native.construct)
        construct = native.construct;
    Class *made = interpreter.makeClass(native.name, std::move(bases), std::move(construct));
    if (native.isType) {
        made->initialize = initializeType;
        if (native.parent.isEmpty())
            made->resolve = comparatorClass;
    }
    return keepClass(interpreter, native.key, made);
}

Class *makeExceptionClass(Interpreter &interpreter, const QString &key)
{
    const QString name = key.section(u'.', 1);
    for (const auto &[own, parent] : exceptionSpecs) {
        if (name != QLatin1String(own))
            continue;
        const QString base = QString::fromLatin1(parent);
        Class *cls = base == u"Exception"
                         ? interpreter.makeException(name)
                         : interpreter.makeClass(name, {classOf(interpreter, u"exc."_s + base)});
        return keepClass(interpreter, key, cls);
    }
    return nullptr;
}

} // namespace

State &State::of(Interpreter &interpreter)
{
    if (Object *known = interpreter.sqlalchemyState())
        return static_cast<State &>(*known);
    auto *made = interpreter.make<State>();
    interpreter.setSqlalchemyState(made);
    return *made;
}

Class *classOf(Interpreter &interpreter, const QString &key)
{
    State &state = State::of(interpreter);
    if (Class *known = state.classes.value(key))
        return known;
    const Native *native = nativeOf(key);
    if (!native)
        return key.startsWith(u"exc.") ? makeExceptionClass(interpreter, key) : nullptr;
    Class *cls = makeNativeClass(interpreter, *native);
    if (key == u"Inspector")
        cls->set(u"from_engine"_s,
                 interpreter.function(u"from_engine"_s, [](Interpreter &in, const CallArgs &) {
                     return makeInspector(in);
                 }));
    return cls;
}

bool isNative(const Class *cls, QStringView key)
{
    return std::ranges::any_of(cls->mro,
                               [key](const Class *base) { return base->nativeKey == key; });
}

QStringList classNames()
{
    QStringList names;
    for (const ClassSpec &spec : classSpecs)
        names.append(QString::fromLatin1(spec.key));
    return names;
}

Result<QString> Host::spelled(const ExprPtr &, Backend, bool)
{
    return Error{
        .code = ErrorCode::Unsupported,
        .message = u"turns an SQL expression into a string, whose text depends on the database"_s};
}

void Host::failLive(Interpreter &interpreter, const Error &error)
{
    interpreter.refuse(error.code, error.message);
}

Host &hostOf(Interpreter &interpreter)
{
    State &state = State::of(interpreter);
    if (!state.host)
        interpreter.needsConnection(u"wants to use a database"_s);
    return *state.host;
}

} // namespace tribikos::py::sa
