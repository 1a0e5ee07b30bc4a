#pragma once

#include "core/db/serversession.h"

namespace tribikos::lab {

/// What becomes of one call to a server.
enum class Failure {
    Refused,    // the server says no, as it does to what is no SQL, and does nothing
    Unheard,    // it is done, but the connection is gone before the answer
    Lost,       // the connection is gone before it is asked
    OutOfMemory // std::bad_alloc
};

/// Which call fails, counted over all connections of a run. A message of several statements is as many calls.
struct Fault
{
    Failure failure = Failure::Refused;
    int left = 0; // calls up to that one
    bool hasFailed = false;
    QString refuses{}; // what begins like this the server won't have, whenever; empty: nothing
};

/// A session before a real one, whose nth call fails.
class FailingServer final : public ServerSession
{
public:
    FailingServer(std::unique_ptr<ServerSession> real, Fault &fault);

    Backend backend() const override { return m_real->backend(); }
    Result<qint64> execute(const QString &sql) override;
    Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) override;
    Result<Fetched> fetch(const QString &sql) override;
    Replies exchange(const QStringList &statements, const Replied &replied = {}) override;
    Status begin() override;
    Status commit() override;
    Status rollback() override;
    bool inTransaction() const override { return m_real->inTransaction(); }
    void interrupt() override { m_real->interrupt(); }
    QStringList takeNotices() override { return m_real->takeNotices(); }
    QString serverVersion() override { return m_real->serverVersion(); }
    qint64 serverId() const override { return m_real->serverId(); }
    bool isLost() const override { return m_isLost || m_real->isLost(); }
    bool commitsByItself() const override { return m_real->commitsByItself(); }
    bool isPooled() const override { return m_real->isPooled(); }
    void cut() override { m_real->cut(); }

private:
    template<typename Call>
    auto called(const Call &call, const QString &sql = {}) -> decltype(call());
    bool failsNow();
    Error lose();
    Error refuse();

    const std::unique_ptr<ServerSession> m_real;
    Fault &m_fault;
    bool m_isLost = false;
};

} // namespace tribikos::lab
