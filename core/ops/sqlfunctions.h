#pragma once

#include <QSet>
#include <QString>

namespace tribikos {

/// Functions of the databases that give one value for one row and change nothing; names in lower case.
const QSet<QString> &scalarFunctions();
/// Functions that make one row of many.
const QSet<QString> &aggregateFunctions();

} // namespace tribikos
