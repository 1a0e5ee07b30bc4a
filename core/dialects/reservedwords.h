#pragma once

#include <QSet>
#include <QString>

namespace tribikos {

/// The words, in lower case, that SQLAlchemy 2.0 quotes when they are names. Fixed lists, whatever
/// the server's version reserves: the text must not depend on a connection.
const QSet<QString> &sqliteReservedWords();
const QSet<QString> &postgresqlReservedWords();
const QSet<QString> &mysqlReservedWords();
const QSet<QString> &mariadbReservedWords();

} // namespace tribikos
