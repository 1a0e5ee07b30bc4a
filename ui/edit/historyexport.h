#pragma once

#include "core/base/result.h"

#include <QFont>
#include <QString>

namespace tribikos {

class HistoryModel;

/// Draws every row's graph, message, id and date into \a file, on white: SVG, or PNG by its name.
/// Errors: Usage, when the history is too long for a PNG, and Io.
Status exportHistory(const HistoryModel &model, const QString &file, const QFont &font);

} // namespace tribikos
