#pragma once

#include <QString>
#include <utility>
#include <vector>

namespace tribikos::py {

/// A whole number of any size, without a sign: what Python's int and Decimal count with beyond 64 bits.
/// It grows without a limit of its own; who computes looks at digits().
class Magnitude
{
public:
    Magnitude() = default;
    explicit Magnitude(quint64 number);
    /// Of decimal digits only.
    static Magnitude fromText(QStringView digits);
    static Magnitude powerOfTen(int exponent);

    QString text() const;
    bool isZero() const { return m_parts.empty(); }
    int digits() const; // decimal ones; 1 of zero
    int compare(const Magnitude &other) const;
    Magnitude plus(const Magnitude &other) const;
    Magnitude minus(const Magnitude &smaller) const; // which must not be the larger one
    Magnitude times(const Magnitude &other) const;
    /// Quotient and remainder; \a divisor is not zero.
    std::pair<Magnitude, Magnitude> dividedBy(const Magnitude &divisor) const;

private:
    static constexpr quint32 base = 1'000'000'000;

    void trim();
    quint32 part(size_t at) const { return at < m_parts.size() ? m_parts[at] : 0; }

    std::vector<quint32> m_parts{}; // the least first
};

} // namespace tribikos::py
