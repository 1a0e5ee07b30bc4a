#include "core/edit/filechange.h"

#include "core/config/versionfiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUuid>
#include <cerrno>
#include <cstdio>
#include <unistd.h>
#include <vector>

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

QString temporaryBeside(const QString &place)
{
    return QFileInfo(place).path() + u"/.tribikos-"_s + QUuid::createUuid().toString(QUuid::Id128);
}

bool renameOver(const QString &from, const QString &to)
{
    return std::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) == 0;
}

Status checkChange(const FileChange &change)
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

/// A change on its way: what lies beside its place to make it, and to take it back.
struct Step
{
    const FileChange *change = nullptr;
    QString place{}; // the change's path, a link followed
    QString fresh{}; // a temporary with the new text; empty once it is in its place
    QString old{};   // a temporary with the old text: a copy, or the deleted file itself
    bool isMade = false;
};

/// Makes an edit in two halves: everything that needs space and permissions first, beside the files;
/// then nothing but renames.
class EditApplication
{
public:
    explicit EditApplication(const Edit &edit);
    ~EditApplication();
    Q_DISABLE_COPY_MOVE(EditApplication)
    Status check() const;
    Status prepare();
    Status make(const std::function<void(qsizetype)> &aboutTo);
    /// The same error, and in words what could not be put back.
    Error takenBack(Error error);
    void finish();

private:
    static Status prepare(Step *step);
    static Status make(Step *step);
    static bool takeBack(Step *step);

    std::vector<Step> m_steps{};
};

/// Writes \a bytes to a new file beside \a place and names it.
Result<QString> writtenBeside(const QString &place, const QByteArray &bytes,
                              const std::optional<QFileDevice::Permissions> &permissions)
{
    QFile file(temporaryBeside(place));
    const bool isWritten = file.open(QIODevice::WriteOnly | QIODevice::NewOnly)
                           && (!permissions || file.setPermissions(*permissions))
                           && file.write(bytes) == bytes.size() && file.flush()
                           && ::fsync(file.handle()) == 0;
    if (isWritten)
        return file.fileName();
    const QString reason = file.errorString();
    file.remove();
    return unwritten(place, reason);
}

EditApplication::EditApplication(const Edit &edit)
{
    for (const FileChange &change : edit.changes) {
        const QString followed = QFileInfo(change.path).canonicalFilePath();
        m_steps.push_back(
            {.change = &change, .place = followed.isEmpty() ? change.path : followed});
    }
}

EditApplication::~EditApplication()
{
    for (const Step &step : m_steps) {
        for (const QString &temporary : {step.fresh, step.old}) {
            if (!temporary.isEmpty())
                QFile::remove(temporary);
        }
    }
}

Status EditApplication::check() const
{
    for (const Step &step : m_steps) {
        if (const Status checked = checkChange(*step.change); !checked)
            return checked;
    }
    return done();
}

Status EditApplication::prepare(Step *step)
{
    const FileChange &change = *step->change;
    if (change.isFolder) {
        if (change.isDeletion() || QFileInfo(change.path).isDir())
            return done();
        step->isMade = QDir().mkpath(change.path); // the files in it are prepared next
        return step->isMade ? done() : unwritten(change.path, {});
    }
    auto permissions = change.permissions;
    if (change.before && change.after)
        permissions = QFile::permissions(step->place);
    if (change.after) {
        const auto fresh = writtenBeside(step->place, *change.after, permissions);
        if (!fresh)
            return fresh.error();
        step->fresh = *fresh;
    }
    if (change.before && change.after) {
        const auto old = writtenBeside(step->place, *change.before, permissions);
        if (!old)
            return old.error();
        step->old = *old;
    }
    return done();
}

Status EditApplication::prepare()
{
    for (Step &step : m_steps) {
        if (const Status prepared = prepare(&step); !prepared)
            return prepared;
    }
    return done();
}

Status EditApplication::make(Step *step)
{
    const FileChange &change = *step->change;
    if (change.isFolder)
        return done();
    if (const Status checked = checkChange(change); !checked)
        return checked;
    if (change.isDeletion()) { // set aside until the whole is done
        const QString aside = temporaryBeside(step->place);
        step->isMade = QFile::rename(step->place, aside);
        step->old = step->isMade ? aside : QString();
    } else if (change.isCreation()) { // never over a file that has appeared meanwhile
        step->isMade = QFile::rename(step->fresh, step->place);
    } else {
        step->isMade = renameOver(step->fresh, step->place);
    }
    if (!step->isMade)
        return unwritten(change.path, qt_error_string(errno));
    step->fresh.clear();
    return done();
}

Status EditApplication::make(const std::function<void(qsizetype)> &aboutTo)
{
    for (size_t i = 0; i < m_steps.size(); ++i) {
        if (aboutTo)
            aboutTo(qsizetype(i));
        if (const Status made = make(&m_steps[i]); !made)
            return made;
    }
    return done();
}

/// False: somebody else has changed the file since, or it can't be written. It is left alone.
bool EditApplication::takeBack(Step *step)
{
    const FileChange &change = *step->change;
    if (change.isFolder)
        return QDir().rmdir(change.path);
    if (!checkChange(change.inverted()))
        return false;
    if (change.isCreation())
        return QFile::remove(step->place);
    const bool isBack = change.isDeletion() ? QFile::rename(step->old, step->place)
                                            : renameOver(step->old, step->place);
    if (isBack)
        step->old.clear();
    return isBack;
}

Error EditApplication::takenBack(Error error)
{
    for (Step &step : m_steps) { // a folder must be empty to go
        if (!step.fresh.isEmpty())
            QFile::remove(step.fresh);
        step.fresh.clear();
    }
    QStringList left;
    for (size_t i = m_steps.size(); i-- > 0;) {
        Step &step = m_steps[i];
        if (!step.isMade || takeBack(&step))
            continue;
        left.append(step.old.isEmpty() ? step.place
                                       : u"%1 (its old text is in %2)"_s.arg(step.place, step.old));
        step.old.clear(); // it stays
    }
    if (left.isEmpty())
        return error;
    error.code = ErrorCode::Io;
    error.message +=
        u" What was changed before that can't be put back, look after it by hand: %1."_s.arg(
            left.join(u", "_s));
    return error;
}

void EditApplication::finish()
{
    for (Step &step : m_steps) {
        if (!step.old.isEmpty())
            QFile::remove(step.old);
        step.old.clear();
    }
    for (const Step &step : m_steps) {
        if (step.change->isFolder && step.change->isDeletion())
            QDir().rmdir(step.place); // only when it is empty again
    }
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

Status apply(const Edit &edit, const std::function<void(qsizetype)> &aboutTo)
{
    EditApplication application(edit);
    if (const Status checked = application.check(); !checked)
        return checked;
    Status made = application.prepare();
    if (made)
        made = application.make(aboutTo);
    if (!made)
        return application.takenBack(made.error());
    application.finish();
    return done();
}

} // namespace tribikos
