#include "ui/schema/diagramview.h"

#include "core/base/text.h"
#include "ui/shell/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>
#include <limits>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr qreal smallest = 0.05;
constexpr qreal largest = 3;
constexpr qreal zoomStep = 1.2;
constexpr qreal legible =
    0.55; // a diagram that is only whole below this begins at its corner instead

} // namespace

DiagramView::DiagramView(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Diagram"));
    setAccessibleDescription(tr("The tree lists the same tables, columns and keys."));
    viewport()->setMouseTracking(true);
}

void DiagramView::setPicture(const DiagramPicture &picture)
{
    const std::optional<TableName> chosen = selected();
    m_picture = picture;
    m_marks.selected = chosen ? m_picture.indexOf(*chosen) : -1;
    setFound(m_found);
    zoomToFit();
    if (m_scale < legible) {
        m_scale = 1;
        updateBars();
        horizontalScrollBar()->setValue(0);
        verticalScrollBar()->setValue(0);
    }
    if (m_marks.selected >= 0)
        showTable(m_marks.selected);
    viewport()->update();
}

std::optional<TableName> DiagramView::selected() const
{
    if (m_marks.selected < 0)
        return std::nullopt;
    return m_picture.graph.tables[m_marks.selected].name;
}

void DiagramView::select(const TableName &table)
{
    const int index = m_picture.indexOf(table);
    if (index == m_marks.selected)
        return;
    m_marks.selected = index;
    if (index >= 0)
        showTable(index);
    viewport()->update();
}

void DiagramView::setFound(const std::optional<std::set<TableName>> &found)
{
    m_found = found;
    m_marks.found.reset();
    if (found) {
        m_marks.found.emplace();
        for (const TableName &name : *found)
            if (const int index = m_picture.indexOf(name); index >= 0)
                m_marks.found->insert(index);
    }
    viewport()->update();
}

QPointF DiagramView::toPicture(const QPointF &point) const
{
    const QPointF scrolled =
        point + QPointF(horizontalScrollBar()->value(), verticalScrollBar()->value());
    const QRectF bounds = diagramBounds(m_picture);
    // what is smaller than the view stands in its middle
    const QSizeF rest =
        (QSizeF(viewport()->size()) - bounds.size() * m_scale).expandedTo({0, 0}) / 2;
    return (scrolled - QPointF(rest.width(), rest.height())) / m_scale + bounds.topLeft();
}

void DiagramView::updateBars()
{
    const QSizeF size = diagramBounds(m_picture).size() * m_scale;
    const auto fit = [](QScrollBar *bar, qreal length, int page) {
        bar->setRange(0, qMax(0, int(std::ceil(length)) - page));
        bar->setPageStep(page);
        bar->setSingleStep(qMax(1, page / 20));
    };
    fit(horizontalScrollBar(), size.width(), viewport()->width());
    fit(verticalScrollBar(), size.height(), viewport()->height());
}

void DiagramView::zoom(qreal scale, const QPointF &fixed)
{
    const QPointF held = toPicture(fixed);
    m_scale = qBound(smallest, scale, largest);
    updateBars();
    const QPointF moved = (held - toPicture(fixed)) * m_scale;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + qRound(moved.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + qRound(moved.y()));
    viewport()->update();
}

void DiagramView::zoomIn()
{
    zoom(m_scale * zoomStep, viewport()->rect().center());
}

void DiagramView::zoomOut()
{
    zoom(m_scale / zoomStep, viewport()->rect().center());
}

void DiagramView::zoomToFit()
{
    const QSizeF size = diagramBounds(m_picture).size();
    const QSizeF room = maximumViewportSize();
    m_scale =
        qBound(smallest, qMin(room.width() / size.width(), room.height() / size.height()), 1.0);
    updateBars();
    viewport()->update();
}

void DiagramView::paintEvent(QPaintEvent *event)
{
    const ThemeColors &theme = themeFor(palette());
    QPainter painter(viewport());
    painter.fillRect(event->rect(), theme.window);
    const QPointF origin = toPicture({0, 0});
    painter.scale(m_scale, m_scale);
    painter.translate(-origin);
    m_marks.hasFocus = hasFocus();
    const QRectF exposed(toPicture(event->rect().topLeft()),
                         QSizeF(event->rect().size()) / m_scale);
    paintDiagram(painter, m_picture, theme, exposed, m_scale, m_marks);
}

void DiagramView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBars();
}

void DiagramView::choose(int table)
{
    if (table == m_marks.selected)
        return;
    m_marks.selected = table;
    viewport()->update();
    if (table >= 0)
        emit tableChosen(m_picture.graph.tables[table].name);
}

void DiagramView::showTable(int table)
{
    const QRectF bounds = diagramBounds(m_picture);
    const qreal margin = m_picture.metrics.end;
    const QRectF box = m_picture.layout.boxes[table]
                           .translated(-bounds.topLeft())
                           .adjusted(-margin, -margin, margin, margin);
    const auto bring = [](QScrollBar *bar, qreal first, qreal last) {
        if (first < bar->value())
            bar->setValue(qRound(first));
        else if (last > bar->value() + bar->pageStep())
            bar->setValue(qRound(qMin(first, last - bar->pageStep())));
    };
    bring(horizontalScrollBar(), box.left() * m_scale, box.right() * m_scale);
    bring(verticalScrollBar(), box.top() * m_scale, box.bottom() * m_scale);
}

void DiagramView::mousePressEvent(QMouseEvent *event)
{
    const int table = m_picture.tableAt(toPicture(event->position()));
    if (event->button() == Qt::LeftButton && table >= 0) {
        choose(table);
    } else if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton) {
        m_dragFrom = event->position().toPoint();
        viewport()->setCursor(Qt::ClosedHandCursor);
    }
}

void DiagramView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_dragFrom)
        return;
    const QPoint at = event->position().toPoint();
    const QPoint moved = at - *m_dragFrom;
    m_dragFrom = at;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - moved.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() - moved.y());
}

void DiagramView::mouseReleaseEvent(QMouseEvent *)
{
    m_dragFrom.reset();
    viewport()->unsetCursor();
}

void DiagramView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int table = m_picture.tableAt(toPicture(event->position()));
    if (table >= 0)
        emit tableActivated(m_picture.graph.tables[table].name);
}

void DiagramView::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier))
        return QAbstractScrollArea::wheelEvent(event);
    zoom(m_scale * std::pow(zoomStep, event->angleDelta().y() / 120.0), event->position());
    event->accept();
}

/// The table nearest to the chosen one in the direction of an arrow key; the first one when none is chosen.
int DiagramView::neighbour(int key) const
{
    const QList<QRectF> &boxes = m_picture.layout.boxes;
    if (m_marks.selected < 0)
        return boxes.isEmpty() ? -1 : 0;
    const QPointF from = boxes[m_marks.selected].center();
    const bool isSideways = key == Qt::Key_Left || key == Qt::Key_Right;
    const qreal way = key == Qt::Key_Left || key == Qt::Key_Up ? -1 : 1;
    int best = m_marks.selected;
    qreal least = std::numeric_limits<qreal>::max();
    for (int i = 0; i < boxes.size(); ++i) {
        const QPointF step = boxes[i].center() - from;
        const qreal ahead = way * (isSideways ? step.x() : step.y());
        const qreal aside = std::abs(isSideways ? step.y() : step.x());
        if (i == m_marks.selected || ahead < 1 || ahead + 2 * aside >= least)
            continue;
        least = ahead + 2 * aside;
        best = i;
    }
    return best;
}

void DiagramView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down: {
        const int table = neighbour(event->key());
        choose(table);
        if (table >= 0)
            showTable(table);
        return;
    }
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_marks.selected >= 0 && !(event->modifiers() & Qt::ControlModifier))
            return emit tableActivated(m_picture.graph.tables[m_marks.selected].name);
        break;
    default: break;
    }
    if (event->matches(QKeySequence::ZoomIn) || event->key() == Qt::Key_Plus)
        return zoomIn();
    if (event->matches(QKeySequence::ZoomOut) || event->key() == Qt::Key_Minus)
        return zoomOut();
    if (event->key() == Qt::Key_0 && event->modifiers() == Qt::NoModifier)
        return zoomToFit();
    QAbstractScrollArea::keyPressEvent(event);
}

void DiagramView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void DiagramView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

/// The whole name of a table whose box can't be read, and the keys of a line.
QString DiagramView::tipAt(const QPointF &point) const
{
    const int table = m_picture.tableAt(point);
    if (table >= 0)
        return visibleText(m_picture.graph.tables[table].name.text(), false);
    const QRectF near(point - QPointF(4, 4), QSizeF(8, 8));
    for (int i = 0; i < m_picture.graph.links.size(); ++i) {
        const QList<QPointF> &route = m_picture.layout.routes[i];
        for (int k = 1; k < route.size(); ++k) {
            if (!QRectF(route[k - 1], route[k])
                     .normalized()
                     .adjusted(-1, -1, 1, 1)
                     .intersects(near))
                continue;
            const DiagramLink &link = m_picture.graph.links[i];
            const QString text = u"%1 (%2) → %3 (%4)"_s.arg(
                m_picture.graph.tables[link.from].name.text(), link.columns.join(u", "_s),
                m_picture.graph.tables[link.to].name.text(), link.targetColumns.join(u", "_s));
            return visibleText(link.name.isEmpty() ? text : link.name + u"\n"_s + text);
        }
    }
    return {};
}

bool DiagramView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QString tip = tipAt(toPicture(help->pos()));
    QToolTip::showText(help->globalPos(), tip.toHtmlEscaped().replace(u'\n', u"<br>"_s),
                       viewport());
    return true;
}

} // namespace tribikos
