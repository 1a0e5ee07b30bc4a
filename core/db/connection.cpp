#include "core/db/connection.h"

#include "core/base/text.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

bool ConnectionSpec::isLocal() const
{
    static const QRegularExpression loopback(u"^127(?:\\.\\d{1,3}){3}$"_s);
    const QString address =
        clientOptions.value(u"hostaddr"_s); // where libpq goes, whatever the host is called
    const QString there = address.isEmpty() ? host : address;
    const bool isNamedElsewhere =
        clientOptions.contains(u"service"_s)
        || (there.isEmpty() && socket.isEmpty() && backend == Backend::PostgreSql
            && qEnvironmentVariableIsSet("PGHOST")
            && !qEnvironmentVariable("PGHOST").startsWith(u'/'));
    return backend == Backend::Sqlite
           || (!isNamedElsewhere
               && (there.isEmpty() || there == u"localhost" || there == u"::1"
                   || loopback.match(there).hasMatch()));
}

Tls ConnectionSpec::effectiveTls() const
{
    if (tls != Tls::Automatic)
        return tls;
    const bool isMySql = backend == Backend::MySql || backend == Backend::MariaDb;
    if (isMySql && isLocal() && !caFile.isEmpty()) // libpq's sslrootcert asks for nothing, these do
        return Tls::VerifyCa;
    if (isMySql && isLocal() && !(certificateFile + keyFile).isEmpty())
        return Tls::Encrypt;
    return isLocal() ? Tls::Prefer : Tls::VerifyFull;
}

QString ConnectionSpec::place() const
{
    return backend == Backend::Sqlite ? database : redactedUrl(url);
}

} // namespace tribikos
