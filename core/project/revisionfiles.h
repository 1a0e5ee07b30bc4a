#pragma once

#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/config/projectconfig.h"
#include "core/config/versionfiles.h"
#include "core/graph/revision.h"
#include "core/pyread/interpreter.h"

#include <QByteArray>
#include <QList>
#include <optional>
#include <stop_token>

namespace tribikos {

/// A revision as its file declares it. What is shown and run later is what was read now, whatever happens to the
/// file meanwhile: either its bytes are here, or it is known from the cache and read when it is needed, if it is
/// still the same.
struct RevisionFile
{
    Revision revision{};
    FileStamp stamp{};
    std::optional<QByteArray> bytes{};

    /// The file's bytes. Error: Unreadable, it is gone or has been changed since.
    Result<QByteArray> contents() const;
};

/// The revision in \a bytes, the contents of the file \a path, in Python or SQL by its name. \a problem is set when
/// the header could be read and the rest can't. Errors as py::readHeader() and readSqlScript(); \a finder is its.
Result<RevisionFile> revisionFrom(const QByteArray &bytes, const QString &path, Error *problem,
                                  const py::ModuleFinder &finder = {});

/// Reads every revision of \a config in Alembic's load order; those that have not changed since a cache in
/// \a cacheFolder was written (see RevisionCache) are not read again. Files that can't be read are diagnostics and
/// are left out. Stops early, with what it has, when \a stop is requested. In \a searchPath lie the modules that a
/// header's constants may come from; such a file is read each time.
QList<RevisionFile> readRevisionFiles(const ProjectConfig &config, const QStringList &searchPath,
                                      const QString &cacheFolder, Diagnostics *diagnostics,
                                      const std::stop_token &stop);

} // namespace tribikos
