#pragma once

#include "core/pyread/value.h"

#include <QDateTime>

namespace tribikos::py {

/// datetime.date, datetime.time, datetime.datetime: what a statement's literal is made from.
/// Microseconds are kept apart because QTime knows milliseconds only.
class DateTimeValue : public Instance
{
public:
    enum class Kind { Date, Time, DateTime };

    DateTimeValue(Class *itsClass, Kind itsKind) : Instance(itsClass), kind(itsKind) {}
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    size_t hash(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;
    QString str(Interpreter &interpreter) override;
    QString format(Interpreter &interpreter, const QString &spec) override;

    /// "2025-01-15 12:00:00.000001+00:00" with \a separator between date and time.
    QString isoText(QChar separator) const;
    qint64 microseconds() const; // since 1970, in UTC when the offset is known

    const Kind kind;
    QDate date{1970, 1, 1};
    int hour = 0;
    int minute = 0;
    int second = 0;
    int microsecond = 0;
    std::optional<int> utcOffset{}; // seconds; nullopt: naive
};

/// datetime.timedelta
class TimeDelta : public Instance
{
public:
    TimeDelta(Class *itsClass, qint64 length) : Instance(itsClass), microseconds(length) {}
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override;
    std::optional<Value> binary(Interpreter &, BinaryOp, const Value &, bool) override;
    std::optional<Value> compare(Interpreter &, CompareOp, const Value &) override;
    std::optional<Value> unary(Interpreter &, UnaryOp) override;
    size_t hash(Interpreter &) override { return qHash(microseconds); }
    bool truth(Interpreter &) override { return microseconds != 0; }
    QString repr(Interpreter &interpreter) override;
    QString str(Interpreter &interpreter) override;

    const qint64 microseconds;
};

} // namespace tribikos::py
