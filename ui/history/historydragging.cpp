// The parts of HistoryModel and HistoryView that drag revisions onto others; core/edit/historydrop.h says what becomes of it.
#include "core/base/text.h"
#include "ui/history/historylist.h"
#include "ui/history/historymodel.h"
#include "ui/history/historyview.h"

#include <QDrag>
#include <QDragMoveEvent>
#include <QMimeData>
#include <QToolTip>

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

void HistoryView::setDraggable(bool draggable)
{
    m_model->setDraggable(draggable);
    setDragEnabled(draggable);
    setAcceptDrops(draggable);
    setDropIndicatorShown(draggable);
    setDragDropMode(draggable ? QAbstractItemView::DragDrop : QAbstractItemView::NoDragDrop);
}

QString dropText(const HistoryDrop &drop)
{
    const auto shown = [](const QString &id) { return visibleText(id, false); };
    switch (drop.kind) {
    case HistoryDrop::Kind::Merge:
        return HistoryView::tr("Merge %1 and %2 (with Shift: put %1 on %2)")
            .arg(shown(drop.first), shown(drop.target));
    case HistoryDrop::Kind::MoveChain:
        return HistoryView::tr("Move %1 … %2 onto %3")
            .arg(shown(drop.first), shown(drop.last), shown(drop.target));
    case HistoryDrop::Kind::Reparent: break;
    }
    return HistoryView::tr("Put %1 on %2").arg(shown(drop.first), shown(drop.target));
}

void HistoryView::hintAt(const QPoint &at, const QString &text)
{
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(viewport()->mapToGlobal(at + QPoint(12, 16)), text.toHtmlEscaped(),
                           this);
    emit dropHinted(text);
}

namespace {

/// Shift moves a head that would be merged.
Qt::DropAction dropActionOf(const QDropEvent &event)
{
    return event.modifiers().testFlag(Qt::ShiftModifier) ? Qt::MoveAction : Qt::LinkAction;
}

} // namespace

/// With the ids beside the mouse: a picture of whole rows would hide the one that it is over.
void HistoryView::startDrag(Qt::DropActions actions)
{
    auto *drag = new QDrag(this);
    QModelIndexList rows;
    for (const QString &id : selectedIds())
        rows << m_model->index(m_model->rowOf(id), 0);
    drag->setMimeData(m_model->mimeData(rows));
    drag->exec(actions, Qt::LinkAction);
}

/// None where revisions are folded: which of them would be meant?
QModelIndex HistoryView::dropTargetAt(const QPoint &at) const
{
    const QModelIndex index = indexAt(at);
    return index.isValid() && !m_list->isFolded(index.row()) ? m_list->mapToSource(index)
                                                             : QModelIndex();
}

void HistoryView::dragMoveEvent(QDragMoveEvent *event)
{
    QTreeView::dragMoveEvent(event);
    const QPoint at = event->position().toPoint();
    const QModelIndex target = dropTargetAt(at);
    if (!target.isValid())
        return hintAt(at, {});
    const auto drop = m_model->dropOf(event->mimeData(), dropActionOf(*event), target);
    hintAt(at, drop ? dropText(*drop) : visibleText(drop.error().message, false));
}

void HistoryView::dragLeaveEvent(QDragLeaveEvent *event)
{
    QTreeView::dragLeaveEvent(event);
    hintAt({}, {});
}

/// Not the base's way: which action it would choose differs from one window system to the next.
void HistoryView::dropEvent(QDropEvent *event)
{
    hintAt({}, {});
    setState(NoState);
    viewport()->update();
    const QModelIndex target = dropTargetAt(event->position().toPoint());
    if (!m_model->dropMimeData(event->mimeData(), dropActionOf(*event), -1, -1, target))
        return event->ignore();
    event->setDropAction(Qt::LinkAction); // the row stays: its file changes first
    event->accept();
}

} // namespace tribikos
