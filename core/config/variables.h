#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QString>

namespace tribikos {

/// The values of ${NAME}: the process's environment first, then a .env file beside the project's
/// configuration. They may be secrets: never show them.
class Variables
{
public:
    /// Reads \a folder's .env when there is one.
    explicit Variables(const QString &folder);

    bool has(const QString &name) const;
    QString value(const QString &name) const;
    /// \a text with every ${NAME} replaced; \a missing receives the names that nobody has.
    QString expand(const QString &text, QStringList *missing) const;

private:
    QHash<QString, QString> m_file{};
};

/// The assignments of a .env file: KEY=VALUE, "export", quotes, # comments. Nothing is evaluated.
QHash<QString, QString> parseEnvironmentFile(const QString &text);

} // namespace tribikos
