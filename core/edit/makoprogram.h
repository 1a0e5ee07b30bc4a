#pragma once

#include "core/base/result.h"

#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>

namespace tribikos::mako {

/// A template as a Python program that writes its text. Names that begin with "__mako_" are ours:
/// __mako_write(text), __mako_text(i) and one function for each of Mako's own filters.
struct Program
{
    QString python{};
    QList<int> lineOf{}; // the template's line of each line of python
    QStringList texts{};
};

/// \a known: the variables that the template is given. Every other name that it mentions and nobody
/// defines becomes __mako_missing(name), as Mako gives it its UNDEFINED.
Result<Program> programOf(const QString &text, const QString &file, const QSet<QString> &known);

} // namespace tribikos::mako
