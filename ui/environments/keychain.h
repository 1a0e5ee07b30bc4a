#pragma once

#include "core/config/databaseurl.h"

#include <QObject>
#include <functional>
#include <optional>

namespace tribikos {

/*!
    Passwords in the desktop's keychain, and nowhere else: where there is none they are not kept. Answers come on the window's
    thread, later; none comes once \a context is gone.
*/
class Keychain final
{
public:
    /// What stands for a database in the keychain: user, server and database as a connection has them in the end,
    /// whatever parameter says so, and how safe the line is that was asked for; no secret. Empty: it makes no sense.
    static QString entryOf(const DatabaseUrl &url);

    /// nullopt: nothing is kept there, or there is no keychain.
    static void read(const QString &entry, QObject *context,
                     std::function<void(const std::optional<QString> &)> answer);
    /// \a answer gets what went wrong, in a sentence; empty: it is kept.
    static void write(const QString &entry, const QString &password, QObject *context,
                      std::function<void(const QString &problem)> answer);
    static void remove(const QString &entry);
};

} // namespace tribikos
