#pragma once

#include "core/schema/expr.h"

#include <QList>
#include <QMap>
#include <QSet>
#include <QString>
#include <QStringList>
#include <optional>
#include <tuple>
#include <variant>

/*!
    Metadata: tables, columns, constraints, indexes and named objects as plain values, whatever they came
    from (replayed operations, models, a catalogue). Everything is compared whole and free to copy;
    things refer to each other by name, never by pointer.
*/
namespace tribikos {

/// A name that a naming convention or the database made may be cut to the dialect's limit; one that a
/// person wrote may not. \c quoted: quoted_name(x, True/False), unset for the ordinary rule.
struct Name
{
    QString text{}; // empty: unnamed, the server will choose
    bool isGenerated = false; // a convention's, or op.f(): cut when it is too long, not refused
    std::optional<bool> quoted{};
    bool isEmpty() const { return text.isEmpty(); }
    friend bool operator==(const Name &a, const Name &b)
    {
        return a.text == b.text && a.quoted == b.quoted;
    }
};

struct TableName
{
    QString schema{};
    QString name{};
    /// "schema.name", or the bare name.
    QString text() const { return schema.isEmpty() ? name : schema + QLatin1Char('.') + name; }
    friend bool operator==(const TableName &, const TableName &) = default;
    friend bool operator<(const TableName &a, const TableName &b)
    {
        return std::tie(a.schema, a.name) < std::tie(b.schema, b.name);
    }
};

/// The value of an option that is itself a dict, in the order written: postgresql_with={...}.
struct OptionMap
{
    QList<std::pair<QString, QString>> entries{};
    std::optional<QString> value(const QString &key) const;
    friend bool operator==(const OptionMap &, const OptionMap &) = default;
};

/// A dialect option's value: postgresql_where=text(...), mysql_engine="InnoDB", postgresql_ops={...}.
using DialectOption = std::variant<bool, qint64, QString, QStringList, OptionMap, ExprPtr>;
/// Keyed by the full argument name ("mysql_engine", "postgresql_where").
using DialectOptions = QMap<QString, DialectOption>;
bool sameOptions(const DialectOptions &a, const DialectOptions &b);

struct Computed
{
    ExprPtr expression{};
    std::optional<bool> persisted{};
    friend bool operator==(const Computed &a, const Computed &b)
    {
        return sameExpr(a.expression, b.expression) && a.persisted == b.persisted;
    }
};

struct Identity
{
    bool always = false;
    bool onNull = false;
    std::optional<qint64> start{};
    std::optional<qint64> increment{};
    std::optional<qint64> minValue{};
    std::optional<qint64> maxValue{};
    bool noMinValue = false;
    bool noMaxValue = false;
    std::optional<bool> cycle{};
    std::optional<qint64> cache{};
    std::optional<bool> order{};
    friend bool operator==(const Identity &, const Identity &) = default;
};

/// How a column came to be, where more than its type is to be said.
enum class AutoIncrement { Auto, Yes, No, IgnoreForeignKey };

struct ForeignKey;

struct Column
{
    QString name{};
    SqlTypePtr type{};               // null: NullType, the column has no type
    std::optional<bool> nullable{};  // nullopt: not said; false for keys, true otherwise
    bool primaryKey = false;         // written as primary_key=True on the column
    AutoIncrement autoincrement = AutoIncrement::Auto;
    ExprPtr serverDefault{};         // null: none. Value(String): a quoted literal; Text: as written
    bool serverDefaultOpaque = false; // FetchedValue(): there is one, unknown
    bool hasClientDefault = false;   // default= other than a Sequence: ends SERIAL/AUTO_INCREMENT
    QString sequence{};              // Sequence("x") as default
    bool sequenceOptional = false;
    std::optional<Computed> computed{};
    std::optional<Identity> identity{};
    QString comment{};
    bool hasComment = false;
    QString collation{};             // reflected COLLATE
    QString onConflict{};            // SQLite: conflict clause of NOT NULL, kept by a rebuild
    std::optional<bool> quoted{};
    QList<ExprPtr> checks{};         // CHECKs written on the column, unnamed
    QList<Name> checkNames{};        // beside checks; empty where unnamed
    DialectOptions options{};        // e.g. sqlite_on_conflict_not_null

    /// What the database will do: nullable as said, else not for a key column.
    bool isNullable() const { return nullable.value_or(!primaryKey && !identity); }
    friend bool operator==(const Column &a, const Column &b);
};

struct PrimaryKey
{
    Name name{};
    QStringList columns{};
    DialectOptions options{};
    QString onConflict{}; // SQLite
    friend bool operator==(const PrimaryKey &a, const PrimaryKey &b);
};

struct UniqueConstraint
{
    Name name{};
    QStringList columns{};
    std::optional<bool> deferrable{};
    QString initially{};
    DialectOptions options{};
    QString onConflict{}; // SQLite
    bool isInline = false; // SQLite's text has it inside a column; no part of ==
    friend bool operator==(const UniqueConstraint &a, const UniqueConstraint &b);
};

struct ForeignKey
{
    Name name{};
    QStringList columns{};
    TableName target{};
    QStringList targetColumns{}; // empty: the target's primary key
    QString onDelete{};          // as written, e.g. "CASCADE", "set null"
    QString onUpdate{};
    std::optional<bool> deferrable{};
    QString initially{};
    QString match{};
    bool useAlter = false;
    DialectOptions options{};
    bool isInline = false; // SQLite's text has it inside a column; no part of ==
    friend bool operator==(const ForeignKey &a, const ForeignKey &b);
};

struct CheckConstraint
{
    Name name{};
    ExprPtr condition{};
    DialectOptions options{};
    bool isTypeBound = false; // reflected or made for Boolean/Enum
    friend bool operator==(const CheckConstraint &a, const CheckConstraint &b);
};

struct ExcludeConstraint
{
    Name name{};
    QList<std::pair<ExprPtr, QString>> elements{}; // column or expression, operator
    QString method{};                               // "gist" when not said
    ExprPtr where{};
    std::optional<bool> deferrable{};
    QString initially{};
    QMap<QString, QString> operatorClasses{};
    friend bool operator==(const ExcludeConstraint &a, const ExcludeConstraint &b);
};

using Constraint =
    std::variant<PrimaryKey, UniqueConstraint, ForeignKey, CheckConstraint, ExcludeConstraint>;
const Name &constraintName(const Constraint &constraint);
/// "primary", "unique", "foreignkey", "check", "exclude": Alembic's type_ names.
QString constraintKind(const Constraint &constraint);

struct Index
{
    Name name{};
    QList<ExprPtr> elements{}; // Column for plain columns; Unary DESC, functions, Text for the rest
    bool unique = false;
    DialectOptions options{};
    QStringList optionOrder{}; // the names of options as they were written; no part of ==
    QString sql{}; // the catalogue's own CREATE INDEX text, where it has one (SQLite): kept by a rebuild
    friend bool operator==(const Index &a, const Index &b);
};

struct Table
{
    TableName name{};
    QList<Column> columns{};
    QList<Constraint> constraints{}; // primary key first, the others in the order they are printed
    QList<Index> indexes{};
    QString comment{};
    bool hasComment = false;
    DialectOptions options{};
    QStringList prefixes{}; // "TEMPORARY"
    QString info{};         // a model's info={…} as Python prints it; no part of ==
    bool isOpaque = false;  // raw SQL that we don't understand may have changed it
    bool columnsOpaque = false;  // its columns, too, not constraints and indexes alone; no part of ==
    bool hasRenamed = false;     // names that the server gave may come from older ones; no part of ==
    bool isEmpty = false;   // certainly without rows (Schema::startsEmpty); no part of ==

    const Column *column(const QString &columnName) const;
    Column *column(const QString &columnName);
    const PrimaryKey *primaryKey() const;
    friend bool operator==(const Table &a, const Table &b);
};

/// An object that is compared by its definition's text only.
struct NamedObject
{
    enum class Kind { View, MaterializedView, Trigger, Function, Sequence, Enum, Domain, Extension, Schema };
    Kind kind = Kind::View;
    TableName name{};
    QString table{};        // triggers; sequences that go with a column of it
    QString definition{};   // empty: not known, equal to any
    QStringList labels{};   // enums
    friend bool operator==(const NamedObject &, const NamedObject &) = default;
};

/// A set of tables and named objects: the schema at a revision, of the models, or of a database.
struct Schema
{
    QMap<TableName, Table> tables{};
    QList<NamedObject> objects{};
    QMap<QString, QString> namingConvention{}; // "ix", "uq", "ck", "fk", "pk" -> template
    QStringList opaqueReasons{};               // raw statements that may have changed anything, "file:line: text"
    /// Every change since base is known: a table that is made has no rows until something can have put some in
    /// (Table::isEmpty), whatever else the database holds. Set for plans that start at base; no part of ==.
    bool startsEmpty = false;
    /// The user's word for an offline script: tables ("t", "schema.t", "*": all) that hold no rows but those that the
    /// script itself inserts, whose tables are in \c filled, in small letters. No part of ==.
    QStringList assumedEmpty{};
    QSet<QString> filled{};
    /// Kinds of objects that the source can't show: nothing is said of them. No part of ==, as the notes.
    QSet<NamedObject::Kind> unseen{};
    QStringList notes{};       // what a catalogue could not show, a sentence each
    bool writesSpread = false; // a trigger, rule or function may write into more tables than a statement names

    const Table *table(const TableName &name) const;
    Table *table(const TableName &name);
    friend bool operator==(const Schema &a, const Schema &b);
};

} // namespace tribikos
