// The parts of HistoryModel that put a row into words.
#include "core/base/text.h"
#include "ui/history/historymodel.h"

#include <QDateTime>
#include <QLocale>

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
    return when.isValid() ? shownDate(when, today) : visibleText(createDate, false);
}

QString shownDate(const QDateTime &when, const QDate &today)
{
    if (!when.isValid())
        return {};
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
    case AuthorColumn: return visibleText(m_authors.value(revisionAt(row).file).name, false);
    case DateColumn: return dateAt(row);
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
    for (const QString &environment : m_positions.value(revisionAt(row).id))
        chips << Chip{tr("%1 is here").arg(visibleText(environment, false))};
    if (const auto mark = m_marks.constFind(revisionAt(row).id); mark != m_marks.cend())
        chips << *mark;
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
    if (const auto author = m_authors.constFind(revisionAt(row).file); author != m_authors.cend())
        parts << tr("by %1").arg(visibleText(author->name, false));
    if (const QString date = displayText(row, DateColumn).toString(); !date.isEmpty())
        parts << date;
    if (parents.size() > 1)
        parts << tr("merge of %1").arg(m_history.graph.ids(parents).join(tr(" and ")));
    for (const Chip &chip : chipsAt(row) + notesAt(row))
        parts << chip.text;
    return parts.join(u", "_s);
}

/// Where the script says no date, its first commit does.
QString HistoryModel::dateAt(int row) const
{
    const Revision &revision = revisionAt(row);
    const QDate today = QDate::currentDate();
    if (revision.createDate.isEmpty())
        return shownDate(m_authors.value(revision.file).date.toLocalTime(), today);
    return shownDate(revision.createDate, today);
}

QString HistoryModel::authorTip(int row) const
{
    const auto author = m_authors.constFind(revisionAt(row).file);
    if (author == m_authors.cend())
        return {};
    return visibleText(tr("%1 <%2>\n%3 · commit %4\n%5")
                           .arg(author->name, author->email,
                                QLocale().toString(author->date, QLocale::ShortFormat),
                                author->commit.left(10), author->summary));
}

} // namespace tribikos
