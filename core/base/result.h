#pragma once

#include <QString>
#include <utility>
#include <variant>

namespace tribikos {

/// Why something could not be done. The code is for branching (and the CLI's exit code), the rest is for people.
enum class ErrorCode {
    Usage,          // the call itself makes no sense (exit 2)
    NotFound,       // a file, revision or object does not exist
    Unreadable,     // it exists but can't be read: permissions, encoding, size, not a regular file
    Syntax,         // foreign text is malformed
    ProjectRefused, // the project can't be used as it is (exit 6)
    GraphInvalid,   // the revision graph can't answer the question
    Unsupported,    // understood, but not for this dialect or not by us; never guessed
    NeedsRebuild, // the dialect has no such ALTER: the table must be rebuilt (dialects -> plan only)
    NeedsConnection, // can't be known without a database (exit 7)
    Connection,      // no connection, or lost (exit 5)
    Busy,            // another run or writer held the lock past the limit (exit 4)
    Statement,       // a statement failed (exit 3)
    Conflict,        // the database is not where the plan was made for
    Cancelled,
    Io // writing a file failed
};

/// One failure, as a sentence for the person at the screen: what happened, where, what to do next.
struct Error
{
    ErrorCode code = ErrorCode::Unsupported;
    QString message{}; // one sentence for people
    QString detail{};  // the driver's or the script's own words; may be empty
    QString file{};    // empty when no source is to blame
    int line = 0;      // 1-based; 0 is "no line"
    friend bool operator==(const Error &, const Error &) = default;
};

/// A value or the Error that took its place. Never both, never neither.
template<typename T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {}
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {}

    explicit operator bool() const { return m_state.index() == 0; }
    const T &value() const
    {
        Q_ASSERT(*this);
        return *std::get_if<0>(&m_state);
    }
    const T &operator*() const { return value(); }
    T &operator*() { return get(); }
    const T *operator->() const { return &value(); }
    T *operator->() { return &get(); }
    T take()
    {
        Q_ASSERT(*this);
        return std::move(*std::get_if<0>(&m_state));
    }
    const Error &error() const
    {
        Q_ASSERT(!*this);
        return *std::get_if<1>(&m_state);
    }

private:
    T &get()
    {
        Q_ASSERT(*this);
        return *std::get_if<0>(&m_state);
    }

    std::variant<T, Error> m_state;
};

using Status = Result<std::monostate>;
inline Status done()
{
    return std::monostate{};
}

} // namespace tribikos
