#pragma once

#include <QString>
#include <QStringList>

namespace tribikos::sampletest {

/*!
    What SQLite itself says of a database, as sorted lines that can be compared: columns, keys,
    foreign keys, indexes (names only of those that have one) by its pragmas, and no word of our own
    reader. The version table is a table like the others.
*/
QStringList schemaFacts(const QString &databasePath);

/// Every row of every table as a line, sorted. A time that is not the seed's becomes 'now'.
QStringList rowFacts(const QString &databasePath);

/// Runs every statement of \a script, creating the file when it is not there.
void runScript(const QString &databasePath, const QString &script);

} // namespace tribikos::sampletest
