#include "core/project/project.h"
#include "core/project/revisioncache.h"
#include "core/project/revisionfiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// A project of enough revisions to be cached, whose cache says "remembered" where the files say "written":
/// what the history shows tells where it comes from.
class tst_RevisionCache : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void unchangedFilesAreNotRead();
    void changedFileIsReadAgain_data();
    void changedFileIsReadAgain();
    void damagedCacheIsNone_data();
    void damagedCacheIsNone();
    void freshFilesAreNotKept();
    void readingsAreKept();
    void otherFoldersHaveAnotherCache();
    void noCacheFolder();
    void changedBehindTheProject();

private:
    static constexpr int revisions = 60;
    QString folder() const { return m_folder->filePath(u"versions"_s); }
    QString cacheFolder() const { return m_folder->filePath(u"cache"_s); }
    QString script(int number) const;
    QList<VersionFile> files() const;
    void write(int number, const QByteArray &message) const;
    void rewrite(int number, const QByteArray &message) const;
    void remember(const QStringList &folders) const;
    QStringList messages() const;
    QString cacheFile() const;

    std::unique_ptr<QTemporaryDir> m_folder{};
};

QString tst_RevisionCache::script(int number) const
{
    return u"%1/r%2_x.py"_s.arg(folder()).arg(number, 3, 10, QChar(u'0'));
}

void tst_RevisionCache::write(int number, const QByteArray &message) const
{
    QFile file(script(number));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray id = "r" + QByteArray::number(number);
    const QByteArray parent = number == 0 ? "None" : "'r" + QByteArray::number(number - 1) + "'";
    file.write("\"\"\"" + message + "\"\"\"\nfrom alembic import op\nrevision = '" + id
               + "'\ndown_revision = " + parent + "\ndef upgrade():\n    op.execute('select 1')\n");
}

/// Where times move in steps of milliseconds, a write at once may leave the time of change as it was.
void tst_RevisionCache::rewrite(int number, const QByteArray &message) const
{
    const qint64 before = files().at(number).stamp.changedNs;
    do
        write(number, message);
    while (files().at(number).stamp.changedNs == before);
}

QList<VersionFile> tst_RevisionCache::files() const
{
    return findVersionFiles({.folders = {folder()}}, nullptr);
}

void tst_RevisionCache::remember(const QStringList &folders) const
{
    QList<RevisionCache::Entry> entries;
    const QList<VersionFile> all = files();
    for (int i = 0; i < all.size(); ++i)
        entries.append({.stamp = all[i].stamp,
                        .revision = {.id = u"r%1"_s.arg(i),
                                     .downRevisions =
                                         i == 0 ? QStringList() : QStringList{u"r%1"_s.arg(i - 1)},
                                     .message = u"remembered"_s,
                                     .longDoc = u"remembered\n\nat length"_s,
                                     .file = all[i].path,
                                     .line = 3}});
    RevisionCache(cacheFolder(), folders).save(entries);
}

void tst_RevisionCache::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(folder()));
    for (int i = 0; i < revisions; ++i)
        write(i, "written");
    remember({folder()});
}

/// The messages of the history, each once, as it is opened with the cache.
QStringList tst_RevisionCache::messages() const
{
    const auto project =
        Project::open({.versionFolders = {folder()}, .cacheFolder = cacheFolder()});
    if (!project || (*project)->graph().refusal() || (*project)->history().size() != revisions)
        return {u"not opened"_s};
    QStringList all;
    for (int node = 0; node < revisions; ++node)
        all.append((*project)->graph().revision(node).message);
    all.sort();
    all.removeDuplicates();
    return all;
}

QString tst_RevisionCache::cacheFile() const
{
    return cacheFolder() + u'/' + QDir(cacheFolder()).entryList(QDir::Files).value(0);
}

void tst_RevisionCache::unchangedFilesAreNotRead()
{
    QCOMPARE(messages(), QStringList{u"remembered"_s});
    const auto read =
        readRevisionFiles({.versionLocations = {folder()}}, {}, cacheFolder(), nullptr, {});
    QCOMPARE(read.size(), revisions);
    QVERIFY(!read[7].bytes);
    QCOMPARE(read[7].revision.longDoc, u"remembered\n\nat length"_s);
    QVERIFY(read[7].contents());
    QVERIFY(read[7].contents()->contains("written"));
}

void tst_RevisionCache::changedFileIsReadAgain_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("rewritten, same size and times") << u"times"_s;
    QTest::newRow("another size") << u"size"_s;
    QTest::newRow("replaced by another file") << u"inode"_s;
}

void tst_RevisionCache::changedFileIsReadAgain()
{
    QFETCH(QString, how);
    const QDateTime before = QFileInfo(script(5)).lastModified();
    if (how == u"inode") {
        QVERIFY(QFile::rename(script(5), script(5) + u".old"_s));
        write(5, "changed");
    } else {
        rewrite(5, how == u"size" ? "changed at length" : "changed");
    }
    QFile file(script(5));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(before, QFileDevice::FileModificationTime));
    file.close();
    const QString now = how == u"size" ? u"changed at length"_s : u"changed"_s;
    QCOMPARE(messages(), QStringList({now, u"remembered"_s}));
}

void tst_RevisionCache::damagedCacheIsNone_data()
{
    QTest::addColumn<QString>("damage");
    for (const char *damage : {"empty", "cut", "longer", "first byte", "digest", "payload",
                               "last byte", "other reader", "huge count", "folder", "rubbish"})
        QTest::newRow(damage) << QString::fromLatin1(damage);
}

void tst_RevisionCache::damagedCacheIsNone()
{
    QFETCH(QString, damage);
    const QString path = cacheFile();
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray bytes = file.readAll();
    file.close();
    const qsizetype head = bytes.indexOf('\n') + 1;
    const auto flip = [&bytes](qsizetype at) { bytes[at] = char(bytes[at] ^ 0x20); };
    if (damage == u"empty")
        bytes.clear();
    else if (damage == u"cut")
        bytes.chop(100);
    else if (damage == u"longer")
        bytes += "more";
    else if (damage == u"first byte")
        flip(0);
    else if (damage == u"digest")
        flip(head + 3);
    else if (damage == u"payload")
        flip(bytes.indexOf("remembered") + 2);
    else if (damage == u"last byte")
        flip(bytes.size() - 1);
    else if (damage == u"other reader")
        flip(head - 2);
    else if (damage == u"huge count")
        bytes.replace(head + 20, 4, "\xff\xff\xff\x7f");
    else
        bytes = QByteArray(10'000, 'x');
    QVERIFY(QFile::remove(path));
    if (damage == u"folder") {
        QVERIFY(QDir().mkpath(path));
    } else {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
    }
    QCOMPARE(messages(), QStringList{u"written"_s});
}

/// They may be changed once more without another time to show for it.
void tst_RevisionCache::freshFilesAreNotKept()
{
    const FileStamp stamp{.modifiedNs = 5'000'000'000, .changedNs = 7'000'000'000};
    QVERIFY(!RevisionCache::isSettled(stamp, 7'000'000'000));
    QVERIFY(!RevisionCache::isSettled(stamp, 9'000'000'000));
    QVERIFY(RevisionCache::isSettled(stamp, 9'000'000'001));
    QVERIFY(!RevisionCache::isSettled({.modifiedNs = 8'000'000'000}, 9'000'000'001));

    rewrite(5, "changed");
    QCOMPARE(messages(), QStringList({u"changed"_s, u"remembered"_s}));
    RevisionCache cache(cacheFolder(), {folder()});
    cache.load();
    for (const VersionFile &file : files()) // nor were the others thrown away for it
        QCOMPARE(cache.find(file) != nullptr, file.path != script(5));
}

/// The real thing, without made-up entries: what was read once comes back the same.
void tst_RevisionCache::readingsAreKept()
{
    QVERIFY(QFile::remove(cacheFile()));
    QTest::qWait(2100); // until the files have come to rest
    QCOMPARE(messages(), QStringList{u"written"_s});
    const ProjectConfig config{.versionLocations = {folder()}};
    const auto kept = readRevisionFiles(config, {}, cacheFolder(), nullptr, {});
    const auto read = readRevisionFiles(config, {}, {}, nullptr, {});
    QCOMPARE(kept.size(), read.size());
    for (qsizetype i = 0; i < kept.size(); ++i) {
        QVERIFY(!kept[i].bytes);
        QVERIFY(read[i].bytes);
        QCOMPARE(kept[i].revision, read[i].revision);
        QCOMPARE(*kept[i].contents(), *read[i].bytes);
    }
}

void tst_RevisionCache::otherFoldersHaveAnotherCache()
{
    RevisionCache other(cacheFolder(), {folder(), folder()});
    other.load();
    QVERIFY(!other.find(files().first()));
}

void tst_RevisionCache::noCacheFolder()
{
    RevisionCache none({}, {folder()});
    none.load();
    none.save({});
    QVERIFY(!none.find(files().first()));
    const auto project = Project::open({.versionFolders = {folder()}});
    QVERIFY(project);
    QCOMPARE((*project)->graph().revision(0).message, u"written"_s);
}

/// What runs is what was shown: a file that another program has changed since is not run.
void tst_RevisionCache::changedBehindTheProject()
{
    const auto project =
        Project::open({.versionFolders = {folder()}, .cacheFolder = cacheFolder()});
    QVERIFY(project);
    QVERIFY((*project)->planUpgrade(Backend::Sqlite, {}, u"r4"_s)->isWhole());
    rewrite(5, "changed");
    const auto plan = (*project)->planUpgrade(Backend::Sqlite, {}, u"heads"_s);
    QVERIFY(plan);
    QCOMPARE(plan->steps.at(4).status, StepStatus::Ok);
    QCOMPARE(plan->steps.at(5).status, StepStatus::Error);
    QCOMPARE(plan->steps.at(5).reason,
             u"%1 has changed since the project was opened; open it again."_s.arg(script(5)));
}

int runRevisionCache(int argc, char **argv)
{
    tst_RevisionCache test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_revisioncache.moc"
