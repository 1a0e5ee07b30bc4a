#pragma once

#include "core/db/serversession.h"

#include <QStringList>
#include <QTemporaryDir>

/// What the tests on real servers share. The servers are started by with-servers.sh, which says where they are.
namespace tribikos::lab {

/// A database of its own on one of the servers, dropped at the end. Failures end the test run.
class Database
{
public:
    explicit Database(Backend backend);
    /// On the server of \a url.
    explicit Database(const QString &url);
    ~Database();
    Q_DISABLE_COPY_MOVE(Database)

    const QString &url() const { return m_url; }
    ConnectionSpec spec() const;
    std::unique_ptr<ServerSession> open() const;
    void exec(const QString &sql) const;
    QList<Row> rows(const QString &sql) const;
    /// The version table's rows; "-" alone: there is none.
    QStringList position() const;
    /// Every table's columns, indexes and rows but the version table's and the journal's, as text.
    QString dump() const;

private:
    QString m_server{};
    QString m_url{};
    QString m_name{};
    Backend m_backend;
};

/// A server of the test's own, to be killed.
class PrivateServer
{
public:
    explicit PrivateServer(Backend backend);
    ~PrivateServer();
    Q_DISABLE_COPY_MOVE(PrivateServer)

    /// A verb of servers.sh.
    void call(const QString &verb);
    /// PostgreSQL, stopped: from now on it says that it is starting up, until it is stopped.
    void startUpForEver();
    const QString &url() const { return m_url; }
    /// Sends a signal to the server's main process, and with PostgreSQL to all that it has started.
    void signal(int number);

private:
    QTemporaryDir m_folder;
    QString m_kind{};
    QString m_url{};
};

/// The URL of the server for \a backend.
QString serverUrl(Backend backend);
ConnectionSpec specOf(const QString &url);

/// A project of plain SQL scripts: \a count revisions r001, r002 … with DDL and data in turns; the table runs
/// counts how often each was run, so that nothing can be applied twice unnoticed.
class Story
{
public:
    explicit Story(int count);
    QString folder() const { return m_folder.path(); }
    /// Replaces the upgrade of revision \a number.
    void write(int number, const QStringList &statements) const;
    static QStringList statements(int number);
    static QString id(int number);

private:
    QTemporaryDir m_folder;
};

} // namespace tribikos::lab
