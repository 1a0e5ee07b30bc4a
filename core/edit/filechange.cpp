#include "core/edit/filechange.h"

#include "core/config/versionfiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error conflict(const QString &path, const QString &what)
{
    return {.code = ErrorCode::Conflict, .message = u"%1 %2"_s.arg(path, what), .file = path};
}

Error unwritten(const QString &path, const QString &reason)
{
    return {.code = ErrorCode::Io,
            .message =
                u"%1 can't be written; check the folder's permissions and free space."_s.arg(path),
            .detail = reason,
            .file = path};
}

Status check(const FileChange &change)
{
    const QFileInfo info(change.path);
    if (change.isFolder) {
        if (change.isCreation() && info.exists() && !info.isDir())
            return conflict(change.path, u"is a file, where a folder is to be made; rename it."_s);
        return done();
    }
    if (change.isCreation()) {
        if (info.exists() || info.isSymLink())
            return conflict(change.path,
                            u"exists already and is not overwritten; remove or rename it."_s);
        return done();
    }
    if (change.isDeletion() && info.isSymLink())
        return conflict(change.path, u"is a link and is not deleted; delete it by hand."_s);
    const auto bytes = readRegularFile(change.path, change.before->size());
    if (!bytes || *bytes != *change.before) {
        return conflict(change.path,
                        u"is no longer the text that the change was made for; read the "
                        "project again, then try once more."_s);
    }
    return done();
}

Status create(const FileChange &change)
{
    const QString name = u"/.tribikos-"_s + QUuid::createUuid().toString(QUuid::Id128);
    QFile file(QFileInfo(change.path).path() + name);
    bool isWritten = file.open(QIODevice::WriteOnly | QIODevice::NewOnly)
                     && file.write(*change.after) == change.after->size() && file.flush();
    if (isWritten && change.permissions)
        isWritten = file.setPermissions(*change.permissions);
    if (isWritten && file.rename(change.path)) // never over a file that has appeared meanwhile
        return done();
    const QString reason = file.errorString();
    file.remove();
    return unwritten(change.path, reason);
}

Status replace(const FileChange &change)
{
    QSaveFile file(change.path);
    if (!file.open(QIODevice::WriteOnly) || file.write(*change.after) != change.after->size()
        || !file.commit())
        return unwritten(change.path, file.errorString());
    return done();
}

Status make(const FileChange &change)
{
    if (change.isFolder) {
        if (change.isDeletion())
            QDir().rmdir(change.path); // only when it is empty again
        else if (!QDir().mkpath(change.path))
            return unwritten(change.path, {});
        return done();
    }
    if (change.isCreation())
        return create(change);
    if (!change.isDeletion())
        return replace(change);
    QFile file(change.path);
    return file.remove() ? done() : unwritten(change.path, file.errorString());
}

} // namespace

FileChange FileChange::newFolder(const QString &folder)
{
    return {.path = folder, .isFolder = true, .after = QByteArray()};
}

FileChange FileChange::inverted() const
{
    FileChange back = *this;
    std::swap(back.before, back.after);
    return back;
}

Edit Edit::inverted() const
{
    Edit back = *this;
    back.changes.clear();
    for (const FileChange &change : changes)
        back.changes.prepend(change.inverted());
    return back;
}

Status apply(const Edit &edit)
{
    for (const FileChange &change : edit.changes) {
        if (const Status checked = check(change); !checked)
            return checked;
    }
    for (qsizetype i = 0; i < edit.changes.size(); ++i) {
        const Status made = make(edit.changes[i]);
        if (made)
            continue;
        while (i-- > 0)
            (void)make(edit.changes[i].inverted());
        return made;
    }
    return done();
}

} // namespace tribikos
