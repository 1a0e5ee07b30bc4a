#pragma once

#include "core/base/result.h"
#include "core/edit/createdate.h"

#include <QString>

namespace tribikos {

/// The message as part of a file's name: its words in lower case, joined by "_". A longer one than
/// \a limit characters is cut there, then back to its last "_", and ends with "_" (alembic-semantics 2.6).
QString slugOf(const QString &message, int limit);

/// file_template filled in: %(rev)s, %(slug)s, %(epoch)s, %(year)d … with Python's formats. May hold
/// "/". Error: ProjectRefused, for what Python's % would refuse.
Result<QString> revisionFileName(const QString &fileTemplate, const QString &revision, const QString &slug,
                                 const CreateDate &date);

/// Twelve random hex digits, as Alembic makes them.
QString newRevisionId();

/// Alembic's refusal of the characters @ - + : in an id; done() for a good one.
Status checkRevisionId(const QString &id);

} // namespace tribikos
