#include "ui/schema/diagrampicture.h"

#include "core/base/text.h"
#include "ui/shell/theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr qreal readable = 5.5; // a row this high on screen, in pixels, is worth writing
constexpr qreal cornerRadius = 5;

QFont headFont(const QFont &font)
{
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    return bold;
}

DiagramMetrics metricsFor(const QFont &font)
{
    const QFontMetricsF metrics(font);
    const qreal row = std::ceil(metrics.height() * 1.2);
    return {.headHeight = std::ceil(row * 1.35),
            .rowHeight = row,
            .padding = std::ceil(row * 0.3),
            .gap = std::ceil(row * 1.1),
            .track = std::ceil(row * 0.45),
            .end = std::ceil(row)};
}

/// Where a column's name begins: behind the mark of a key.
qreal markWidth(const QFontMetricsF &metrics)
{
    return metrics.horizontalAdvance(u"PK"_s) + metrics.horizontalAdvance(u'm');
}

QString shortened(const QString &text, qsizetype length)
{
    return text.size() <= length ? text : text.first(length - 1) + u'…';
}

QList<DiagramRow> rowsOf(const DiagramTable &shown, const Table &table, const TableView &view)
{
    QStringList foreign;
    QStringList keys;
    for (const Constraint &constraint : table.constraints) {
        if (const auto *key = std::get_if<ForeignKey>(&constraint))
            foreign += key->columns;
        else if (const auto *primary = std::get_if<PrimaryKey>(&constraint))
            keys = primary->columns;
    }
    QList<DiagramRow> rows;
    for (const QString &name : shown.rows) {
        const Column &column = *table.column(name);
        const auto part = std::ranges::find_if(view.parts, [&name](const BlamedPart &one) {
            return one.part.kind == Difference::Kind::Column && one.part.name == name;
        });
        const QString type = part == view.parts.cend() ? QString() : part->part.type;
        const bool isKey = keys.contains(name) || column.primaryKey;
        const bool mayBeNull = !isKey && column.isNullable();
        rows.append(
            {.name = shortened(visibleText(name, false), 40),
             .type = shortened(visibleText(type, false), 24) + (mayBeNull ? u"?"_s : QString()),
             .isKey = isKey,
             .isForeign = foreign.contains(name)});
    }
    return rows;
}

qreal widthOf(const DiagramTable &table, const QList<DiagramRow> &rows, const QFont &font)
{
    const QFontMetricsF metrics(font);
    const qreal em = metrics.horizontalAdvance(u'm');
    qreal width =
        QFontMetricsF(headFont(font)).horizontalAdvance(visibleText(table.name.text(), false))
        + 2 * em;
    for (const DiagramRow &row : rows)
        width = std::max(width, markWidth(metrics) + metrics.horizontalAdvance(row.name) + 2.5 * em
                                    + metrics.horizontalAdvance(row.type));
    return std::ceil(std::max(width, 8 * em));
}

/// Draws one diagram's parts with the colours of one theme.
class DiagramPainter
{
public:
    DiagramPainter(QPainter &painter, const DiagramPicture &picture, const ThemeColors &theme,
                   qreal scale, const DiagramMarks &marks)
        : m_painter(painter)
        , m_picture(picture)
        , m_theme(theme)
        , m_marks(marks)
        , m_isReadable(picture.metrics.rowHeight * scale >= readable)
        , m_hasNames(picture.metrics.headHeight * scale >= readable)
    {}

    void drawLink(int index) const
    {
        const DiagramLink &link = m_picture.graph.links[index];
        const QList<QPointF> &route = m_picture.layout.routes[index];
        const bool isMarked = touchesSelected(link);
        QPen pen(isMarked ? m_theme.accent : m_theme.pending, isMarked ? 2 : 1);
        m_painter.setPen(pen);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.setOpacity(isFaded(link.from) && isFaded(link.to) ? 0.25 : 1);
        m_painter.drawPolyline(route.constData(), int(route.size()));
        if (m_isReadable && route.size() >= 2) {
            drawEnd(route[0], route[1], link.fromEnd);
            drawEnd(route[route.size() - 1], route[route.size() - 2], link.toEnd);
        }
    }

    void drawTable(int index) const
    {
        const QRectF box = m_picture.layout.boxes[index];
        const bool isSelected = index == m_marks.selected;
        m_painter.setOpacity(isFaded(index) ? 0.3 : 1);
        m_painter.setPen(QPen(isSelected ? m_theme.accent : m_theme.pending, isSelected ? 2 : 1));
        m_painter.setBrush(m_theme.panel);
        m_painter.drawRoundedRect(box, cornerRadius, cornerRadius);
        drawHead(index, isSelected);
        if (m_isReadable)
            drawRows(index);
        m_painter.setOpacity(1);
        if (isSelected && m_marks.hasFocus) {
            m_painter.setPen(QPen(m_theme.text, 1, Qt::DotLine));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), cornerRadius + 3,
                                      cornerRadius + 3);
        }
    }

    bool touchesSelected(const DiagramLink &link) const
    {
        return m_marks.selected >= 0
               && (link.from == m_marks.selected || link.to == m_marks.selected);
    }

private:
    bool isFaded(int table) const { return m_marks.found && !m_marks.found->contains(table); }

    void drawHead(int index, bool isSelected) const
    {
        const QRectF box = m_picture.layout.boxes[index];
        const QRectF head(box.left(), box.top(), box.width(), m_picture.metrics.headHeight);
        QPainterPath path;
        path.addRoundedRect(head, cornerRadius, cornerRadius);
        m_painter.save();
        m_painter.setPen(Qt::NoPen);
        m_painter.setClipRect(head.adjusted(0, 0, 0, 1), Qt::IntersectClip);
        m_painter.setBrush(isSelected ? m_theme.selection : m_theme.chip);
        m_painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), cornerRadius - 1, cornerRadius - 1);
        m_painter.restore();
        if (!m_hasNames)
            return;
        m_painter.setFont(headFont(m_picture.font));
        m_painter.setPen(m_theme.text);
        const qreal em = QFontMetricsF(m_picture.font).horizontalAdvance(u'm');
        m_painter.drawText(head.adjusted(em, 0, -em / 2, 0), Qt::AlignLeft | Qt::AlignVCenter,
                           visibleText(m_picture.graph.tables[index].name.text(), false));
    }

    void drawRows(int index) const
    {
        const QFontMetricsF metrics(m_picture.font);
        const qreal em = metrics.horizontalAdvance(u'm');
        const QRectF box = m_picture.layout.boxes[index];
        QRectF row(box.left() + em * 0.7, box.top() + m_picture.metrics.headHeight,
                   box.width() - em * 1.4, m_picture.metrics.rowHeight);
        m_painter.setFont(m_picture.font);
        for (const DiagramRow &one : m_picture.rows[index]) {
            m_painter.setPen(m_theme.dim);
            m_painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, one.type);
            if (one.isKey || one.isForeign) {
                m_painter.setPen(one.isKey ? m_theme.warn : m_theme.accent);
                m_painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                                   one.isKey ? u"PK"_s : u"FK"_s);
            }
            m_painter.setPen(m_theme.text);
            m_painter.drawText(row.adjusted(markWidth(metrics), 0, 0, 0),
                               Qt::AlignLeft | Qt::AlignVCenter, one.name);
            row.translate(0, m_picture.metrics.rowHeight);
        }
    }

    /// Crow's feet (G. Everest, 1976): a bar is one, a ring none, three toes are many; \a at is the box's edge.
    void drawEnd(const QPointF &at, const QPointF &towards, LinkEnd end) const
    {
        const qreal unit = m_picture.metrics.end / 5;
        const qreal way = towards.x() > at.x() ? 1 : -1;
        const auto bar = [&](qreal distance) {
            const qreal x = at.x() + way * distance * unit;
            m_painter.drawLine(QPointF(x, at.y() - unit), QPointF(x, at.y() + unit));
        };
        const auto ring = [&](qreal distance) {
            m_painter.setBrush(m_theme.window);
            m_painter.drawEllipse(QPointF(at.x() + way * distance * unit, at.y()), unit * 0.8,
                                  unit * 0.8);
            m_painter.setBrush(Qt::NoBrush);
        };
        if (end == LinkEnd::ZeroOrMany) {
            const QPointF heel(at.x() + way * 2 * unit, at.y());
            m_painter.drawLine(heel, at + QPointF(0, -unit * 1.2));
            m_painter.drawLine(heel, at + QPointF(0, unit * 1.2));
            ring(2.9);
        } else {
            bar(1.2);
            if (end == LinkEnd::One)
                bar(2);
            else
                ring(2.4);
        }
    }

    QPainter &m_painter;
    const DiagramPicture &m_picture;
    const ThemeColors &m_theme;
    const DiagramMarks &m_marks;
    bool m_isReadable = true;
    bool m_hasNames = true;
};

QRectF boundsOf(const QList<QPointF> &route)
{
    QRectF bounds(route.value(0), QSizeF());
    for (const QPointF &point : route)
        bounds |= QRectF(point, QSizeF()).adjusted(-1, -1, 1, 1);
    return bounds;
}

} // namespace

int DiagramPicture::tableAt(const QPointF &point) const
{
    const auto box = std::ranges::find_if(
        layout.boxes, [&point](const QRectF &one) { return one.contains(point); });
    return box == layout.boxes.cend() ? -1 : int(box - layout.boxes.cbegin());
}

int DiagramPicture::indexOf(const TableName &name) const
{
    const auto table = std::ranges::find(graph.tables, name, &DiagramTable::name);
    return table == graph.tables.cend() ? -1 : int(table - graph.tables.cbegin());
}

DiagramPicture makeDiagram(const SchemaView &view, DiagramDetail detail,
                           const std::set<TableName> *shown, const QFont &font,
                           const std::stop_token &stop)
{
    DiagramPicture picture{.font = font,
                           .metrics = metricsFor(font),
                           .graph = diagramGraph(view.schema, detail, shown)};
    QList<qreal> widths;
    auto known = view.tables.cbegin(); // by name, as the graph's tables
    for (const DiagramTable &table : std::as_const(picture.graph.tables)) {
        while (known->name != table.name)
            ++known;
        picture.rows.append(rowsOf(table, *view.schema.table(table.name), *known));
        widths.append(widthOf(table, picture.rows.last(), font));
    }
    picture.layout = layOutDiagram(picture.graph, widths, picture.metrics, stop);
    return picture;
}

void paintDiagram(QPainter &painter, const DiagramPicture &picture, const ThemeColors &theme,
                  const QRectF &exposed, qreal scale, const DiagramMarks &marks)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const DiagramPainter drawing(painter, picture, theme, scale, marks);
    for (const bool areMarked : {false, true}) {
        for (int i = 0; i < picture.graph.links.size(); ++i)
            if (drawing.touchesSelected(picture.graph.links[i]) == areMarked
                && boundsOf(picture.layout.routes[i]).intersects(exposed))
                drawing.drawLink(i);
    }
    for (int i = 0; i < picture.layout.boxes.size(); ++i)
        if (picture.layout.boxes[i].adjusted(-5, -5, 5, 5).intersects(exposed))
            drawing.drawTable(i);
    painter.setOpacity(1);
}

QRectF diagramBounds(const DiagramPicture &picture)
{
    const qreal margin = picture.metrics.end;
    return QRectF(QPointF(), picture.layout.size).adjusted(-margin, -margin, margin, margin);
}

} // namespace tribikos
