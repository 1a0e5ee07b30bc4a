#include "ui/shell/chip.h"

#include "ui/shell/theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace tribikos {

namespace {
constexpr int gap = 5;
int padding(const QFontMetrics &metrics)
{
    return metrics.height() / 2;
}
} // namespace

QFont chipFont(const QFont &font)
{
    QFont small = font;
    small.setBold(false);
    if (font.pointSizeF() > 0)
        small.setPointSizeF(font.pointSizeF() * 0.86);
    else
        small.setPixelSize(qMax(1, qRound(font.pixelSize() * 0.86)));
    return small;
}

int chipWidth(const Chip &chip, const QFont &font)
{
    const QFontMetrics metrics(chipFont(font));
    return metrics.horizontalAdvance(chip.text) + 2 * padding(metrics);
}

QColor chipTextColor(Chip::Tone tone, const ThemeColors &theme)
{
    switch (tone) {
    case Chip::Tone::Ok: return theme.ok;
    case Chip::Tone::Warn: return theme.warn;
    case Chip::Tone::Bad: return theme.bad;
    case Chip::Tone::Accent: return theme.onAccent;
    case Chip::Tone::Neutral: break;
    }
    return theme.dim;
}

int paintChip(QPainter &painter, const Chip &chip, const QRect &row, int left, const QFont &font,
              const ThemeColors &theme)
{
    const QFont small = chipFont(font);
    const QFontMetrics metrics(small);
    const int width = metrics.horizontalAdvance(chip.text) + 2 * padding(metrics);
    if (left + width > row.right())
        return left;
    const int height = metrics.height() + 2;
    const QRectF box(left, row.top() + (row.height() - height) / 2.0, width, height);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(chip.tone == Chip::Tone::Accent ? theme.accentFill : theme.chip);
    painter.drawRoundedRect(box, height / 2.0, height / 2.0);
    painter.setFont(small);
    painter.setPen(chipTextColor(chip.tone, theme));
    painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, chip.text);
    painter.restore();
    return left + width + gap;
}

} // namespace tribikos
