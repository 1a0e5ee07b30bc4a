#include "core/git/authorship.h"
#include "testrepository.h"

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// Reading a repository: what is found, who made it, and that nothing of it runs.
class tst_Repository : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void noRepository();
    void noGit();
    void programOfTheProjectIsNotGit();
    void foreignOwnerIsARefusal();
    void embeddedBareRepositoryIsNone();
    void oddRefs_data();
    void oddRefs();
    void refsAndMergeBase();
    void foldersByTheirRealPlaces();
    void submodules();
    void contentsKeepToTheirLimits();
    void authorsOfFiles();
    void movedFilesKeepTheirAuthor();
    void shallowCloneNamesNobody();
    void oddNamesAndMessages();
    void spoiltLogs_data();
    void spoiltLogs();
    void limitsEndACall();
    void nothingRunsAndNothingIsWritten();

private:
    GitRepository repository() const;
    QHash<QString, Authorship> authors() const;
    QString author(const QString &file) const;
    std::unique_ptr<TestRepository> m_git{};
    QByteArray m_path{};
};

void tst_Repository::init()
{
    m_git = std::make_unique<TestRepository>();
    m_path = qgetenv("PATH");
}

void tst_Repository::cleanup()
{
    qputenv("PATH", m_path);
}

GitRepository tst_Repository::repository() const
{
    const auto found = GitRepository::find(m_git->path());
    if (!found)
        qFatal("%s", qPrintable(found.error().message));
    return *found;
}

QHash<QString, Authorship> tst_Repository::authors() const
{
    const auto read = readAuthorship(repository(), {m_git->path(u"versions"_s)});
    if (!read)
        qFatal("%s", qPrintable(read.error().message));
    return *read;
}

QString tst_Repository::author(const QString &file) const
{
    return authors().value(m_git->path(file)).name;
}

void tst_Repository::noRepository()
{
    const QTemporaryDir plain;
    for (const QString &folder : {plain.path(), plain.filePath(u"not/there"_s)}) {
        const auto found = GitRepository::find(folder);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::NotFound);
    }
}

void tst_Repository::noGit()
{
    qputenv("PATH", "/nonexistent");
    const auto found = GitRepository::find(m_git->path());
    QVERIFY(!found);
    QCOMPARE(found.error().code, ErrorCode::NotFound);
}

/// A program that touches \a proof, in the place of another.
static QString canary(const TestRepository &git, const QString &name)
{
    git.write(name, "#!/bin/sh\ntouch '" + git.path(u".git/ran"_s).toUtf8() + "'\n");
    QFile::setPermissions(git.path(name), QFile::permissions(git.path(name)) | QFile::ExeOwner);
    return git.path(name);
}

void tst_Repository::programOfTheProjectIsNotGit()
{
    canary(*m_git, u"git"_s);
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_git->path()));
    qputenv("PATH", ".:" + m_path);
    QVERIFY(GitRepository::find(m_git->path()));
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(!QFile::exists(m_git->path(u".git/ran"_s)));
}

/// A git that takes every repository for somebody else's.
void tst_Repository::foreignOwnerIsARefusal()
{
    const QTemporaryDir programs;
    QFile wrapper(programs.filePath(u"git"_s));
    QVERIFY(wrapper.open(QIODevice::WriteOnly));
    const QString real = QStandardPaths::findExecutable(u"git"_s);
    wrapper.write("#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec " + real.toUtf8()
                  + " \"$@\"\n");
    wrapper.setPermissions(wrapper.permissions() | QFile::ExeOwner);
    wrapper.close();
    qputenv("PATH", programs.path().toUtf8() + ':' + m_path);
    const auto found = GitRepository::find(m_git->path());
    QVERIFY(!found);
    QCOMPARE(found.error().code, ErrorCode::ProjectRefused);
    QVERIFY2(found.error().message.contains(u"dubious ownership"),
             qPrintable(found.error().message));
}

/// A folder that the project carries and that looks like a repository without a work tree.
void tst_Repository::embeddedBareRepositoryIsNone()
{
    m_git->git({u"init"_s, u"-q"_s, u"--bare"_s, u"versions/bare"_s});
    QVERIFY(!GitRepository::find(m_git->path(u"versions/bare"_s)));
}

void tst_Repository::oddRefs_data()
{
    QTest::addColumn<QString>("ref");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("option") << u"--output=versions/x"_s << ErrorCode::Usage;
    QTest::newRow("dash") << u"-x"_s << ErrorCode::Usage;
    QTest::newRow("empty") << QString() << ErrorCode::Usage;
    QTest::newRow("newline") << u"main\nmain"_s << ErrorCode::Usage;
    QTest::newRow("unknown") << u"nope"_s << ErrorCode::NotFound;
    QTest::newRow("a tree") << u"main:versions"_s << ErrorCode::NotFound;
    QTest::newRow("a shell's words") << u"$(touch ran)"_s << ErrorCode::NotFound;
}

void tst_Repository::oddRefs()
{
    QFETCH(QString, ref);
    m_git->revision(u"a"_s, u"None"_s);
    const QString commit = m_git->commit(u"one"_s);
    m_git->write(u".git/refs/heads/--output=x"_s, commit.toUtf8() + '\n');
    const auto found = repository().commitOf(ref);
    QVERIFY(!found);
    QTEST(found.error().code, "code");
    QVERIFY(!QFile::exists(m_git->path(u"versions/x"_s)));
}

void tst_Repository::refsAndMergeBase()
{
    m_git->revision(u"a"_s, u"None"_s);
    const QString one = m_git->commit(u"one"_s);
    m_git->git({u"tag"_s, u"-a"_s, u"v1"_s, u"-m"_s, u"first"_s});
    m_git->git({u"checkout"_s, u"-q"_s, u"-b"_s, u"feature/x"_s});
    const QString two = m_git->commit(u"two"_s);
    m_git->git({u"checkout"_s, u"-q"_s, u"main"_s});
    const QString three = m_git->commit(u"three"_s);

    const auto refs = repository().refs();
    QVERIFY(refs);
    QCOMPARE(refs->size(), 3);
    QCOMPARE(refs->at(0), (GitRef{u"main"_s, u"refs/heads/main"_s, three, refs->at(0).date, true}));
    QCOMPARE(refs->at(1).name, u"feature/x"_s);
    QCOMPARE(refs->at(1).commit, two);
    QCOMPARE(refs->at(2).name, u"v1"_s);
    QCOMPARE(refs->at(2).commit, one); // the commit, not the tag's own object
    QCOMPARE(*repository().commitOf(u"v1"_s), one);
    QCOMPARE(repository().mergeBase(two, three), one);
    QCOMPARE(repository().refsWith(two), QStringList{u"feature/x"_s});
    m_git->git({u"checkout"_s, u"-q"_s, u"--orphan"_s, u"alone"_s});
    QCOMPARE(repository().mergeBase(two, m_git->commit(u"alone"_s)), QString());
}

void tst_Repository::foldersByTheirRealPlaces()
{
    const QTemporaryDir elsewhere;
    const QString link = elsewhere.filePath(u"link"_s);
    QVERIFY(QFile::link(m_git->path(), link));
    m_git->revision(u"a"_s, u"None"_s);
    m_git->write(u"versions/deep/b.py"_s, "b");
    m_git->commit(u"one"_s);
    const QList<GitFolder> inside = repository().folders(
        {link + u"/versions"_s, elsewhere.path(), m_git->path(u"gone"_s), link});
    QCOMPARE(inside, (QList<GitFolder>{{link + u"/versions"_s, u"versions"_s},
                                       {m_git->path(u"gone"_s), u"gone"_s},
                                       {link, QString()}}));
    const auto flat = repository().files(u"HEAD"_s, {inside[0]}, false);
    QVERIFY(flat);
    QCOMPARE(flat->size(), 1);
    QCOMPARE(flat->at(0).path, link + u"/versions/a.py"_s);
    QCOMPARE(flat->at(0).blob,
             GitRepository::blobId(m_git->read(u"versions/a.py"_s), flat->at(0).blob));
    QCOMPARE(repository().files(u"HEAD"_s, inside, true)->size(), 2 + 0 + 2);
}

/// What is a commit of another repository is no file of this one; a folder in it belongs to it.
void tst_Repository::submodules()
{
    m_git->revision(u"a"_s, u"None"_s);
    const QString one = m_git->commit(u"one"_s);
    const QString below = m_git->path(u"versions/sub"_s);
    m_git->git({u"init"_s, u"-q"_s, below});
    m_git->git(
        {u"update-index"_s, u"--add"_s, u"--cacheinfo"_s, u"160000,%1,versions/sub"_s.arg(one)});
    m_git->git({u"commit"_s, u"-q"_s, u"-m"_s, u"a link"_s});
    const auto files =
        repository().files(u"HEAD"_s, repository().folders({m_git->path(u"versions/"_s)}), true);
    QVERIFY(files);
    QCOMPARE(files->size(), 1);
    QCOMPARE(files->at(0).path, m_git->path(u"versions/a.py"_s));
    QCOMPARE(authors().size(), 1);
    const auto inner = GitRepository::find(below);
    QVERIFY(inner);
    QCOMPARE(inner->topLevel(), QFileInfo(below).canonicalFilePath());
    QVERIFY(readAuthorship(*inner, {below})->isEmpty()); // nothing is committed in it
}

void tst_Repository::contentsKeepToTheirLimits()
{
    m_git->write(u"versions/small.py"_s, "small");
    m_git->write(u"versions/large.py"_s, QByteArray(5'000'000, 'x'));
    m_git->commit(u"one"_s);
    QList<QByteArray> blobs;
    const auto files =
        repository().files(u"HEAD"_s, repository().folders({m_git->path(u"versions"_s)}), false);
    for (const GitFile &file : *files)
        blobs.append(file.blob);
    QCOMPARE(blobs.size(), 2);
    blobs.append(QByteArray(40, '1')); // not here
    const auto small = repository().contents(blobs, 1000, 10'000);
    QVERIFY(small);
    QCOMPARE(small->values(), QList<QByteArray>{"small"});
    QCOMPARE(repository().contents(blobs, 1 << 30, 1 << 30)->size(), 2);
    const auto tooMuch = repository().contents(blobs, 1 << 30, 1000);
    QVERIFY(!tooMuch);
    QCOMPARE(tooMuch.error().code, ErrorCode::Unreadable);
}

void tst_Repository::authorsOfFiles()
{
    QVERIFY(authors().isEmpty()); // nothing committed yet
    m_git->revision(u"a"_s, u"None"_s);
    const QString one = m_git->commit(u"add a"_s, u"Ada"_s);
    m_git->git({u"checkout"_s, u"-q"_s, u"-b"_s, u"side"_s});
    m_git->revision(u"b"_s, u"'a'"_s);
    m_git->commit(u"add b"_s, u"Bob"_s);
    m_git->git({u"checkout"_s, u"-q"_s, u"main"_s});
    m_git->revision(u"a"_s, u"None"_s, "return");
    m_git->commit(u"change a"_s, u"Eve"_s);
    m_git->git({u"merge"_s, u"-q"_s, u"--no-commit"_s, u"side"_s});
    m_git->revision(u"c"_s, u"'b'"_s); // made in the merge itself
    m_git->commit(u"merge"_s, u"Mia"_s);
    m_git->revision(u"new"_s, u"'c'"_s);

    const auto all = authors();
    QCOMPARE(all.size(), 3);
    const Authorship ada = all[m_git->path(u"versions/a.py"_s)];
    QCOMPARE(ada.name, u"Ada"_s);
    QCOMPARE(ada.email, u"ada@example.org"_s);
    QCOMPARE(ada.commit, one);
    QCOMPARE(ada.summary, u"add a"_s);
    QCOMPARE(ada.date.toString(Qt::ISODate), u"2026-01-01T02:00:00+01:00"_s);
    QCOMPARE(author(u"versions/b.py"_s), u"Bob"_s);
    QCOMPARE(author(u"versions/c.py"_s), u"Mia"_s);
}

void tst_Repository::movedFilesKeepTheirAuthor()
{
    m_git->write(u"old/place/a.py"_s, "revision = 'a'\ndown_revision = None\n");
    m_git->commit(u"add a"_s, u"Ada"_s);
    m_git->git({u"mv"_s, u"old/place/a.py"_s, u"old/a.py"_s});
    m_git->commit(u"up"_s, u"Bob"_s);
    m_git->git({u"mv"_s, u"old/a.py"_s, u"versions/a.py"_s});
    m_git->revision(u"b"_s, u"'a'"_s);
    m_git->commit(u"over"_s, u"Eve"_s);
    m_git->git({u"mv"_s, u"versions/a.py"_s, u"versions/a_first.py"_s});
    m_git->commit(u"rename"_s, u"Mia"_s);
    QCOMPARE(author(u"versions/a_first.py"_s), u"Ada"_s);
    QCOMPARE(author(u"versions/b.py"_s), u"Eve"_s);
}

void tst_Repository::shallowCloneNamesNobody()
{
    m_git->revision(u"a"_s, u"None"_s);
    m_git->commit(u"add a"_s, u"Ada"_s);
    m_git->commit(u"empty"_s, u"Bob"_s);
    m_git->revision(u"b"_s, u"'a'"_s);
    m_git->commit(u"add b"_s, u"Bob"_s);
    const QTemporaryDir clones;
    m_git->git({u"clone"_s, u"-q"_s, u"--depth"_s, u"2"_s, u"file://"_s + m_git->path(),
                clones.filePath(u"c"_s)});
    const auto clone = GitRepository::find(clones.filePath(u"c"_s));
    QVERIFY(clone);
    const auto all = readAuthorship(*clone, {clones.filePath(u"c/versions"_s)});
    QVERIFY(all);
    QCOMPARE(all->keys(), QStringList{clones.filePath(u"c/versions/b.py"_s)});
}

void tst_Repository::oddNamesAndMessages()
{
    const QString odd = u"versions/a\nb\t\"c\" *.py"_s;
    m_git->write(odd, "x");
    m_git->git({u"add"_s, u"-A"_s});
    const QByteArray tree = m_git->git({u"write-tree"_s}).trimmed();
    const QByteArray commit = m_git->git(
        {u"hash-object"_s, u"-t"_s, u"commit"_s, u"-w"_s, u"--literally"_s, u"--stdin"_s},
        "tree " + tree
            + "\nauthor \xff\x1b[31mEve <e\xfe> 99999999999 +9999\n"
              "committer C <c> 1 +0000\n\n\x80\x01 :100644 A\n");
    m_git->git({u"update-ref"_s, u"refs/heads/main"_s, QString::fromLatin1(commit.trimmed())});
    const auto all = authors();
    QCOMPARE(all.keys(), QStringList{m_git->path(odd)});
    QVERIFY(all.cbegin()->name.contains(u"Eve"));
    QCOMPARE(all.cbegin()->commit, QString::fromLatin1(commit.trimmed()));
}

void tst_Repository::spoiltLogs_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("commits");
    const QByteArray id(40, 'a');
    const auto joined = [](const QList<QByteArray> &parts) { return parts.join('\0'); };
    const QByteArray head = joined({id, "N", "e", "2026-01-01T00:00:00Z", "s"});
    QTest::newRow("nothing") << QByteArray() << 0;
    QTest::newRow("separators") << QByteArray("\0\n\0\0", 4) << 0;
    QTest::newRow("no id") << QByteArray("fatal: bad") << 0;
    QTest::newRow("cut in the header") << joined({id, "N"}) << 1;
    QTest::newRow("cut in a change") << joined({head, "\n:000000 100644"}) << 0;
    QTest::newRow("colons") << joined({head, "\n::::::::", "x"}) << 0;
    QTest::newRow("two") << joined({head, "", head}) << 2;
}

void tst_Repository::spoiltLogs()
{
    QFETCH(QByteArray, text);
    QTEST(int(parseGitLog(text).size()), "commits");
}

void tst_Repository::limitsEndACall()
{
    m_git->write(u"large"_s, QByteArray(2'000'000, 'x'));
    m_git->commit(u"one"_s);
    const QStringList show{u"cat-file"_s, u"blob"_s, u"HEAD:large"_s};
    const auto tooLong = repository().run(show, {}, {}, {.outputBytes = 100'000});
    QVERIFY(!tooLong);
    QCOMPARE(tooLong.error().code, ErrorCode::Unreadable);
    std::stop_source stopped;
    stopped.request_stop();
    // Waits for input that never ends: only a request or the limit of time ends it.
    const auto cancelled =
        repository().run({u"cat-file"_s, u"--batch"_s}, stopped.get_token(), "\n");
    QVERIFY(!cancelled);
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QCOMPARE(repository().run(show)->size(), 2'000'000);
    // A configuration that is never read to its end.
    const GitRepository found = repository();
    QCOMPARE(mkfifo(m_git->path(u".git/pipe"_s).toUtf8().constData(), 0600), 0);
    m_git->write(u".git/config"_s, m_git->read(u".git/config"_s) + "[include]\n\tpath = pipe\n");
    const auto endless = found.run(show, {}, {}, {.milliseconds = 50});
    QVERIFY(!endless);
    QCOMPARE(endless.error().code, ErrorCode::Unreadable);
}

/// Everything that a repository's configuration can start, in a repository that has need of all of it.
void tst_Repository::nothingRunsAndNothingIsWritten()
{
    m_git->write(u".gitattributes"_s, "*.py diff=evil filter=evil merge=evil\n");
    m_git->revision(u"a"_s, u"None"_s);
    m_git->commit(u"one"_s);
    m_git->revision(u"b"_s, u"'a'"_s);
    const QString two = m_git->commit(u"two"_s);
    const QString evil = canary(*m_git, u".git/evil"_s);
    for (const QString &hook : {u"post-index-change"_s, u"reference-transaction"_s,
                                u"pre-auto-gc"_s, u"post-checkout"_s, u"fsmonitor-watchman"_s})
        canary(*m_git, u".git/hooks/"_s + hook);
    for (const QString &key :
         {u"core.fsmonitor"_s, u"core.pager"_s, u"pager.log"_s, u"core.editor"_s,
          u"core.sshCommand"_s, u"core.askPass"_s, u"core.alternateRefsCommand"_s,
          u"diff.external"_s, u"diff.evil.textconv"_s, u"diff.evil.command"_s,
          u"filter.evil.smudge"_s, u"filter.evil.clean"_s, u"filter.evil.process"_s,
          u"gpg.program"_s, u"credential.helper"_s, u"remote.origin.uploadpack"_s,
          u"merge.evil.driver"_s})
        m_git->git({u"config"_s, key, evil});
    for (const QString &setting :
         {u"alias.log=!"_s + evil, u"alias.rev-parse=!"_s + evil, u"log.showSignature=true"_s,
          u"remote.origin.url=ext::"_s + evil, u"protocol.ext.allow=always"_s,
          u"remote.origin.promisor=true"_s, u"extensions.partialClone=origin"_s,
          u"core.repositoryFormatVersion=1"_s, u"gc.auto=1"_s, u"submodule.recurse=true"_s,
          u"diff.submodule=log"_s, u"status.submoduleSummary=true"_s})
        m_git->git({u"config"_s, setting.section(u'=', 0, 0), setting.section(u'=', 1)});
    const QByteArray signedCommit =
        m_git->git({u"hash-object"_s, u"-t"_s, u"commit"_s, u"-w"_s, u"--stdin"_s},
                   "tree " + m_git->git({u"rev-parse"_s, two + u"^{tree}"_s}).trimmed()
                       + "\nparent " + two.toLatin1()
                       + "\nauthor A <a> 1 +0000\ncommitter C <c> 1 +0000\ngpgsig -----BEGIN PGP "
                         "SIGNATURE-----\n"
                         " \n x\n -----END PGP SIGNATURE-----\n\nsigned\n");
    m_git->write(u".git/refs/heads/main"_s, signedCommit);
    // A file whose content only the remote would have.
    const QByteArray blob = m_git->git({u"rev-parse"_s, two + u":versions/b.py"_s}).trimmed();
    m_git->remove(u".git/objects/"_s + QString::fromLatin1(blob.left(2)) + u'/'
                  + QString::fromLatin1(blob.mid(2)));
    m_git->revision(u"c"_s, u"'b'"_s); // the index is stale
    m_git->remove(u".git/evil"_s);
    canary(*m_git, u".git/evil"_s);
    QFile::remove(m_git->path(u".git/ran"_s)); // by the preparations
    const auto before = m_git->snapshot();

    const GitRepository git = repository();
    const auto inside = git.folders({m_git->path(u"versions"_s)});
    QVERIFY(git.refs());
    QVERIFY(git.commitOf(u"main"_s));
    (void)git.mergeBase(u"main"_s, two);
    (void)git.refsWith(two);
    QVERIFY(readAuthorship(git, {m_git->path(u"versions"_s)}));
    QVERIFY(readGitLog(git, {.from = {u"--all"_s, u"--reflog"_s}, .isFullHistory = true}));
    const auto files = git.files(u"main"_s, inside, true);
    QVERIFY(files);
    QList<QByteArray> blobs;
    for (const GitFile &file : *files)
        blobs.append(file.blob);
    const auto contents = git.contents(blobs, 1 << 20, 1 << 20);
    QVERIFY(contents);
    QVERIFY(!contents->contains(blob)); // not fetched
    QVERIFY(contents->size() == blobs.size() - 1);

    QVERIFY(!QFile::exists(m_git->path(u".git/ran"_s)));
    QCOMPARE(m_git->snapshot(), before);
    // The trap is one: git left to itself starts it.
    QProcess::execute(u"git"_s, {u"-C"_s, m_git->path(), u"status"_s, u"--short"_s});
    QVERIFY(QFile::exists(m_git->path(u".git/ran"_s)));
}

int runRepositoryTest(int argc, char **argv)
{
    tst_Repository test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_repository.moc"
