#include "core/pyread/magnitude.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos::py {

Magnitude::Magnitude(quint64 number)
{
    for (; number; number /= base)
        m_parts.push_back(quint32(number % base));
}

Magnitude Magnitude::fromText(QStringView digits)
{
    Magnitude made;
    for (qsizetype end = digits.size(); end > 0; end -= 9) {
        const qsizetype start = std::max<qsizetype>(end - 9, 0);
        made.m_parts.push_back(digits.sliced(start, end - start).toUInt());
    }
    made.trim();
    return made;
}

Magnitude Magnitude::powerOfTen(int exponent)
{
    return fromText(u'1' + QString(exponent, u'0'));
}

QString Magnitude::text() const
{
    if (isZero())
        return u"0"_s;
    QString made = QString::number(m_parts.back());
    for (size_t i = m_parts.size() - 1; i-- > 0;)
        made += QString::number(m_parts[i]).rightJustified(9, u'0');
    return made;
}

int Magnitude::digits() const
{
    return isZero() ? 1 : int(m_parts.size() - 1) * 9 + int(QString::number(m_parts.back()).size());
}

int Magnitude::compare(const Magnitude &other) const
{
    if (m_parts.size() != other.m_parts.size())
        return m_parts.size() < other.m_parts.size() ? -1 : 1;
    for (size_t i = m_parts.size(); i-- > 0;)
        if (m_parts[i] != other.m_parts[i])
            return m_parts[i] < other.m_parts[i] ? -1 : 1;
    return 0;
}

Magnitude Magnitude::plus(const Magnitude &other) const
{
    Magnitude made;
    quint32 carry = 0;
    for (size_t i = 0; i < std::max(m_parts.size(), other.m_parts.size()) || carry; ++i) {
        const quint32 sum = part(i) + other.part(i) + carry;
        made.m_parts.push_back(sum % base);
        carry = sum / base;
    }
    return made;
}

Magnitude Magnitude::minus(const Magnitude &smaller) const
{
    Magnitude made;
    qint64 borrow = 0;
    for (size_t i = 0; i < m_parts.size(); ++i) {
        qint64 left = qint64(m_parts[i]) - smaller.part(i) - borrow;
        borrow = left < 0;
        made.m_parts.push_back(quint32(left < 0 ? left + base : left));
    }
    made.trim();
    return made;
}

Magnitude Magnitude::times(const Magnitude &other) const
{
    Magnitude made;
    made.m_parts.assign(m_parts.size() + other.m_parts.size(), 0);
    for (size_t i = 0; i < m_parts.size(); ++i) {
        quint64 carry = 0;
        for (size_t j = 0; j < other.m_parts.size() || carry; ++j) {
            const quint64 sum = made.m_parts[i + j] + quint64(m_parts[i]) * other.part(j) + carry;
            made.m_parts[i + j] = quint32(sum % base);
            carry = sum / base;
        }
    }
    made.trim();
    return made;
}

std::pair<Magnitude, Magnitude> Magnitude::dividedBy(const Magnitude &divisor) const
{
    Magnitude quotient;
    Magnitude rest;
    quotient.m_parts.assign(m_parts.size(), 0);
    for (size_t i = m_parts.size(); i-- > 0;) {
        rest.m_parts.insert(rest.m_parts.begin(), m_parts[i]);
        rest.trim();
        quint32 low = 0; // the digit of the quotient, looked for by halving
        quint32 high = base - 1;
        while (low < high) {
            const quint32 middle = low + (high - low + 1) / 2;
            if (divisor.times(Magnitude(quint64(middle))).compare(rest) <= 0)
                low = middle;
            else
                high = middle - 1;
        }
        quotient.m_parts[i] = low;
        rest = rest.minus(divisor.times(Magnitude(quint64(low))));
    }
    quotient.trim();
    return {quotient, rest};
}

void Magnitude::trim()
{
    while (!m_parts.empty() && m_parts.back() == 0)
        m_parts.pop_back();
}

} // namespace tribikos::py
