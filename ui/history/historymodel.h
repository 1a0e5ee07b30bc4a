#pragma once

#include "core/base/diagnostic.h"
#include "core/edit/historydrop.h"
#include "core/git/historylog.h"
#include "core/graph/searchindex.h"
#include "core/project/project.h"
#include "ui/shell/chip.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QMap>
#include <memory>

namespace tribikos {

/// What the history shows: the finished layout and the graph it speaks of. Built once, then only
/// read.
struct HistoryData
{
    RevisionGraph graph{};
    QList<HistoryRow> rows{}; // newest first
};

/// The word and the tone for a state; an empty word for Unknown.
Chip stateChip(RevisionState state);
/// Alembic's creation date for a reader today; text that is no date comes back as it is.
QString shownDate(const QString &createDate, const QDate &today);
QString shownDate(const QDateTime &when, const QDate &today);

/// Shows a HistoryData with the states of one database; owns no file, no connection, no layout.
/// Resets only when the rows differ, so that selection and scroll survive an apply.
class HistoryModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        GraphColumn,
        MessageColumn,
        RevisionColumn,
        AuthorColumn,
        DateColumn,
        StateColumn,
        NotesColumn,
        ColumnCount
    };
    enum Role {
        RowRole = Qt::UserRole + 1, // const HistoryRow *, for the delegate
        StateRole,                  // int, a RevisionState
        ChipsRole,                  // QList<Chip> after the message
        NotesRole,                  // QList<Chip> of the last column
        IdRole,                     // QString
        MutedRole,                  // bool: drawn back
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setHistory(const HistoryData &history);
    /// States by revision id; \a environment names the column. An empty map: nothing is known.
    void setStates(const QString &environment, const QMap<QString, RevisionState> &states);
    void setDiagnostics(const Diagnostics &diagnostics);
    /// Where databases other than setStates()'s stand: environments by revision id.
    void setPositions(const QHash<QString, QStringList> &positions);
    /// A chip more for some revisions, by id.
    void setMarks(const QHash<QString, Chip> &marks);
    /// Who added which file, by its path; empty where no repository tells.
    void setAuthors(const QHash<QString, Authorship> &authors);
    bool hasAuthors() const { return !m_authors.isEmpty(); }
    /// What is applied is drawn back, rather than what is pending.
    void setAppliedMuted(bool muted);
    /// What the rows are found by; until one is set it is made of what their files' headers say.
    void setSearchIndex(const SearchIndex &index);
    const SearchIndex &searchIndex() const;
    /// One bit a row: those that folding must not hide, for a database is there or something is wrong.
    const QBitArray &keptRows() const { return m_kept; }

    const HistoryData &history() const { return m_history; }
    /// The same rows as a model of its own, for work on another thread.
    std::shared_ptr<const HistoryModel> copy() const;
    QString idAt(int row) const;
    int rowOf(const QString &id) const; // -1: not in the list
    /// The row to go to from \a row: the first parent, or the other one when \a other; -1: none.
    int parentRow(int row, bool other) const;
    int childRow(int row, bool other) const;
    /// The rows where the database is.
    QList<int> currentRows() const;
    Diagnostics diagnosticsOf(const QString &id) const { return m_diagnostics.value(id); }
    /// A revision that only others name because its file could not be read.
    bool isUnreadable(int row) const;
    /// While the graph may be edited, revisions can be dragged onto others.
    void setDraggable(bool draggable) { m_isDraggable = draggable; }
    /// What dropping \a data onto the row of \a target would do; with MoveAction a head is moved, not merged.
    Result<HistoryDrop> dropOf(const QMimeData *data, Qt::DropAction action,
                               const QModelIndex &target) const;

    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    Qt::DropActions supportedDropActions() const override;
    Qt::DropActions supportedDragActions() const override;
    bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                         const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void dropped(const tribikos::HistoryDrop &drop);
    void keptChanged();
    void searchIndexChanged();

private:
    const Revision &revisionAt(int row) const;
    RevisionState stateAt(int row) const;
    QString messageAt(int row) const;
    QVariant displayText(int row, int column) const;
    QList<Chip> chipsAt(int row) const;
    QList<Chip> notesAt(int row) const;
    QString accessibleText(int row) const;
    QString authorTip(int row) const;
    QString dateAt(int row) const;
    bool isMuted(int row) const;
    void updateKept();
    QBitArray rowsToKeep() const;
    int rowOfNode(const QList<int> &nodes, bool other) const;
    void changed(int firstColumn, int lastColumn);

    HistoryData m_history{};
    bool m_isDraggable = false;
    QHash<QString, int> m_rows{};
    QString m_environment{};
    QMap<QString, RevisionState> m_states{};
    QHash<QString, Diagnostics> m_diagnostics{};
    QHash<QString, QStringList> m_positions{};
    QHash<QString, Chip> m_marks{};
    QHash<QString, Authorship> m_authors{};
    bool m_isAppliedMuted = false;
    QBitArray m_kept{};
    mutable SearchIndex m_searchIndex{}; // of no row: to be made on first need
};

} // namespace tribikos

Q_DECLARE_METATYPE(QList<tribikos::Chip>)
