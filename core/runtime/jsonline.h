#pragma once

#include <QByteArray>
#include <QStringList>

namespace tribikos {

/*!
    One line of a run's log, written as it is put together: QJsonObject sorts, copies and measures first, which is
    several times the work, and a run writes four lines a revision.
*/
class JsonLine
{
public:
    /// {"event":"\a event"
    explicit JsonLine(QByteArrayView event);

    JsonLine &text(QByteArrayView key, QStringView value);
    JsonLine &texts(QByteArrayView key, const QStringList &values);
    JsonLine &number(QByteArrayView key, qint64 value);
    JsonLine &flag(QByteArrayView key, bool value);
    /// The whole line with its line feed. \a at is in milliseconds since 1970, UTC.
    QByteArray ended(qint64 at);

private:
    void begin(QByteArrayView key);
    void quote(QStringView value);

    QByteArray m_bytes{};
};

} // namespace tribikos
