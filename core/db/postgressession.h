#pragma once

#include "core/db/serversession.h"

struct pg_conn;
struct pg_result;

namespace tribikos {

/// A connection to PostgreSQL by libpq, never blocking longer than its patience. Source: the manual's chapter 34.
class PostgresSession final : public ServerSession
{
public:
    static Result<std::unique_ptr<ServerSession>> open(const ConnectionSpec &spec, Access access,
                                                       Patience patience);
    ~PostgresSession() override;

    Backend backend() const override { return Backend::PostgreSql; }
    Result<qint64> execute(const QString &sql) override;
    Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) override;
    Replies exchange(const QStringList &statements, const Replied &replied = {}) override;
    Result<Fetched> fetch(const QString &sql) override;
    Status begin() override;
    Status commit() override;
    Status rollback() override;
    void interrupt() override;
    QString serverVersion() override;

    qint64 serverId() const override { return m_serverId; }
    bool isLost() const override;
    bool inTransaction() const override;
    bool isPooled() const override { return m_isPooled; }
    void cut() override;

private:
    using Receive = std::function<void(pg_result *)>;

    explicit PostgresSession(const ConnectionSpec &spec)
        : m_place(spec.place())
    {}
    Status connect(const ConnectionSpec &spec, Access access);
    Status configure(const ConnectionSpec &spec);
    Status flush();
    Status awaitResult();
    /// Sends one statement and hands each of its results' rows on; rows changed, or -1.
    Result<qint64> run(const QString &sql, const QList<QVariant> &bound, const Receive &receive);
    /// The replies to what exchange() has sent; an error: the connection is gone.
    Status receiveReplies(qsizetype count, Replies *replies, const Replied &replied);
    Error failure(pg_result *result);
    Error lost();
    static void onNotice(void *self, const pg_result *result);

    const QString m_place;
    pg_conn *m_db = nullptr;
    bool m_keepsAll = false; // the rows of the statement come at once, not one by one
    void *m_cancel = nullptr; // PGcancel: may be used from any thread
    qint64 m_serverId = 0;
    bool m_isPooled = false;
};

} // namespace tribikos
