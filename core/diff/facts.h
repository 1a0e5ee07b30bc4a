#pragma once

#include "core/diff/diff.h"
#include "core/diff/normaltext.h"

#include <QMap>
#include <QSet>
#include <QString>
#include <optional>

/*!
    A schema as the comparison sees it: every object under a key that is the same on every side,
    with a value in which equal means the same to the database, and the text to show. Inside of this
    room only.
*/
namespace tribikos {

inline constexpr QLatin1String anyName{"?"};

struct ColumnFact
{
    QString name{};
    QString shown{}; // "VARCHAR(20) NOT NULL DEFAULT 'x'"
    QString typeShown{};
    TypeShape type{};
    bool isNullable = true;
    QString defaultShown{};
    std::optional<QString> defaultKey{};
    bool isDefaultKnown = true;
    bool isGenerated = false; // the default is GENERATED ALWAYS AS
    std::optional<QString> comment{};
};

/// A key, check, index or named object.
struct ObjectFact
{
    Difference::Kind kind = Difference::Kind::Index;
    QString name{};           // as written; empty: unnamed
    QString nameKey{};        // for comparing; empty or anyName: equal to every other
    QString value{};          // what it is, beside its key
    bool isValueKnown = true; // false: equal to any
    QString shown{};
    QString what{};          // objects: "view", "trigger"
    bool isOptional = false; // a type's check: missing elsewhere it is no difference
};
/// Keyed by kind and by what makes it the same thing on every side.
using ObjectFacts = QMap<std::pair<int, QString>, ObjectFact>;

struct TableFact
{
    TableName name{};
    QString shown{};
    bool isOpaque = false;
    bool isPartition = false; // of another table: where only a database has it, it is data's business
    std::optional<QString> comment{};
    QMap<QString, ColumnFact> columns{}; // by folded name
    ObjectFacts objects{};
    bool hasDefinition() const { return !columns.isEmpty() || !isOpaque; }
};

struct SchemaFacts
{
    QMap<TableName, TableFact> tables{}; // by folded name
    ObjectFacts objects{};
    QSet<QString> namespaces{}; // of what it has
    QSet<QString> unseen{};     // ObjectFact::what of kinds that it can't say anything of
    bool isOpaque = false;
};

/// \a isWanted: the tables that are asked for; null: all.
SchemaFacts schemaFacts(const Schema &schema, Backend backend,
                        const std::function<bool(const TableName &)> &isWanted = {});
/// Adds the types that columns bring along and the schemas that things stand in (PostgreSQL), and marks what nobody
/// would miss as optional.
void addTypeFacts(const Schema &schema, Backend backend, SchemaFacts &facts);

/// Gives the unnamed checks of one table the key of the named check that is the same, on whichever
/// of \a sides that stands; null sides are skipped.
void alignChecks(const QList<TableFact *> &sides);

/// \a name in the form that the facts of \a backend are keyed by.
QString foldedName(const QString &name, Backend backend);
TableName foldedName(const TableName &name, Backend backend);

} // namespace tribikos
