#include "core/graph/historyfolds.h"

namespace tribikos {

namespace {

bool isUneventful(const RevisionGraph &graph, const HistoryRow &row)
{
    return !row.isGhost && !row.isInCycle && graph.revision(row.node).labels.isEmpty()
           && graph.parents(row.node).size() == 1 && graph.dependencies(row.node).isEmpty()
           && graph.allChildren(row.node).size() == 1;
}

} // namespace

void HistoryFolds::setHistory(const RevisionGraph &graph, const QList<HistoryRow> &rows)
{
    m_straight = QBitArray(rows.size());
    m_ids.clear();
    m_ids.reserve(rows.size());
    for (qsizetype i = 0; i < rows.size(); ++i) {
        m_ids.append(graph.revision(rows[i].node).id);
        if (i == 0 || i + 1 == rows.size() || !isUneventful(graph, rows[i]))
            continue;
        const bool isInLine = graph.children(rows[i].node) == QList<int>{rows[i - 1].node}
                              && graph.parents(rows[i].node).constFirst() == rows[i + 1].node;
        m_straight.setBit(i, isInLine);
    }
}

QList<HistoryLine> HistoryFolds::runs() const
{
    QList<HistoryLine> runs;
    const int count = m_isOn ? int(m_straight.size()) : 0;
    HistoryLine run{.count = 0};
    for (int row = 0; row <= count; ++row) {
        const bool belongs =
            row < count && m_straight.testBit(row) && !(row < m_kept.size() && m_kept.testBit(row));
        if (belongs) {
            run = run.count > 0 ? HistoryLine{run.row, run.count + 1} : HistoryLine{row, 1};
            continue;
        }
        if (run.count >= shortest)
            runs.append(run);
        run.count = 0;
    }
    return runs;
}

std::optional<HistoryLine> HistoryFolds::runAt(int row) const
{
    for (const HistoryLine &run : runs()) {
        if (row >= run.row && row < run.row + run.count)
            return run;
    }
    return std::nullopt;
}

bool HistoryFolds::isOpen(const HistoryLine &run) const
{
    for (int row = run.row; !m_opened.isEmpty() && row < run.row + run.count; ++row) {
        if (m_opened.contains(m_ids[row]))
            return true;
    }
    return false;
}

void HistoryFolds::open(const HistoryLine &run)
{
    for (int row = run.row; row < run.row + run.count; ++row)
        m_opened.insert(m_ids[row]);
}

void HistoryFolds::close(const HistoryLine &run)
{
    for (int row = run.row; row < run.row + run.count; ++row)
        m_opened.remove(m_ids[row]);
}

QList<HistoryLine> HistoryFolds::lines() const
{
    QList<HistoryLine> lines;
    int row = 0;
    const auto addRows = [&](int end) {
        for (; row < end; ++row)
            lines.append(HistoryLine{.row = row});
    };
    for (const HistoryLine &run : runs()) {
        if (isOpen(run))
            continue;
        addRows(run.row);
        lines.append(run);
        row += run.count;
    }
    addRows(int(m_ids.size()));
    return lines;
}

QList<HistoryLine> linesOf(const QBitArray &rows)
{
    QList<HistoryLine> lines;
    for (int row = 0; row < rows.size(); ++row) {
        if (rows.testBit(row))
            lines.append(HistoryLine{.row = row});
    }
    return lines;
}

} // namespace tribikos
