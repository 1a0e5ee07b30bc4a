#pragma once

#include <QStyledItemDelegate>

namespace tribikos {

/// Paints a StepsModel's rows: number or state, message and revision, what happens, a bar while it
/// runs.
class StepDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tribikos
