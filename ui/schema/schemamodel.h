#pragma once

#include "core/project/schemaview.h"

#include <QAbstractItemModel>
#include <memory>

namespace tribikos {

/// A schema as a tree: tables with their columns, keys and indexes, then views, types and the like. Owns only values.
class SchemaModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { ObjectColumn, DefinitionColumn, RevisionColumn, ColumnCount };
    enum Role {
        TableRole = Qt::UserRole + 1, // const TableView *, of a table's row and of those within
        RevisionRole,                 // QString
        ObjectRole,                   // const ObjectView *
    };

    using QAbstractItemModel::QAbstractItemModel;

    /// Null: nothing to show.
    void setView(const std::shared_ptr<const SchemaView> &view);
    QModelIndex indexOf(const TableName &table) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const TableView *tableAt(const QModelIndex &index) const;  // of the row or of the one above it
    const BlamedPart *partAt(const QModelIndex &index) const;  // null: no row of a part
    const ObjectView *objectAt(const QModelIndex &index) const;
    QVariant text(const QModelIndex &index) const;
    QString revisionAt(const QModelIndex &index) const;
    QString accessibleText(const QModelIndex &index) const;

    std::shared_ptr<const SchemaView> m_view{};
};

/// "view", "trigger", "type" …
QString objectKindText(NamedObject::Kind kind);

} // namespace tribikos
