#pragma once

#include "ui/schema/diagrampicture.h"

#include <QAbstractScrollArea>

namespace tribikos {

/*!
    A diagram to look through: scroll, drag or pan by keyboard, zoom with Ctrl and the wheel or Ctrl and +/−, choose a
    table by a click or the arrow keys. The tree beside it lists the same for those who can't see it.
*/
class DiagramView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit DiagramView(QWidget *parent = nullptr);

    /// Shows \a picture, whole where that can be read, else from its upper left corner; the chosen table stays chosen.
    void setPicture(const DiagramPicture &picture);
    const DiagramPicture &picture() const { return m_picture; }
    /// Chooses \a table and brings it into view; a name that isn't shown chooses none.
    void select(const TableName &table);
    std::optional<TableName> selected() const;
    /// Draws what \a found doesn't name back; nullopt: nothing is searched for.
    void setFound(const std::optional<std::set<TableName>> &found);
    qreal scale() const { return m_scale; }

    void zoomIn();
    void zoomOut();
    void zoomToFit();

signals:
    void tableChosen(const tribikos::TableName &table);
    void tableActivated(const tribikos::TableName &table); // double click or Enter

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    QPointF toPicture(const QPointF &point) const;
    void zoom(qreal scale, const QPointF &fixed);
    void updateBars();
    void choose(int table);
    void showTable(int table);
    int neighbour(int key) const;
    QString tipAt(const QPointF &point) const;

    DiagramPicture m_picture{};
    DiagramMarks m_marks{};
    std::optional<std::set<TableName>> m_found{};
    qreal m_scale = 1;
    std::optional<QPoint> m_dragFrom{};
};

} // namespace tribikos
