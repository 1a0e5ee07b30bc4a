#include "ui/shell/picturefile.h"

#include "core/base/wholefile.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QSvgGenerator>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int longestSide = 32'000;          // pixels; QPainter's own limit is near
constexpr qint64 largestImage = 200'000'000; // pixels

QString pictureText(const char *source)
{
    return QCoreApplication::translate("PictureFile", source);
}

QByteArray svgOf(const Picture &picture)
{
    QBuffer buffer;
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(picture.size);
    svg.setViewBox(QRect({}, picture.size));
    svg.setTitle(picture.title);
    QPainter painter(&svg);
    picture.paint(painter);
    painter.end();
    return buffer.data();
}

QByteArray pngOf(const Picture &picture)
{
    QImage image(picture.size, QImage::Format_RGB32);
    QPainter painter(&image);
    picture.paint(painter);
    painter.end();
    QBuffer buffer;
    image.save(&buffer, "PNG");
    return buffer.data();
}

bool isTooLarge(const QSize &size)
{
    return std::max(size.width(), size.height()) > longestSide
           || qint64(size.width()) * size.height() > largestImage;
}

} // namespace

Status savePicture(const Picture &picture, const QString &file, const std::stop_token &stop)
{
    const bool isPng = file.endsWith(u".png"_s, Qt::CaseInsensitive);
    if (isPng && isTooLarge(picture.size))
        return Error{.code = ErrorCode::Usage,
                     .message = pictureText("The picture is too large for PNG; save it as SVG.")};
    const QByteArray bytes = isPng ? pngOf(picture) : svgOf(picture);
    if (stop.stop_requested())
        return Error{.code = ErrorCode::Cancelled, .message = pictureText("The picture was cancelled.")};
    WholeFile target(file);
    if (bytes.isEmpty() || !target.open() || !target.write(bytes) || !target.commit())
        return Error{.code = ErrorCode::Io,
                     .message = pictureText("%1 can’t be written.").arg(file),
                     .detail = target.errorString()};
    return done();
}

} // namespace tribikos
