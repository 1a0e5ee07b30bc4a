#pragma once

#include <QList>
#include <QString>
#include <QVariant>

namespace tribikos {

/// A column of what was read. Its values are null, bool, whole numbers, double, text, bytes (QByteArray) or, of
/// an array, lists of these; \c type says what a text stands for.
struct FetchedColumn
{
    enum class Type {
        Plain,    // what its values are
        Decimal,  // "12.30"
        Date,     // "2024-02-29"
        Time,     // "13:05:07.25", perhaps with an offset
        DateTime, // "2024-02-29 13:05:07.25", perhaps with an offset
        Interval, // as the database prints it
        Json,     // JSON text
        Uuid,
        Opaque // a type of which nobody knows what a driver would make: the text is the database's
    };
    QString name{};
    Type type = Type::Plain;
    bool isArray = false;
};

/// What one statement gave.
struct Fetched
{
    bool hasRows = false; // it is one that gives rows, be there none
    QList<FetchedColumn> columns{};
    QList<QList<QVariant>> rows{};
    qint64 changed = -1; // rows; -1: it changes none
    bool isRepeated = false; // an earlier run did it, and what it gave then isn't known
    qint64 lastId = 0;   // what SQLite and MySQL numbered last
};

/// More than this, in bytes of values, is nobody's to hold.
inline constexpr qint64 kMostFetched = 512ll << 20;

} // namespace tribikos
