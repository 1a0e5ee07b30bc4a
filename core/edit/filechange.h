#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QFileDevice>
#include <QList>
#include <QString>
#include <QStringList>
#include <functional>
#include <optional>

namespace tribikos {

/// What becomes of one file (or folder), as a value: computed first, to be looked at, then applied.
struct FileChange
{
    QString path{}; // absolute
    bool isFolder = false;
    std::optional<QByteArray> before{}; // the whole content, exactly; nullopt: it isn't there
    std::optional<QByteArray> after{};  // nullopt: it will not be there
    std::optional<QFileDevice::Permissions> permissions{}; // of a file that is deleted or comes back

    bool isCreation() const { return !before && after; }
    bool isDeletion() const { return before && !after; }
    FileChange inverted() const;
    friend bool operator==(const FileChange &, const FileChange &) = default;

    static FileChange newFolder(const QString &folder);
};

/// One thing that was done to the project's files: a step that can be undone. Immutable once made.
struct Edit
{
    QString title{};             // "Merge a1, b2", as the step's name
    QList<FileChange> changes{}; // in the order in which they are made
    QStringList revisions{};     // those whose files change: a database may have them already
    Edit inverted() const;       // undoes it: applying both leaves every byte as it was
    friend bool operator==(const Edit &, const Edit &) = default;
};

/*!
    Makes the changes: every new text is written and synced beside its place first, then renamed to
    it, so that nobody reads half of one; it keeps its permissions, and a link is followed. Every file
    is compared with what the edit was computed from, before anything is written and once more right
    before its rename. \a aboutTo is told the number of each change before it is made.
    Errors: Conflict (a file is no longer that text, or is in the way) and Io; what had been done
    before is put back, and what can't be is named in the error, with the place of its old text.
*/
Status apply(const Edit &edit, const std::function<void(qsizetype)> &aboutTo = {});

} // namespace tribikos
