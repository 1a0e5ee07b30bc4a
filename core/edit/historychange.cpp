#include "core/edit/historychange.h"

#include "core/config/versionfiles.h"
#include "core/pyread/header.h"
#include "core/sqlread/sqlscript.h"

#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Is the file still the one that the graph was made from?
bool declares(const QByteArray &bytes, const Revision &revision)
{
    if (revision.isSql) {
        const auto script = readSqlScript(bytes, revision.file);
        return script && script->revision == revision.id
               && script->downRevisions == revision.downRevisions
               && script->labels == revision.labels && script->dependsOn == revision.dependsOn;
    }
    const auto header = py::readHeader(bytes, revision.file);
    return header && header->revision == revision.id
           && header->downRevisions == revision.downRevisions && header->labels == revision.labels
           && header->dependsOn == revision.dependsOn;
}

Result<QByteArray> readScript(const Revision &revision)
{
    // SQL is read up to a far larger size, a piece at a time; an edit holds the whole text, twice.
    if (revision.isSql && QFileInfo(revision.file).size() > largestScriptBytes)
        return Error{.code = ErrorCode::Unsupported,
                     .message = u"%1 is larger than %2 MiB, and SQL scripts above that can't be "
                                "edited here; change its header in a text editor."_s.arg(
                                    revision.file, QString::number(largestScriptBytes >> 20)),
                     .file = revision.file};
    const auto bytes = readRegularFile(revision.file, largestScriptBytes);
    if (!bytes)
        return bytes;
    if (declares(*bytes, revision))
        return bytes;
    return Error{
        .code = ErrorCode::Conflict,
        .message =
            u"%1 has changed since the project was read; read it again, then try once more."_s.arg(
                revision.file),
        .file = revision.file};
}

QStringList errorsOf(const QList<Revision> &revisions)
{
    Diagnostics diagnostics;
    RevisionGraph::build(revisions, &diagnostics);
    QStringList messages;
    for (const Diagnostic &diagnostic : std::as_const(diagnostics)) {
        if (diagnostic.severity == Severity::Error)
            messages.append(diagnostic.message);
    }
    return messages;
}

} // namespace

QStringList HistoryChange::parentsOf(int node) const
{
    return m_headers.value(node).downRevisions.value_or(m_graph.revision(node).downRevisions);
}

void HistoryChange::add(const Revision &revision, const QList<FileChange> &files)
{
    m_added.append(revision);
    m_files += files;
}

/// The history must not be worse off than before.
Status HistoryChange::check() const
{
    QList<Revision> before;
    QList<Revision> after;
    for (int node = 0; node < m_graph.revisionCount(); ++node) {
        Revision revision = m_graph.revision(node);
        before.append(revision);
        if (m_removed.contains(node))
            continue;
        const HeaderChange change = m_headers.value(node);
        revision.downRevisions = change.downRevisions.value_or(revision.downRevisions);
        revision.labels = change.labels.value_or(revision.labels);
        revision.dependsOn = change.dependsOn.value_or(revision.dependsOn);
        after.append(revision);
    }
    const QStringList known = errorsOf(before);
    for (const QString &message : errorsOf(after + m_added)) {
        if (!known.contains(message))
            return Error{.code = ErrorCode::GraphInvalid,
                         .message = u"That would break the history: %1"_s.arg(message)};
    }
    return done();
}

Result<FileChange> HistoryChange::rewritten(int node, const HeaderChange &change) const
{
    const Revision &revision = m_graph.revision(node);
    const auto bytes = readScript(revision);
    if (!bytes)
        return bytes.error();
    const auto changed = revision.isSql ? changedSqlHeader(*bytes, revision.file, change)
                                        : changedPythonHeader(*bytes, revision.file, change);
    if (!changed)
        return changed.error();
    return FileChange{.path = revision.file, .before = *bytes, .after = *changed};
}

Result<FileChange> HistoryChange::deleted(int node) const
{
    const Revision &revision = m_graph.revision(node);
    const auto bytes = readScript(revision);
    if (!bytes)
        return bytes.error();
    return FileChange{
        .path = revision.file, .before = *bytes, .permissions = QFile::permissions(revision.file)};
}

Result<Edit> HistoryChange::edit(const QString &title) const
{
    if (const Status checked = check(); !checked)
        return checked.error();
    Edit edit{.title = title, .changes = m_files};
    for (auto it = m_headers.cbegin(); it != m_headers.cend(); ++it) {
        const auto change = rewritten(it.key(), it.value());
        if (!change)
            return change.error();
        if (change->before == change->after)
            continue;
        edit.changes.append(*change);
        edit.revisions.append(m_graph.revision(it.key()).id);
    }
    for (const int node : m_removed) {
        const auto change = deleted(node);
        if (!change)
            return change.error();
        edit.changes.append(*change);
        edit.revisions.append(m_graph.revision(node).id);
    }
    return edit;
}

} // namespace tribikos
