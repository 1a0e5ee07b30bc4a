#pragma once

#include "core/db/serversession.h"

struct st_mysql;
struct st_mysql_res;

namespace tribikos {

/// A connection to MySQL or MariaDB by MariaDB's client library, through its functions that don't block.
/// Source: MariaDB's documentation, "Using the Non-blocking Library".
class MySqlSession final : public ServerSession
{
public:
    static Result<std::unique_ptr<ServerSession>> open(const ConnectionSpec &spec, Access access,
                                                       Patience patience);
    ~MySqlSession() override;

    Backend backend() const override { return m_spec.backend; }
    Result<qint64> execute(const QString &sql) override;
    Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) override;
    Result<Fetched> fetch(const QString &sql) override;
    Status begin() override;
    Status commit() override;
    Status rollback() override;
    void interrupt() override;
    QString serverVersion() override;

    qint64 serverId() const override { return m_serverId; }
    bool isPooled() const override { return m_isPooled; }
    bool isLost() const override { return !m_db; }
    bool inTransaction() const override;
    bool commitsByItself() const override;
    void cut() override;

private:
    using Receive = std::function<void(st_mysql_res *, char **, unsigned long *)>;

    explicit MySqlSession(const ConnectionSpec &spec);
    Status connect(Access access);
    unsigned serverStatus() const;
    void setOptions();
    void setTlsOptions();
    Status checkTls();
    Status configure(Access access);
    void keepAlive();
    Status findProxy();
    /// Waits for what \a status of a *_start or *_cont function asks for; what came, as *_cont wants it.
    Result<int> await(int status);
    Status receiveRows(const Receive &receive);
    Status drainResults();
    Result<qint64> run(const QString &sql, const Receive &receive);
    QString withValues(const QString &sql, const QList<QVariant> &bound);
    Error failure();
    Error lost(const QString &reason);
    void noteWarnings();

    const ConnectionSpec m_spec; // interrupt() connects anew
    const QString m_place;
    st_mysql *m_db = nullptr;
    qint64 m_serverId = 0;
    bool m_isPooled = false;
};

} // namespace tribikos
