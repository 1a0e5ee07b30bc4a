#pragma once

#include "core/base/result.h"

#include <QDateTime>
#include <QString>
#include <optional>

namespace tribikos {

/// A moment as Python's datetime has it: to the microsecond, with or without an offset from UTC.
struct CreateDate
{
    QDate date{1970, 1, 1};
    int hour = 0;
    int minute = 0;
    int second = 0;
    int microsecond = 0;
    std::optional<int> utcOffset{}; // seconds; nullopt: local time that doesn't say so
    qint64 epoch = 0;               // seconds since 1970
    QString text() const;           // "2025-01-15 12:00:00.000001+01:00"
};

/// \a now (microseconds since 1970) in \a timezone, or in local time when that is empty.
/// Error: Usage, "Can't locate timezone: X".
Result<CreateDate> createDate(qint64 now, const QString &timezone);

} // namespace tribikos
