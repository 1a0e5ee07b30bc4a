#include "ui/history/historyview.h"

#include "core/base/text.h"
#include "ui/history/historydelegate.h"
#include "ui/history/historylist.h"
#include "ui/history/historymodel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

HistoryView::HistoryView(QWidget *parent)
    : QTreeView(parent)
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
    connect(this, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        if (!unfold(index))
            emit activatedRevision(selectedId());
    });
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
    // then Ctrl+Space takes it to what is selected, as in other lists
    add(tr("Look below"), {Qt::ALT | Qt::Key_Down}, [this] { look(1); });
    add(tr("Look above"), {Qt::ALT | Qt::Key_Up}, [this] { look(-1); });
    add(tr("Copy id"), {QKeySequence::Copy}, [this] { copyId(); });
}

void HistoryView::setHistoryModel(HistoryModel *model)
{
    m_model = model;
    m_list = new HistoryList(model, this);
    // before the view's own connections, at which the selection is lost
    connect(m_list, &QAbstractItemModel::modelAboutToBeReset, this, &HistoryView::rememberPlace);
    setModel(m_list);
    sizeColumns();
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        m_lastSelected = selectedId();
        m_list->setSelected(m_lastSelected);
        emit selected(m_lastSelected);
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &HistoryView::selectionGrew);
    connect(model, &QAbstractItemModel::modelReset, this, &HistoryView::sizeColumns);
    connect(model, &QAbstractItemModel::headerDataChanged, this, &HistoryView::fitColumns);
    connect(m_list, &QAbstractItemModel::modelReset, this, &HistoryView::restorePlace);
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
        return m_list->index(m_list->lineOf(id), HistoryModel::MessageColumn);
    };
    QModelIndex current = indexOf(m_lastSelected);
    const bool isGone = !current.isValid() && m_place.current >= 0 && m_list->rowCount() > 0;
    if (isGone) // the one that stands there now
        current = m_list->index(qMin(m_place.current, m_list->rowCount() - 1),
                                HistoryModel::MessageColumn);
    const int anchor = m_list->lineOf(m_place.anchor);
    const int top = m_place.top > 0 && anchor >= 0 ? anchor - m_place.offset : m_place.top;
    if (current.isValid())
        goTo(current);
    QItemSelection others;
    for (const QString &id : m_place.selected.size() > 1 ? m_place.selected : QStringList()) {
        if (const QModelIndex index = indexOf(id); index.isValid())
            others.select(index, index);
    }
    selectionModel()->select(others, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    verticalScrollBar()->setValue(top);
    m_place = {};
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
    setColumnWidth(HistoryModel::AuthorColumn, 11 * em);
    setColumnWidth(HistoryModel::DateColumn, metrics.horizontalAdvance(u"yesterday 00:00"_s) + 26);
    setColumnWidth(HistoryModel::StateColumn, 9 * em);
    m_notesWidth = 15 * em;
    setColumnWidth(HistoryModel::NotesColumn, m_notesWidth);
    m_isNarrow = false;
    fitColumns();
}

/// The message keeps twenty letters: notes give way first, then the author goes, the date, and the notes.
void HistoryView::fitColumns()
{
    if (!m_model)
        return;
    if (m_isCompact) {
        for (const int column :
             {HistoryModel::AuthorColumn, HistoryModel::DateColumn, HistoryModel::NotesColumn})
            setColumnHidden(column, true);
        return;
    }
    const int em = QFontMetrics(font()).horizontalAdvance(u'm');
    const int needed = 20 * em;
    const int leastNotes = 6 * em;
    int room = viewport()->width() - columnWidth(HistoryModel::GraphColumn)
               - columnWidth(HistoryModel::RevisionColumn) - columnWidth(HistoryModel::StateColumn)
               - needed;
    const int date = QFontMetrics(font()).horizontalAdvance(u"yesterday 00:00"_s) + 26;
    const int author = 11 * em;
    const bool hasNotes = room >= leastNotes;
    const bool hasDate = room >= leastNotes + date;
    const bool hasAuthor = m_model->hasAuthors() && room >= leastNotes + date + author;
    room -= (hasDate ? date : 0) + (hasAuthor ? author : 0);
    setColumnHidden(HistoryModel::DateColumn, !hasDate);
    setColumnHidden(HistoryModel::AuthorColumn, !hasAuthor);
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
    QList<int> lines;
    for (const QModelIndex &index : selectionModel()->selectedRows(HistoryModel::MessageColumn))
        lines << index.row();
    std::ranges::sort(lines);
    QStringList ids;
    for (const int line : std::as_const(lines))
        ids << m_list->idsAt(line);
    return ids;
}

void HistoryView::select(const QString &id)
{
    m_list->reveal(id);
    const QModelIndex index = m_list->index(m_list->lineOf(id), HistoryModel::MessageColumn);
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
    m_delegate->setEdgesVisible(text.trimmed().isEmpty());
    m_list->setQuery(text);
    if (!kept.isEmpty())
        select(kept);
    if (!currentIndex().isValid() && m_list->rowCount() > 0)
        goTo(m_list->index(0, HistoryModel::MessageColumn));
    viewport()->update();
}

void HistoryView::setFolding(bool isOn)
{
    m_list->setFolding(isOn);
}

void HistoryView::setCompact(bool isCompact)
{
    m_isCompact = isCompact;
    setColumnHidden(HistoryModel::StateColumn, isCompact);
    fitColumns();
}

bool HistoryView::unfold(const QModelIndex &index)
{
    const QStringList hidden = index.isValid() && m_list->isFolded(index.row())
                                   ? m_list->idsAt(index.row())
                                   : QStringList();
    if (!m_list->unfold(index.row()))
        return false;
    select(hidden.constFirst());
    return true;
}

/// As in a tree: Right opens what is folded, Left folds it again.
void HistoryView::keyPressEvent(QKeyEvent *event)
{
    const int line = currentIndex().row();
    const bool isPlain = event->modifiers() == Qt::NoModifier;
    if (isPlain && event->key() == Qt::Key_Right && unfold(currentIndex()))
        return;
    if (isPlain && event->key() == Qt::Key_Left && m_list->foldableAt(line) > 0) {
        foldAgain();
        return;
    }
    QTreeView::keyPressEvent(event);
}

/// To the line that the run has become.
void HistoryView::foldAgain()
{
    const int row = m_model->rowOf(selectedId());
    m_list->fold(currentIndex().row());
    for (int line = 0; line < m_list->rowCount(); ++line) {
        const int first = m_list->mapToSource(m_list->index(line, 0)).row();
        if (row < first || row >= first + m_list->idsAt(line).size())
            continue;
        goTo(m_list->index(line, HistoryModel::MessageColumn));
        return scrollTo(currentIndex(), QAbstractItemView::EnsureVisible);
    }
}

void HistoryView::mousePressEvent(QMouseEvent *event)
{
    m_pressed = indexAt(event->position().toPoint()).row();
    QTreeView::mousePressEvent(event);
}

/// A click opens what is folded; with Ctrl or Shift it selects, as everywhere.
void HistoryView::mouseReleaseEvent(QMouseEvent *event)
{
    QTreeView::mouseReleaseEvent(event);
    const QModelIndex index = indexAt(event->position().toPoint());
    const bool isPlain = event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier;
    if (isPlain && index.row() == m_pressed) // not the end of a selection that was drawn
        unfold(index);
}

void HistoryView::selectFirst()
{
    if (m_list->rowCount() == 0)
        return;
    goTo(m_list->index(0, HistoryModel::MessageColumn));
    scrollToTop();
}

int HistoryView::shownRows() const
{
    return m_list->rowCount();
}

void HistoryView::step(bool toParent, bool other)
{
    const QStringList here = m_list->idsAt(currentIndex().row()); // several where they are folded
    if (here.isEmpty())
        return;
    const int row = m_model->rowOf(toParent ? here.constLast() : here.constFirst());
    const int target = toParent ? m_model->parentRow(row, other) : m_model->childRow(row, other);
    if (target >= 0)
        select(m_model->idAt(target));
}

/// Moves without selecting.
void HistoryView::look(int by)
{
    const QModelIndex index = currentIndex().siblingAtRow(currentIndex().row() + by);
    if (!index.isValid())
        return;
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    scrollTo(index);
}

void HistoryView::copyId()
{
    if (const QStringList ids = selectedIds(); !ids.isEmpty())
        QApplication::clipboard()->setText(ids.join(u'\n'));
}

void HistoryView::contextMenuEvent(QContextMenuEvent *event)
{
    if (selectedIds().isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true); // they say why an action can't be had
    menu->addActions(m_menuActions);
    menu->addSeparator();
    if (const int count = m_list->foldableAt(currentIndex().row());
        m_list->isFolding() && count > 0)
        menu->addAction(tr("Fold these %1 revisions").arg(count), this, &HistoryView::foldAgain);
    menu->addAction(selectedIds().size() > 1 ? tr("Copy ids") : tr("Copy id"), this,
                    &HistoryView::copyId);
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
