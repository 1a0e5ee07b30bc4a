#pragma once

#include "core/dialects/basedialect.h"
#include "core/dialects/reservedwords.h"

namespace tribikos {

/// MySQL, and MariaDB as far as it is the same.
class MysqlDialect : public BaseDialect
{
public:
    Backend backend() const override { return Backend::MySql; }
    bool hasTransactionalDdl() const override { return false; }
    int maxIdentifierLength() const override { return 64; }
    QString function(const QString &name, const QString &arguments,
                     bool hasArguments) const override;
    QString concatenation(const QStringList &operands) const override;
    QString distinction(const QString &left, const QString &right, bool isNegated) const override;
    QString division(const QString &left, const QString &right, const SqlTypePtr &,
                     Rendering &) const override;
    QString extract(const QString &field, const QString &from, Rendering &rendering) const override;
    QString regexpReplace(const QString &text, const QString &pattern, const QString &replacement,
                          const QString &flags, Rendering &rendering) const override;
    QString limit(const QString &count, const QString &offset) const override;
    QString createSequenceText(const CreateSequence &create, Rendering &rendering) const override;
    QString sequenceValue(const Expr &sequence, Rendering &) const override;
    QString castType(const SqlTypePtr &type, Rendering &rendering) const override;
    QString emptyRow() const override { return QStringLiteral(" () VALUES ()"); }
    QString excludedColumn(const QString &column) const override
    {
        return QStringLiteral("VALUES(") + column + u')';
    }

protected:
    using BaseDialect::add;

    QChar quoteCharacter() const override { return u'`'; }
    const QSet<QString> &reservedWords() const override { return mysqlReservedWords(); }
    int maxWrittenNameLength() const override { return 255; } // what SQLAlchemy checks
    CommentStyle commentStyle() const override { return CommentStyle::Inline; }
    bool doublesBackslashes(const RenderContext &) const override { return true; }
    bool hasNativeEnum() const override { return true; }
    QString typeSpec(const SqlType &type, Rendering &rendering) const override;
    QString stringType(const QString &word, const SqlType &type, Rendering &) const override;
    QString enumType(const SqlType &type, Rendering &rendering) const override;
    QString columnSpec(const Table &table, const Column &column,
                       Rendering &rendering) const override;
    QString matchText(const ForeignKey &key, Rendering &rendering) const override;
    QString primaryKeyText(const Table &table, const PrimaryKey &key, Rendering &) const override;
    QString tableOptions(const Table &table, Rendering &rendering) const override;
    QString renameTarget(const RenameTable &rename) const override;
    void createTypes(const Table &, RenderContext &, Rendering &, QStringList &) const override;
    QString createIndexText(const CreateIndex &create, Rendering &rendering) const override;
    QString dropIndexText(const DropIndex &drop, Rendering &rendering) const override;
    QString indexElement(const ExprPtr &, const Index &, Rendering &) const override;
    void add(const AlterColumn &, Rendering &, QStringList &) const override;
    void add(const DropConstraint &, Rendering &, QStringList &) const override;
    void add(const SetTableComment &, Rendering &, QStringList &) const override;
    void dropOldTypeChecks(const AlterColumn &, Rendering &, QStringList &) const override {}
    virtual QString dropCheckWord() const { return QStringLiteral("CHECK"); }
    /// An option under this dialect's own name; MariaDB also takes some that are written for MySQL.
    virtual std::optional<QString> option(const DialectOptions &options, const QString &name) const
    {
        return optionText(options, QStringLiteral("mysql_") + name);
    }

private:
    QString labelList(const QString &word, const SqlType &type) const;
    QString withAttributes(const QString &spec, const SqlType &type) const;
    QString integerType(const QString &word, const SqlType &type) const;
    QString floatType(const QString &word, const SqlType &type) const;
    QString defaultClause(const QString &text, const Rendering &rendering) const;
    QString alteredSpec(const AlterColumn &alter, Rendering &rendering) const;
    bool isMoment(const AlterColumn &alter) const;
    bool repeatsColumn(const AlterColumn &alter) const;
    QString indexLength(const Index &index, const QString &column) const;
};

class MariadbDialect final : public MysqlDialect
{
public:
    Backend backend() const override { return Backend::MariaDb; }
    QString versionInsertSuffix(const TableName &versionTable, bool offline) const override
    {
        return offline ? QString()
                       : QStringLiteral(" RETURNING ") + tableIdent(versionTable)
                             + QStringLiteral(".version_num");
    }

protected:
    const QSet<QString> &reservedWords() const override { return mariadbReservedWords(); }
    QString dropCheckWord() const override { return QStringLiteral("CONSTRAINT"); }
    std::optional<QString> option(const DialectOptions &options, const QString &name) const override
    {
        const auto own = optionText(options, QStringLiteral("mariadb_") + name);
        const bool isShared = name == u"using" || name == u"with_parser";
        return own || !isShared ? own : optionText(options, QStringLiteral("mysql_") + name);
    }
};

} // namespace tribikos
