#pragma once

#include "core/dialects/rendering.h"

#include <QSet>

namespace tribikos {

/*!
    What the four dialects share: SQLAlchemy's default compilers as far as operations need them.

    The members are defined by concern: identifiers.cpp, literals.cpp, types.cpp, columns.cpp,
    constraints.cpp, createtable.cpp, alter.cpp, indexes.cpp, datastatements.cpp. A database
    overrides only what it spells differently.
*/
class BaseDialect : public Dialect
{
public:
    Status renderInto(const Operation &operation, RenderContext &context,
                      QStringList &statements) const override;
    QString ident(const QString &name) const override;
    const Column *countingColumn(const Table &table) const override;
    Result<QString> typeText(const SqlTypePtr &type) const override;
    Result<QString> expression(const ExprPtr &expr, const RenderContext &context) const override;
    Result<QString> createTable(const Table &table, const RenderContext &context) const override;
    TypeAffinity affinity(const SqlTypePtr &type) const override;
    QString finished(const QString &statement, const RenderContext &context) const override;
    QList<CheckConstraint> typeChecks(const Column &column) const override;
    QString versionInsertSuffix(const TableName &versionTable, bool offline) const override;

    // Identifiers
    QString ident(const QString &name, std::optional<bool> quoted) const;
    /// The name of a constraint or index: cut when a convention made it, refused when a person
    /// wrote it too long.
    QString objectName(const Name &name, Rendering &rendering) const;
    QString identList(const QStringList &names) const;

    // Literals
    QString stringLiteral(const QString &value, const Rendering &rendering) const;
    /// \a value as the column type \a type (null: by its kind) writes it.
    QString literal(const Literal &value, const SqlType *type, Rendering &rendering) const;
    /// The same where bulk_insert names the type: offline SQLAlchemy has no literal for some.
    QString typedLiteral(const Literal &value, const SqlTypePtr &type, Rendering &rendering) const;

    // Types
    const SqlType *variantOf(const SqlTypePtr &type) const;
    QString type(const SqlTypePtr &type, Rendering &rendering) const;

    // What expressions are spelled differently by
    virtual QString boolean(bool value) const;
    virtual QString function(const QString &name, const QString &arguments,
                             bool hasArguments) const;
    virtual QString concatenation(const QStringList &operands) const;
    virtual QString distinction(const QString &left, const QString &right, bool isNegated) const;
    virtual QString caseInsensitiveLike(const QString &left, const QString &right,
                                        bool isNegated) const;
    ///  rightType: the divisor's, where it is a numeric one.
    virtual QString division(const QString &left, const QString &right,
                             const SqlTypePtr &rightType, Rendering &rendering) const;
    virtual QString array(const QString &items, const SqlTypePtr &type, Rendering &rendering) const;
    virtual QString extract(const QString &field, const QString &from, Rendering &rendering) const;
    /// How the operator that SQLAlchemy's expressions call  op is written.
    virtual QString operatorSign(const QString &op) const { return op; }
    virtual QString regexpReplace(const QString &text, const QString &pattern,
                                  const QString &replacement, const QString &flags,
                                  Rendering &rendering) const;
    /// What follows the placeholder of a value of  type.
    virtual QString bindCast(const SqlTypePtr &type, Rendering &rendering) const;
    /// a REGEXP pattern; \a flags may be empty.
    QString regexp(const QString &left, const QString &pattern, const QString &flags,
                   bool isNegated, const Rendering &rendering) const;
    virtual QString limit(const QString &count, const QString &offset) const;
    virtual QString sequenceValue(const Expr &sequence, Rendering &rendering) const;
    /// The type inside CAST; empty: this type can't be cast to, the CAST is left out.
    virtual QString castType(const SqlTypePtr &type, Rendering &rendering) const;
    virtual QString emptyRow() const;
    virtual QString conflictClause(const QString &target, const QString &assignments) const;
    /// The placeholder of \a name where literal_binds is off.
    virtual QString bindMarker(const QString &name, const RenderContext &context) const;
    /// How a column of the row that an upsert could not insert is named.
    virtual QString excludedColumn(const QString &column) const;

protected:
    enum class CommentStyle { None, Inline, Separate };

    virtual QChar quoteCharacter() const { return u'"'; }
    virtual const QSet<QString> &reservedWords() const = 0;
    virtual int maxWrittenNameLength() const { return maxIdentifierLength(); }
    virtual CommentStyle commentStyle() const { return CommentStyle::None; }
    virtual bool doublesBackslashes(const RenderContext &context) const;
    virtual bool hasNativeBoolean() const { return false; }
    virtual bool hasNativeEnum() const { return false; }

    virtual QString dateTimeText(const QString &value) const { return value; }
    virtual QString timeText(const QString &value) const { return value; }
    virtual QString uuidText(const QString &value, const SqlType *type) const;
    virtual QString bytesLiteral(const QString &hex, const Rendering &rendering) const;
    QString literalOf(const Literal &value, const SqlType &type, Rendering &rendering) const;
    QString plainLiteral(const Literal &value, const SqlType *type, Rendering &rendering) const;
    QString bytesText(const Literal &value, Rendering &rendering) const;
    /// PostgreSQL's make_interval().
    static QString makeInterval(double seconds);
    /// \a seconds as Python prints a float.
    virtual QString intervalLiteral(double seconds, Rendering &rendering) const;

    /// The type's text; null text when this database has no such type. Overridden per database,
    /// which falls back to this one: the types that are spelled alike everywhere.
    virtual QString typeSpec(const SqlType &type, Rendering &rendering) const;
    QString numericType(const QString &word, const SqlType &type) const;
    virtual QString stringType(const QString &word, const SqlType &type,
                               Rendering &rendering) const;
    virtual QString enumType(const SqlType &type, Rendering &rendering) const;

    // Columns
    QString columnLine(const Table &table, const Column &column, Rendering &rendering) const;
    virtual QString columnSpec(const Table &table, const Column &column,
                               Rendering &rendering) const = 0;
    const Column *autoIncrementColumn(const Table &table, Rendering &rendering) const;
    bool isAutoIncrement(const Table &table, const Column &column, Rendering &rendering) const;
    bool isNullable(const Table &table, const Column &column) const;
    QString columnIdent(const Column &column) const { return ident(column.name, column.quoted); }
    /// The default's text; empty: none.
    QString defaultText(const ExprPtr &expression, Rendering &rendering) const;
    virtual QString computedText(const Computed &computed, Rendering &rendering) const;
    QString identityOptions(const Identity &identity) const;

    // Constraints
    QString constraintText(const Table &table, const Constraint &constraint,
                           Rendering &rendering) const;
    QString constraintPreamble(const Name &name, Rendering &rendering) const;
    virtual QString primaryKeyText(const Table &table, const PrimaryKey &key,
                                   Rendering &rendering) const;
    virtual QString uniqueText(const Table &table, const UniqueConstraint &unique,
                               Rendering &rendering) const;
    virtual QString foreignKeyText(const TableName &table, const ForeignKey &key,
                                   Rendering &rendering) const;
    virtual QString checkText(const CheckConstraint &check, Rendering &rendering) const;
    virtual QString excludeText(const ExcludeConstraint &exclude, Rendering &rendering) const;
    QString referencesText(const ForeignKey &key, Rendering &rendering) const;
    virtual QString matchText(const ForeignKey &key, Rendering &rendering) const;
    virtual bool isReferentialAction(const QString &phrase, bool onDelete) const;
    QString deferrability(std::optional<bool> deferrable, const QString &initially,
                          Rendering &rendering) const;
    /// The target as this statement must name it.
    virtual QString referencedTable(const ForeignKey &key) const { return tableIdent(key.target); }
    virtual bool writesForeignKey(const TableName &table, const ForeignKey &key) const;

    // Tables
    virtual QString tableOptions(const Table &table, Rendering &rendering) const = 0;
    /// CREATE TYPE and the like that \a table needs first.
    virtual void createTypes(const Table &table, RenderContext &context, Rendering &rendering,
                             QStringList &statements) const;
    virtual QString renameTarget(const RenameTable &rename) const { return ident(rename.newName); }
    /// The CHECKs of \a column's type that are not among \a constraints.
    QList<CheckConstraint> missingTypeChecks(const Column &column,
                                             const QList<Constraint> &constraints) const;
    QString tableBody(const Table &table, Rendering &rendering) const;

    // The operations; each appends to statements and leaves what it can't say in rendering
    void add(const CreateTable &, RenderContext &, Rendering &, QStringList &statements) const;
    void add(const AddColumn &, Rendering &, QStringList &statements) const;
    void add(const BulkInsert &, Rendering &, QStringList &statements) const;
    virtual void add(const AlterColumn &, Rendering &, QStringList &statements) const;
    virtual void add(const AddConstraint &, Rendering &, QStringList &statements) const;
    virtual void add(const DropConstraint &, Rendering &, QStringList &statements) const;
    virtual void add(const SetTableComment &, Rendering &, QStringList &statements) const;
    virtual void add(const CreateType &, RenderContext &, Rendering &,
                     QStringList &statements) const;
    virtual void add(const DropType &, RenderContext &, Rendering &, QStringList &statements) const;
    virtual QString createIndexText(const CreateIndex &create, Rendering &rendering) const;
    virtual QString dropIndexText(const DropIndex &drop, Rendering &rendering) const;
    virtual QString createSequenceText(const CreateSequence &create, Rendering &rendering) const;
    QString executeText(const Execute &execute, const RenderContext &context,
                        Rendering &rendering) const;
    void columnComments(const Table &table, Rendering &rendering, QStringList &statements) const;
    /// ALTER TABLE t ALTER COLUMN c
    QString alterColumn(const AlterColumn &alter) const;
    /// The type-bound CHECKs of the old type, dropped, or of the new one, added
    /// (alembic-semantics 7.6).
    virtual void dropOldTypeChecks(const AlterColumn &, Rendering &, QStringList &statements) const;
    virtual void addNewTypeChecks(const AlterColumn &, Rendering &, QStringList &statements) const;

    // Indexes
    QString indexElements(const Index &index, Rendering &rendering) const;
    virtual QString indexElement(const ExprPtr &element, const Index &index,
                                 Rendering &rendering) const;
    QString indexWhere(const Index &index, const QString &option, Rendering &rendering) const;

    QString ddlExpression(const ExprPtr &expr, Rendering &rendering) const;
    QString unsupportedType(const SqlType &type, Rendering &rendering) const;
};

/// The value of \a name in \a options as text; nullopt when it is not there.
std::optional<QString> optionText(const DialectOptions &options, const QString &name);
std::optional<bool> optionFlag(const DialectOptions &options, const QString &name);
/// An option that is text or an expression, as an expression: plain strings are SQL text.
ExprPtr optionExpression(const DialectOptions &options, const QString &name);
QStringList optionList(const DialectOptions &options, const QString &name);

const Dialect &sqliteDialect();
const Dialect &postgresqlDialect();
const Dialect &mysqlDialect();
const Dialect &mariadbDialect();

} // namespace tribikos
