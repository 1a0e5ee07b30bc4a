#pragma once

#include "core/pyread/sa/state.h"
#include "core/schema/sqltype.h"

#include <span>

namespace tribikos::py::sa {

/// An instance of a type class: sa.String(20), postgresql.JSONB(), a project's GUID().
class TypeObject final : public Instance
{
public:
    TypeObject(Class *itsClass, SqlType sqlType)
        : Instance(itsClass)
        , type(std::move(sqlType))
    {}
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    QString str(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;
    /// The type as a value; a decorator works out its implementation here.
    virtual SqlTypePtr resolved(Interpreter &interpreter);
    /// The same without what a new revision calls it.
    SqlTypePtr storage(Interpreter &interpreter);

    SqlType type;
    Value enumClass{};    // Enum(Colour): the class
    CallArgs arguments{}; // of a decorator or an Enum
    Value decorator{};    // what with_variant() was asked of: it may change values
};

/// One class of types: which arguments it takes and where they go.
struct TypeSpec
{
    const char *key;       // "String", "postgresql.JSONB"
    const char *parent;    // key of the base class
    const char *arguments; // names in positional order; see typeclasses.cpp for where each goes
};
std::span<const TypeSpec> typeSpecs();
const TypeSpec *typeSpec(const QString &key);
/// Every type class of \a module ("" is sqlalchemy itself) by its own name, for `import *`.
QStringList typeNames(const QString &module);
/// A dialect's module shows some of SQLAlchemy's own types under its roof: the key for it.
QString typeKey(const QString &module, const QString &name);

/// Constructor and __init__ of every type class.
Value constructType(Interpreter &interpreter, Class *cls, const CallArgs &args);
void initializeType(Interpreter &interpreter, Object *self, const CallArgs &args);

/// A type, a type class, None (no type) or something unknown, which yields SqlType module
/// "unknown".
SqlTypePtr typeFrom(Interpreter &interpreter, const Value &value);
/// Whether \a value can be meant as a type.
bool isType(const Value &value);
/// The type of a known third-party package ("sqlalchemy_utils.types.arrow.ArrowType"), else
/// nullptr.
SqlTypePtr knownForeignType(Interpreter &interpreter, const Unknown &unknown);
/// Wraps \a type for a script to look at (inspector results, Column.type).
Value typeValue(Interpreter &interpreter, const SqlTypePtr &type);
/// Labels of an enum class: the members' names, or what \a valuesCallable makes of the class.
QStringList enumLabels(Interpreter &interpreter, const Value &enumClass,
                       const Value &valuesCallable);
/// The type that a project's TypeDecorator or UserDefinedType stands for on the host's database.
SqlTypePtr resolveDecorator(Interpreter &interpreter, TypeObject &decorator);
/// Remembers that \a type is \a decorator's, where that one changes values and \a type is not another
/// one for the host's database.
void keepDecorator(Interpreter &interpreter, const SqlTypePtr &type, TypeObject &decorator);
/// The text that a function of @compiles makes of \a object, which is of \a cls; nullopt: none is
/// registered for it.
std::optional<Value> compiledText(Interpreter &interpreter, const Class &cls, const Value &object);
/// What a function of @compiles makes of \a type; null: none is registered for it.
SqlTypePtr compiledType(Interpreter &interpreter, TypeObject &type);
/// \a storage with what a new revision writes for \a type, which is of a project's own class: module, class, and what
/// its repr() shows.
SqlTypePtr namedForPython(Interpreter &interpreter, TypeObject &type, const SqlTypePtr &storage);
/// `self.impl` of a decorator, whatever the database.
Value decoratorImpl(Interpreter &interpreter, TypeObject &decorator);

} // namespace tribikos::py::sa
