#pragma once

#include <QList>
#include <QString>
#include <QStringList>

/// One thing that the program asked of the system.
struct SystemCall
{
    QString call{}; // "open", "execve", "connect", "fork", "unlink" ...
    QString path{}; // absolute; empty where there is none
    bool writes = false;
};

/// What the watching library has written down; relative paths are against \a folder.
QList<SystemCall> watchedCalls(const QByteArray &log, const QString &folder);
/// What `strace -f -y` has, in the same words.
QList<SystemCall> tracedCalls(const QByteArray &log, const QString &folder);

/// The calls that reading a project must not make: starting programs, leaving for the network, writing
/// anywhere but below \a writable, opening anything below \a forbidden. As sentences.
QStringList forbiddenCalls(const QList<SystemCall> &calls, const QStringList &writable,
                           const QString &forbidden);
