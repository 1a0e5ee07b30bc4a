#include "ui/edit/historyexport.h"

#include "ui/history/historydelegate.h"
#include "ui/history/historymodel.h"
#include "ui/shell/theme.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFontDatabase>
#include <QImage>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int longestImage = 32'000;         // pixels; QPainter's own limit is near
constexpr qint64 largestImage = 200'000'000; // pixels

struct Picture
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

Picture pictureOf(const HistoryModel &model, const QFontMetrics &metrics)
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
    Picture picture{.rowHeight = HistoryDelegate::rowHeight(metrics)};
    const auto add = [&picture](HistoryModel::Column column, int width) {
        picture.cells.append({column, picture.size.width(), width});
        picture.size.setWidth(picture.size.width() + width);
    };
    picture.size = {0, picture.rowHeight * model.rowCount()};
    add(HistoryModel::GraphColumn, 14 + lanes * HistoryDelegate::laneWidth(metrics));
    add(HistoryModel::MessageColumn,
        qBound(20 * em, message + 18 * em, 70 * em)); // chips follow it
    const QFontMetrics mono(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    add(HistoryModel::RevisionColumn, mono.horizontalAdvance(QString(13, u'0')) + 18);
    if (model.hasAuthors())
        add(HistoryModel::AuthorColumn, 11 * em);
    add(HistoryModel::DateColumn, metrics.horizontalAdvance(u"yesterday 00:00"_s) + 26);
    return picture;
}

void paintRows(QPainter &painter, const HistoryModel &model, const Picture &picture,
               const QFont &font, const std::stop_token &stop)
{
    const HistoryDelegate delegate;
    QStyleOptionViewItem option;
    option.font = font;
    option.fontMetrics = QFontMetrics(font);
    option.palette.setColor(QPalette::Window, Qt::white); // the light theme's colours
    painter.fillRect(QRect({}, picture.size), lightTheme().panel);
    for (int row = 0; row < model.rowCount() && !stop.stop_requested(); ++row) {
        for (const Picture::Cell &cell : picture.cells) {
            option.rect = {cell.left, row * picture.rowHeight, cell.width, picture.rowHeight};
            delegate.paint(&painter, option, model.index(row, cell.column));
        }
    }
}

QByteArray svgOf(const HistoryModel &model, const Picture &picture, const QFont &font,
                 const std::stop_token &stop)
{
    QBuffer buffer;
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(picture.size);
    svg.setViewBox(QRect({}, picture.size));
    svg.setTitle(QCoreApplication::translate("HistoryExport", "Revision history"));
    QPainter painter(&svg);
    paintRows(painter, model, picture, font, stop);
    painter.end();
    return buffer.data();
}

QByteArray pngOf(const HistoryModel &model, const Picture &picture, const QFont &font,
                 const std::stop_token &stop)
{
    QImage image(picture.size, QImage::Format_RGB32);
    QPainter painter(&image);
    paintRows(painter, model, picture, font, stop);
    painter.end();
    QBuffer buffer;
    image.save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

Status exportHistory(const HistoryModel &model, const QString &file, const QFont &font,
                     const std::stop_token &stop)
{
    const Picture picture = pictureOf(model, QFontMetrics(font));
    const bool isPng = file.endsWith(u".png"_s, Qt::CaseInsensitive);
    const qint64 pixels = qint64(picture.size.width()) * picture.size.height();
    if (isPng && (picture.size.height() > longestImage || pixels > largestImage))
        return Error{
            .code = ErrorCode::Usage,
            .message = QCoreApplication::translate(
                "HistoryExport", "The history is too long for a PNG picture; save it as SVG.")};
    const QByteArray bytes =
        isPng ? pngOf(model, picture, font, stop) : svgOf(model, picture, font, stop);
    if (stop.stop_requested())
        return Error{
            .code = ErrorCode::Cancelled,
            .message = QCoreApplication::translate("HistoryExport", "The picture was cancelled.")};
    QSaveFile target(file);
    if (bytes.isEmpty() || !target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size()
        || !target.commit())
        return Error{
            .code = ErrorCode::Io,
            .message =
                QCoreApplication::translate("HistoryExport", "%1 can’t be written.").arg(file),
            .detail = target.errorString()};
    return done();
}

} // namespace tribikos
