#pragma once

#include "core/diff/diff.h"
#include "core/plan/plan.h"
#include "core/project/project.h"

#include <QJsonArray>
#include <QJsonObject>

namespace tribikos::cli {

/// Which parts a one-line entry has; Alembic's commands differ in them.
struct LineStyle
{
    bool hasParents = false;
    bool hasLabels = false;
    bool hasDoc = false;
    bool hasTreeMarks = true; // (branchpoint), (mergepoint)
    bool isCurrent = false;
};

/// "a1 -> a2 (head), add email"
QString revisionLine(const RevisionGraph &graph, int node, const LineStyle &style);
/// The paragraph of "show" and -v, with the empty line after it.
QString revisionEntry(const RevisionGraph &graph, int node, bool isCurrent = false);

QJsonObject revisionObject(const RevisionGraph &graph, int node);
QJsonObject differenceObject(const Difference &difference);
QJsonObject stepObject(const Plan &plan, const PlanStep &step);
QJsonObject diagnosticObject(const Diagnostic &diagnostic);

/// [{"table", "column", "new_name", "rename"}]; the last is what --rename takes.
QJsonArray renamesArray(const QList<Rename> &renames);
/// "users.name may only be called full_name now: …"
QString renameOffer(const Rename &rename);

/// One difference as a line for people.
QString differenceLine(const Difference &difference);
/// Alembic's name of what autogenerate would do, from database to models: "add_column".
QString directiveName(const Difference &difference);

} // namespace tribikos::cli
