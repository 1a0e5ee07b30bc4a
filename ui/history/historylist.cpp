#include "ui/history/historylist.h"

#include "ui/history/historymodel.h"
#include "ui/shell/wording.h"

namespace tribikos {

using namespace Qt::StringLiterals;

HistoryList::HistoryList(HistoryModel *model, QObject *parent)
    : QAbstractProxyModel(parent)
    , m_model(model)
{
    setSourceModel(model);
    follow();
    takeHistory();
}

void HistoryList::follow()
{
    connect(m_model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        takeHistory();
        endResetModel();
    });
    connect(m_model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &from, const QModelIndex &to) {
                if (rowCount() > 0)
                    emit dataChanged(index(0, from.column()), index(rowCount() - 1, to.column()));
            });
    connect(m_model, &QAbstractItemModel::headerDataChanged, this,
            &QAbstractItemModel::headerDataChanged);
    connect(m_model, &QObject::destroyed, this, [this] { // a dialog may outlive it by a moment
        m_model = nullptr;
        beginResetModel();
        m_lines.clear();
        endResetModel();
    });
    connect(m_model, &HistoryModel::keptChanged, this, &HistoryList::takeStates);
    connect(m_model, &HistoryModel::searchIndexChanged, this, [this] {
        if (isSearching())
            relist();
    });
}

void HistoryList::takeHistory()
{
    m_folds.setHistory(m_model->history().graph, m_model->history().rows);
    m_folds.setKept(m_model->keptRows());
    layOut();
}

/// Where databases are, and what has a problem, is never folded.
void HistoryList::takeStates()
{
    m_folds.setKept(m_model->keptRows());
    if (isFolding() && !isSearching())
        relist();
}

void HistoryList::layOut()
{
    if (isSearching()) {
        m_lines = linesOf(m_model->searchIndex().matching(m_query));
    } else {
        if (const auto run = m_folds.runAt(m_model->rowOf(m_selected)))
            m_folds.open(*run);
        m_lines = m_folds.lines();
    }
    m_lineOfRow.fill(-1, m_model->rowCount());
    for (int line = 0; line < m_lines.size(); ++line) {
        if (m_lines[line].count == 1)
            m_lineOfRow[m_lines[line].row] = line;
    }
}

void HistoryList::relist()
{
    beginResetModel();
    layOut();
    endResetModel();
}

void HistoryList::setQuery(const QString &text)
{
    const QString query = text.simplified();
    if (query == m_query)
        return;
    m_query = query;
    relist();
}

void HistoryList::setFolding(bool isOn)
{
    if (isOn == m_folds.isOn())
        return;
    m_folds.setOn(isOn);
    if (!isSearching())
        relist();
}

int HistoryList::foldableAt(int row) const
{
    if (isSearching() || row < 0 || row >= m_lines.size() || isFolded(row))
        return 0;
    const auto run = m_folds.runAt(m_lines[row].row);
    return run ? run->count : 0;
}

bool HistoryList::fold(int row)
{
    if (foldableAt(row) == 0)
        return false;
    m_folds.close(*m_folds.runAt(m_lines[row].row));
    m_selected.clear();
    relist();
    return true;
}

bool HistoryList::unfold(int row)
{
    if (!isFolded(row))
        return false;
    m_folds.open(m_lines[row]);
    relist();
    return true;
}

void HistoryList::reveal(const QString &id)
{
    const int row = m_model->rowOf(id);
    const auto run = row < 0 || isSearching() ? std::nullopt : m_folds.runAt(row);
    if (!run || m_folds.isOpen(*run))
        return;
    m_folds.open(*run);
    relist();
}

int HistoryList::lineOf(const QString &id) const
{
    return m_model ? m_lineOfRow.value(m_model->rowOf(id), -1) : -1;
}

QStringList HistoryList::idsAt(int line) const
{
    QStringList ids;
    const HistoryLine shown = m_lines.value(line, {.count = 0});
    for (int row = shown.row; row < shown.row + shown.count; ++row)
        ids << m_model->idAt(row);
    return ids;
}

QModelIndex HistoryList::mapToSource(const QModelIndex &index) const
{
    return index.isValid() ? m_model->index(m_lines[index.row()].row, index.column())
                           : QModelIndex();
}

QModelIndex HistoryList::mapFromSource(const QModelIndex &index) const
{
    const int line = index.isValid() ? m_lineOfRow.value(index.row(), -1) : -1;
    return line < 0 ? QModelIndex() : this->index(line, index.column());
}

QModelIndex HistoryList::index(int row, int column, const QModelIndex &parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex HistoryList::parent(const QModelIndex &) const
{
    return {};
}

int HistoryList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int HistoryList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(HistoryModel::ColumnCount);
}

QVariant HistoryList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_model)
        return {};
    const HistoryLine &line = m_lines[index.row()];
    return line.count > 1 ? foldData(line, index.column(), role)
                          : QAbstractProxyModel::data(index, role);
}

/// Of a folded line only the lines through it and the state are any of its rows'.
QVariant HistoryList::foldData(const HistoryLine &line, int column, int role) const
{
    switch (role) {
    case FoldRole: return line.count;
    case Qt::DisplayRole:
        return column == HistoryModel::MessageColumn ? revisionsText(line.count) : QVariant();
    case Qt::AccessibleTextRole:
        return column == HistoryModel::GraphColumn
                   ? tr("%1, folded; Enter shows them").arg(revisionsText(line.count))
                   : foldData(line, column, Qt::DisplayRole);
    case Qt::ToolTipRole:
        return tr("%1 … %2: one after the other, without a branch, merge or label")
            .arg(m_model->idAt(line.row + line.count - 1), m_model->idAt(line.row))
            .toHtmlEscaped();
    case HistoryModel::RowRole:
    case HistoryModel::StateRole:
    case HistoryModel::MutedRole: return m_model->index(line.row, column).data(role);
    default: return {};
    }
}

QVariant HistoryList::headerData(int section, Qt::Orientation orientation, int role) const
{
    return m_model ? m_model->headerData(section, orientation, role) : QVariant();
}

Qt::ItemFlags HistoryList::flags(const QModelIndex &index) const
{
    if (index.isValid() && isFolded(index.row()))
        return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return index.isValid() ? m_model->flags(mapToSource(index)) : Qt::NoItemFlags;
}

} // namespace tribikos
