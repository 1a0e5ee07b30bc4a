#pragma once

#include <QString>
#include <QStringList>

/// Phrases that several places say, so that they say them alike.
namespace tribikos {

/// "1 revision", "3 revisions".
QString revisionsText(int count);
/// "1 statement", "3 statements".
QString statementsText(int count);
/// "base", or the rows' ids, cut short so that many heads don't fill a line.
QString shownPosition(const QStringList &rows);
/// "0.02 s", "12.4 s", "3:07 min".
QString durationText(qint64 microseconds);

} // namespace tribikos
