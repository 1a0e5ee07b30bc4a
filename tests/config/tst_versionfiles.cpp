#include "core/config/versionfiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace tribikos;

class tst_VersionFiles : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void names_data();
    void names();
    void order();
    void recursion();
    void ringOfLinks();
    void sameFileTwice();
    void pipesAreNotRead();
    void sizes();
    void unchanged();
    void missingFolder();

private:
    void write(const QString &name, const QByteArray &bytes = "pass\n");
    QStringList found(const VersionFileRequest &request, Diagnostics *diagnostics = nullptr) const;
    QString path(const QString &name) const { return m_folder->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_VersionFiles::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void tst_VersionFiles::write(const QString &name, const QByteArray &bytes)
{
    QDir(m_folder->path()).mkpath(QFileInfo(path(name)).path());
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QStringList tst_VersionFiles::found(const VersionFileRequest &request,
                                    Diagnostics *diagnostics) const
{
    QStringList names;
    for (const VersionFile &file : findVersionFiles(request, diagnostics))
        names.append(QDir(m_folder->path()).relativeFilePath(file.path));
    return names;
}

void tst_VersionFiles::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isLoaded");
    const QByteArray header("-- revision: a1\n");
    QTest::newRow("plain") << u"abc.py"_s << QByteArray() << true;
    QTest::newRow("blank") << u"with space.py"_s << QByteArray() << true;
    QTest::newRow("upper case") << u"UPPER.py"_s << QByteArray() << true;
    QTest::newRow("leading dot") << u".hidden.py"_s << QByteArray() << true;
    QTest::newRow("editor's lock") << u".#lock.py"_s << QByteArray() << false;
    QTest::newRow("package") << u"__init__.py"_s << QByteArray() << false;
    QTest::newRow("looks like a package") << u"__init__anything.py"_s << QByteArray() << false;
    QTest::newRow("compiled") << u"x.pyc"_s << QByteArray() << false;
    QTest::newRow("backup") << u"x.py.bak"_s << QByteArray() << false;
    QTest::newRow("cython") << u"x.pyx"_s << QByteArray() << false;
    QTest::newRow("SQL with header") << u"a.sql"_s << header << true;
    QTest::newRow("header after a comment")
        << u"a.sql"_s << "-- ours\n--revision : x\n" + header << true;
    QTest::newRow("SQL without header") << u"seed.sql"_s << QByteArray("SELECT 1;\n") << false;
}

void tst_VersionFiles::names()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isLoaded);
    write(name, bytes);
    const QStringList expected = isLoaded ? QStringList{name} : QStringList();
    QCOMPARE(found({.folders = {m_folder->path()}}), expected);
}

void tst_VersionFiles::order()
{
    for (const QString &name : {u"b.py"_s, u"a.py"_s, u"Z.py"_s, u"_.py"_s, u"ä.py"_s, u"a_.py"_s})
        write(name);
    QCOMPARE(found({.folders = {m_folder->path()}}),
             (QStringList{u"Z.py"_s, u"_.py"_s, u"a.py"_s, u"a_.py"_s, u"b.py"_s, u"ä.py"_s}));
}

void tst_VersionFiles::recursion()
{
    write(u"z.py"_s);
    write(u"2024/b.py"_s);
    write(u"2023/a.py"_s);
    write(u"__pycache__/c.py"_s);
    QCOMPARE(found({.folders = {m_folder->path()}}), QStringList{u"z.py"_s});
    QCOMPARE(found({.folders = {m_folder->path()}, .isRecursive = true}),
             (QStringList{u"z.py"_s, u"2023/a.py"_s, u"2024/b.py"_s}));
}

void tst_VersionFiles::ringOfLinks()
{
    write(u"d/a.py"_s);
    QVERIFY(QFile::link(m_folder->path(), path(u"d/up"_s)));
    QCOMPARE(found({.folders = {m_folder->path()}, .isRecursive = true}), QStringList{u"d/a.py"_s});
}

void tst_VersionFiles::sameFileTwice()
{
    write(u"a.py"_s);
    QVERIFY(QFile::link(path(u"a.py"_s), path(u"b.py"_s)));
    Diagnostics diagnostics;
    QCOMPARE(found({.folders = {m_folder->path()}}, &diagnostics), QStringList{u"a.py"_s});
    QCOMPARE(diagnostics.size(), 1);
    QCOMPARE(diagnostics[0].code, u"file-twice"_s);
    QCOMPARE(diagnostics[0].severity, Severity::Warning);
}

void tst_VersionFiles::pipesAreNotRead()
{
    QCOMPARE(mkfifo(QFile::encodeName(path(u"p.py"_s)).constData(), 0600), 0);
    QCOMPARE(mkfifo(QFile::encodeName(path(u"q.sql"_s)).constData(), 0600), 0);
    QVERIFY(QFile::link(u"/dev/zero"_s, path(u"z.py"_s)));
    QVERIFY(QFile::link(path(u"gone"_s), path(u"dangling.py"_s)));
    Diagnostics diagnostics;
    QCOMPARE(found({.folders = {m_folder->path()}}, &diagnostics), QStringList());
    QCOMPARE(diagnostics.size(), 4);
    const auto read = readRegularFile(path(u"p.py"_s), 100);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unreadable);
    QVERIFY(!readRegularFile(path(u"z.py"_s), 100));
}

void tst_VersionFiles::sizes()
{
    const auto grow = [this](const QString &name, qint64 size) {
        write(name);
        QVERIFY(QFile(path(name)).resize(size));
    };
    grow(u"large.py"_s, largeScriptBytes + 1);
    grow(u"largest.py"_s, largestScriptBytes + 1);
    Diagnostics diagnostics;
    QCOMPARE(found({.folders = {m_folder->path()}}, &diagnostics), QStringList{u"large.py"_s});
    QCOMPARE(diagnostics.size(), 2);
    QCOMPARE(diagnostics[0].severity, Severity::Warning);
    QCOMPARE(diagnostics[1].severity, Severity::Error);
    QCOMPARE(readRegularFile(path(u"largest.py"_s), 1024).error().code, ErrorCode::Unreadable);
    write(u"small.py"_s, "12345");
    QCOMPARE(*readRegularFile(path(u"small.py"_s), 5), QByteArray("12345"));
}

/// What is read again is what was seen when the project was opened, or nothing.
void tst_VersionFiles::unchanged()
{
    const QString file = path(u"a.py"_s);
    const auto errorOf = [&](const FileStamp &stamp) {
        const auto read = readUnchanged(file, 100, stamp);
        return read ? QString() : read.error().message;
    };
    write(u"a.py"_s, "12345");
    FileStamp stamp;
    QVERIFY(readRegularFile(file, 100, &stamp));
    QCOMPARE(*readUnchanged(file, 100, stamp), QByteArray("12345"));
    QVERIFY(readUnchanged(file, 4, stamp).error().message.contains(u"is larger than"));
    for (const QByteArray &other : {QByteArray("1234"), QByteArray("123456")}) {
        write(u"a.py"_s, other);
        QVERIFY(errorOf(stamp).endsWith(u"has changed since the project was opened; open it again."));
    }
    QVERIFY(QFile::remove(file));
    QVERIFY(errorOf(stamp).contains(u"can't be opened"));
    QCOMPARE(mkfifo(QFile::encodeName(file).constData(), 0600), 0);
    QVERIFY(errorOf(stamp).contains(u"has changed since"));
}

void tst_VersionFiles::missingFolder()
{
    Diagnostics diagnostics;
    QCOMPARE(found({.folders = {path(u"gone"_s)}}, &diagnostics), QStringList());
    QVERIFY(diagnostics.isEmpty()); // as Alembic: skipped silently
}

int runVersionFilesTest(int argc, char **argv)
{
    tst_VersionFiles test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_versionfiles.moc"
