#pragma once

#include <QString>
#include <QStyleOptionViewItem>

class QPainter;

namespace tribikos {

struct ThemeColors;

/// A small rounded mark with a word in it: "head", "pending", "2 behind". The word carries the
/// meaning, the tone only helps.
struct Chip
{
    enum class Tone { Neutral, Ok, Warn, Bad, Accent };
    QString text{};
    Tone tone = Tone::Neutral;
    friend bool operator==(const Chip &, const Chip &) = default;
};

/// The font that chips use beside text in \a font.
QFont chipFont(const QFont &font);
/// Width of \a chip, padding included.
int chipWidth(const Chip &chip, const QFont &font);
/// Paints \a chip at \a left, vertically centred in \a row; returns the x after it and its gap.
/// Nothing is painted, and \a left comes back, when it would cross the row's right edge.
int paintChip(QPainter &painter, const Chip &chip, const QRect &row, int left, const QFont &font,
              const ThemeColors &theme);

QColor chipTextColor(Chip::Tone tone, const ThemeColors &theme);

} // namespace tribikos

Q_DECLARE_METATYPE(tribikos::Chip)
