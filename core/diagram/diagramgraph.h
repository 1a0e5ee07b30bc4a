#pragma once

#include "core/schema/schema.h"

#include <set>

/*!
    A schema as a diagram shows it: boxes with rows, and lines between them. Who stands where is
    core/diagram/diagramlayout.h; how it looks is the window's affair.
*/
namespace tribikos {

/// Which columns a table's box lists.
enum class DiagramDetail { Names, Keys, Columns };

/// How many rows of a table may stand at a line's end.
enum class LinkEnd { One, ZeroOrOne, ZeroOrMany };

struct DiagramTable
{
    TableName name{};
    QStringList rows{}; // the columns that are listed, in the table's order
};

/// A foreign key whose both tables are shown. Tables by their place in DiagramGraph::tables.
struct DiagramLink
{
    int from = 0;     // the table that has the key
    int to = 0;       // the one it names; the same for a key onto itself
    int fromRow = -1; // the row that the line starts at; -1: the box's head
    int toRow = -1;
    LinkEnd fromEnd = LinkEnd::ZeroOrMany; // ZeroOrOne where the key's columns are unique
    LinkEnd toEnd = LinkEnd::One;          // ZeroOrOne where they may be null
    QString name{};                        // the constraint's; may be empty
    QStringList columns{};
    QStringList targetColumns{};
};

struct DiagramGraph
{
    QList<DiagramTable> tables{}; // by name
    QList<DiagramLink> links{};   // by table, then as the table lists them
};

/// The tables of \a schema that \a shown names, or all where it is null.
DiagramGraph diagramGraph(const Schema &schema, DiagramDetail detail,
                          const std::set<TableName> *shown = nullptr);

/// \a table and what is at most \a steps foreign keys away from it, in either direction.
std::set<TableName> neighbourhood(const Schema &schema, const TableName &table, int steps = 1);

/// What \a key names in \a schema: the table itself, or the one of the same name in the schema of \a owner where the
/// key says none. Null: not there.
const Table *referencedTable(const Schema &schema, const TableName &owner, const ForeignKey &key);

} // namespace tribikos
