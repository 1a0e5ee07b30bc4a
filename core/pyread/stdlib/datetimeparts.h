#pragma once

#include "core/pyread/stdlib/datetime.h"
#include "core/pyread/stdlib/library.h"

/// What the files of the module `datetime` share.
namespace tribikos::py::datetimes {

using I = Interpreter;
using A = const CallArgs &;
using Kind = DateTimeValue::Kind;

inline constexpr qint64 secondUs = 1'000'000;
inline constexpr qint64 dayUs = 86'400 * secondUs;

/// datetime.timezone
class TimeZone : public Instance
{
public:
    TimeZone(Class *itsClass, int seconds) : Instance(itsClass), offset(seconds) {}
    QString repr(Interpreter &interpreter) override;
    QString str(Interpreter &interpreter) override;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    const int offset; // seconds
};

/// "date", "timedelta" …: made once an interpreter.
Class *dateTimeClass(I &i, const QString &name);
Value makeDelta(I &i, qint64 microseconds);
Value constructDelta(I &i, Class *cls, A args);

/// At least two digits.
QString two(int number);
/// "+05:30", or "+0530".
QString offsetText(int seconds, bool colon);
/// The text of an ISO date or time; ValueError when it is none.
Value fromIso(I &i, Kind kind, const QString &text);
/// strptime() and strftime().
Value parsed(I &i, const QString &text, const QString &format);
QString formatted(I &i, const DateTimeValue &value, const QString &format);
/// isoformat(timespec=…) of \a whole, which has all that there is.
QString cutIso(I &i, const QString &whole, const DateTimeValue &value, const QString &spec);

} // namespace tribikos::py::datetimes
