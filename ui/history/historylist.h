#pragma once

#include "core/graph/historyfolds.h"

#include <QAbstractProxyModel>

namespace tribikos {

class HistoryModel;

/*!
    Which of a HistoryModel's rows are listed: all of them, long straight runs folded into one line each, or while
    something is searched for those that match it. What belongs to a run and what matches, core/graph knows. Every
    change is a reset; the view keeps selection and scroll over it.
*/
class HistoryList final : public QAbstractProxyModel
{
    Q_OBJECT
public:
    enum Role {
        FoldRole = Qt::UserRole + 100, // int, how many revisions a folded line stands for; 0: it is one
    };

    explicit HistoryList(HistoryModel *model, QObject *parent = nullptr);

    void setQuery(const QString &text);
    bool isSearching() const { return !m_query.isEmpty(); }

    void setFolding(bool isOn);
    bool isFolding() const { return m_folds.isOn(); }
    /// The run around the line at \a row is folded, or opened; false: there is none.
    bool fold(int row);
    bool unfold(int row);
    /// How many revisions would be folded with \a row; 0: none.
    int foldableAt(int row) const;
    /// Opens what hides \a id.
    void reveal(const QString &id);
    /// The revision that no fold may hide when rows change.
    void setSelected(const QString &id) { m_selected = id; }

    /// The line of \a id; -1: it is not listed, or hidden in a fold.
    int lineOf(const QString &id) const;
    /// The revisions of a line; several of a folded one, newest first.
    QStringList idsAt(int line) const;
    bool isFolded(int line) const { return m_lines.value(line).count > 1; }

    QModelIndex mapToSource(const QModelIndex &index) const override;
    QModelIndex mapFromSource(const QModelIndex &index) const override;
    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    void follow();
    void takeHistory();
    void takeStates();
    void layOut();
    void relist();
    QVariant foldData(const HistoryLine &line, int column, int role) const;

    HistoryModel *m_model = nullptr;
    HistoryFolds m_folds{};
    QString m_query{};
    QString m_selected{};
    QList<HistoryLine> m_lines{};
    QList<int> m_lineOfRow{}; // -1: hidden
};

} // namespace tribikos
