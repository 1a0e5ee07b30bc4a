#pragma once

#include "core/project/schemasource.h"

namespace tribikos {

/// Two schemas that were named, read in the words of one database, and what lies between.
struct ComparedSources
{
    SourceSchema from{};
    SourceSchema to{};
    SourceComparison comparison{};
    bool areBranches = false; // two revisions, neither of which builds on the other
    qint64 milliseconds = 0;
};

/// The database whose words all of \a sources are read in: \a wanted or that of any, else the first's Backend. Usage: they
/// are of different ones.
Result<Backend> commonBackend(const Project &project, const QList<SourceRequest> &sources,
                              std::optional<Backend> wanted = {});

/// Reads both and compares them, \a renames of the first carried out ("users=people"). Errors: those of commonBackend(),
/// readSource() and renamesIn(); Cancelled.
Result<ComparedSources> compareNamed(const Project &project, const SourceRequest &from,
                                     const SourceRequest &to, std::optional<Backend> wanted = {},
                                     const std::stop_token &stop = {},
                                     const QStringList &renames = {});

/// Two revisions in the order in which a person wants to see them compared: first the one that the other builds on, or else the
/// one lower in the history. Ids that the project doesn't know stay as they are.
std::pair<QString, QString> olderFirst(const RevisionGraph &graph, const QString &one,
                                       const QString &other);

} // namespace tribikos
