#include "tests/runtime/failingsession.h"

#include <new>

using namespace Qt::StringLiterals;

namespace tribikos {

template<typename Call>
auto FailingSession::called(const Call &call) -> decltype(call())
{
    const Error lost{.code = ErrorCode::Connection, .message = u"The connection was lost"_s};
    if (m_isLost)
        return lost;
    if (--m_left != 0)
        return call();
    *m_failed = true;
    switch (m_failure) {
    case Failure::Refused:
        return Error{.code = ErrorCode::Statement, .message = u"the call was refused"_s};
    case Failure::Unheard: (void)call(); [[fallthrough]];
    case Failure::Lost: m_isLost = true; return lost;
    case Failure::OutOfMemory: break;
    }
    throw std::bad_alloc();
}

Result<qint64> FailingSession::execute(const QString &sql)
{
    return called([&] { return m_real.execute(sql); });
}

Result<QList<Row>> FailingSession::query(const QString &sql, const QList<QVariant> &bound)
{
    return called([&] { return m_real.query(sql, bound); });
}

Result<Fetched> FailingSession::fetch(const QString &sql)
{
    return called([&] { return m_real.fetch(sql); });
}

Status FailingSession::begin()
{
    return called([&] { return m_real.begin(); });
}

Status FailingSession::commit()
{
    return called([&] { return m_real.commit(); });
}

Status FailingSession::rollback()
{
    return called([&] { return m_real.rollback(); });
}

} // namespace tribikos
