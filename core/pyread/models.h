#pragma once

#include "core/base/backend.h"
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/base/scriptfacts.h"
#include "core/schema/schema.h"

#include <QStringList>
#include <optional>
#include <stop_token>

namespace tribikos {

/// Where models live and for whom they are read.
struct ModelRequest
{
    QStringList searchPath{}; // folders that the project imports from, first one first
    QString baseFolder{};     // relative file names start here; empty: they are absolute
    /// Types that a project's TypeDecorator chooses per database are resolved for it; nullopt: they
    /// carry one variant a database.
    std::optional<Backend> backend{};
    QMap<QString, QString> types{}; // the user's own column types, as in EvalRequest
    ScriptFacts facts{};            // of which values and variables count here
    std::stop_token stop{};
};

/*!
    The schema that SQLAlchemy models describe: declarative classes in every style, Table objects,
    SQLModel, Flask-SQLAlchemy. \a files are modules (models.py) or packages (a folder, or its
    __init__.py); what they import from the project is followed. Nothing is executed.

    Tables of every MetaData that is met are in the result. What can't be read is left out or marked
    (Table::isOpaque) and said in \a problems (may be null) with file and line:
    "unreadable-module", "unreadable-model", "unplaced-model" (a class that may be part of any table), "unknown-base",
    "duplicate-table".
    The Error: no file could be read at all, NotFound, Cancelled. Thread-safe.
*/
Result<Schema> readModels(const QStringList &files, const ModelRequest &request,
                          Diagnostics *problems = nullptr);

/// Whether \a problem may hide columns of tables that seem to be known whole; also "unreadable-statement", of a script.
bool mayHideColumns(const Diagnostic &problem);

} // namespace tribikos
