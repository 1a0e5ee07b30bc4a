#include "tests/servers/failingserver.h"

#include <new>

using namespace Qt::StringLiterals;

namespace tribikos::lab {

FailingServer::FailingServer(std::unique_ptr<ServerSession> real, Fault &fault)
    : m_real(std::move(real))
    , m_fault(fault)
{
    m_real->setPatience([this] { return goOn(); });
}

bool FailingServer::failsNow()
{
    if (--m_fault.left != 0)
        return false;
    m_fault.hasFailed = true;
    if (m_fault.failure == Failure::OutOfMemory)
        throw std::bad_alloc();
    return true;
}

Error FailingServer::lose()
{
    if (!m_isLost)
        m_real->cut();
    m_isLost = true;
    setLastState({});
    return {.code = ErrorCode::Connection, .message = u"The connection was lost"_s};
}

/// The server's own refusal, with what that does to a transaction.
Error FailingServer::refuse()
{
    const auto refused = m_real->execute(u"NONSENSE"_s);
    setLastState(m_real->lastState());
    return refused ? Error{.code = ErrorCode::Statement, .message = u"Nonsense was accepted"_s}
                   : refused.error();
}

template<typename Call>
auto FailingServer::called(const Call &call, const QString &sql) -> decltype(call())
{
    if (m_isLost)
        return lose();
    if (!m_fault.refuses.isEmpty() && sql.startsWith(m_fault.refuses)) {
        const auto refused = m_real->query(u"SELECT no_such_function()"_s);
        setLastState(m_real->lastState());
        return refused.error();
    }
    if (!failsNow()) {
        auto ended = call();
        setLastState(m_real->lastState());
        return ended;
    }
    if (m_fault.failure == Failure::Refused)
        return refuse();
    if (m_fault.failure == Failure::Unheard)
        (void)call();
    return lose();
}

Result<qint64> FailingServer::execute(const QString &sql)
{
    return called([&] { return m_real->execute(sql); }, sql);
}

Result<QList<Row>> FailingServer::query(const QString &sql, const QList<QVariant> &bound)
{
    return called([&] { return m_real->query(sql, bound); }, sql);
}

Result<Fetched> FailingServer::fetch(const QString &sql)
{
    return called([&] { return m_real->fetch(sql); }, sql);
}

Replies FailingServer::exchange(const QStringList &statements, const Replied &replied)
{
    qsizetype ends = 0; // before the one that fails
    bool fails = m_isLost;
    while (!fails && ends < statements.size()) {
        fails = failsNow();
        ends += fails ? 0 : 1;
    }
    if (m_isLost)
        return {.error = lose()};
    QStringList sent = statements.first(ends);
    if (fails && m_fault.failure == Failure::Refused)
        sent.append(u"NONSENSE"_s);
    else if (fails && m_fault.failure == Failure::Unheard)
        sent.append(statements.at(ends));
    qsizetype heard = 0;
    Replies replies;
    if (!sent.isEmpty())
        replies = m_real->exchange(sent, [&](const Replies::Reply &reply) {
            if (++heard <= ends && replied)
                replied(reply);
        });
    setLastState(m_real->lastState());
    if (!fails || m_fault.failure == Failure::Refused)
        return replies;
    replies.replies.resize(std::min(ends, replies.replies.size()));
    replies.error = lose();
    return replies;
}

Status FailingServer::begin()
{
    return called([&] { return m_real->begin(); });
}

Status FailingServer::commit()
{
    return called([&] { return m_real->commit(); });
}

Status FailingServer::rollback()
{
    return called([&] { return m_real->rollback(); });
}

} // namespace tribikos::lab
