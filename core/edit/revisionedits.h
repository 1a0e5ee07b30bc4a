#pragma once

#include "core/edit/filechange.h"
#include "core/edit/headerchange.h"
#include "core/graph/revisiongraph.h"

#include <QString>
#include <QStringList>

/*!
    Changes of a history that exists. Each is computed from the graph and the files as they are and gives
    one Edit, to be applied and undone (filechange.h); nothing is written here. Ids are exact. Beside
    the errors of HistoryChange: NotFound, for an id that no file has, and Usage, for what makes no sense.
    Making revisions: newrevision.h.
*/
namespace tribikos {

/// \a id revises \a parents (none: it becomes a base); what revises it comes along.
Result<Edit> reparent(const RevisionGraph &graph, const QString &id, const QStringList &parents);
/// The straight run from \a first to \a last moves onto \a parents, and what revised \a last revises what
/// \a first did.
Result<Edit> moveChain(const RevisionGraph &graph, const QString &first, const QString &last,
                       const QStringList &parents);
/// What revised \a id revises its parents; \a id stays beside them, as a head.
Result<Edit> spliceOut(const RevisionGraph &graph, const QString &id);
/// As spliceOut(), and the file of \a id is deleted. Refused while another revision depends on it.
Result<Edit> deleteRevision(const RevisionGraph &graph, const QString &id);
/// Every revision that names \a missing, which no file has, names \a replacement instead (empty: nothing).
Result<Edit> replaceMissing(const RevisionGraph &graph, const QString &missing, const QString &replacement);

Result<Edit> changeMessage(const RevisionGraph &graph, const QString &id, const QString &message);
Result<Edit> changeLabels(const RevisionGraph &graph, const QString &id, const QStringList &labels);
/// \a dependsOn: full ids or branch labels.
Result<Edit> changeDependencies(const RevisionGraph &graph, const QString &id, const QStringList &dependsOn);
/// Several of these three at once, as one step; parents are left alone.
Result<Edit> changeProperties(const RevisionGraph &graph, const QString &id, const HeaderChange &change);

/// Every revision of \a graph whose file \a edit changes, deletes or makes: those that a database may have.
QStringList touchedRevisions(const RevisionGraph &graph, const Edit &edit);
/// Of those, the ones whose files go.
QStringList deletedRevisions(const RevisionGraph &graph, const Edit &edit);

} // namespace tribikos
