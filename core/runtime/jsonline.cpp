#include "core/runtime/jsonline.h"

#include <chrono>
#include <cstdio>

namespace tribikos {

namespace {

constexpr qsizetype kUsualLength = 512;

/// "2026-11-23T15:53:46.123Z", as Qt::ISODateWithMs.
QByteArray timeText(qint64 at)
{
    namespace chrono = std::chrono;
    const chrono::sys_time<chrono::milliseconds> time{chrono::milliseconds(at)};
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss<chrono::milliseconds> clock(time - day);
    char text[40];
    const int length = std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                                     int(date.year()), unsigned(date.month()), unsigned(date.day()),
                                     int(clock.hours().count()), int(clock.minutes().count()),
                                     int(clock.seconds().count()), int(clock.subseconds().count()));
    return QByteArray(text, length);
}

} // namespace

JsonLine::JsonLine(QByteArrayView event)
{
    m_bytes.reserve(kUsualLength);
    m_bytes += "{\"event\":\"";
    m_bytes += event;
    m_bytes += '"';
}

void JsonLine::begin(QByteArrayView key)
{
    m_bytes += ",\"";
    m_bytes += key;
    m_bytes += "\":";
}

void JsonLine::quote(QStringView value)
{
    m_bytes += '"';
    for (const char c : value.toUtf8()) {
        if (c == '"' || c == '\\') {
            m_bytes += '\\';
            m_bytes += c;
        } else if (uchar(c) < 0x20) {
            m_bytes += "\\u00" + QByteArray::number(uchar(c), 16).rightJustified(2, '0');
        } else {
            m_bytes += c;
        }
    }
    m_bytes += '"';
}

JsonLine &JsonLine::text(QByteArrayView key, QStringView value)
{
    begin(key);
    quote(value);
    return *this;
}

JsonLine &JsonLine::texts(QByteArrayView key, const QStringList &values)
{
    begin(key);
    m_bytes += '[';
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (i > 0)
            m_bytes += ',';
        quote(values.at(i));
    }
    m_bytes += ']';
    return *this;
}

JsonLine &JsonLine::number(QByteArrayView key, qint64 value)
{
    begin(key);
    m_bytes += QByteArray::number(value);
    return *this;
}

JsonLine &JsonLine::flag(QByteArrayView key, bool value)
{
    begin(key);
    m_bytes += value ? "true" : "false";
    return *this;
}

QByteArray JsonLine::ended(qint64 at)
{
    m_bytes += ",\"at\":\"";
    m_bytes += timeText(at);
    m_bytes += "\"}\n";
    return m_bytes;
}

} // namespace tribikos
