#pragma once

#include "core/autogenerate/autogenerate.h"
#include "core/autogenerate/typecomparison.h"
#include "core/dialects/dialect.h"

#include <QMap>
#include <QSet>

namespace tribikos {

/// Alembic's comparators, one function each; a file per subject. Inside of this room only.
class ModelComparison
{
public:
    explicit ModelComparison(const AutogenerateInput &input);
    ModelChanges run();

private:
    using Kind = ModelChange::Kind;
    /// An index or a unique constraint, which Alembic handles as one.
    struct Signature
    {
        QString name{}; // final; empty: unnamed
        std::optional<Index> index{};
        std::optional<UniqueConstraint> unique{};
        bool isUnique() const { return unique || index->unique; }
        QStringList columns() const;
        QStringList unnamed() const;
    };

    // comparetables.cpp
    void renameTable(const Rename &rename);
    void renameColumn(const Rename &rename);
    void addTable(const Table &modelled);
    void removeTable(const Table &reflected);
    void compareTable(const Table &reflected, const Table &modelled);
    void compareTableComment(const Table &reflected, const Table &modelled);
    QList<const Table *> addedTables();
    QList<const Table *> removedTables() const;
    TableName keyOf(const TableName &modelled) const;
    bool isCompared(const Table &table) const;
    bool isOthersPart(const TableName &name) const;

    // comparecolumns.cpp
    void addColumns(const Table &reflected, const Table &modelled);
    void removeColumns(const Table &reflected, const Table &modelled);
    void alterColumn(const Table &modelled, const Column &had, const Column &wanted);
    void compareNullable(const Column &had, const Column &wanted, AlterColumn &alter);
    void compareType(const Column &had, const Column &wanted, AlterColumn &alter);
    void compareDefault(const Table &modelled, const Column &had, const Column &wanted,
                        AlterColumn &alter);
    bool compareComputed(const Column &had, const Column &wanted, const AlterColumn &alter);
    bool compareIdentity(const Column &had, const Column &wanted, AlterColumn &alter);
    void compareComment(const Column &had, const Column &wanted, AlterColumn &alter);

    // compareindexes.cpp
    void compareIndexes(const Table *reflected, const Table *modelled);
    QList<Signature> modelSignatures(const Table &table) const;
    QList<Signature> reflectedSignatures(const Table &table, bool isDropped) const;
    void foldDuplicates(QList<Signature> &reflected, const QList<Signature> &modelled) const;
    void leaveOutExpressions(QList<Signature> &modelled, const QList<Signature> &reflected);
    void leaveOutKeyIndexes(QList<Signature> &modelled, QList<Signature> &reflected,
                            const Table *table) const;
    void removeSignatures(const QList<Signature> &modelled, const QList<Signature> &reflected);
    void matchSignatures(const QList<Signature> &modelled, const QList<Signature> &reflected);
    void addSignatures(const QList<Signature> &modelled, const QList<Signature> &reflected);
    void add(const Signature &signature);
    void remove(const Signature &signature);
    QString changeOf(const Signature &modelled, const Signature &reflected);
    QString indexChange(const Index &modelled, const Index &reflected);
    QString elementText(const ExprPtr &element) const;

    // compareconstraints.cpp
    void compareForeignKeys(const Table &reflected, const Table &modelled);
    void compareChecks(const Table &reflected, const Table &modelled);
    QString keySignature(const ForeignKey &key) const;

    ModelChange &push(Kind kind, const QString &name, Operation::Kind upgrade,
                      Operation::Kind downgrade, const QString &detected);
    void openBlock(const TableName &table);
    void closeBlock();
    QString final(const Name &name) const { return m_dialect.finalName(name); }
    QString shownTable() const { return m_block.table.text(); }
    bool isMySql() const;

    const AutogenerateInput m_input;
    const Dialect &m_dialect;
    TypeComparison m_types;
    ModelChanges m_found{};
    Schema m_seen{}; // the database as SQLAlchemy reflects it
    QMap<TableName, const Table *> m_models{};   // by keyOf()
    QMap<TableName, const Table *> m_database{};
    bool m_isCreated = false; // the table of the block is a new one, or
    bool m_isDropped = false; // one that goes
    TableChanges m_block{};
};

} // namespace tribikos
