#pragma once

#include "core/pyread/interpreter.h"

#include <QStringList>

namespace tribikos::py {

/// Reads a regular file of at most maxSourceBytes: no device, pipe or folder is ever opened for
/// reading. Errors: NotFound, Unreadable.
Result<QByteArray> readSource(const QString &path);

/// Finds the project's modules below \a searchPath, first folder first. Parsed files are kept for
/// the process as long as their size and time of change stay the same; thread-safe.
ModuleFinder projectFinder(const QStringList &searchPath);

} // namespace tribikos::py
