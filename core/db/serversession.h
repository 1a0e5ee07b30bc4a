#pragma once

#include "core/db/connection.h"
#include "core/db/session.h"

#include <QByteArrayView>
#include <QStringList>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tribikos {

/// The text of each column in the row before: what comes again, as most of a catalogue does, is shared and not decoded.
class RepeatedTexts
{
public:
    QVariant value(qsizetype column, QByteArrayView text)
    {
        if (column >= m_texts.size())
            m_texts.resize(column + 1);
        Known &known = m_texts[column];
        if (known.value.isNull() || QByteArrayView(known.text) != text) {
            known.text.assign(text.begin(), text.end());
            known.value = QString::fromUtf8(text);
        }
        return known.value;
    }

private:
    struct Known
    {
        std::string text{}; // keeps its room from row to row
        QVariant value{};
    };
    QList<Known> m_texts{};
};

/// What statements that were sent together gave, in order. Fewer than were sent: the next one failed with \c error.
struct Replies
{
    struct Reply
    {
        qint64 changed = -1; // rows; -1: not a statement that changes any
        QList<Row> rows{};
        QByteArray tag{}; // what PostgreSQL says that it did: "COMMIT"; "ROLLBACK" of a failed transaction
    };
    QList<Reply> replies{};
    std::optional<Error> error{};
};

/*!
    An open connection to a server, spoken to by the server's own client library, because Qt's
    drivers can neither wait with a limit nor be cancelled, lose errors behind a statement, and open
    in clear text where TLS was asked for.

    Everything that waits for the server waits in slices: between them the function given to
    setPatience() is asked. One thread; interrupt() alone may be called from others.
*/
class ServerSession : public Session
{
public:
    /// Asked about ten times a second while the server is at work. False: give up, cut the connection.
    using Patience = std::function<bool()>;

    void setPatience(Patience patience) { m_patience = std::move(patience); }
    /// Called with each reply as it comes in.
    using Replied = std::function<void(const Replies::Reply &)>;
    /// Several statements, in one message where the server takes such: what stands behind a failed one isn't run. Each
    /// is one statement, without values.
    virtual Replies exchange(const QStringList &statements, const Replied &replied = {});
    /// The server's number of this connection: PostgreSQL's process, MySQL's thread.
    virtual qint64 serverId() const = 0;
    /// What the last failed statement failed with: PostgreSQL's SQLSTATE, MySQL's error number as text.
    const QString &lastState() const { return m_lastState; }
    void setLastState(const QString &state) { m_lastState = state; }
    /// The connection is gone; what the last statement did is not known.
    virtual bool isLost() const = 0;
    /// What runs in no transaction is committed as it ends; MySQL's scripts may switch that off.
    virtual bool commitsByItself() const { return true; }
    QStringList takeNotices() override { return std::exchange(m_notices, {}); }
    /// Somebody between us and the server hands out its connections.
    virtual bool isPooled() const { return false; }
    /// Closes at once, without a word to the server.
    virtual void cut() = 0;

protected:
    static constexpr int kSliceMs = 100;
    bool goOn() const { return !m_patience || m_patience(); }
    void note(const QString &notice);

private:
    Patience m_patience{};
    QString m_lastState{};
    QStringList m_notices{};
};

/// Opens a connection to the server of \a spec. Errors: Connection, with what to do in a sentence;
/// Cancelled when \a patience ends.
Result<std::unique_ptr<ServerSession>> openServer(const ConnectionSpec &spec, Access access,
                                                  ServerSession::Patience patience = {});

/// \a state, as lastState() gives it, says that another session's lock was in the way or that this one was
/// sacrificed to it: the same transaction may succeed when it is run again.
bool isRetryable(Backend backend, const QString &state);

/// Waits up to \a ms until \a socket can be read from or written to, as asked.
bool waitForSocket(qintptr socket, bool toRead, bool toWrite, int ms);

/// The certificates that this machine trusts, as a file; empty: none was found.
QString systemCertificates();

} // namespace tribikos
