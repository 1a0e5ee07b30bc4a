#include "core/config/foundurls.h"

#include "core/config/connectiontext.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int deepest = 2;
constexpr qsizetype mostFiles = 300;
constexpr qint64 largestFile = 1'000'000; // bytes
constexpr qsizetype longestLine = 4096;   // the patterns look back, which costs the square of it

const QStringList &settingsFiles()
{
    static const QStringList names{u"*.ini"_s,         u"*.cfg"_s,          u"*.toml"_s,
                                   u".env"_s,          u".env.*"_s,         u"*.env"_s,
                                   u"*compose*.yml"_s, u"*compose*.yaml"_s, u"settings*.py"_s,
                                   u"config*.py"_s,    u".flaskenv"_s};
    return names;
}

bool isOthers(const QString &folder)
{
    static const QStringList names{u"node_modules"_s, u"venv"_s,  u"site-packages"_s,
                                   u"dist"_s,         u"build"_s, u"__pycache__"_s};
    return folder.startsWith(u'.') || names.contains(folder);
}

void collectFiles(const QDir &folder, int depth, QStringList *files)
{
    for (const QString &name : folder.entryList(
             settingsFiles(), QDir::Files | QDir::Hidden | QDir::Readable, QDir::Name)) {
        if (files->size() < mostFiles)
            files->append(folder.filePath(name));
    }
    if (depth == deepest)
        return;
    for (const QString &name :
         folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name)) {
        if (!isOthers(name) && files->size() < mostFiles)
            collectFiles(QDir(folder.filePath(name)), depth + 1, files);
    }
}

void readLine(const QString &line, int number, const QString &file, QList<FoundUrl> *found)
{
    static const QRegularExpression url(
        uR"((?:jdbc:)?(?:sqlite|postgres(?:ql)?|mysql|mariadb)(?:\+\w+)?:(?://|sqlite:)[^\s"'`<>,;]+)"_s);
    static const QRegularExpression key(uR"(([\w.\-]+)["']?\s*[:=]\s*\S*$)"_s);
    const auto match = url.match(line);
    const QString text = match.captured();
    if (!match.hasMatch() || text.contains(u"${") || text.contains(u"%(") || text.contains(u'{')
        || text.contains(u"$("))
        return;
    const Result<DatabaseUrl> read = readConnectionText(text);
    if (!read)
        return;
    const bool isKnown =
        std::ranges::any_of(*found, [&read](const FoundUrl &one) { return one.url == *read; });
    if (!isKnown)
        found->append({.url = *read,
                       .name = key.match(line.left(match.capturedStart())).captured(1),
                       .file = file,
                       .line = number});
}

} // namespace

QList<FoundUrl> findDatabaseUrls(const QString &folder, const std::stop_token &stop)
{
    QStringList files;
    collectFiles(QDir(folder), 0, &files);
    QList<FoundUrl> found;
    for (const QString &path : std::as_const(files)) {
        if (stop.stop_requested())
            break;
        QFile file(path);
        if (file.size() > largestFile || !file.open(QIODevice::ReadOnly))
            continue;
        const QStringList lines = QString::fromUtf8(file.read(largestFile)).split(u'\n');
        for (int i = 0; i < lines.size(); ++i)
            if (lines[i].size() <= longestLine)
                readLine(lines[i], i + 1, QDir(folder).relativeFilePath(path), &found);
    }
    return found;
}

} // namespace tribikos
