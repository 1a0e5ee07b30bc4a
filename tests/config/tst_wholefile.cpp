#include "tst_wholefile.h"

#include "core/base/wholefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void tst_WholeFile::replacesFiles()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"a"_s);
    QVERIFY(writeWholeFile(path, "one"));
    {
        WholeFile given(path);
        QVERIFY(given.open());
        QVERIFY(given.write("two"));
        QCOMPARE(read(path), "one"); // until it is whole
    }
    QCOMPARE(read(path), "one");
    QVERIFY(writeWholeFile(path, "two"));
    QCOMPARE(read(path), "two");
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
}

void tst_WholeFile::writesThroughLinks()
{
    const QTemporaryDir folder;
    QVERIFY(writeWholeFile(folder.filePath(u"a"_s), "one"));
    QVERIFY(QFile::link(folder.filePath(u"a"_s), folder.filePath(u"b"_s)));
    QVERIFY(writeWholeFile(folder.filePath(u"b"_s), "two"));
    QVERIFY(QFileInfo(folder.filePath(u"b"_s)).isSymLink());
    QCOMPARE(read(folder.filePath(u"a"_s)), "two");
}

/// As root, too, nothing takes a device's place.
void tst_WholeFile::leavesDevices()
{
    const QTemporaryDir folder;
    const QString pipe = folder.filePath(u"pipe"_s);
    QCOMPARE(mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    QFile reader(pipe);
    QVERIFY(reader.open(QIODevice::ReadWrite | QIODevice::Unbuffered)); // so that neither end waits
    QVERIFY(writeWholeFile(pipe, "one"));
    QCOMPARE(reader.read(3), "one");
    struct stat status
    {
    };
    QCOMPARE(stat(QFile::encodeName(pipe).constData(), &status), 0);
    QVERIFY(S_ISFIFO(status.st_mode));
}

void tst_WholeFile::saysWhatFails()
{
    const QTemporaryDir folder;
    QVERIFY(!writeWholeFile(folder.path(), "one"));
    WholeFile nowhere(folder.filePath(u"none/a"_s));
    QVERIFY(!nowhere.open());
    QVERIFY(!nowhere.errorString().isEmpty());
}
