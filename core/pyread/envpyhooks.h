#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <stop_token>

namespace tribikos {

/// What Alembic asks include_object about: object.name, .schema, .info and .table tell what they can, everything else
/// of it can't be known.
struct IncludeQuestion
{
    QString type{}; // "table", "column", "index", "unique_constraint", "foreign_key_constraint"
    QString name{}; // empty: None
    QString schema{};
    QString table{};       // of what is in one
    QString info{};        // as Python writes it; empty: {}
    bool isReflected = false;
    bool hasOther = false; // compare_to is not None
};

/*!
    What the hooks of an env.py, which it passes to context.configure() by their names, answer. Its functions, classes and
    assignments are read by our evaluator, with the project's modules that they import; nothing else of it, and nothing is
    executed.

    Errors: what the file or the hook says can't be known, with the place.
*/
Result<QList<bool>> askIncludeObject(const QString &envPy, const QString &hook,
                                     const QList<IncludeQuestion> &questions,
                                     const QStringList &searchPath, const std::stop_token &stop = {});
/// include_name(name, "table", {"schema_name": …, "schema_qualified_table_name": …}) of \a tables, "schema.name" each.
Result<QList<bool>> askIncludeName(const QString &envPy, const QString &hook,
                                   const QStringList &tables, const QStringList &searchPath,
                                   const std::stop_token &stop = {});

} // namespace tribikos
