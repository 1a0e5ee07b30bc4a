#pragma once

#include "core/autogenerate/pythonbody.h"
#include "core/autogenerate/pythontypes.h"
#include "core/dialects/dialect.h"

namespace tribikos {

/// Alembic's renderer of one function's body. Inside of this room only.
class PythonWriter
{
public:
    PythonWriter(const PythonStyle &style, bool isUpgrade);

    /// One operation; empty: nothing can be said. \a change is what it is of.
    QString operation(const Operation &operation, const ModelChange &change);
    QString table(const TableName &name) const;
    void setBatch(bool isBatch) { m_isBatch = isBatch; }
    PythonNames &names() { return m_names; }

private:
    QString createTable(const CreateTable &create);
    QString dropTable(const DropTable &drop) const;
    QString renameTable(const RenameTable &rename) const;
    QString addColumn(const AddColumn &add);
    QString dropColumn(const DropColumn &drop) const;
    QString alterColumn(const AlterColumn &alter);
    QString createIndex(const CreateIndex &create);
    QString dropIndex(const DropIndex &drop, const ModelChange &change);
    QString addConstraint(const AddConstraint &add);
    QString dropConstraint(const DropConstraint &drop) const;
    QString tableComment(const SetTableComment &comment, const ModelChange &change) const;
    QString createForeignKey(const TableName &table, const ForeignKey &key);
    QString createExclude(const TableName &table, const ExcludeConstraint &exclude);

    QString column(const Column &column);
    QString constraint(const Constraint &constraint);
    QString foreignKeyConstraint(const ForeignKey &key);
    QString excludeConstraint(const ExcludeConstraint &exclude, QStringList options);
    QString defaultOf(const ExprPtr &expression);
    QString serverDefault(const DefaultChange &change);
    QString computed(const Computed &computed);
    static QString identityOptions(const Identity &identity);
    QString identity(const Identity &identity) const;

    QString prefix() const { return m_isBatch ? QStringLiteral("batch_op.") : m_style.alembicPrefix; }
    QString sa(const QString &name) const { return m_style.sqlalchemyPrefix + name; }
    QString genName(const Name &name) const;
    QString sqlText(const ExprPtr &expression, bool isDefault = false);
    QString indexElement(const ExprPtr &element);
    QString option(const QString &name, const DialectOption &value);
    QStringList options(const DialectOptions &options, const QStringList &order);

    const PythonStyle &m_style;
    const Dialect &m_dialect;
    const bool m_isUpgrade;
    bool m_isBatch = false;
    bool m_isReflected = false; // what the operation makes or drops is the database's
    PythonNames m_names{};
};

} // namespace tribikos
