#pragma once

#include "core/db/session.h"

#include <optional>

namespace tribikos {

/// How a call fails.
enum class Failure {
    Refused,   // an error, and nothing was done
    Unheard,   // it was done, but its answer was lost with the connection
    Lost,      // the connection is gone, and so is every later call
    OutOfMemory // std::bad_alloc
};

/// A session before a real one whose nth call fails.
class FailingSession final : public Session
{
public:
    FailingSession(Session &real, Failure failure, int at, bool *failed)
        : m_real(real)
        , m_failure(failure)
        , m_left(at)
        , m_failed(failed)
    {}

    Backend backend() const override { return m_real.backend(); }
    Result<qint64> execute(const QString &sql) override;
    Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) override;
    Result<Fetched> fetch(const QString &sql) override;
    Status begin() override;
    Status commit() override;
    Status rollback() override;
    bool inTransaction() const override { return m_real.inTransaction(); }
    void interrupt() override { m_real.interrupt(); }
    QStringList takeNotices() override { return m_real.takeNotices(); }
    QString serverVersion() override { return m_real.serverVersion(); }

private:
    template<typename Call>
    auto called(const Call &call) -> decltype(call());

    Session &m_real;
    const Failure m_failure;
    int m_left;
    bool *m_failed;
    bool m_isLost = false;
};

} // namespace tribikos
