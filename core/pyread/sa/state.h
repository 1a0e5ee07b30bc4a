#pragma once

#include "core/base/backend.h"
#include "core/ops/operation.h"
#include "core/pyread/interpreter.h"

#include <QHash>
#include <QMap>
#include <QSet>
#include <optional>

/// The `sqlalchemy` that scripts and models see: native objects that collect what they are told
/// and turn it into the values of core/schema. Nothing here renders SQL or reaches a database.
namespace tribikos::py::sa {

class ColumnObject;
class MetaDataObject;

} // namespace tribikos::py::sa

namespace tribikos {
class LiveConnection;
}

namespace tribikos::py::sa {

/// What is known of the environment that a script is read for.
struct Environment
{
    /// The main section of the configuration; nullopt: the project has no configuration file.
    std::optional<QMap<QString, QString>> options{};
    QString section = QStringLiteral("alembic"); // its name
    QString file{};                              // env.py; empty: there is none
    QString url{};      // of the database that the script is for, without its password; empty: not known
    QString database{}; // the database's name in it
    QString defaultSchema{}; // as the user says; empty: not known
    QString serverVersion{}; // "8.0.36"; empty: not known
};

/// What the objects of `sqlalchemy` ask of the script on whose behalf they work.
class Host
{
public:
    virtual ~Host() = default;
    /// nullopt: of no database in particular (models).
    virtual std::optional<Backend> backend() const = 0;
    /// Takes what a statement through the bind, Enum.create() … would do.
    virtual void record(Interpreter &interpreter, Operation::Kind kind) = 0;
    /// How many operations there are, and taking one back that has no effect and was not needed.
    virtual qsizetype recorded() const { return 0; }
    virtual void withdraw(qsizetype) {}
    /// The schema as it stands after the operations so far; null: nobody knows.
    virtual const Schema *currentSchema() = 0;
    /// Whether some tables of currentSchema() are known to be empty: the script is for a new database, or the user
    /// says it of tables.
    virtual bool startsEmpty() const { return false; }
    virtual bool isOffline() const = 0;
    /// The database that the script runs on while it is evaluated; null: it is only read.
    virtual LiveConnection *live() const { return nullptr; }
    /// Ends the evaluation, or raises where the script catches it: the database said \a error.
    [[noreturn]] virtual void failLive(Interpreter &interpreter, const Error &error);
    virtual const Environment &environment() const
    {
        static const Environment none;
        return none;
    }
    /// target_metadata.naming_convention, SQLAlchemy's own if there is none.
    virtual QMap<QString, QString> namingConvention() const = 0;
    /// The version table of the environment that the script is read for.
    virtual TableName versionTable() const { return {{}, QStringLiteral("alembic_version")}; }
    /// \a expression as SQL, values as literals.
    virtual Result<QString> spelled(const ExprPtr &expression, Backend backend, bool isOwnDialect);
    /// The script used a value that differs from run to run.
    virtual void markNondeterministic() = 0;
};

/// The classes of `sqlalchemy` in one interpreter, and what is counted there.
class State final : public Object
{
public:
    QString typeName() const override { return QStringLiteral("sqlalchemy"); }
    /// Made on first use and kept by the interpreter.
    static State &of(Interpreter &interpreter);

    /// Constraints are printed in the order in which they were made (alembic-semantics.md §8.1).
    int nextOrder() { return ++m_order; }

    QHash<QString, Class *> classes{};
    std::vector<MetaDataObject *> metadatas{}; // every one that was made, in order
    /// Columns that expressions hold before they have a name, by what stands for them there.
    QHash<const TableRef *, ColumnObject *> nameless{};
    /// The columns that are Columns to Python, not mere column()s, by table and name.
    QSet<std::pair<const TableRef *, QString>> fullColumns{};
    /// Constraints and indexes whose table may be one that can't be told from their elements.
    struct Unplaced
    {
        Value item{};
        SourceLocation where{};
    };
    std::vector<Unplaced> unplaced{};
    /// What the models' Columns are and where they were made; kept if somebody wants to know.
    struct MadeColumn
    {
        ColumnObject *column = nullptr;
        SourceLocation where{};
    };
    bool keepsColumns = false;
    std::vector<MadeColumn> madeColumns{};
    /// What may change models and isn't followed; \a reason is a clause.
    struct Unfollowed
    {
        SourceLocation where{};
        QString reason{};
    };
    std::vector<Unfollowed> unfollowed{};
    Host *host = nullptr;
    /// A function of @compiles(cls, "mysql"); no dialect: of all that have none of their own.
    struct Compiled
    {
        const Class *cls = nullptr;
        QStringList dialects{};
        Value function{};
    };
    std::vector<Compiled> compiled{};
    /// What @compiles has changed of SQLAlchemy's own clauses: no operation is certain after it.
    QString redrawn{};
    bool drawsNative = false; // @compiles has been said of a class that isn't the project's own, for any dialect
    QSet<QString> redrawnFunctions{}; // those that it has changed, in small letters
    QSet<QString> redrawnClauses{};   // those that few operations print: "DropTable"
    /// A function of @compiles(BinaryExpression) and what it makes of operators: a reason to refuse, or nothing.
    struct BinaryDrawing
    {
        Value function{};
        QHash<QString, QString> verdicts{};
    };
    std::vector<BinaryDrawing> binaryDrawings{};
    QSet<QString> usedOperators{}; // before there was one
    /// Types of TypeDecorators that change their values: the decorator.
    QHash<const SqlType *, std::pair<SqlTypePtr, Value>> decorated{};
    /// Types of sa.Enum(SomeEnum): the class whose members their values are.
    QHash<const SqlType *, std::pair<SqlTypePtr, Value>> enumClasses{};
    int savepoints = 0;                 // that the script has set
    int aliases = 0;                    // that have no name
    /// Class name, dotted or not, perhaps after "mysql:" -> SQL type, as the user says.
    QMap<QString, QString> userTypes{};

private:
    int m_order = 0;
};

/// The native class with the key "Column", "postgresql.UUID", "exc.OperationalError" …; null when
/// SQLAlchemy (as we know it) has none.
Class *classOf(Interpreter &interpreter, const QString &key);

/// Whether \a cls is SQLAlchemy's own class \a key or derives from it; asking makes no class.
bool isNative(const Class *cls, QStringView key);

/// The classes that aren't types and have no dot in their key, for `import *`.
QStringList classNames();

/// The host; ends the evaluation where there is none (module level of models).
Host &hostOf(Interpreter &interpreter);

/// Methods of a native object as a table: name -> function.
template<typename T>
using MethodTable = QHash<QString, Value (*)(Interpreter &, T &, const CallArgs &)>;

template<typename T>
std::optional<Value> boundMethod(Interpreter &interpreter, T &self, const MethodTable<T> &table,
                                 const QString &name)
{
    const auto found = table.constFind(name);
    if (found == table.cend())
        return std::nullopt;
    return interpreter.function(name,
                                [&self, method = *found](Interpreter &in, const CallArgs &args) {
                                    return method(in, self, args);
                                });
}

} // namespace tribikos::py::sa
