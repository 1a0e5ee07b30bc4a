#include "core/edit/createdate.h"

#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString padded(int number, int width)
{
    return QString::number(number).rightJustified(width, u'0');
}

} // namespace

QString CreateDate::text() const
{
    QString text = date.toString(Qt::ISODate) + u' ' + padded(hour, 2) + u':' + padded(minute, 2)
                   + u':' + padded(second, 2);
    if (microsecond)
        text += u'.' + padded(microsecond, 6);
    if (!utcOffset)
        return text;
    const int absolute = std::abs(*utcOffset);
    text += (*utcOffset < 0 ? u'-' : u'+') + padded(absolute / 3600, 2) + u':'
            + padded(absolute / 60 % 60, 2);
    return absolute % 60 ? text + u':' + padded(absolute % 60, 2) : text;
}

Result<CreateDate> createDate(qint64 now, const QString &timezone)
{
    const qint64 second = now >= 0 ? now / 1'000'000 : (now - 999'999) / 1'000'000;
    QDateTime moment = QDateTime::fromSecsSinceEpoch(second, Qt::LocalTime);
    CreateDate made;
    if (!timezone.isEmpty()) {
        QTimeZone zone(timezone.toUtf8());
        if (!zone.isValid())
            zone = QTimeZone(timezone.toUpper().toUtf8());
        if (!zone.isValid())
            return Error{.code = ErrorCode::Usage,
                         .message = u"Can't locate timezone: %1"_s.arg(timezone)};
        moment = QDateTime::fromSecsSinceEpoch(second, zone);
        made.utcOffset = moment.offsetFromUtc();
    }
    made.date = moment.date();
    made.hour = moment.time().hour();
    made.minute = moment.time().minute();
    made.second = moment.time().second();
    made.microsecond = int(now - second * 1'000'000);
    made.epoch = second;
    return made;
}

} // namespace tribikos
