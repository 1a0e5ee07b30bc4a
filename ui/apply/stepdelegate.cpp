#include "ui/apply/stepdelegate.h"

#include "ui/apply/stepsmodel.h"
#include "ui/shell/chip.h"
#include "ui/shell/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPainter>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int margin = 14;
constexpr int gap = 10;
constexpr int barHeight = 6;

struct Badge
{
    QString text{};
    QColor fill{};
    QColor ink{};
};

Badge badgeFor(StepsModel::State state, int row, const ThemeColors &theme)
{
    switch (state) {
    case StepsModel::State::Done: return {u"✓"_s, theme.ok, theme.panel};
    case StepsModel::State::Failed: return {u"✖"_s, theme.badFill, theme.onBad};
    case StepsModel::State::RolledBack: return {u"↶"_s, theme.warn, theme.panel};
    case StepsModel::State::Running:
        return {QString::number(row + 1), theme.accentFill, theme.onAccent};
    case StepsModel::State::Waiting: break;
    }
    return {QString::number(row + 1), theme.chip, theme.dim};
}

void paintBadge(QPainter &painter, const QRectF &circle, const Badge &badge, const QFont &font)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(badge.fill);
    painter.drawEllipse(circle);
    painter.setPen(badge.ink);
    painter.setFont(chipFont(font));
    painter.drawText(circle, Qt::AlignCenter, badge.text);
}

} // namespace

QSize StepDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.fontMetrics.horizontalAdvance(u'm') * 20,
            2 * option.fontMetrics.height() + 18 + barHeight};
}

void StepDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    item.text.clear();
    const ThemeColors &theme = themeFor(item.palette);
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const auto state = StepsModel::State(index.data(StepsModel::StateRole).toInt());
    const int line = item.fontMetrics.height();
    const int side = line + 4;
    paintBadge(*painter, QRectF(item.rect.left() + margin, item.rect.top() + 8, side, side),
               badgeFor(state, index.row(), theme), item.font);

    QFont bold = item.font;
    bold.setWeight(QFont::DemiBold);
    QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    mono.setPointSizeF(item.font.pointSizeF() * 0.95);
    const QString revision = index.data(StepsModel::RevisionRole).toString();
    const QRect text = item.rect.adjusted(margin + side + gap, 8, -margin, 0);
    const QRect first(text.left(), text.top(), text.width(), line + 2);
    const QFontMetrics boldMetrics(bold);
    const int monoWidth = QFontMetrics(mono).horizontalAdvance(revision) + 10;
    const QString message = boldMetrics.elidedText(index.data().toString(), Qt::ElideRight,
                                                   qMax(0, first.width() - monoWidth));
    painter->setFont(bold);
    painter->setPen(theme.text);
    painter->drawText(first, Qt::AlignVCenter | Qt::TextSingleLine, message);
    painter->setFont(mono);
    painter->setPen(theme.dim);
    painter->drawText(first.adjusted(boldMetrics.horizontalAdvance(message) + 8, 0, 0, 0),
                      Qt::AlignVCenter | Qt::TextSingleLine, revision);
    painter->setFont(item.font);
    painter->setPen(state == StepsModel::State::Failed ? theme.bad : theme.dim);
    const QRect second = first.translated(0, line + 2);
    painter->drawText(second, Qt::AlignVCenter | Qt::TextSingleLine,
                      item.fontMetrics.elidedText(index.data(StepsModel::DetailRole).toString(),
                                                  Qt::ElideRight, second.width()));

    const double fraction = index.data(StepsModel::FractionRole).toDouble();
    if (fraction >= 0) {
        QRectF bar(text.left(), second.bottom() + 2, text.width(), barHeight);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.chip);
        painter->drawRoundedRect(bar, barHeight / 2.0, barHeight / 2.0);
        bar.setWidth(bar.width() * fraction);
        painter->setBrush(theme.accentFill);
        painter->drawRoundedRect(bar, barHeight / 2.0, barHeight / 2.0);
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    if (item.state.testFlag(QStyle::State_HasFocus)) // where the keyboard is, as in the history
        painter->fillRect(QRect(item.rect.topLeft(), QSize(3, item.rect.height())), theme.accent);
    painter->setPen(theme.line);
    painter->drawLine(item.rect.bottomLeft(), item.rect.bottomRight());
    painter->restore();
}

} // namespace tribikos
