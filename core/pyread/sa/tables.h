#pragma once

#include "core/pyread/sa/element.h"
#include "core/pyread/sa/names.h"
#include "core/schema/schema.h"

namespace tribikos::py::sa {

class ColumnObject;
class MetaDataObject;
class TableObject;

/// sa.column("a"), and the base of Column: a name that may belong to a table.
class ColumnClause : public Element
{
public:
    ColumnClause(Class *itsClass, QString columnName, SqlTypePtr type)
        : Element(itsClass, nullptr, std::move(type))
        , name(std::move(columnName))
    {}
    ExprPtr expr(Interpreter &interpreter) override;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override;
    QString str(Interpreter &interpreter) override;

    QString name;
    TableObject *table = nullptr;
    bool isLiteral = false;
    ExprPtr proxied{}; // of a subquery: the expression that has no name of its own
    bool isOfTable = false; // of an alias or a subquery: stands for a Table's Column, and is one to Python
};

/// ForeignKey("user.id"): becomes a constraint when its column joins a table.
class ForeignKeyObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override;
    /// The column that it points at; null: \a metadata has none such (yet).
    ColumnClause *referred(const MetaDataObject &metadata) const;

    QString target{};                     // "schema.table.column"
    ColumnClause *targetColumn = nullptr; // ForeignKey(User.id)
    NameArg name{};
    ForeignKey options{}; // onDelete … options; names and columns are filled in later
};

/// Sequence("seq"): a column's default, or func.next_value().
class SequenceObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override;

    QString name{};
    QString schema{};
    bool optional = false;
    bool isOfColumn = false; // it was given to a Column
    Identity options{};
    SqlTypePtr dataType{};
};

/// Computed("a + 1") and Identity().
class ComputedObject final : public Instance
{
public:
    using Instance::Instance;
    Computed computed{};
};
class IdentityObject final : public Instance
{
public:
    using Instance::Instance;
    Identity identity{};
};
/// FetchedValue(), DefaultClause(x), ColumnDefault(x).
class DefaultObject final : public Instance
{
public:
    using Instance::Instance;
    ExprPtr expression{}; // null: fetched, unknown
    bool isServer = true;
};

/// A constraint of a table, in the order of its making; columns may be strings or Column objects.
class ConstraintObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override;
    QStringList columnNames(Interpreter &interpreter) const;

    Constraint constraint{}; // its name is still empty
    NameArg name{};
    std::vector<Value> columns{};
    std::vector<Value> targets{}; // of a foreign key: "t.c" or Column objects
    int order = 0;
    TableObject *table = nullptr;
};

class IndexObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override;
    /// As a value, for an index on \a table.
    Index toIndex(Interpreter &interpreter, const TableName &table,
                  const Convention &convention) const;

    NameArg name{};
    std::vector<Value> elements{};
    std::vector<std::pair<QString, Value>> keywords{}; // what the options were made of
    bool unique = false;
    bool isOfDirective = false; // made by op.create_index()
    DialectOptions options{};
    QStringList optionOrder{};
    TableObject *table = nullptr;
};

class ColumnObject final : public ColumnClause
{
public:
    using ColumnClause::ColumnClause;
    ExprPtr expr(Interpreter &interpreter) override;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override;
    bool setAttr(Interpreter &interpreter, const QString &attribute, const Value &value) override;
    SqlTypePtr sqlType(Interpreter &interpreter) override;
    QString repr(Interpreter &interpreter) override;
    /// A copy that belongs to no table: mixins' columns, Column.copy().
    ColumnObject *copied(Interpreter &interpreter) const;
    /// Everything that \a other says, but not its table.
    void assign(const ColumnObject &other);

    Column column{};
    Value typeArgument{};
    Value clientDefault{}; // default=
    Value onUpdate{};      // onupdate=
    QString key{};
    bool index = false;
    bool unique = false;
    bool saysIndex = false; // index= was given; so
    bool saysUnique = false;
    mutable bool isTaken = false; // needs no table: a template, or its like is there
    bool isTypeSought = false;
    bool isSystem = false; // system=True: the database makes it itself, no CREATE TABLE names it
    int sortOrder = 0;     // mapped_column(sort_order=…)
    bool usesExisting = false; // mapped_column(use_existing_column=True)
    const SequenceObject *sequence = nullptr; // its default
    std::vector<ForeignKeyObject *> foreignKeys{};
    std::vector<ConstraintObject *> checks{};
    std::vector<Value> waiting{}; // constraints and indexes that join its table when it has one

private:
    TableRefPtr m_nameless{}; // stands for it in expressions until it has a name
};

class MetaDataObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override;
    bool setAttr(Interpreter &interpreter, const QString &attribute, const Value &value) override;

    QString schema{};
    std::optional<Convention> convention{};
    std::vector<TableObject *> tables{}; // in order of definition
    bool hasForeignTables = false;       // reflect() was asked: what it holds isn't known
    /// Enum(metadata=…) and Sequence(metadata=…), each after how many tables.
    std::vector<std::pair<size_t, SqlTypePtr>> boundTypes{};
    std::vector<std::pair<size_t, const SequenceObject *>> boundSequences{};
};

/// Table(...) with everything, or sa.table("t", ...) with names only.
class TableObject final : public Instance
{
public:
    using Instance::Instance;
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &attribute) override;
    QString repr(Interpreter &interpreter) override;

    ColumnClause *find(const QString &columnName) const;
    void append(Interpreter &interpreter, ColumnClause *column);
    void append(Interpreter &interpreter, ConstraintObject *constraint);
    /// A subquery's column: several may be called the same.
    void appendProxy(ColumnClause *column);
    /// Any item of Table(*args): columns, constraints, indexes.
    void take(Interpreter &interpreter, const Value &item);
    TableRefPtr ref(Interpreter &interpreter);
    ExprPtr sourceExpr(Interpreter &interpreter);

    TableName name{};
    QString alias{};
    ExprPtr source{}; // of a subquery's columns
    std::vector<ColumnClause *> columns{};
    std::vector<ConstraintObject *> constraints{};
    std::vector<IndexObject *> indexes{};
    MetaDataObject *metadata = nullptr;
    Value comment{};
    bool hasComment = false;
    DialectOptions options{};
    QStringList prefixes{};
    QString info{};           // as Python prints it
    bool isLight = false;     // sa.table(): no DDL
    bool isReflected = false; // autoload_with: its columns come from currentSchema()

private:
    TableRefPtr m_ref{};
};

/// Puts \a base under what \a over says: Annotated[int, mapped_column(…)] under an explicit one.
void mergeUnder(Interpreter &interpreter, const ColumnObject &base, ColumnObject &over);

/// Gives \a item, a constraint or an index, to the table that its columns belong to; it waits for
/// those that have none yet. ArgumentError: they are of several tables.
void joinTable(Interpreter &interpreter, const Value &item);
/// \a expression as a table's own DDL has it: columns without their table, and with the names that
/// those of a class' body have got since.
ExprPtr settled(Interpreter &interpreter, const ExprPtr &expression);
/// The name of \a column; refused while it has none.
QString columnNameOf(Interpreter &interpreter, const ColumnClause &column);

/// Enum(metadata=m): \a type comes and goes with the tables of \a metadata, where it is one.
void bindType(const SqlType &type, const Value &metadata);
/// The variant of \a type for the database.
SqlTypePtr typeHere(const SqlTypePtr &type, std::optional<Backend> backend);
/// The naming convention that holds for \a table: its MetaData's, else the host's.
Convention conventionOf(Interpreter &interpreter, const TableObject &table);
/// Everything of \a table as a value: flags become constraints and indexes, names follow
/// \a convention (alembic-semantics.md §8.1, §8.7).
Table buildTable(Interpreter &interpreter, TableObject &table, const Convention &convention);
/// One column without its table-level consequences.
Column buildColumn(Interpreter &interpreter, ColumnObject &column, const TableName &table,
                   const Convention &convention);
/// What unique=, ForeignKey() and a type's own CHECK make of \a column.
QList<Constraint> columnConstraints(Interpreter &interpreter, ColumnObject &column,
                                    const TableName &table, const Convention &convention);
/// What index= makes of it.
QList<Index> columnIndexes(Interpreter &interpreter, const ColumnObject &column,
                           const TableName &table, const Convention &convention);
/// A CHECK that Boolean and Enum bring along where the database has no such type of its own.
std::optional<CheckConstraint> typeCheck(Interpreter &interpreter, ColumnObject &column,
                                         const TableName &table, const Convention &convention);
/// A constraint with its name resolved and its columns written out.
Constraint buildConstraint(Interpreter &interpreter, const ConstraintObject &constraint,
                           const TableName &table, const Convention &convention);

/// Keyword arguments of the form <dialect>_<option>; a name that no dialect knows is an
/// ArgumentError or TypeError as SQLAlchemy has it. \a owner: "Index", "Table", "Column" …
DialectOptions dialectOptions(Interpreter &interpreter,
                              const std::vector<std::pair<QString, Value>> &keywords,
                              const QString &owner);

/// What default= puts into a row that doesn't name the column. Alembic's own script says NULL
/// there, while a run stores the value: this is what a run does. A function is refused.
ExprPtr clientDefaultExpr(Interpreter &interpreter, const ColumnObject &column);

/// A server default as written: a string is Value(String), elements stay what they are.
void takeServerDefault(Interpreter &interpreter, Column &column, const Value &value);

// Constructors of the classes (see classes.cpp).
Value constructColumn(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructForeignKey(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructSequence(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructComputed(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructIdentity(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructServerDefault(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructClientDefault(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructPrimaryKey(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructUnique(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructCheck(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructForeignKeyConstraint(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructExclude(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructIndex(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructMetaData(Interpreter &interpreter, Class *cls, const CallArgs &args);
Value constructTable(Interpreter &interpreter, Class *cls, const CallArgs &args);
/// Gives \a made the columns that the migrations so far have made; refuses what they don't say.
void reflectTable(Interpreter &interpreter, TableObject &made);
/// sa.table("t", sa.column("a"), schema="s")
Value lightTable(Interpreter &interpreter, const CallArgs &args);

} // namespace tribikos::py::sa
