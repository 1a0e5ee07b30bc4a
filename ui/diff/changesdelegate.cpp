#include "ui/diff/changesdelegate.h"

#include "ui/diff/changesmodel.h"
#include "ui/shell/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPainter>

namespace tribikos {

using namespace Qt::StringLiterals;

QSize ChangesDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(option.fontMetrics.height() + 10);
    return size;
}

void ChangesDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const ThemeColors &theme = themeFor(item.palette);
    const bool isHeading =
        !index.siblingAtColumn(0).data(ChangesModel::DifferenceRole).value<const Difference *>();
    if (isHeading)
        item.font.setWeight(QFont::DemiBold);
    const bool isSide = index.column() >= ChangesModel::ModelsColumn
                        && index.column() <= ChangesModel::DatabaseColumn;
    if (isSide) {
        const qreal size = item.font.pointSizeF();
        item.font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        item.font.setPointSizeF(size * 0.95);
        if (index.data(ChangesModel::SideMissingRole).toBool())
            item.palette.setColor(QPalette::Text, theme.dim);
        item.palette.setColor(QPalette::HighlightedText, item.palette.color(QPalette::Text));
    }
    const Chip chip = index.data(ChangesModel::ChipRole).value<Chip>();
    const QString text = item.text;
    if (!chip.text.isEmpty())
        item.text.clear();
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
    const bool hasFocus = item.state.testFlag(QStyle::State_HasFocus);
    item.state.setFlag(QStyle::State_HasFocus,
                       false); // ours is a bar at the left, not a frame per cell
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    painter->save();
    if (index.column() == 0 && hasFocus)
        painter->fillRect(QRect(0, item.rect.top(), 3, item.rect.height()), theme.accent);
    if (!chip.text.isEmpty()) {
        const int left =
            paintChip(*painter, chip, item.rect, item.rect.left() + 8, item.font, theme);
        const QRect rest = item.rect.adjusted(left - item.rect.left(), 0, -4, 0);
        painter->setFont(item.font);
        painter->setPen(theme.text);
        painter->drawText(rest, Qt::AlignVCenter | Qt::TextSingleLine,
                          item.fontMetrics.elidedText(text, Qt::ElideRight, rest.width()));
    }
    QColor line = theme.line;
    line.setAlphaF(0.45F);
    painter->setPen(line);
    painter->drawLine(item.rect.bottomLeft(), item.rect.bottomRight());
    painter->restore();
}

} // namespace tribikos
