#pragma once

#include <QString>
#include <QStringList>

namespace tribikos {

/// repr() of Python 3 for a str: single quotes unless only those are inside, what can't be printed escaped.
QString pythonText(const QString &text);
/// ['a', 'b']
QString pythonList(const QStringList &texts);
QString pythonBool(bool value);

} // namespace tribikos
