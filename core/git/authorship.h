#pragma once

#include "core/git/historylog.h"

namespace tribikos {

/*!
    Who added each file of \a folders, by its absolute path, as the branch that is checked out tells it.
    A file that was renamed or moved within the repository keeps its first author. Left out are files that are not
    committed, and those that a shallow clone only has from its oldest commits on, whose authors aren't theirs.
    Errors: those of GitRepository::find(), Cancelled, Unreadable.
*/
Result<QHash<QString, Authorship>> readAuthorship(const GitRepository &repository,
                                                  const QStringList &folders,
                                                  const std::stop_token &stop = {});

} // namespace tribikos
