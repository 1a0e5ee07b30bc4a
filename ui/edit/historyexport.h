#pragma once

#include "core/base/result.h"

#include <QFont>
#include <QString>
#include <stop_token>

namespace tribikos {

class HistoryModel;

/// Draws every row's graph, message, id, author and date into \a file, on white: SVG, or PNG by its name.
/// On any thread that has \a model to itself. Errors: Usage, when the history is too long for a PNG; Cancelled; Io.
Status exportHistory(const HistoryModel &model, const QString &file, const QFont &font,
                     const std::stop_token &stop = {});

} // namespace tribikos
