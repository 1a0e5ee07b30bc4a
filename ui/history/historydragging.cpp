// The parts of HistoryModel that drag revisions onto others; core/edit/historydrop.h says what becomes of it.
#include "ui/history/historymodel.h"

#include <QMimeData>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {
constexpr auto revisionsMime = "application/x-tribikos-revisions";
}

Qt::ItemFlags HistoryModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || !m_isDraggable || m_history.rows[index.row()].isGhost)
        return flags;
    return flags | Qt::ItemIsDragEnabled | Qt::ItemIsDropEnabled;
}

QStringList HistoryModel::mimeTypes() const
{
    return {QLatin1StringView(revisionsMime)};
}

QMimeData *HistoryModel::mimeData(const QModelIndexList &indexes) const
{
    QStringList ids;
    for (const QModelIndex &index : indexes) {
        if (const QString id = idAt(index.row()); !ids.contains(id))
            ids << id;
    }
    auto *data = new QMimeData;
    data->setData(QLatin1StringView(revisionsMime), ids.join(u'\n').toUtf8());
    data->setText(ids.join(u'\n'));
    return data;
}

Qt::DropActions HistoryModel::supportedDropActions() const
{
    return Qt::LinkAction | Qt::MoveAction;
}

Qt::DropActions HistoryModel::supportedDragActions() const
{
    return Qt::LinkAction | Qt::MoveAction;
}

Result<HistoryDrop> HistoryModel::dropOf(const QMimeData *data, Qt::DropAction action,
                                         const QModelIndex &target) const
{
    if (!m_isDraggable)
        return Error{.code = ErrorCode::Usage,
                     .message = tr("The graph is locked; turn on “Edit graph” first.")};
    const QString ids = QString::fromUtf8(data->data(QLatin1StringView(revisionsMime)));
    return dropOn(m_history.graph, ids.split(u'\n', Qt::SkipEmptyParts), idAt(target.row()),
                  action == Qt::MoveAction);
}

bool HistoryModel::canDropMimeData(const QMimeData *data, Qt::DropAction action, int, int,
                                   const QModelIndex &parent) const
{
    return parent.isValid() && bool(dropOf(data, action, parent));
}

/// The files change later, and the rows with them: nothing is moved here.
bool HistoryModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int, int,
                                const QModelIndex &parent)
{
    if (!parent.isValid())
        return false;
    const Result<HistoryDrop> drop = dropOf(data, action, parent);
    if (drop)
        emit dropped(*drop);
    return bool(drop);
}

} // namespace tribikos
