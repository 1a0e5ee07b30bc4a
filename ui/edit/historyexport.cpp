#include "ui/edit/historyexport.h"

#include "ui/history/historydelegate.h"
#include "ui/history/historymodel.h"
#include "ui/shell/picturefile.h"
#include "ui/shell/theme.h"

#include <QCoreApplication>
#include <QFontDatabase>
#include <QPainter>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

struct Columns
{
    struct Cell
    {
        HistoryModel::Column column{};
        int left = 0;
        int width = 0;
    };
    QList<Cell> cells{};
    QSize size{};
    int rowHeight = 0;
};

Columns columnsOf(const HistoryModel &model, const QFontMetrics &metrics)
{
    int lanes = 1;
    int message = 0;
    for (int row = 0; row < model.rowCount(); ++row) {
        for (const LaneEdge &edge : model.history().rows[row].edges)
            lanes = qMax(lanes, qMax(edge.fromLane, edge.toLane) + 1);
        const QString text = model.index(row, HistoryModel::MessageColumn).data().toString();
        message = qMax(message, metrics.horizontalAdvance(text));
    }
    const int em = metrics.horizontalAdvance(u'm');
    Columns columns{.rowHeight = HistoryDelegate::rowHeight(metrics)};
    const auto add = [&columns](HistoryModel::Column column, int width) {
        columns.cells.append({column, columns.size.width(), width});
        columns.size.setWidth(columns.size.width() + width);
    };
    columns.size = {0, columns.rowHeight * model.rowCount()};
    add(HistoryModel::GraphColumn, 14 + lanes * HistoryDelegate::laneWidth(metrics));
    add(HistoryModel::MessageColumn,
        qBound(20 * em, message + 18 * em, 70 * em)); // chips follow it
    const QFontMetrics mono(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    add(HistoryModel::RevisionColumn, mono.horizontalAdvance(QString(13, u'0')) + 18);
    if (model.hasAuthors())
        add(HistoryModel::AuthorColumn, 11 * em);
    add(HistoryModel::DateColumn, metrics.horizontalAdvance(u"yesterday 00:00"_s) + 26);
    return columns;
}

void paintRows(QPainter &painter, const HistoryModel &model, const Columns &columns,
               const QFont &font, const std::stop_token &stop)
{
    const HistoryDelegate delegate;
    QStyleOptionViewItem option;
    option.font = font;
    option.fontMetrics = QFontMetrics(font);
    option.palette.setColor(QPalette::Window, Qt::white); // the light theme's colours
    painter.fillRect(QRect({}, columns.size), lightTheme().panel);
    for (int row = 0; row < model.rowCount() && !stop.stop_requested(); ++row) {
        for (const Columns::Cell &cell : columns.cells) {
            option.rect = {cell.left, row * columns.rowHeight, cell.width, columns.rowHeight};
            delegate.paint(&painter, option, model.index(row, cell.column));
        }
    }
}

} // namespace

Status exportHistory(const HistoryModel &model, const QString &file, const QFont &font,
                     const std::stop_token &stop)
{
    const Columns columns = columnsOf(model, QFontMetrics(font));
    const Picture picture{
        .title = QCoreApplication::translate("HistoryExport", "Revision history"),
        .size = columns.size,
        .paint = [&](QPainter &painter) { paintRows(painter, model, columns, font, stop); }};
    return savePicture(picture, file, stop);
}

} // namespace tribikos
