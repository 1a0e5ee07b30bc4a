#pragma once

#include "core/base/diagnostic.h"
#include "core/base/sqlstretch.h"
#include "core/schema/schema.h"

#include <optional>
#include <variant>

/*!
    Operations: Alembic's directives as values, whatever script they came from. What an operation is
    stands here; how a database spells it is core/dialects; what it does to metadata is replay().
    Source of the rules: the Alembic operation reference; docs/ARCHITECTURE.md.
*/
namespace tribikos {

struct Operation;

struct CreateTable
{
    Table table{}; // complete: keys, unique=, index= and ForeignKey() flags already turned into constraints and indexes
    bool ifNotExists = false;
    friend bool operator==(const CreateTable &, const CreateTable &) = default;
};

struct DropTable
{
    TableName table{};
    bool ifExists = false;
    friend bool operator==(const DropTable &, const DropTable &) = default;
};

struct RenameTable
{
    TableName table{};
    QString newName{};
    friend bool operator==(const RenameTable &, const RenameTable &) = default;
};

struct AddColumn
{
    TableName table{};
    Column column{};
    QList<Constraint> constraints{}; // from the column's flags: unique=, ForeignKey()
    QList<Index> indexes{};          // from index=True
    bool ifNotExists = false;
    bool inlineReferences = false;
    bool inlinePrimaryKey = false;
    QString insertBefore{}; // batch only
    QString insertAfter{};
    friend bool operator==(const AddColumn &, const AddColumn &) = default;
};

struct DropColumn
{
    TableName table{};
    QString column{};
    bool ifExists = false;
    friend bool operator==(const DropColumn &, const DropColumn &) = default;
};

/// A server default as alter_column sees one: absent (not given), none, or a value; identity and computed count as defaults there.
struct DefaultChange
{
    ExprPtr expression{};
    std::optional<Identity> identity{};
    std::optional<Computed> computed{};
    bool isNone() const { return !expression && !identity && !computed; }
    friend bool operator==(const DefaultChange &a, const DefaultChange &b)
    {
        return sameExpr(a.expression, b.expression) && a.identity == b.identity
               && a.computed == b.computed;
    }
};

/// Members that are nullopt were not given.
struct AlterColumn
{
    TableName table{};
    QString column{};
    std::optional<bool> nullable{};
    std::optional<QString> comment{};
    bool clearComment = false; // comment=None was given: the comment is to be removed
    std::optional<DefaultChange> serverDefault{};
    std::optional<QString> newName{};
    SqlTypePtr type{};
    SqlTypePtr existingType{};
    bool isTypeClass =
        false; // type_=DateTime, not DateTime(): Alembic's MySQL rules don't see its kind
    std::optional<DefaultChange> existingServerDefault{};
    std::optional<bool> existingNullable{};
    std::optional<QString> existingComment{};
    std::optional<bool> autoincrement{};
    std::optional<bool> existingAutoincrement{};
    ExprPtr using_{}; // postgresql_using: Text
    QString insertBefore{}; // batch only
    QString insertAfter{};
    friend bool operator==(const AlterColumn &a, const AlterColumn &b);
};

struct CreateIndex
{
    TableName table{};
    Index index{};
    bool ifNotExists = false;
    friend bool operator==(const CreateIndex &, const CreateIndex &) = default;
};

struct DropIndex
{
    Name name{};
    std::optional<TableName> table{}; // nullopt: not said
    QString schema{};
    bool ifExists = false;
    DialectOptions options{};
    friend bool operator==(const DropIndex &a, const DropIndex &b)
    {
        return a.name == b.name && a.table == b.table && a.schema == b.schema
               && a.ifExists == b.ifExists && sameOptions(a.options, b.options);
    }
};

struct AddConstraint
{
    TableName table{};
    Constraint constraint{};
    friend bool operator==(const AddConstraint &, const AddConstraint &) = default;
};

struct DropConstraint
{
    TableName table{};
    Name name{};
    QString kind{}; // "", "check", "foreignkey", "primary", "unique"
    bool ifExists = false;
    friend bool operator==(const DropConstraint &, const DropConstraint &) = default;
};

struct SetTableComment
{
    TableName table{};
    std::optional<QString> comment{}; // nullopt: create_table_comment(None)
    bool isDrop = false;              // drop_table_comment
    friend bool operator==(const SetTableComment &, const SetTableComment &) = default;
};

/// op.execute, a SQL script's statement, or a write through the bind.
struct Execute
{
    ExprPtr statement{};      // Text for textual SQL
    bool isDdlText = false;   // sa.DDL: %% prints as %
    bool throughBind = false; // op.get_bind().execute(...)
    bool isScriptText = false; // of a plain SQL script: said as it stands, character for character
    bool dropsParameters = false; // it was given values that Alembic's offline script leaves out
    friend bool operator==(const Execute &a, const Execute &b)
    {
        return sameExpr(a.statement, b.statement) && a.isDdlText == b.isDdlText
               && a.throughBind == b.throughBind && a.isScriptText == b.isScriptText
               && a.dropsParameters == b.dropsParameters;
    }
};

/// A stretch of a large SQL script's data statements; changes no metadata.
struct ExecuteMany
{
    SqlStretchPtr stretch{}; // never null
    friend bool operator==(const ExecuteMany &a, const ExecuteMany &b)
    {
        return *a.stretch == *b.stretch;
    }
};

struct BulkInsert
{
    TableRef table{}; // columns with their types, in table order
    QList<QMap<QString, ExprPtr>> rows{};
    bool multiInsert = true;
    friend bool operator==(const BulkInsert &a, const BulkInsert &b);
};

/// sa.Enum(...).create(bind) and .drop(bind); also postgresql.DOMAIN.
struct CreateType
{
    SqlTypePtr type{};
    bool checkFirst = true;
    friend bool operator==(const CreateType &a, const CreateType &b)
    {
        return sameType(a.type, b.type) && a.checkFirst == b.checkFirst;
    }
};

struct DropType
{
    SqlTypePtr type{};
    bool checkFirst = true;
    friend bool operator==(const DropType &a, const DropType &b)
    {
        return sameType(a.type, b.type) && a.checkFirst == b.checkFirst;
    }
};

/// CREATE SEQUENCE, from an op.execute(CreateSequence(…)) or Sequence.create(bind).
struct CreateSequence
{
    TableName name{};
    Identity options{}; // always and onNull don't apply
    SqlTypePtr dataType{};
    bool ifNotExists = false;
    friend bool operator==(const CreateSequence &a, const CreateSequence &b)
    {
        return a.name == b.name && a.options == b.options && sameType(a.dataType, b.dataType)
               && a.ifNotExists == b.ifNotExists;
    }
};

struct DropSequence
{
    TableName name{};
    bool ifExists = false;
    friend bool operator==(const DropSequence &, const DropSequence &) = default;
};

/// A namespace of tables; what the databases call a schema.
struct CreateNamespace
{
    QString name{};
    bool ifNotExists = false;
    friend bool operator==(const CreateNamespace &, const CreateNamespace &) = default;
};

struct DropNamespace
{
    QString name{};
    bool ifExists = false;
    bool cascade = false;
    friend bool operator==(const DropNamespace &, const DropNamespace &) = default;
};

/// batch_alter_table: the recorded operations, run together when the block ends.
struct BatchAlterTable
{
    enum class Recreate { Auto, Always, Never };
    TableName table{};
    Recreate recreate = Recreate::Auto;
    QList<Operation> operations{};
    std::optional<Table> copyFrom{};
    QList<QStringList> partialReordering{};
    QList<Constraint> tableArgs{};
    QList<Column> reflectColumns{}; // reflect_kwargs/table_args that override a column
    DialectOptions tableOptions{};
    QMap<QString, QString> namingConvention{};
    friend bool operator==(const BatchAlterTable &a, const BatchAlterTable &b);
};

/// What lies between runs outside the transaction (autocommit_block).
struct AutocommitBegin
{
    friend bool operator==(const AutocommitBegin &, const AutocommitBegin &) = default;
};
struct AutocommitEnd
{
    friend bool operator==(const AutocommitEnd &, const AutocommitEnd &) = default;
};

/// One directive and where its script says it.
struct Operation
{
    using Kind = std::variant<CreateTable, DropTable, RenameTable, AddColumn, DropColumn, AlterColumn,
                              CreateIndex, DropIndex, AddConstraint, DropConstraint, SetTableComment,
                              Execute, ExecuteMany, BulkInsert, CreateType, DropType, CreateSequence,
                              DropSequence, CreateNamespace, DropNamespace, BatchAlterTable,
                              AutocommitBegin, AutocommitEnd>;
    Kind kind{};
    SourceSpan span{};

    template<typename T>
    const T *as() const
    {
        return std::get_if<T>(&kind);
    }
    friend bool operator==(const Operation &, const Operation &) = default;
};
using Operations = QList<Operation>;

/// The directive's own name: "create_table", "batch_alter_table".
QString operationName(const Operation &operation);
/// One line for a list of operations: "add column users.email".
QString operationSummary(const Operation &operation);
/// The tables that the operation names, without duplicates.
QList<TableName> operationTables(const Operation &operation);

} // namespace tribikos
