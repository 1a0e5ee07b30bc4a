#include "ui/schema/schemamodel.h"

#include "core/base/text.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// Top-level rows have this as their internal id, rows within a table the table's row + 1.
constexpr quintptr topLevel = 0;

QString partTitle(const TablePart &part)
{
    if (part.kind == Difference::Kind::Column)
        return part.name;
    const QString kind = differenceKindName(part.kind);
    return part.name.isEmpty() ? kind : u"%1 %2"_s.arg(kind, part.name);
}

QString sizeText(const TableView &table)
{
    const auto columns = std::ranges::count_if(table.parts, [](const BlamedPart &part) {
        return part.part.kind == Difference::Kind::Column;
    });
    const QString text = columns == 1 ? SchemaModel::tr("1 column")
                                      : SchemaModel::tr("%n columns", nullptr, int(columns));
    return table.isOpaque ? SchemaModel::tr("%1, and what raw SQL made of it").arg(text) : text;
}

} // namespace

void SchemaModel::setView(const std::shared_ptr<const SchemaView> &view)
{
    beginResetModel();
    m_view = view;
    endResetModel();
}

QModelIndex SchemaModel::indexOf(const TableName &table) const
{
    if (!m_view)
        return {};
    const auto place = std::ranges::find(m_view->tables, table, &TableView::name);
    return place == m_view->tables.cend() ? QModelIndex()
                                          : index(int(place - m_view->tables.cbegin()), 0);
}

QModelIndex SchemaModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : topLevel);
}

QModelIndex SchemaModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == topLevel)
        return {};
    return createIndex(int(child.internalId()) - 1, 0, topLevel);
}

int SchemaModel::rowCount(const QModelIndex &parent) const
{
    if (!m_view || parent.column() > 0)
        return 0;
    if (!parent.isValid())
        return int(m_view->tables.size() + m_view->objects.size());
    if (parent.internalId() != topLevel || parent.row() >= m_view->tables.size())
        return 0;
    return int(m_view->tables[parent.row()].parts.size());
}

int SchemaModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

const TableView *SchemaModel::tableAt(const QModelIndex &index) const
{
    const qsizetype row =
        index.internalId() == topLevel ? index.row() : qsizetype(index.internalId()) - 1;
    return row < m_view->tables.size() ? &m_view->tables[row] : nullptr;
}

const BlamedPart *SchemaModel::partAt(const QModelIndex &index) const
{
    return index.internalId() == topLevel ? nullptr : &tableAt(index)->parts[index.row()];
}

const ObjectView *SchemaModel::objectAt(const QModelIndex &index) const
{
    const qsizetype row = index.row() - m_view->tables.size();
    return index.internalId() == topLevel && row >= 0 ? &m_view->objects[row] : nullptr;
}

QString SchemaModel::revisionAt(const QModelIndex &index) const
{
    if (const BlamedPart *part = partAt(index))
        return part->revision;
    if (const ObjectView *object = objectAt(index))
        return object->revision;
    return tableAt(index)->revision;
}

QVariant SchemaModel::text(const QModelIndex &index) const
{
    if (index.column() == RevisionColumn)
        return visibleText(revisionAt(index), false);
    const bool isObject = index.column() == ObjectColumn;
    if (const BlamedPart *part = partAt(index))
        return visibleText(isObject ? partTitle(part->part) : part->part.text, false);
    if (const ObjectView *object = objectAt(index))
        return visibleText(isObject ? u"%1 %2"_s.arg(objectKindText(object->object.kind),
                                                     object->object.name.text())
                                    : object->object.definition.simplified(),
                           false);
    const TableView &table = *tableAt(index);
    return isObject ? visibleText(table.name.text(), false) : sizeText(table);
}

QString SchemaModel::accessibleText(const QModelIndex &index) const
{
    QStringList parts;
    for (int column = 0; column < ColumnCount; ++column) {
        const QString part = text(index.siblingAtColumn(column)).toString();
        if (!part.isEmpty())
            parts << (column == RevisionColumn ? tr("last changed by %1").arg(part) : part);
    }
    return parts.join(u", "_s);
}

QVariant SchemaModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(index);
    case Qt::ToolTipRole: return text(index).toString().toHtmlEscaped();
    case Qt::AccessibleTextRole:
        return index.column() == ObjectColumn ? accessibleText(index) : QVariant();
    case Qt::FontRole: {
        const bool isCode = partAt(index) || objectAt(index) || index.column() == RevisionColumn;
        if (isCode && index.column() != ObjectColumn)
            return QFontDatabase::systemFont(QFontDatabase::FixedFont);
        return {};
    }
    case Qt::ForegroundRole:
        if (index.column() != ObjectColumn && !partAt(index))
            return QApplication::palette().placeholderText();
        return {};
    case TableRole: return QVariant::fromValue(tableAt(index));
    case ObjectRole: return QVariant::fromValue(objectAt(index));
    case RevisionRole: return revisionAt(index);
    default: return {};
    }
}

QVariant SchemaModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Object"), tr("Definition"), tr("Last changed by")};
    return titles[section];
}

QString objectKindText(NamedObject::Kind kind)
{
    using Kind = NamedObject::Kind;
    switch (kind) {
    case Kind::View: return SchemaModel::tr("view");
    case Kind::MaterializedView: return SchemaModel::tr("materialized view");
    case Kind::Trigger: return SchemaModel::tr("trigger");
    case Kind::Function: return SchemaModel::tr("function");
    case Kind::Sequence: return SchemaModel::tr("sequence");
    case Kind::Enum: return SchemaModel::tr("enum");
    case Kind::Domain: return SchemaModel::tr("domain");
    case Kind::Extension: return SchemaModel::tr("extension");
    case Kind::Schema: return SchemaModel::tr("schema");
    }
    return {};
}

} // namespace tribikos
