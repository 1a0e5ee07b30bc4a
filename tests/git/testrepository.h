#pragma once

#include "core/project/project.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

/// A repository in a temporary folder, with a user, a clock of its own and no configuration but its own.
class TestRepository
{
public:
    TestRepository();
    QString path(const QString &name = {}) const;
    /// git's output; a failure ends the test.
    QByteArray git(const QStringList &arguments, const QByteArray &input = {}) const;
    void write(const QString &name, const QByteArray &bytes) const;
    void remove(const QString &name) const;
    QByteArray read(const QString &name) const;
    /// versions/NAME.py with Alembic's header; \a id is the name unless given.
    void revision(const QString &name, const QString &downRevision, const QByteArray &upgrade = "pass",
                  const QString &id = {}) const;
    /// Commits everything as \a author; the commit.
    QString commit(const QString &message, const QString &author = QStringLiteral("Test")) const;
    void branch(const QString &name) const; // made and checked out
    void checkout(const QString &name) const;
    /// alembic.ini and the revisions a - b, committed.
    void beginProject() const;
    tribikos::ProjectPtr project() const;
    /// Every file below the folder with its content and time of change, .git included.
    QMap<QString, QString> snapshot() const;

private:
    QTemporaryDir m_folder;
    mutable qint64 m_clock = 1'767'225'600; // 2026-01-01; one hour more with each commit
};
