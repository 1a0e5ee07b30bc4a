#include "ui/history/historydelegate.h"

#include "ui/history/historylist.h"
#include "ui/history/historymodel.h"
#include "ui/shell/theme.h"

#include <QFontDatabase>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int textMargin = 8;

QColor laneColor(int colour, const ThemeColors &theme)
{
    return theme.lanes[qMax(0, colour) % theme.lanes.size()];
}

struct Lanes
{
    QRectF row{};
    qreal width = 0;
    qreal x(int lane) const { return row.left() + 6 + width * (lane + 0.5); }
};

QPainterPath edgePath(const LaneEdge &edge, const Lanes &lanes)
{
    const qreal middle = lanes.row.center().y();
    const QPointF from(lanes.x(edge.fromLane),
                       edge.part == LaneEdge::Part::Out ? middle : lanes.row.top());
    const QPointF to(lanes.x(edge.toLane),
                     edge.part == LaneEdge::Part::In ? middle : lanes.row.bottom());
    QPainterPath path(from);
    if (edge.fromLane == edge.toLane) {
        path.lineTo(to);
    } else {
        const qreal bend = (from.y() + to.y()) / 2;
        path.cubicTo({from.x(), bend}, {to.x(), bend}, to);
    }
    return path;
}

/// Three dots for what is folded; the colour is the state's, as a node's would be.
void paintDots(QPainter &painter, const QPointF &centre, qreal radius, const QColor &color,
               const QColor &background)
{
    painter.fillRect(
        QRectF(centre.x() - radius, centre.y() - radius * 1.7, radius * 2, radius * 3.4),
        background);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    for (const qreal y : {-1.05, 0.0, 1.05})
        painter.drawEllipse(centre + QPointF(0, y * radius), radius * 0.34, radius * 0.34);
}

/// A line that stays in its lane, as most do, costs a rectangle rather than a path.
void paintEdge(QPainter &painter, const LaneEdge &edge, const Lanes &lanes, const QColor &color)
{
    if (edge.fromLane == edge.toLane && edge.kind == LaneEdge::Kind::Parent) {
        const qreal x = std::round(lanes.x(edge.fromLane)) - 1;
        const qreal middle = lanes.row.center().y();
        const qreal top = edge.part == LaneEdge::Part::Out ? middle : lanes.row.top();
        const qreal bottom = edge.part == LaneEdge::Part::In ? middle : lanes.row.bottom();
        painter.fillRect(QRectF(x, top, 2, bottom - top), color);
        return;
    }
    QPen pen(color, 2);
    if (edge.kind == LaneEdge::Kind::DependsOn) {
        pen.setDashPattern({1.5, 1.5});
        pen.setCapStyle(Qt::FlatCap);
    }
    painter.setPen(pen);
    painter.setRenderHint(QPainter::Antialiasing, edge.fromLane != edge.toLane);
    painter.drawPath(edgePath(edge, lanes));
    painter.setRenderHint(QPainter::Antialiasing);
}

QColor stateColor(RevisionState state, const HistoryRow &row, const ThemeColors &theme)
{
    if (row.isGhost || row.isInCycle)
        return theme.bad;
    switch (state) {
    case RevisionState::Applied: return theme.ok;
    case RevisionState::Current: return theme.accent;
    case RevisionState::Pending: return theme.pending;
    case RevisionState::Missing: return theme.bad;
    case RevisionState::Unknown: break;
    }
    return laneColor(row.colour, theme);
}

/// Filled: applied; ringed: the database is here; hollow: pending; crossed: missing or broken.
void paintNode(QPainter &painter, const QPointF &centre, qreal radius, const HistoryRow &row,
               RevisionState state, const ThemeColors &theme, const QColor &background)
{
    const QColor color = stateColor(state, row, theme);
    painter.setBrush(background); // a gap between the node and the lines that reach it
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(centre, radius + 2, radius + 2);
    if (row.isGhost || row.isInCycle || state == RevisionState::Missing) {
        painter.setPen(QPen(color, 2));
        const QPointF d(radius * 0.7, radius * 0.7);
        painter.drawLine(centre - d, centre + d);
        painter.drawLine(centre - QPointF(d.x(), -d.y()), centre + QPointF(d.x(), -d.y()));
        return;
    }
    const bool isHollow = state == RevisionState::Pending;
    painter.setPen(isHollow ? QPen(color, 2) : QPen(Qt::NoPen));
    painter.setBrush(isHollow ? background : color);
    painter.drawEllipse(centre, isHollow ? radius - 1 : radius, isHollow ? radius - 1 : radius);
    if (state == RevisionState::Current) {
        painter.setBrush(background);
        painter.setPen(Qt::NoPen);
        painter.drawEllipse(centre, radius * 0.42, radius * 0.42);
    }
}

} // namespace

int HistoryDelegate::rowHeight(const QFontMetrics &metrics)
{
    return metrics.height() + 10;
}

int HistoryDelegate::laneWidth(const QFontMetrics &metrics)
{
    return qMax(16, metrics.height() * 5 / 4);
}

QSize HistoryDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(rowHeight(option.fontMetrics));
    return size;
}

void HistoryDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const QStyleOptionViewItem &item =
        option; // no initStyleOption(): it fetches roles that no cell has
    const ThemeColors &theme = themeFor(item.palette);
    const bool hasFocus = item.state.testFlag(QStyle::State_HasFocus);
    painter->save();
    if (item.state.testFlag(QStyle::State_Selected)) // flat, over what the style gives the row
        painter->fillRect(item.rect, theme.selection);
    painter->setClipRect(item.rect);
    QColor line = theme.line;
    line.setAlphaF(0.45F);
    painter->setPen(line);
    painter->drawLine(item.rect.bottomLeft(), item.rect.bottomRight());
    if (index.column() == 0 && hasFocus)
        painter->fillRect(QRect(item.rect.topLeft(), QSize(3, item.rect.height())), theme.accent);
    switch (index.column()) {
    case HistoryModel::GraphColumn: paintGraph(*painter, item, index, theme); break;
    case HistoryModel::MessageColumn: paintMessage(*painter, item, index, theme); break;
    case HistoryModel::StateColumn:
    case HistoryModel::NotesColumn: paintChips(*painter, item, index, theme); break;
    default: paintText(*painter, item, index, theme); break;
    }
    painter->restore();
}

void HistoryDelegate::paintGraph(QPainter &painter, const QStyleOptionViewItem &item,
                                 const QModelIndex &index, const ThemeColors &theme) const
{
    const auto *row = index.data(HistoryModel::RowRole).value<const HistoryRow *>();
    if (!row)
        return;
    const auto state = RevisionState(index.data(HistoryModel::StateRole).toInt());
    const Lanes lanes{QRectF(item.rect), qreal(laneWidth(item.fontMetrics))};
    const int lastShown = int((lanes.row.width() - 6) / lanes.width) + 1;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    if (m_edgesVisible) {
        for (const LaneEdge &edge : row->edges) {
            if (qMin(edge.fromLane, edge.toLane) <= lastShown)
                paintEdge(painter, edge, lanes, laneColor(edge.colour, theme));
        }
    }
    const QPointF centre(lanes.x(m_edgesVisible ? row->lane : 0), lanes.row.center().y());
    const bool isSelected = item.state.testFlag(QStyle::State_Selected);
    const QColor background = isSelected ? theme.selection : theme.panel;
    if (index.data(HistoryList::FoldRole).toInt() > 0)
        paintDots(painter, centre, lanes.width * 0.29, stateColor(state, *row, theme), background);
    else
        paintNode(painter, centre, lanes.width * 0.29, *row, state, theme, background);
}

/// Looks like what can be clicked: it opens.
void HistoryDelegate::paintFold(QPainter &painter, const QStyleOptionViewItem &item,
                                const QModelIndex &index, const ThemeColors &theme) const
{
    painter.setFont(item.font);
    painter.setPen(theme.accent);
    painter.drawText(item.rect.adjusted(textMargin, 0, -textMargin, 0),
                     Qt::AlignVCenter | Qt::TextSingleLine,
                     u"▸ "_s + index.data(Qt::DisplayRole).toString());
}

void HistoryDelegate::paintMessage(QPainter &painter, const QStyleOptionViewItem &item,
                                   const QModelIndex &index, const ThemeColors &theme) const
{
    if (index.data(HistoryList::FoldRole).toInt() > 0)
        return paintFold(painter, item, index, theme);
    const auto state = RevisionState(index.data(HistoryModel::StateRole).toInt());
    const auto chips = index.data(HistoryModel::ChipsRole).value<QList<Chip>>();
    QFont font = item.font;
    if (state == RevisionState::Current)
        font.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(font);
    const QRect area = item.rect.adjusted(textMargin, 0, -textMargin, 0);
    // half of the room is the message's if it wants it; chips that don't fit in the rest are left out
    const QString message = index.data(Qt::DisplayRole).toString();
    const int forMessage = qMin(metrics.horizontalAdvance(message) + 8, area.width() / 2);
    QList<Chip> shownChips;
    int room = area.width();
    for (const Chip &chip : chips) {
        const int width = chipWidth(chip, item.font) + 5;
        if (room - width < forMessage)
            break;
        room -= width;
        shownChips << chip;
    }
    if (!shownChips.isEmpty())
        room -= 8;
    const QString shown = metrics.elidedText(message, Qt::ElideRight, room);
    painter.setFont(font);
    painter.setPen(index.data(HistoryModel::MutedRole).toBool() ? theme.dim : theme.text);
    painter.drawText(area, Qt::AlignVCenter | Qt::TextSingleLine, shown);
    int x = area.left() + metrics.horizontalAdvance(shown) + 8;
    for (const Chip &chip : std::as_const(shownChips))
        x = paintChip(painter, chip, item.rect, x, item.font, theme);
}

void HistoryDelegate::paintText(QPainter &painter, const QStyleOptionViewItem &item,
                                const QModelIndex &index, const ThemeColors &theme) const
{
    QFont font = item.font;
    if (index.column() == HistoryModel::RevisionColumn) {
        font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPointSizeF(item.font.pointSizeF() * 0.95);
    }
    const QRect area = item.rect.adjusted(textMargin, 0, -textMargin / 2, 0);
    painter.setFont(font);
    const bool isDim =
        index.column() == HistoryModel::DateColumn || index.data(HistoryModel::MutedRole).toBool();
    painter.setPen(isDim ? theme.dim : theme.text);
    painter.drawText(area, Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetrics(font).elidedText(index.data(Qt::DisplayRole).toString(),
                                                   Qt::ElideRight, area.width()));
}

void HistoryDelegate::paintChips(QPainter &painter, const QStyleOptionViewItem &item,
                                 const QModelIndex &index, const ThemeColors &theme) const
{
    QList<Chip> chips;
    if (index.data(HistoryList::FoldRole).toInt() > 0)
        return;
    if (index.column() == HistoryModel::StateColumn)
        chips << stateChip(RevisionState(index.data(HistoryModel::StateRole).toInt()));
    else
        chips = index.data(HistoryModel::NotesRole).value<QList<Chip>>();
    int x = item.rect.left() + textMargin;
    for (Chip chip : chips) {
        if (chip.text.isEmpty())
            continue;
        const int room = item.rect.right() - x - 1;
        const int width = chipWidth(chip, item.font);
        if (width > room) { // the first words are better than nothing
            const QFontMetrics metrics(chipFont(item.font));
            chip.text = metrics.elidedText(chip.text, Qt::ElideRight, room - metrics.height());
        }
        x = paintChip(painter, chip, item.rect, x, item.font, theme);
    }
}

} // namespace tribikos
