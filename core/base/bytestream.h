#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringList>
#include <QStringView>

#include <cstring>
#include <type_traits>

namespace tribikos {

/// For files that only this build reads again: numbers as they lie in memory, small ones in as few bytes as they need,
/// texts as UTF-8 behind their length. Ten thousand entries take a few milliseconds.
class ByteWriter
{
public:
    template<typename T>
    requires std::is_arithmetic_v<T>
    void number(T value) { bytes.append(reinterpret_cast<const char *>(&value), sizeof value); }
    void small(quint64 value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.append(char(value | 0x80));
        bytes.append(char(value));
    }
    void text(QStringView value)
    {
        const QByteArray utf8 = value.toUtf8();
        small(quint64(utf8.size()));
        bytes.append(utf8);
    }
    void texts(const QStringList &values)
    {
        small(quint64(values.size()));
        for (const QString &value : values)
            text(value);
    }
    QByteArray bytes{};
};

/// Reads what ByteWriter wrote; everything is empty or 0 from where the bytes end too early or make no sense.
class ByteReader
{
public:
    explicit ByteReader(QByteArrayView bytes)
        : m_rest(bytes)
    {}
    template<typename T>
    requires std::is_arithmetic_v<T> T number()
    {
        T value{};
        const QByteArrayView raw = take(sizeof value);
        if (!raw.isEmpty())
            memcpy(&value, raw.data(), sizeof value);
        return value;
    }
    quint64 small()
    {
        quint64 value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (m_rest.isEmpty())
                break;
            const auto byte = quint8(m_rest.front());
            m_rest = m_rest.sliced(1);
            value |= quint64(byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        isWhole = false;
        return 0;
    }
    /// How many elements follow, each of which takes a byte at least.
    qsizetype count()
    {
        const quint64 value = small();
        isWhole = isWhole && value <= quint64(m_rest.size());
        return isWhole ? qsizetype(value) : 0;
    }
    QString text() { return QString::fromUtf8(take(small())); }
    QStringList texts()
    {
        QStringList values;
        for (qsizetype left = count(); left > 0 && isWhole; --left)
            values.append(text());
        return values;
    }
    QByteArrayView take(quint64 length)
    {
        isWhole = isWhole && length <= quint64(m_rest.size());
        const QByteArrayView taken = m_rest.first(isWhole ? qsizetype(length) : 0);
        m_rest = m_rest.sliced(taken.size());
        return taken;
    }
    bool isAtEnd() const { return m_rest.isEmpty(); }
    bool isWhole = true;

private:
    QByteArrayView m_rest;
};

} // namespace tribikos
