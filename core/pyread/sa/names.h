#pragma once

#include "core/pyread/sa/state.h"

#include <QMap>

namespace tribikos::py::sa {

/// A name as a script gives it: a string, op.f("x"), conv("x"), quoted_name("x", True) or None.
struct NameArg
{
    QString text{};
    bool isGiven = false;
    bool isFinal = false; // op.f(), conv(): not passed through the naming convention
    std::optional<bool> quoted{};
};

/// str with something to remember: what op.f(), conv() and quoted_name() make.
class MarkedString final : public Instance
{
public:
    MarkedString(Class *itsClass, NameArg arg)
        : Instance(itsClass)
        , name(std::move(arg))
    {
        payload = Value(name.text);
        hasPayload = true;
    }

    const NameArg name;
};

/// Whether \a value is a string or one of the marked ones.
bool isText(const Value &value);
/// The text of isText(); refuses others. \a what names the argument in messages.
QString textOf(Interpreter &interpreter, const Value &value, const QString &what);
/// "" for None.
QString textOrEmpty(Interpreter &interpreter, const Value &value, const QString &what);
NameArg nameFrom(Interpreter &interpreter, const Value &value, const QString &what);
QStringList textList(Interpreter &interpreter, const Value &value, const QString &what);
/// None stays nullopt.
std::optional<bool> optionalBool(Interpreter &interpreter, const Value &value);
std::optional<qint64> optionalInt(Interpreter &interpreter, const Value &value,
                                  const QString &what);

/// `op.f`, `sqlalchemy.sql.elements.conv` and `quoted_name` as functions of a name.
Value makeConv(Interpreter &interpreter, const CallArgs &args);

/// A naming convention: MetaData(naming_convention=...), and SQLAlchemy's own for indexes.
using Convention = QMap<QString, QString>;
Convention defaultConvention();

/// What a template's tokens may ask for (alembic-semantics.md §8.7).
struct NamedThing
{
    QString kind{}; // "ix", "uq", "ck", "fk", "pk"
    TableName table{};
    QStringList columns{};
    TableName referred{};
    QStringList referredColumns{};
};
/// The name that \a given becomes under \a convention; empty when it stays unnamed.
Name resolveName(Interpreter &interpreter, const Convention &convention, const NameArg &given,
                 const NamedThing &thing);

} // namespace tribikos::py::sa
