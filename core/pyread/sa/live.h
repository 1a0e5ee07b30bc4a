#pragma once

#include "core/pyread/live.h"
#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/tables.h"

/// Connections and sessions of a script that runs on its database while it is evaluated.
namespace tribikos::py::sa {

class UnitOfWork;

/// What the columns of a result stand for.
struct ResultShape
{
    /// Some columns that are an object of a mapped class together, or one that is a value.
    struct Part
    {
        Class *entity = nullptr;
        qsizetype columns = 1;
    };
    std::vector<Part> parts{}; // none: every column is a value
    QList<SqlTypePtr> types{}; // by column, as far as the script says them
};

/// sqlalchemy.exc.IntegrityError and its kin for what a database said.
Value databaseException(Interpreter &interpreter, const Error &error);
/// A cell as the database's usual driver gives it, and as SQLAlchemy then does for a column of \a type.
Value liveValue(Interpreter &interpreter, const QVariant &cell, const FetchedColumn &column,
                const SqlTypePtr &type);

/// Runs one statement.
Fetched liveFetch(Interpreter &interpreter, const Operation::Kind &operation);
/// The types of what \a statement gives.
ResultShape shapeOf(const ExprPtr &statement);
/// That of select(*entities), where sessions make objects of mapped classes.
ResultShape shapeOf(const ExprPtr &statement, const std::vector<Value> &entities);

/// The result of a statement. \a unit makes its objects; null where there are none. \a key is the inserted row's.
Value makeLiveResult(Interpreter &interpreter, Fetched fetched, ResultShape shape, UnitOfWork *unit,
                     std::vector<Value> key = {});
/// Runs \a statement with its parameters, as execute() does.
Value liveExecute(Interpreter &interpreter, UnitOfWork *unit, const Value &statement,
                  const Value &parameters);
/// A method of a connection or, with \a unit, of a session; nullopt: nothing is different of it there.
std::optional<Value> liveMethod(Interpreter &interpreter, Object *connection, UnitOfWork *unit,
                                const QString &name);
/// The columns of a table's primary key.
QStringList primaryKeyNames(Interpreter &interpreter, const TableObject &table);
/// session.query(*entities)
Value makeLiveQuery(Interpreter &interpreter, UnitOfWork &unit, const std::vector<Value> &entities);
UnitOfWork *makeUnitOfWork(Interpreter &interpreter);

} // namespace tribikos::py::sa
