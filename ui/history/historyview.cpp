#include "ui/history/historyview.h"

#include "core/base/text.h"
#include "ui/history/historydelegate.h"
#include "ui/history/historymodel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDrag>
#include <QFontDatabase>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

void HistoryFilter::setWords(const QString &text)
{
    m_words = text.simplified().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool HistoryFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_words.isEmpty())
        return true;
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const QString id = index.data(HistoryModel::IdRole).toString();
    const QString text = index.data(HistoryModel::SearchRole).toString();
    return std::all_of(m_words.cbegin(), m_words.cend(), [&](const QString &word) {
        return id.startsWith(word, Qt::CaseInsensitive)
               || text.contains(word, Qt::CaseInsensitive);
    });
}

HistoryView::HistoryView(QWidget *parent)
    : QTreeView(parent)
    , m_filter(new HistoryFilter(this))
    , m_delegate(new HistoryDelegate(this))
{
    setAccessibleName(tr("Revision history"));
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setDragDropOverwriteMode(true); // onto a row, never between two
    setDefaultDropAction(Qt::LinkAction);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(m_delegate);
    header()->setSectionsMovable(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setHighlightSections(false);
    buildKeys();
    connect(this, &QAbstractItemView::activated, this,
            [this] { emit activatedRevision(selectedId()); });
}

void HistoryView::buildKeys()
{
    const auto add = [this](const QString &text, const QList<QKeySequence> &keys, auto slot) {
        auto *action = new QAction(text, this);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
    };
    add(tr("Go to parent"), {Qt::CTRL | Qt::Key_Down}, [this] { step(true, false); });
    add(tr("Go to child"), {Qt::CTRL | Qt::Key_Up}, [this] { step(false, false); });
    add(tr("Go to other parent"), {Qt::CTRL | Qt::SHIFT | Qt::Key_Down},
        [this] { step(true, true); });
    add(tr("Go to other child"), {Qt::CTRL | Qt::SHIFT | Qt::Key_Up},
        [this] { step(false, true); });
    add(tr("Copy id"), {QKeySequence::Copy}, [this] { copyId(); });
}

void HistoryView::setHistoryModel(HistoryModel *model)
{
    m_model = model;
    // before the filter hears of it, at which the selection is lost
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &HistoryView::rememberPlace);
    m_filter->setSourceModel(model);
    setModel(m_filter);
    sizeColumns();
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        m_lastSelected = selectedId();
        emit selected(m_lastSelected);
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &HistoryView::selectionGrew);
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        sizeColumns();
        restorePlace();
    });
}

void HistoryView::rememberPlace()
{
    m_place = {.top = verticalScrollBar()->value(),
               .current = currentIndex().row(),
               .selected = selectedIds()};
    const bool isCurrentShown =
        currentIndex().isValid() && viewport()->rect().intersects(visualRect(currentIndex()));
    const QModelIndex anchor = isCurrentShown ? currentIndex() : indexAt(QPoint(0, 0));
    m_place.anchor = anchor.data(HistoryModel::IdRole).toString();
    m_place.offset = anchor.row() - m_place.top;
}

/// The same revisions, wherever they went, where the eye has left them; a list that stood at its top stays there.
void HistoryView::restorePlace()
{
    executeDelayedItemsLayout();
    const auto indexOf = [this](const QString &id) {
        const int row = m_model->rowOf(id);
        return row < 0 ? QModelIndex()
                       : m_filter->mapFromSource(m_model->index(row, HistoryModel::MessageColumn));
    };
    QModelIndex current = indexOf(m_lastSelected);
    const bool isGone = !current.isValid() && m_place.current >= 0 && m_filter->rowCount() > 0;
    if (isGone) // the one that stands there now
        current = m_filter->index(qMin(m_place.current, m_filter->rowCount() - 1),
                                  HistoryModel::MessageColumn);
    if (current.isValid())
        goTo(current);
    for (const QString &id : std::as_const(m_place.selected)) {
        if (const QModelIndex index = indexOf(id); index.isValid())
            selectionModel()->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    const QModelIndex anchor = indexOf(m_place.anchor);
    const int top = m_place.top > 0 && anchor.isValid() ? anchor.row() - m_place.offset : m_place.top;
    verticalScrollBar()->setValue(top);
    m_place = {};
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
        QToolTip::showText(viewport()->mapToGlobal(at + QPoint(12, 16)), text.toHtmlEscaped(), this);
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
    drag->setMimeData(m_filter->mimeData(selectionModel()->selectedRows()));
    drag->exec(actions, Qt::LinkAction);
}

void HistoryView::dragMoveEvent(QDragMoveEvent *event)
{
    QTreeView::dragMoveEvent(event);
    const QPoint at = event->position().toPoint();
    const QModelIndex target = m_filter->mapToSource(indexAt(at));
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
    const QModelIndex target = m_filter->mapToSource(indexAt(event->position().toPoint()));
    if (!m_model->dropMimeData(event->mimeData(), dropActionOf(*event), -1, -1, target))
        return event->ignore();
    event->setDropAction(Qt::LinkAction); // the row stays: its file changes first
    event->accept();
}

void HistoryView::sizeColumns()
{
    if (!m_model)
        return;
    const QFontMetrics metrics(font());
    const QFontMetrics mono(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    int lanes = 1;
    for (const HistoryRow &row : m_model->history().rows) {
        lanes = qMax(lanes, row.lane + 1);
        for (const LaneEdge &edge : row.edges)
            lanes = qMax(lanes, qMax(edge.fromLane, edge.toLane) + 1);
    }
    const int em = metrics.horizontalAdvance(u'm');
    QHeaderView *columns = header();
    columns->setStretchLastSection(false);
    columns->setMinimumSectionSize(3 * em);
    columns->setSectionResizeMode(QHeaderView::Interactive);
    columns->setSectionResizeMode(HistoryModel::MessageColumn, QHeaderView::Stretch);
    setColumnWidth(HistoryModel::GraphColumn,
                   qMax(metrics.horizontalAdvance(tr("Graph")) + 20,
                        14 + qMin(lanes, 12) * HistoryDelegate::laneWidth(metrics)));
    setColumnWidth(HistoryModel::RevisionColumn, mono.horizontalAdvance(QString(13, u'0')) + 18);
    setColumnWidth(HistoryModel::DateColumn, metrics.horizontalAdvance(u"yesterday 00:00"_s) + 26);
    setColumnWidth(HistoryModel::StateColumn, 9 * em);
    m_notesWidth = 15 * em;
    setColumnWidth(HistoryModel::NotesColumn, m_notesWidth);
    m_isNarrow = false;
    fitColumns();
}

/// The message keeps twenty letters: notes give way first, then the date goes, then the notes.
void HistoryView::fitColumns()
{
    const int em = QFontMetrics(font()).horizontalAdvance(u'm');
    const int needed = 20 * em;
    int room = viewport()->width() - columnWidth(HistoryModel::GraphColumn)
               - columnWidth(HistoryModel::RevisionColumn) - columnWidth(HistoryModel::StateColumn);
    const int date = QFontMetrics(font()).horizontalAdvance(u"yesterday 00:00"_s) + 26;
    const bool hasNotes = room >= needed + 6 * em;
    const bool hasDate = room >= needed + 6 * em + date;
    room -= needed + (hasDate ? date : 0);
    setColumnHidden(HistoryModel::DateColumn, !hasDate);
    setColumnHidden(HistoryModel::NotesColumn, !hasNotes);
    const bool isNarrow = room < m_notesWidth;
    if (isNarrow && hasNotes)
        setColumnWidth(HistoryModel::NotesColumn, room);
    else if (m_isNarrow && !isNarrow)
        setColumnWidth(HistoryModel::NotesColumn, m_notesWidth);
    m_isNarrow = isNarrow;
}

void HistoryView::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    fitColumns();
}

/// This row alone, whatever keys are held down.
void HistoryView::goTo(const QModelIndex &index)
{
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect
                                                 | QItemSelectionModel::Rows);
}

QString HistoryView::selectedId() const
{
    return currentIndex().data(HistoryModel::IdRole).toString();
}

QStringList HistoryView::selectedIds() const
{
    QList<int> rows;
    for (const QModelIndex &index : selectionModel()->selectedRows(HistoryModel::MessageColumn))
        rows << index.row();
    std::ranges::sort(rows);
    QStringList ids;
    for (const int row : std::as_const(rows))
        ids << m_filter->index(row, 0).data(HistoryModel::IdRole).toString();
    return ids;
}

void HistoryView::select(const QString &id)
{
    const int row = m_model->rowOf(id);
    if (row < 0)
        return;
    const QModelIndex index =
        m_filter->mapFromSource(m_model->index(row, HistoryModel::MessageColumn));
    if (!index.isValid())
        return;
    goTo(index);
    scrollTo(index, QAbstractItemView::EnsureVisible);
}

void HistoryView::selectCurrentPosition()
{
    const QList<int> rows = m_model->currentRows();
    if (rows.isEmpty())
        return;
    const qsizetype at = rows.indexOf(m_model->rowOf(selectedId()));
    select(m_model->idAt(rows[(at + 1) % rows.size()]));
}

void HistoryView::setFilter(const QString &text)
{
    const QString kept = m_lastSelected;
    m_filter->setWords(text);
    m_delegate->setEdgesVisible(!m_filter->isActive());
    if (!kept.isEmpty())
        select(kept);
    if (!currentIndex().isValid() && m_filter->rowCount() > 0)
        goTo(m_filter->index(0, HistoryModel::MessageColumn));
    viewport()->update();
}

void HistoryView::selectFirst()
{
    if (m_filter->rowCount() == 0)
        return;
    goTo(m_filter->index(0, HistoryModel::MessageColumn));
    scrollToTop();
}

int HistoryView::shownRows() const
{
    return m_filter->rowCount();
}

void HistoryView::step(bool toParent, bool other)
{
    const int row = m_model->rowOf(selectedId());
    if (row < 0)
        return;
    const int target = toParent ? m_model->parentRow(row, other) : m_model->childRow(row, other);
    if (target >= 0)
        select(m_model->idAt(target));
}

void HistoryView::copyId()
{
    if (const QStringList ids = selectedIds(); !ids.isEmpty())
        QApplication::clipboard()->setText(ids.join(u'\n'));
}

void HistoryView::contextMenuEvent(QContextMenuEvent *event)
{
    if (selectedId().isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true); // they say why an action can't be had
    menu->addActions(m_menuActions);
    menu->addSeparator();
    menu->addAction(tr("Copy id"), this, &HistoryView::copyId);
    menu->popup(event->reason() == QContextMenuEvent::Keyboard
                    ? viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft())
                    : event->globalPos());
}

void HistoryView::changeEvent(QEvent *event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        sizeColumns();
}

} // namespace tribikos
