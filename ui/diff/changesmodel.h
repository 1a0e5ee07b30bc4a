#pragma once

#include "core/diff/renames.h"
#include "ui/shell/chip.h"

#include <QAbstractItemModel>
#include <QSet>

namespace tribikos {

/// The chip that stands for \a verdict.
Chip verdictChip(Verdict verdict);

/// One side in full: an index as the statement that makes it.
QString sideSql(const Difference &difference, const QString &side);

/// Differences as a tree, table by table; a whole table that differs is one row. Leaves can be
/// ticked. Owns only values and decides nothing: order and verdicts come from the comparison.
class ChangesModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column {
        ObjectColumn,
        ModelsColumn,
        MigrationsColumn,
        DatabaseColumn,
        VerdictColumn,
        ColumnCount
    };
    enum Role {
        DifferenceRole = Qt::UserRole + 1, // const Difference *, null for a table's heading
        ChipRole,
        SideMissingRole, // bool: this side does not have the object
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setDifferences(const QList<Difference> &differences);
    /// What is to be written as a rename: both ends of each say so.
    void setRenames(const QList<Rename> &renames);
    /// Names over the columns; an empty \a database means that none was compared.
    void setSides(bool hasModels, const QString &database);
    /// Any two are compared: the migrations' column is \a from's, the database's \a to's.
    void setSources(const QString &from, const QString &to);
    /// One line of plain text, for the clipboard and for screen readers.
    QString lineOf(const Difference &difference) const;
    /// The name over a side's column.
    QString sideTitle(Column column) const;
    /// How many differences there are, ticked or not.
    const QList<Difference> &differences() const { return m_differences; }
    int differenceCount() const { return int(m_differences.size()); }
    QList<Difference> ticked() const;
    void setAllTicked(bool ticked);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

signals:
    void tickedChanged();

private:
    struct Group
    {
        TableName table{};
        QList<int> differences{};  // indexes into m_differences
        bool isWholeTable = false; // the heading is itself the one difference
    };
    int differenceAt(const QModelIndex &index) const; // -1: a heading
    QVariant displayText(const QModelIndex &index) const;
    QVariant sideText(const Difference &difference, int column) const;
    QString accessibleText(const Difference &difference) const;
    bool isMissing(const Difference &difference, int column) const;
    Chip chipOf(const Difference &difference) const;
    QString signOf(const Difference &difference) const;
    bool areSources() const { return !m_from.isEmpty(); }

    QList<Difference> m_differences{};
    QList<Group> m_groups{};
    QSet<int> m_ticked{};
    QList<Rename> m_renames{};
    bool m_hasModels = true;
    QString m_database{};
    QString m_from{}; // empty: models, migrations and database are compared
    QString m_to{};
};

/// "+", "~" or "−": what the wanted side (models, else migrations) would do to the rest.
QString differenceSign(const Difference &difference, bool hasModels);
/// The same of any two schemas, and the chip that says it: "new", "changed", "dropped".
QString changeSign(const Difference &difference);
Chip changeChip(const Difference &difference);

} // namespace tribikos
