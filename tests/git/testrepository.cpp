#include "testrepository.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QProcess>

using namespace Qt::StringLiterals;

TestRepository::TestRepository()
{
    git({u"init"_s, u"-q"_s, u"-b"_s, u"main"_s, u"."_s});
    QDir(m_folder.path()).mkpath(u"versions"_s);
}

QString TestRepository::path(const QString &name) const
{
    return name.isEmpty() ? m_folder.path() : m_folder.filePath(name);
}

QByteArray TestRepository::git(const QStringList &arguments, const QByteArray &input) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *who : {"AUTHOR", "COMMITTER"}) {
        const QString prefix = u"GIT_%1_"_s.arg(QLatin1StringView(who));
        if (!environment.contains(prefix + u"NAME"_s))
            environment.insert(prefix + u"NAME"_s, u"Test"_s);
        environment.insert(prefix + u"EMAIL"_s, u"test@example.org"_s);
        environment.insert(prefix + u"DATE"_s, u"%1 +0100"_s.arg(m_clock));
    }
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_folder.path());
    process.start(u"git"_s, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000) || process.exitCode() != 0)
        qFatal("git %s: %s", qPrintable(arguments.join(u' ')),
               process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

void TestRepository::write(const QString &name, const QByteArray &bytes) const
{
    QDir().mkpath(QFileInfo(path(name)).path());
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("can't write");
}

void TestRepository::remove(const QString &name) const
{
    if (!QFile::remove(path(name)))
        qFatal("can't remove");
}

QByteArray TestRepository::read(const QString &name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

void TestRepository::revision(const QString &name, const QString &downRevision,
                              const QByteArray &upgrade, const QString &id) const
{
    const QString known = id.isEmpty() ? name : id;
    const QString text = u"\"\"\"make %1\n\nRevision ID: %1\n\n\"\"\"\nfrom alembic import op\n"
                         "import sqlalchemy as sa\n\nrevision = '%1'\ndown_revision = %2\n\n\n"
                         "def upgrade():\n    "_s.arg(known, downRevision);
    write(u"versions/%1.py"_s.arg(name),
          text.toUtf8() + upgrade + "\n\n\ndef downgrade():\n    pass\n");
}

QString TestRepository::commit(const QString &message, const QString &author) const
{
    m_clock += 3600;
    git({u"add"_s, u"-A"_s});
    git({u"commit"_s, u"-q"_s, u"--allow-empty"_s, u"-m"_s, message, u"--author"_s,
         author + u" <"_s + author.toLower() + u"@example.org>"_s});
    return QString::fromLatin1(git({u"rev-parse"_s, u"HEAD"_s}).trimmed());
}

void TestRepository::branch(const QString &name) const
{
    git({u"checkout"_s, u"-q"_s, u"-b"_s, name});
}

void TestRepository::checkout(const QString &name) const
{
    git({u"checkout"_s, u"-q"_s, name});
}

void TestRepository::beginProject() const
{
    write(u"alembic.ini"_s, "[alembic]\nscript_location = .\nversion_locations = versions\n");
    revision(u"a"_s, u"None"_s);
    revision(u"b"_s, u"'a'"_s);
    commit(u"begin"_s);
}

tribikos::ProjectPtr TestRepository::project() const
{
    const auto opened = tribikos::Project::open({.path = path()});
    if (!opened)
        qFatal("%s", qPrintable(opened.error().message));
    return *opened;
}

QMap<QString, QString> TestRepository::snapshot() const
{
    QMap<QString, QString> all;
    QDirIterator walk(m_folder.path(), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                      QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QFileInfo info(walk.next());
        QFile file(info.filePath());
        const QByteArray bytes =
            info.isFile() && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        all.insert(info.filePath(),
                   info.lastModified().toString(Qt::ISODateWithMs) + u' '
                       + QString::fromLatin1(
                           QCryptographicHash::hash(bytes, QCryptographicHash::Sha1).toHex()));
    }
    return all;
}
