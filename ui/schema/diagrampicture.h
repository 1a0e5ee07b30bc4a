#pragma once

#include "core/diagram/diagramlayout.h"
#include "core/project/schemaview.h"

#include <QFont>
#include <QRectF>
#include <optional>

class QPainter;

namespace tribikos {

struct ThemeColors;

/// A column in a table's box.
struct DiagramRow
{
    QString name{};
    QString type{}; // ends in "?" where the column may be null
    bool isKey = false;
    bool isForeign = false;
};

/// A schema's diagram, laid out for a font: tables as boxes, foreign keys as lines with crow's feet.
struct DiagramPicture
{
    QFont font{};
    DiagramMetrics metrics{};
    DiagramGraph graph{};
    DiagramLayout layout{};
    QList<QList<DiagramRow>> rows{}; // as graph.tables

    /// The table at \a point of the layout; -1: none.
    int tableAt(const QPointF &point) const;
    int indexOf(const TableName &name) const; // -1: not shown
};

/// Lays the tables of \a view out that \a shown names, or all where it is null. On any thread.
DiagramPicture makeDiagram(const SchemaView &view, DiagramDetail detail,
                           const std::set<TableName> *shown, const QFont &font,
                           const std::stop_token &stop = {});

/// What a drawing of a diagram brings out.
struct DiagramMarks
{
    int selected = -1;                   // a table: it and its lines stand out
    bool hasFocus = false;
    std::optional<std::set<int>> found{}; // the tables that a search found; others are drawn back
};

/// Draws what lies within \a exposed of \a picture's layout. \a scale tells how much of it can be read; the painter has
/// it already.
void paintDiagram(QPainter &painter, const DiagramPicture &picture, const ThemeColors &theme,
                  const QRectF &exposed, qreal scale, const DiagramMarks &marks = {});

/// Room around a diagram, as wide as a line's end.
QRectF diagramBounds(const DiagramPicture &picture);

} // namespace tribikos
