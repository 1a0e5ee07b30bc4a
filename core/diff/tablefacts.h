#pragma once

#include "core/dialects/dialect.h"
#include "core/diff/facts.h"

#include <QHash>

namespace tribikos {

struct ComparisonRules;

/// What the tables of one schema share while they are read. Inside of this room only.
class FactContext
{
public:
    FactContext(const Schema &schema, Backend itsBackend)
        : backend(itsBackend)
        , m_schema(schema)
    {}
    const Backend backend;
    /// The table that another one names; null: it is not there.
    const Table *table(const TableName &name);
    /// typeShape(), once for each text: most columns are of few types.
    const TypeShape &shapeOf(const QString &typeText);

private:
    const Schema &m_schema;
    QMap<TableName, const Table *> m_tables{}; // by folded name, once somebody asks
    QHash<QString, TypeShape> m_shapes{};
};

/// Reads one table into facts. Inside of this room only.
class TableFacts
{
public:
    TableFacts(FactContext &context, const Table &table);
    TableFact read() const;

private:
    ColumnFact columnFact(const Column &column) const;
    void readDefault(const Column &column, ColumnFact &fact) const;
    bool isNullable(const Column &column, const TypeShape &type) const;
    QStringList keyColumns() const;

    void add(TableFact &fact, const QString &key, ObjectFact object) const;
    void addKey(TableFact &fact) const;
    void addUnique(TableFact &fact, const UniqueConstraint &unique) const;
    void addForeignKey(TableFact &fact, const ForeignKey &key) const;
    void addCheck(TableFact &fact, const CheckConstraint &check, int ordinal) const;
    void addChecks(TableFact &fact) const;
    void addExclude(TableFact &fact, const ExcludeConstraint &exclude) const;
    void addIndex(TableFact &fact, const Index &index) const;
    bool isForeignKeyIndex(const Index &index) const;
    QString targetColumns(const ForeignKey &key) const;
    QString action(const QString &written) const;
    QString text(const ExprPtr &expression) const;
    QString identityText(const Identity &identity) const;
    QString indexElement(const ExprPtr &element, const Index &index) const;
    QString indexMethod(const Index &index) const;
    QString optionsText(const DialectOptions &options) const;
    QStringList identifiers(const QStringList &names) const;
    QString folded(const QString &name) const { return foldedName(name, m_backend); }
    QString folded(const QStringList &names) const;
    QString listed(const QStringList &names) const
    {
        return u'(' + identifiers(names).join(QLatin1String(", ")) + u')';
    }

    FactContext &m_context;
    const Table &m_table;
    const Backend m_backend;
    const ComparisonRules &m_rules;
    const Dialect &m_dialect;
};

} // namespace tribikos
