#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

namespace tribikos {

/*!
    A script for psql as the server gets it: the commands of psql ("\restrict", "\connect db") and the rows behind
    COPY … FROM stdin are blanks, every line where it was. "\g" and "\;" end a statement as they do there.

    \a unknown gets those, with their line, that may make or leave out anything: \i, \gexec, \if, a second \connect.
    Linear in time, never fails, thread-safe.
*/
QString withoutPsqlCommands(const QString &script, QList<Error> *unknown);

} // namespace tribikos
