#include "ui/history/historymodel.h"

#include "core/base/text.h"
#include "ui/shell/problems.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QString stateText(RevisionState state)
{
    switch (state) {
    case RevisionState::Applied: return HistoryModel::tr("applied");
    case RevisionState::Current: return HistoryModel::tr("current");
    case RevisionState::Pending: return HistoryModel::tr("pending");
    case RevisionState::Missing: return HistoryModel::tr("missing here");
    case RevisionState::Unknown: break;
    }
    return {};
}

QString stateGlyph(RevisionState state)
{
    switch (state) {
    case RevisionState::Applied: return u"●"_s;
    case RevisionState::Current: return u"◉"_s;
    case RevisionState::Pending: return u"○"_s;
    case RevisionState::Missing: return u"✖"_s;
    case RevisionState::Unknown: break;
    }
    return {};
}

Chip::Tone stateTone(RevisionState state)
{
    switch (state) {
    case RevisionState::Applied:
    case RevisionState::Current: return Chip::Tone::Ok;
    case RevisionState::Pending: return Chip::Tone::Warn;
    case RevisionState::Missing: return Chip::Tone::Bad;
    case RevisionState::Unknown: break;
    }
    return Chip::Tone::Neutral;
}

} // namespace

Chip stateChip(RevisionState state)
{
    if (state == RevisionState::Unknown)
        return {};
    return {stateGlyph(state) + u' ' + stateText(state), stateTone(state)};
}

QString shownDate(const QString &createDate, const QDate &today)
{
    // "2023-12-20 10:59:00.123456+00:00": the wall clock of whoever wrote it, so the zone is left
    // alone
    const QDateTime when = QDateTime::fromString(createDate.left(16), u"yyyy-MM-dd HH:mm"_s);
    if (!when.isValid())
        return visibleText(createDate, false);
    const QLocale locale;
    const QString time = locale.toString(when.time(), u"HH:mm"_s);
    const qint64 days = when.date().daysTo(today);
    if (days == 0)
        return HistoryModel::tr("today %1").arg(time);
    if (days == 1)
        return HistoryModel::tr("yesterday %1").arg(time);
    if (when.date().year() == today.year())
        return locale.toString(when.date(), u"d MMM"_s) + u' ' + time;
    return locale.toString(when.date(), u"d MMM yyyy"_s);
}

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
    m_names.clear();
    endResetModel();
}

void HistoryModel::setStates(const QString &environment, const QMap<QString, RevisionState> &states)
{
    m_environment = environment;
    m_states = states;
    changed(0, ColumnCount - 1);
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
}

void HistoryModel::setNames(const QHash<QString, QStringList> &names)
{
    m_names = names;
    changed(MessageColumn, MessageColumn);
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
        return index.column() == MessageColumn
                   ? visibleText(revisionAt(row).longDoc).toHtmlEscaped().replace(u'\n', u"<br>"_s)
                   : QVariant();
    case RowRole: return QVariant::fromValue(&m_history.rows[row]);
    case StateRole: return int(stateAt(row));
    case ChipsRole: return QVariant::fromValue(chipsAt(row));
    case NotesRole: return QVariant::fromValue(notesAt(row));
    case IdRole: return revisionAt(row).id;
    case SearchRole: return searchText(row);
    default: return {};
    }
}

QString HistoryModel::messageAt(int row) const
{
    if (m_history.rows[row].isGhost)
        return isUnreadable(row) ? tr("could not be read") : tr("no file has this revision");
    const QString message = visibleText(revisionAt(row).message.simplified(), false);
    return message.isEmpty() ? tr("(no message)") : message;
}

bool HistoryModel::isUnreadable(int row) const
{
    return m_history.rows[row].isGhost && !m_diagnostics.value(revisionAt(row).id).isEmpty();
}

QVariant HistoryModel::displayText(int row, int column) const
{
    switch (column) {
    case MessageColumn: return messageAt(row);
    case RevisionColumn: return visibleText(revisionAt(row).id, false);
    case DateColumn: return shownDate(revisionAt(row).createDate, QDate::currentDate());
    case StateColumn: return stateChip(stateAt(row)).text;
    default: return {};
    }
}

QList<Chip> HistoryModel::chipsAt(int row) const
{
    const HistoryRow &line = m_history.rows[row];
    QList<Chip> chips;
    if (stateAt(row) == RevisionState::Current)
        chips << Chip{tr("%1 is here").arg(visibleText(m_environment, false)), Chip::Tone::Accent};
    if (line.isHead)
        chips << Chip{tr("head")};
    for (const QString &label : m_history.graph.labels(line.node))
        chips << Chip{visibleText(label, false)};
    if (line.isBranchPoint)
        chips << Chip{tr("branchpoint")};
    if (line.isMergePoint)
        chips << Chip{tr("merge")};
    return chips;
}

QList<Chip> HistoryModel::notesAt(int row) const
{
    const HistoryRow &line = m_history.rows[row];
    QList<Chip> notes;
    if (line.isGhost)
        notes << Chip{isUnreadable(row) ? tr("✖ unreadable") : tr("✖ file missing"),
                      Chip::Tone::Bad};
    if (line.isInCycle)
        notes << Chip{tr("✖ in a cycle"), Chip::Tone::Bad};
    int errors = 0;
    int warnings = 0;
    bool isEvaluated = true;
    for (const Diagnostic &diagnostic : m_diagnostics.value(revisionAt(row).id)) {
        if (diagnostic.code == u"not-evaluated"_s)
            isEvaluated = false;
        else
            ++(diagnostic.severity == Severity::Error ? errors : warnings);
    }
    if (!isEvaluated)
        notes << Chip{tr("▲ can’t be evaluated"), Chip::Tone::Warn};
    if (errors > 0 && !isUnreadable(row))
        notes << Chip{(errors == 1 ? tr("✖ 1 problem") : tr("✖ %n problems", nullptr, errors)),
                      Chip::Tone::Bad};
    if (warnings > 0)
        notes << Chip{(warnings == 1 ? tr("▲ 1 note") : tr("▲ %n notes", nullptr, warnings)),
                      Chip::Tone::Warn};
    if (!m_history.graph.dependencies(line.node).isEmpty())
        notes << Chip{
            tr("⤷ depends on") + u' '
            + visibleText(
                m_history.graph.ids(m_history.graph.dependencies(line.node)).join(u", "_s), false)};
    return notes;
}

QString HistoryModel::accessibleText(int row) const
{
    QStringList parts{messageAt(row), revisionAt(row).id};
    const QString state = stateText(stateAt(row));
    if (!state.isEmpty())
        parts << state;
    const QList<int> parents = m_history.graph.parents(m_history.rows[row].node);
    if (parents.size() > 1)
        parts << tr("merge of %1").arg(m_history.graph.ids(parents).join(tr(" and ")));
    for (const Chip &chip : chipsAt(row) + notesAt(row))
        parts << chip.text;
    return parts.join(u", "_s);
}

QString HistoryModel::searchText(int row) const
{
    const Revision &revision = revisionAt(row);
    QStringList parts{revision.longDoc, revision.message,
                      m_history.graph.labels(m_history.rows[row].node).join(u' ')};
    parts << m_names.value(revision.id);
    return parts.join(u'\n');
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case GraphColumn: return tr("Graph");
    case MessageColumn: return tr("Message");
    case RevisionColumn: return tr("Revision");
    case DateColumn: return tr("Date");
    case StateColumn:
        return m_environment.isEmpty() ? tr("State") : visibleText(m_environment, false);
    case NotesColumn: return tr("Notes");
    default: return {};
    }
}

} // namespace tribikos
