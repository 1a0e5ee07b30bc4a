#pragma once

#include "core/base/result.h"

#include <QLibrary>

namespace tribikos {

/*!
    A vendor's client library, loaded when the first connection to such a server is opened. Linked like the
    others, libpq and MariaDB's client bring thirty libraries with them, which is half of what starting the
    program costs, and most of what one does with it needs no server.

    A class for each library has a Function for each of the library's functions. Once loaded it stays.
*/
class ClientLibrary
{
public:
    /// Done, or an Error Connection that names what is missing and what to install.
    Status usable() const;

    template<typename Signature>
    class Function;

protected:
    /// \a name and \a version as in "libNAME.so.VERSION"; \a package is what it comes in on Debian.
    ClientLibrary(const QString &name, int version, const QString &package);
    ~ClientLibrary() = default;
    ClientLibrary(const ClientLibrary &) = delete;
    ClientLibrary &operator=(const ClientLibrary &) = delete;

private:
    QFunctionPointer resolve(const char *name);

    QLibrary m_library;
    const QString m_package;
    QString m_missing{}; // why nothing may be called
};

/// One function; to be called only when its library is usable().
template<typename R, typename... A>
class ClientLibrary::Function<R(A...)>
{
public:
    Function(ClientLibrary *library, const char *name)
        : m_call(reinterpret_cast<R (*)(A...)>(library->resolve(name)))
    {}
    R operator()(A... arguments) const { return m_call(arguments...); }

private:
    R (*m_call)(A...);
};

/// The same with further arguments of any type, as printf() has them.
template<typename R, typename... A>
class ClientLibrary::Function<R(A..., ...)>
{
public:
    Function(ClientLibrary *library, const char *name)
        : m_call(reinterpret_cast<R (*)(A..., ...)>(library->resolve(name)))
    {}
    template<typename... More>
    R operator()(A... arguments, More... more) const
    {
        return m_call(arguments..., more...);
    }

private:
    R (*m_call)(A..., ...);
};

} // namespace tribikos
