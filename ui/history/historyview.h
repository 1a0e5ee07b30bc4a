#pragma once

#include <QTreeView>

namespace tribikos {

class HistoryDelegate;
class HistoryList;
class HistoryModel;
struct HistoryDrop;

/// The list of revisions with its graph: selection, keyboard, context menu. Ids go out as text.
class HistoryView final : public QTreeView
{
    Q_OBJECT
public:
    explicit HistoryView(QWidget *parent = nullptr);

    void setHistoryModel(HistoryModel *model);
    QString selectedId() const; // where the keyboard is
    /// All that are selected, newest first; a folded line stands for all that it hides.
    QStringList selectedIds() const;
    /// Opens what hides it.
    void select(const QString &id);
    /// Selects the row where the database is; the next one when it is selected already.
    void selectCurrentPosition();
    void setFilter(const QString &text);
    /// Shows long straight runs as one line each.
    void setFolding(bool isOn);
    /// Graph, message and id alone, for small places.
    void setCompact(bool isCompact);
    HistoryList *list() const { return m_list; }
    int shownRows() const;
    void selectFirst();
    /// Actions of the context menu, in order; the window owns what they do.
    void setMenuActions(const QList<QAction *> &actions) { m_menuActions = actions; }

    /// While the graph may be edited, rows can be dragged onto others.
    void setDraggable(bool draggable);

signals:
    void selected(const QString &id); // empty: nothing is selected
    void selectionGrew();             // the same current row, others beside it
    /// What letting go here would do, or why nothing; empty: nothing is dragged any more.
    void dropHinted(const QString &text);
    void activatedRevision(const QString &id);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void startDrag(Qt::DropActions actions) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    /// What is to be seen again when the rows have changed.
    struct Place
    {
        QString anchor{}; // a visible revision: the current one or else the topmost
        int offset = 0;   // rows between it and the upper border
        int top = 0;      // rows above the upper border
        int current = -1; // row
        QStringList selected{};
    };
    void goTo(const QModelIndex &index);
    void rememberPlace();
    void restorePlace();
    QModelIndex dropTargetAt(const QPoint &at) const;
    void hintAt(const QPoint &at, const QString &text);
    void buildKeys();
    void sizeColumns();
    void fitColumns();
    bool unfold(const QModelIndex &index);
    void foldAgain();
    void step(bool toParent, bool other);
    void look(int by);
    void copyId();

    int m_notesWidth = 0; // what the column has while there is room
    bool m_isNarrow = false;
    bool m_isCompact = false;
    int m_pressed = -1; // line
    HistoryModel *m_model = nullptr;
    HistoryList *m_list = nullptr;
    HistoryDelegate *m_delegate = nullptr;
    QList<QAction *> m_menuActions{};
    QString m_lastSelected{};
    Place m_place{};
};

/// What \a drop will do, for people.
QString dropText(const HistoryDrop &drop);

} // namespace tribikos
