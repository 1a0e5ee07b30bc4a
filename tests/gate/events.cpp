#include "tests/gate/events.h"

#include <QDir>
#include <QRegularExpression>
#include <QSet>
#include <fcntl.h>

using namespace Qt::StringLiterals;

namespace {

const QStringList changing{u"unlink"_s,   u"unlinkat"_s,  u"rmdir"_s,   u"mkdir"_s,     u"mkdirat"_s,
                           u"rename"_s,   u"renameat"_s,  u"renameat2"_s, u"symlink"_s, u"symlinkat"_s,
                           u"link"_s,     u"linkat"_s,    u"chmod"_s,   u"fchmodat"_s,  u"truncate"_s,
                           u"mkfifo"_s,   u"mknod"_s,     u"mknodat"_s};

QString absolute(const QString &path, const QString &folder)
{
    return path.isEmpty() ? QString() : QDir::cleanPath(QDir(folder).absoluteFilePath(path));
}

bool isBelow(const QString &path, const QString &folder)
{
    return path == folder || path.startsWith(folder + u'/');
}

} // namespace

QList<SystemCall> watchedCalls(const QByteArray &log, const QString &folder)
{
    QList<SystemCall> calls;
    for (const QByteArray &line : log.split('\n')) {
        const QString text = QString::fromUtf8(line);
        const QString call = text.section(u' ', 0, 0);
        const int flags = text.section(u' ', 1, 1).toInt();
        const bool opensToWrite = call == u"open" && (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0;
        if (!call.isEmpty())
            calls.append({call.startsWith(u"exec") ? u"execve"_s : call,
                          absolute(text.section(u' ', 2), folder),
                          opensToWrite || changing.contains(call)});
    }
    return calls;
}

QList<SystemCall> tracedCalls(const QByteArray &log, const QString &folder)
{
    // 123 openat(AT_FDCWD</p>, "a.py", O_RDONLY|O_CLOEXEC) = 3</p/a.py>
    static const QRegularExpression shape(u"^\\d+\\s+(\\w+)\\((.*)$"_s);
    static const QRegularExpression place(u"(?:(?:AT_FDCWD|\\d+)<([^>]*)>, )?\"((?:[^\"\\\\]|\\\\.)*)\""_s);
    QList<SystemCall> calls;
    for (const QByteArray &line : log.split('\n')) {
        const auto match = shape.match(QString::fromUtf8(line));
        if (!match.hasMatch())
            continue;
        const QString name = match.captured(1);
        const QString arguments = match.captured(2);
        const bool isNewProcess = name == u"fork" || name == u"vfork"
                                  || (name.startsWith(u"clone") && !arguments.contains(u"CLONE_THREAD"));
        if (name.startsWith(u"clone") && !isNewProcess)
            continue;
        auto paths = place.globalMatch(arguments);
        QRegularExpressionMatch last; // of rename's two the new name
        while (paths.hasNext() && !name.startsWith(u"exec"))
            last = paths.next();
        if (name.startsWith(u"exec"))
            last = place.match(arguments);
        const QString base = last.captured(1).isEmpty() ? folder : last.captured(1);
        const bool isOpen = name.startsWith(u"open") || name == u"creat";
        static const QRegularExpression writing(u"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC"_s);
        calls.append({isNewProcess ? u"fork"_s : isOpen ? u"open"_s : name.startsWith(u"exec") ? u"execve"_s : name,
                      absolute(last.captured(2), base),
                      name == u"creat" || (isOpen && arguments.contains(writing)) || changing.contains(name)});
    }
    return calls;
}

QStringList forbiddenCalls(const QList<SystemCall> &calls, const QStringList &writable,
                           const QString &forbidden)
{
    static const QSet<QString> never{u"execve"_s, u"fork"_s, u"connect"_s, u"socket"_s};
    static const QSet<QString> devices{u"/dev/null"_s, u"/dev/tty"_s};
    QStringList said;
    for (const SystemCall &call : calls) {
        const bool isAllowed = devices.contains(call.path)
                               || std::any_of(writable.cbegin(), writable.cend(), [&](const QString &folder) {
                                      return isBelow(call.path, folder);
                                  });
        if (never.contains(call.call))
            said.append(u"%1 %2"_s.arg(call.call, call.path));
        else if (call.writes && !isAllowed)
            said.append(u"%1 writes %2"_s.arg(call.call, call.path));
        else if (isBelow(call.path, forbidden))
            said.append(u"%1 reads %2"_s.arg(call.call, call.path));
    }
    return said;
}
