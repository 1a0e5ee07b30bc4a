#pragma once

#include <QStyledItemDelegate>

namespace tribikos {

struct HistoryRow;
struct LaneEdge;
struct ThemeColors;

/// Paints lanes, nodes and chips of a HistoryModel's rows, and decides nothing.
class HistoryDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// Lines between rows make no sense while a filter hides some of them.
    void setEdgesVisible(bool visible) { m_edgesVisible = visible; }
    static int rowHeight(const QFontMetrics &metrics);
    static int laneWidth(const QFontMetrics &metrics);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintGraph(QPainter &painter, const QStyleOptionViewItem &item, const QModelIndex &index,
                    const ThemeColors &theme) const;
    void paintMessage(QPainter &painter, const QStyleOptionViewItem &item, const QModelIndex &index,
                      const ThemeColors &theme) const;
    void paintFold(QPainter &painter, const QStyleOptionViewItem &item, const QModelIndex &index,
                   const ThemeColors &theme) const;
    void paintText(QPainter &painter, const QStyleOptionViewItem &item, const QModelIndex &index,
                   const ThemeColors &theme) const;
    void paintChips(QPainter &painter, const QStyleOptionViewItem &item, const QModelIndex &index,
                    const ThemeColors &theme) const;

    bool m_edgesVisible = true;
};

} // namespace tribikos
