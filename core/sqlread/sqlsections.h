#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/ops/operation.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <optional>
#include <string_view>

namespace tribikos {

/// One section of a SQL script: its line, and the statements up to the next section's.
struct SqlSection
{
    bool isUpgrade = true;
    std::optional<Backend> backend{}; // nullopt: the plain section
    int line = 0;                     // of its head
    qsizetype start = 0;              // of the body, offsets into the script
    qsizetype end = 0;
};

/// Whether \a line is "-- upgrade", "-- downgrade: mysql" or the like. Inside of this room only.
bool isSectionLine(std::string_view line);

/// The sections of \a script from offset \a from, in line \a line, on. Where a plain section ends depends on the
/// strings and comments in it, and so on \a backend. Errors as SqlScript::operations().
Result<QList<SqlSection>> sqlSections(const QByteArray &script, qsizetype from, int line,
                                      Backend backend, const QString &file);

/// The statements of \a section as operations.
Result<Operations> sectionOperations(const QByteArray &script, const SqlSection &section,
                                     Backend backend, const QString &file);

/// "FILE:LINE: \a message".
Error scriptError(ErrorCode code, const QString &file, int line, const QString &message);

} // namespace tribikos
