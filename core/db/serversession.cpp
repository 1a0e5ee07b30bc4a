#include "core/db/serversession.h"

#include "core/base/text.h"
#include "core/db/mysqlsession.h"
#include "core/db/postgressession.h"
#include "core/db/sqltext.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <poll.h>

using namespace Qt::StringLiterals;

namespace tribikos {

void ServerSession::note(const QString &notice)
{
    constexpr qsizetype mostNotices = 100;
    if (m_notices.size() < mostNotices)
        m_notices.append(redactedText(notice).simplified());
}

Replies ServerSession::exchange(const QStringList &statements, const Replied &replied)
{
    Replies replies;
    for (const QString &sql : statements) {
        Replies::Reply reply;
        if (leadingKeyword(sql) == u"SELECT") {
            auto rows = query(sql);
            if (!rows)
                replies.error = rows.error();
            else
                reply.rows = rows.take();
        } else if (const auto changed = execute(sql); changed) {
            reply.changed = *changed;
        } else {
            replies.error = changed.error();
        }
        if (replies.error)
            break;
        replies.replies.append(std::move(reply));
        if (replied)
            replied(replies.replies.constLast());
    }
    return replies;
}

namespace {

constexpr int kFirstAnswersMs = 2500; // to the questions that a session begins with

Result<std::unique_ptr<ServerSession>> openSession(const ConnectionSpec &spec, Access access,
                                                   ServerSession::Patience patience)
{
    switch (spec.backend) {
    case Backend::PostgreSql: return PostgresSession::open(spec, access, std::move(patience));
    case Backend::MySql:
    case Backend::MariaDb: return MySqlSession::open(spec, access, std::move(patience));
    case Backend::Sqlite: break;
    }
    return Error{.code = ErrorCode::Usage, .message = u"SQLite has no server to connect to."_s};
}

} // namespace

/// Nobody watches a session that has no number yet: it is given up when it doesn't answer.
Result<std::unique_ptr<ServerSession>> openServer(const ConnectionSpec &spec, Access access,
                                                  ServerSession::Patience patience)
{
    const int limit = spec.connectTimeoutMs + kFirstAnswersMs;
    QElapsedTimer timer;
    timer.start();
    auto session = openSession(spec, access, [&timer, &patience, limit] {
        return !timer.hasExpired(limit) && (!patience || patience());
    });
    if (session) {
        (*session)->setPatience(std::move(patience));
        return session;
    }
    if (!timer.hasExpired(limit))
        return session;
    return Error{
        .code = ErrorCode::Connection,
        .message =
            u"No connection to %1: it did not answer within %2 s; look at the server, then try again."_s
                .arg(spec.place(), QString::number(limit / 1000)),
        .detail = session.error().message};
}

bool isRetryable(Backend backend, const QString &state)
{
    if (backend
        == Backend::PostgreSql) // lock_not_available, deadlock_detected, serialization_failure
        return state == u"55P03" || state == u"40P01" || state == u"40001";
    return state == u"1205" || state == u"1213"; // lock wait timeout, deadlock
}

bool waitForSocket(qintptr socket, bool toRead, bool toWrite, int ms)
{
    pollfd one{.fd = int(socket),
               .events = short((toRead ? POLLIN : 0) | (toWrite ? POLLOUT : 0)),
               .revents = 0};
    return poll(&one, 1, ms) != 0; // interrupted or broken: whoever asked looks for itself
}

QString systemCertificates()
{
    // Debian, Fedora, openSUSE and the BSDs in turn.
    for (const QString &file :
         {u"/etc/ssl/certs/ca-certificates.crt"_s, u"/etc/pki/tls/certs/ca-bundle.crt"_s,
          u"/etc/ssl/ca-bundle.pem"_s, u"/etc/ssl/cert.pem"_s}) {
        if (QFileInfo(file).isReadable())
            return file;
    }
    return {};
}

} // namespace tribikos
