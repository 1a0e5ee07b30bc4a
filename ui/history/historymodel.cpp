#include "ui/history/historymodel.h"

#include "core/base/text.h"
#include "ui/shell/problems.h"

#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

void HistoryModel::setHistory(const HistoryData &history)
{
    const auto key = [](const HistoryData &data, const HistoryRow &row) -> const Revision & {
        return data.graph.revision(row.node);
    };
    const bool sameRows = std::ranges::equal(
        history.rows, m_history.rows, [&](const HistoryRow &a, const HistoryRow &b) {
            return a == b && key(history, a) == key(m_history, b);
        });
    if (sameRows) {
        m_history = history;
        changed(0, ColumnCount - 1);
        return;
    }
    beginResetModel();
    m_history = history;
    m_rows.clear();
    m_rows.reserve(history.rows.size());
    for (int row = 0; row < history.rows.size(); ++row)
        m_rows.insert(revisionAt(row).id, row);
    m_searchIndex = {};
    m_kept = rowsToKeep();
    endResetModel();
}

std::shared_ptr<const HistoryModel> HistoryModel::copy() const
{
    auto other = std::make_shared<HistoryModel>();
    other->m_history = m_history;
    other->m_rows = m_rows;
    other->m_environment = m_environment;
    other->m_states = m_states;
    other->m_diagnostics = m_diagnostics;
    other->m_positions = m_positions;
    other->m_marks = m_marks;
    other->m_authors = m_authors;
    other->m_isAppliedMuted = m_isAppliedMuted;
    return other;
}

void HistoryModel::setStates(const QString &environment, const QMap<QString, RevisionState> &states)
{
    m_environment = environment;
    m_states = states;
    changed(0, ColumnCount - 1);
    updateKept();
    emit headerDataChanged(Qt::Horizontal, StateColumn, StateColumn);
}

void HistoryModel::setDiagnostics(const Diagnostics &diagnostics)
{
    m_diagnostics.clear();
    QStringList ghosts; // their files, if there are any, could not be read
    for (int row = 0; row < rowCount(); ++row) {
        if (m_history.rows[row].isGhost)
            ghosts << idAt(row);
    }
    for (const Diagnostic &diagnostic : diagnostics) {
        if (!diagnostic.revision.isEmpty())
            m_diagnostics[diagnostic.revision].append(diagnostic);
        for (const QString &ghost : std::as_const(ghosts)) {
            if (diagnostic.revision.isEmpty() && isProblemOf(diagnostic, ghost))
                m_diagnostics[ghost].append(diagnostic);
        }
    }
    changed(MessageColumn, MessageColumn);
    changed(NotesColumn, NotesColumn);
    updateKept();
}

void HistoryModel::setPositions(const QHash<QString, QStringList> &positions)
{
    if (positions == m_positions)
        return;
    m_positions = positions;
    changed(MessageColumn, MessageColumn);
    updateKept();
}

void HistoryModel::setMarks(const QHash<QString, Chip> &marks)
{
    m_marks = marks;
    changed(MessageColumn, MessageColumn);
    updateKept();
}

void HistoryModel::setAuthors(const QHash<QString, Authorship> &authors)
{
    if (authors == m_authors)
        return;
    m_authors = authors;
    changed(0, ColumnCount - 1);
    emit headerDataChanged(Qt::Horizontal, AuthorColumn, AuthorColumn);
}

void HistoryModel::setAppliedMuted(bool muted)
{
    m_isAppliedMuted = muted;
    changed(0, ColumnCount - 1);
}

void HistoryModel::setSearchIndex(const SearchIndex &index)
{
    if (index.count() != rowCount())
        return; // of other rows than these
    m_searchIndex = index;
    emit searchIndexChanged();
}

const SearchIndex &HistoryModel::searchIndex() const
{
    if (m_searchIndex.count() != rowCount())
        m_searchIndex = historyIndex(m_history.graph, m_history.rows);
    return m_searchIndex;
}

bool HistoryModel::isMuted(int row) const
{
    return stateAt(row) == (m_isAppliedMuted ? RevisionState::Applied : RevisionState::Pending);
}

QBitArray HistoryModel::rowsToKeep() const
{
    QBitArray kept(rowCount());
    const auto keep = [&](const QString &id) {
        if (const int row = rowOf(id); row >= 0)
            kept.setBit(row);
    };
    for (const int row : currentRows())
        kept.setBit(row);
    for (auto it = m_positions.cbegin(); it != m_positions.cend(); ++it)
        keep(it.key());
    for (auto it = m_marks.cbegin(); it != m_marks.cend(); ++it)
        keep(it.key());
    for (auto it = m_diagnostics.cbegin(); it != m_diagnostics.cend(); ++it) {
        if (std::ranges::any_of(
                *it, [](const Diagnostic &one) { return one.severity == Severity::Error; }))
            keep(it.key());
    }
    return kept;
}

void HistoryModel::updateKept()
{
    const QBitArray kept = rowsToKeep();
    if (kept == m_kept)
        return;
    m_kept = kept;
    emit keptChanged();
}

void HistoryModel::changed(int firstColumn, int lastColumn)
{
    if (rowCount() > 0)
        emit dataChanged(index(0, firstColumn), index(rowCount() - 1, lastColumn));
}

const Revision &HistoryModel::revisionAt(int row) const
{
    return m_history.graph.revision(m_history.rows[row].node);
}

QString HistoryModel::idAt(int row) const
{
    return row >= 0 && row < rowCount() ? revisionAt(row).id : QString();
}

int HistoryModel::rowOf(const QString &id) const
{
    return m_rows.value(id, -1);
}

int HistoryModel::rowOfNode(const QList<int> &nodes, bool other) const
{
    if (nodes.isEmpty())
        return -1;
    return rowOf(m_history.graph.revision(other ? nodes.last() : nodes.first()).id);
}

int HistoryModel::parentRow(int row, bool other) const
{
    return rowOfNode(m_history.graph.parents(m_history.rows[row].node), other);
}

int HistoryModel::childRow(int row, bool other) const
{
    return rowOfNode(m_history.graph.children(m_history.rows[row].node), other);
}

QList<int> HistoryModel::currentRows() const
{
    QList<int> rows;
    for (auto it = m_states.cbegin(); it != m_states.cend(); ++it) {
        const int row = it.value() == RevisionState::Current ? rowOf(it.key()) : -1;
        if (row >= 0)
            rows << row;
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

RevisionState HistoryModel::stateAt(int row) const
{
    return m_states.value(revisionAt(row).id, RevisionState::Unknown);
}

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_history.rows.size());
}

int HistoryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const int row = index.row();
    switch (role) {
    case Qt::DisplayRole: return displayText(row, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == GraphColumn ? accessibleText(row)
                                             : displayText(row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == AuthorColumn)
            return authorTip(row).toHtmlEscaped().replace(u'\n', u"<br>"_s);
        return index.column() == MessageColumn
                   ? visibleText(revisionAt(row).longDoc).toHtmlEscaped().replace(u'\n', u"<br>"_s)
                   : QVariant();
    case RowRole: return QVariant::fromValue(&m_history.rows[row]);
    case StateRole: return int(stateAt(row));
    case ChipsRole: return QVariant::fromValue(chipsAt(row));
    case NotesRole: return QVariant::fromValue(notesAt(row));
    case IdRole: return revisionAt(row).id;
    case MutedRole: return isMuted(row);
    default: return {};
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case GraphColumn: return tr("Graph");
    case MessageColumn: return tr("Message");
    case RevisionColumn: return tr("Revision");
    case AuthorColumn: return tr("Author");
    case DateColumn: return tr("Date");
    case StateColumn:
        return m_environment.isEmpty() ? tr("State") : visibleText(m_environment, false);
    case NotesColumn: return tr("Notes");
    default: return {};
    }
}

} // namespace tribikos
