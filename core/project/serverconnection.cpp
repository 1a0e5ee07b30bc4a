#include "core/project/serverconnection.h"

#include <QHash>
#include <QSet>
#include <optional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

std::optional<Tls> tlsFromMode(const QString &mode)
{
    static const QHash<QString, Tls> modes{{u"disable"_s, Tls::Off},
                                           {u"disabled"_s, Tls::Off},
                                           {u"false"_s, Tls::Off},
                                           {u"allow"_s, Tls::Prefer},
                                           {u"prefer"_s, Tls::Prefer},
                                           {u"preferred"_s, Tls::Prefer},
                                           {u"require"_s, Tls::Encrypt},
                                           {u"required"_s, Tls::Encrypt},
                                           {u"true"_s, Tls::Encrypt},
                                           {u"verify-ca"_s, Tls::VerifyCa},
                                           {u"verify_ca"_s, Tls::VerifyCa},
                                           {u"verify-full"_s, Tls::VerifyFull},
                                           {u"verify_full"_s, Tls::VerifyFull},
                                           {u"verify_identity"_s, Tls::VerifyFull}};
    const auto found = modes.constFind(mode.toLower());
    return found == modes.cend() ? std::nullopt : std::optional(*found);
}

Error oddParameter(const DatabaseUrl &url, const QString &name, const QString &why)
{
    return {.code = ErrorCode::Connection,
            .message = u"The parameter %1 in the URL %2 %3; correct the URL."_s.arg(
                name, url.displayText(), why)};
}

/// What means something to the Python drivers alone.
bool isDriversOwn(const QString &name)
{
    static const QSet<QString> names{u"prepared_statement_cache_size"_s,
                                     u"prepared_statement_name_func"_s,
                                     u"async_fallback"_s,
                                     u"statement_cache_size"_s,
                                     u"client_encoding"_s,
                                     u"charset"_s,
                                     u"use_unicode"_s,
                                     u"binary_prefix"_s,
                                     u"autocommit"_s,
                                     u"collation"_s,
                                     u"use_pure"_s,
                                     u"auth_plugin"_s,
                                     u"get_server_public_key"_s,
                                     u"allow_public_key_retrieval"_s,
                                     u"local_infile"_s,
                                     u"raise_on_warnings"_s,
                                     u"pool_recycle"_s,
                                     u"pool_size"_s,
                                     u"pool_pre_ping"_s,
                                     u"max_overflow"_s,
                                     u"timeout"_s,
                                     u"command_timeout"_s,
                                     u"read_timeout"_s,
                                     u"write_timeout"_s};
    return names.contains(name);
}

/// libpq's keywords that say something of the session or of the line; those with a field of their own are taken apart.
bool isLibpqKeyword(const QString &name)
{
    static const QSet<QString> names{u"hostaddr"_s,
                                     u"passfile"_s,
                                     u"options"_s,
                                     u"application_name"_s,
                                     u"keepalives"_s,
                                     u"keepalives_idle"_s,
                                     u"keepalives_interval"_s,
                                     u"keepalives_count"_s,
                                     u"tcp_user_timeout"_s,
                                     u"gssencmode"_s,
                                     u"sslcompression"_s,
                                     u"sslcrl"_s,
                                     u"sslcrldir"_s,
                                     u"sslpassword"_s,
                                     u"sslsni"_s,
                                     u"channel_binding"_s,
                                     u"krbsrvname"_s,
                                     u"service"_s,
                                     u"target_session_attrs"_s,
                                     u"requirepeer"_s,
                                     u"ssl_min_protocol_version"_s,
                                     u"ssl_max_protocol_version"_s,
                                     u"fallback_application_name"_s};
    return names.contains(name);
}

Status takeParameter(const DatabaseUrl &url, const QString &name, const QString &value,
                     ConnectionSpec *spec)
{
    const bool isPostgres = url.backend == Backend::PostgreSql;
    if (name == u"sslmode" || name == u"ssl_mode" || name == u"ssl") {
        const auto tls = tlsFromMode(value);
        if (!tls)
            return oddParameter(url, name, u"has the value \"%1\", which is none"_s.arg(value));
        spec->tls = *tls;
    } else if (name == u"ssl_disabled") {
        spec->tls = value.toLower() == u"true" || value == u"1" ? Tls::Off : spec->tls;
    } else if (name == u"ssl_verify_identity" || name == u"ssl_check_hostname") {
        spec->tls = value.toLower() == u"true" || value == u"1" ? Tls::VerifyFull : Tls::VerifyCa;
    } else if (name == u"ssl_verify_cert") {
        spec->tls = value.toLower() == u"true" || value == u"1" ? Tls::VerifyCa : Tls::Encrypt;
    } else if (name == u"sslrootcert" || name == u"ssl_ca") {
        spec->caFile = value;
    } else if (name == u"sslcert" || name == u"ssl_cert") {
        spec->certificateFile = value;
    } else if (name == u"sslkey" || name == u"ssl_key") {
        spec->keyFile = value;
    } else if (name == u"connect_timeout") {
        spec->connectTimeoutMs = std::max(1, value.toInt()) * 1000;
    } else if (name == u"unix_socket" || name == u"unix_sock") {
        (isPostgres ? spec->host : spec->socket) = value;
    } else if (isPostgres && name == u"host") {
        spec->host = value;
    } else if (isPostgres && name == u"port") {
        spec->port = value.toInt();
    } else if (isPostgres && name == u"user") {
        spec->user = value;
    } else if (isPostgres && name == u"password") {
        spec->password = value;
    } else if (isPostgres && name == u"dbname") {
        spec->database = value;
    } else if (isPostgres && isLibpqKeyword(name)) {
        spec->clientOptions.insert(name, value);
    } else if (!isPostgres
               && name == u"init_command") { // a statement that each session begins with
        spec->clientOptions.insert(name, value);
    } else if (!isDriversOwn(name)) {
        return oddParameter(url, name, u"is none that Tribikos knows"_s);
    }
    return done();
}

/// What changes nothing of how a file is written: the Python drivers' own, and SQLite's about its cache.
bool isHarmlessToFile(const QString &name)
{
    static const QSet<QString> names{u"check_same_thread"_s,
                                     u"timeout"_s,
                                     u"detect_types"_s,
                                     u"isolation_level"_s,
                                     u"cached_statements"_s,
                                     u"uri"_s,
                                     u"cache"_s,
                                     u"autocommit"_s,
                                     u"loop"_s,
                                     u"iter_chunk_size"_s,
                                     u"charset"_s,
                                     u"pool_recycle"_s,
                                     u"pool_size"_s,
                                     u"pool_pre_ping"_s,
                                     u"max_overflow"_s};
    return names.contains(name);
}

Status takeSqliteParameter(const DatabaseUrl &url, const QString &name, const QString &value,
                           ConnectionSpec *spec)
{
    static const QSet<QString> switches{u"immutable"_s, u"nolock"_s}; // off by themselves
    static const QSet<QString> off{u"0"_s, u"no"_s, u"off"_s, u"false"_s};
    if (name == u"mode") {
        if (!QStringList{u"ro"_s, u"rw"_s, u"rwc"_s}.contains(value))
            return oddParameter(
                url, name, u"has the value \"%1\", which is none of ro, rw and rwc"_s.arg(value));
        spec->clientOptions.insert(name, value);
    } else if (!isHarmlessToFile(name) && !(switches.contains(name) && off.contains(value))) {
        return oddParameter(url, name, u"is none that Tribikos can keep to"_s);
    }
    return done();
}

} // namespace

Result<ConnectionSpec> sqliteConnection(const DatabaseUrl &url, const QString &folder)
{
    ConnectionSpec spec{
        .backend = url.backend, .url = url.displayText(), .database = sqliteFile(url, folder)};
    for (const auto &[name, value] : url.query) {
        if (const Status taken = takeSqliteParameter(url, name, value, &spec); !taken)
            return taken.error();
    }
    return spec;
}

Result<ConnectionSpec> serverConnection(const DatabaseUrl &url)
{
    ConnectionSpec spec{.backend = url.backend,
                        .url = url.displayText(),
                        .database = url.database,
                        .host = url.host,
                        .port = url.port,
                        .user = url.user,
                        .password = url.password};
    for (const auto &[name, value] : url.query) {
        if (const Status taken = takeParameter(url, name, value, &spec); !taken)
            return taken.error();
    }
    if (spec.host.startsWith(u'/')) { // libpq's way to name a folder of sockets
        spec.socket = spec.host;
        spec.host.clear();
    }
    if (spec.database.isEmpty() && url.backend != Backend::PostgreSql)
        return Error{
            .code = ErrorCode::Connection,
            .message = u"The URL %1 names no database; write it as %2://user@host/database."_s.arg(
                url.displayText(), backendName(url.backend))};
    return spec;
}

} // namespace tribikos
