#pragma once

#include <QStyledItemDelegate>

namespace tribikos {

/// Paints the rows of a ChangesModel: fragments of SQL in monospace, missing sides dimmed, the
/// verdict's chip.
class ChangesDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tribikos
