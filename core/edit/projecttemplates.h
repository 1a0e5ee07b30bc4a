#pragma once

#include "core/base/result.h"
#include "core/edit/filechange.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

/*!
    New projects: the layouts that Alembic's `init` makes, so that both tools work with them, and one
    of plain SQL for those without Python. script.py.mako and the logging sections of alembic.ini
    follow Alembic's own (MIT licence, Michael Bayer), so that what is made with
    either tool looks the same; the other texts were written for Tribikos.
*/
namespace tribikos {

struct ProjectTemplate
{
    QString name{};     // "generic"
    QString synopsis{}; // one sentence
    bool usesPyproject = false;
    bool isAsync = false;
    bool isMulti = false; // several databases
    bool isSql = false;
};
const QList<ProjectTemplate> &projectTemplates();

/// A file of a template as it goes into the scripts folder; ${script_location} stands in the others.
QByteArray templateFile(const QString &templateName, const QString &file);

struct InitRequest
{
    QString folder{}; // of the scripts; relative to workingFolder
    QString templateName = QStringLiteral("generic");
    bool isPackage = false;  // with __init__.py files
    QString workingFolder{};
    QString configFile{};    // of -c; empty: alembic.ini (tribikos.toml for plain SQL) in workingFolder
};

/// What `init` does, in its order. Nothing is overwritten.
struct NewProject
{
    Edit edit{};
    QStringList doing{};  // what is said of each change: "Generating /x/alembic.ini"
    QStringList notes{};  // what was left as it was
    QString closing{};    // Alembic's last sentence
};
/// Errors: Usage (no such template, the folder is not empty, the configuration can't hold its name),
/// Unreadable and Syntax of a pyproject.toml.
Result<NewProject> newProject(const InitRequest &request);

} // namespace tribikos
