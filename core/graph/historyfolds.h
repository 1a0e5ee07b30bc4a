#pragma once

#include "core/graph/lanelayout.h"

#include <QSet>
#include <optional>

namespace tribikos {

/// A line of the history's list: one row, or a straight run of them folded into one.
struct HistoryLine
{
    int row = 0;   // the first, an index into the history's rows
    int count = 1; // above 1: folded
    friend bool operator==(const HistoryLine &, const HistoryLine &) = default;
};

/*!
    Which straight runs of a history are shown as one line each. A row belongs to a run when nothing happens there: its
    one child stands right above, its one parent right below, and it has no label and no dependency. So the lines
    through a run's rows are all alike, and any of them can stand for the run. What was opened is kept by id and
    survives other rows. A value; costs one walk over the rows.
*/
class HistoryFolds
{
public:
    static constexpr int shortest = 8;     // rows; shorter runs are no help
    static constexpr int longHistory = 1000; // rows from which on folding is the better beginning

    void setHistory(const RevisionGraph &graph, const QList<HistoryRow> &rows);
    /// Rows that are shown whatever stands around them, one bit a row; others may follow without a bit.
    void setKept(const QBitArray &rows) { m_kept = rows; }
    void setOn(bool isOn) { m_isOn = isOn; }
    bool isOn() const { return m_isOn; }

    /// The run that \a row belongs to, folded or opened; nullopt: none, or folding is off.
    std::optional<HistoryLine> runAt(int row) const;
    bool isOpen(const HistoryLine &run) const;
    void open(const HistoryLine &run);
    void close(const HistoryLine &run);

    /// What is shown, from above.
    QList<HistoryLine> lines() const;

private:
    QList<HistoryLine> runs() const;

    bool m_isOn = false;
    QBitArray m_straight{}; // rows at which nothing happens
    QBitArray m_kept{};
    QStringList m_ids{};    // of the rows
    QSet<QString> m_opened{};
};

/// One line for each of \a rows that is set.
QList<HistoryLine> linesOf(const QBitArray &rows);

} // namespace tribikos
