#pragma once

#include "core/dialects/basedialect.h"
#include "core/dialects/reservedwords.h"

namespace tribikos {

class PostgresqlDialect final : public BaseDialect
{
public:
    Backend backend() const override { return Backend::PostgreSql; }
    bool hasTransactionalDdl() const override { return true; }
    int maxIdentifierLength() const override { return 63; }
    bool freesNamesBeforeRebuild() const override { return true; }
    QString function(const QString &name, const QString &arguments,
                     bool hasArguments) const override;
    QString caseInsensitiveLike(const QString &left, const QString &right,
                                bool isNegated) const override;
    QString limit(const QString &count, const QString &offset) const override;
    QString createSequenceText(const CreateSequence &create, Rendering &rendering) const override;
    QString sequenceValue(const Expr &sequence, Rendering &rendering) const override;
    QString bindMarker(const QString &name, const RenderContext &context) const override;
    QString bindCast(const SqlTypePtr &type, Rendering &rendering) const override;
    QString array(const QString &items, const SqlTypePtr &type, Rendering &rendering) const override;
    QString operatorSign(const QString &op) const override;
    QString versionInsertSuffix(const TableName &versionTable, bool) const override
    {
        return QStringLiteral(" RETURNING ") + tableIdent(versionTable)
               + QStringLiteral(".version_num");
    }

protected:
    using BaseDialect::add;

    const QSet<QString> &reservedWords() const override { return postgresqlReservedWords(); }
    CommentStyle commentStyle() const override { return CommentStyle::Separate; }
    // Offline Alembic does not know the server's standard_conforming_strings and doubles to be
    // safe.
    bool doublesBackslashes(const RenderContext &context) const override { return context.offline; }
    bool hasNativeBoolean() const override { return true; }
    bool hasNativeEnum() const override { return true; }
    QString uuidText(const QString &value, const SqlType *type) const override;
    QString bytesLiteral(const QString &hex, const Rendering &) const override;
    QString intervalLiteral(double seconds, Rendering &) const override;
    QString typeSpec(const SqlType &type, Rendering &rendering) const override;
    QString columnSpec(const Table &table, const Column &column,
                       Rendering &rendering) const override;
    QString computedText(const Computed &computed, Rendering &rendering) const override;
    QString primaryKeyText(const Table &table, const PrimaryKey &key, Rendering &) const override;
    QString uniqueText(const Table &table, const UniqueConstraint &unique,
                       Rendering &) const override;
    QString foreignKeyText(const TableName &table, const ForeignKey &key,
                           Rendering &) const override;
    QString checkText(const CheckConstraint &check, Rendering &rendering) const override;
    QString excludeText(const ExcludeConstraint &exclude, Rendering &rendering) const override;
    bool isReferentialAction(const QString &phrase, bool onDelete) const override;
    QString tableOptions(const Table &table, Rendering &rendering) const override;
    void createTypes(const Table &, RenderContext &, Rendering &, QStringList &) const override;
    QString createIndexText(const CreateIndex &create, Rendering &rendering) const override;
    QString dropIndexText(const DropIndex &drop, Rendering &rendering) const override;
    QString indexElement(const ExprPtr &, const Index &, Rendering &) const override;
    void add(const AlterColumn &, Rendering &, QStringList &) const override;
    void add(const CreateType &, RenderContext &, Rendering &, QStringList &) const override;
    void add(const DropType &, RenderContext &, Rendering &, QStringList &) const override;

private:
    QString typeIdent(const SqlType &type, Rendering &rendering) const;
    QString createTypeText(const SqlType &type, Rendering &rendering) const;
    QString identityText(const Identity &identity) const;
    QString identityChange(const AlterColumn &alter) const;
    QString serialType(const SqlType &type) const;
    void alterDefault(const AlterColumn &, Rendering &, QStringList &) const;
};

} // namespace tribikos
