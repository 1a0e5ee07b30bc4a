#pragma once

#include "core/base/result.h"

#include <QSize>
#include <QString>
#include <functional>
#include <stop_token>

class QPainter;

namespace tribikos {

/// What is saved as a picture: paint() fills \c size, in pixels from (0, 0). On any thread.
struct Picture
{
    QString title{};
    QSize size{};
    std::function<void(QPainter &)> paint{};
};

/// Draws \a picture into \a file: SVG, or PNG by its name. On any thread. Errors: Usage, when it is too large for a PNG;
/// Cancelled; Io.
Status savePicture(const Picture &picture, const QString &file, const std::stop_token &stop = {});

} // namespace tribikos
