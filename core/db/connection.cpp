#include "core/db/connection.h"

#include "core/base/text.h"

using namespace Qt::StringLiterals;

namespace tribikos {

bool ConnectionSpec::isLocal() const
{
    return backend == Backend::Sqlite || host.isEmpty() || host == u"localhost" || host == u"::1"
           || host.startsWith(u"127.");
}

Tls ConnectionSpec::effectiveTls() const
{
    if (tls != Tls::Automatic)
        return tls;
    return isLocal() ? Tls::Prefer : Tls::VerifyFull;
}

QString ConnectionSpec::place() const
{
    return backend == Backend::Sqlite ? database : redactedUrl(url);
}

} // namespace tribikos
