#include "core/db/clientlibrary.h"

using namespace Qt::StringLiterals;

namespace tribikos {

ClientLibrary::ClientLibrary(const QString &name, int version, const QString &package)
    : m_library(name, version)
    , m_package(package)
{
    if (!m_library.load())
        m_missing = m_library.errorString();
}

QFunctionPointer ClientLibrary::resolve(const char *name)
{
    const QFunctionPointer function = m_library.isLoaded() ? m_library.resolve(name) : nullptr;
    if (!function && m_missing.isEmpty())
        m_missing = u"it has no %1()"_s.arg(QLatin1String(name));
    return function;
}

Status ClientLibrary::usable() const
{
    if (m_missing.isEmpty())
        return done();
    return Error{.code = ErrorCode::Connection,
                 .message =
                     u"The client library for this database can't be used (%1); install %2."_s.arg(
                         m_missing, m_package),
                 .detail = m_missing};
}

} // namespace tribikos
