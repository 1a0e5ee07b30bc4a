#pragma once

#include "core/base/diagnostic.h"
#include "core/config/projectconfig.h"
#include "core/graph/revision.h"

#include <QByteArray>
#include <QList>
#include <stop_token>

namespace tribikos {

/// A revision as its file declares it, with the file's bytes: what is shown and run later is what was
/// read now, whatever happens to the file meanwhile.
struct RevisionFile
{
    Revision revision{};
    QByteArray bytes{};
};

/// Reads every revision of \a config in Alembic's load order. Files that can't be read are
/// diagnostics and are left out. Stops early, with what it has, when \a stop is requested.
QList<RevisionFile> readRevisionFiles(const ProjectConfig &config, Diagnostics *diagnostics,
                                      const std::stop_token &stop);

} // namespace tribikos
