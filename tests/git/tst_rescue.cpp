#include "core/project/lostrevision.h"
#include "testrepository.h"

#include <QDir>
#include <QTest>
#include <functional>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// A revision that no file has, looked for in the repository. Every test begins with a - b on main.
class tst_Rescue : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void places_data();
    void places();
    void newestTextFirst();
    void ancestorsComeAlong();
    void whatIsMissingIsSaid();
    void ghostParent();
    void folderThatIsGone();
    void fileInTheWay();
    void sqlScript();
    void evilPathIsNoPlace();
    void refuses();

private:
    LostSearch search(const QString &id) const;
    std::unique_ptr<TestRepository> m_git{};
};

using Prepare = std::function<void(const TestRepository &)>;
Q_DECLARE_METATYPE(Prepare)

void tst_Rescue::init()
{
    m_git = std::make_unique<TestRepository>();
    m_git->beginProject();
}

LostSearch tst_Rescue::search(const QString &id) const
{
    auto found = findLostRevision(*m_git->project(), id);
    if (!found)
        qFatal("%s", qPrintable(found.error().message));
    return found.take();
}

void tst_Rescue::places_data()
{
    QTest::addColumn<Prepare>("prepare");
    QTest::addColumn<QStringList>("refs");
    const Prepare onBranch = [](const TestRepository &git) {
        git.git({u"checkout"_s, u"-q"_s, u"-b"_s, u"side"_s});
        git.revision(u"c"_s, u"'b'"_s);
        git.commit(u"add c"_s, u"Ada"_s);
        git.git({u"checkout"_s, u"-q"_s, u"main"_s});
    };
    QTest::newRow("a branch") << onBranch << QStringList{u"side"_s};
    QTest::newRow("a deleted branch") << Prepare([onBranch](const TestRepository &git) {
        onBranch(git);
        git.git({u"branch"_s, u"-q"_s, u"-D"_s, u"side"_s});
    }) << QStringList();
    QTest::newRow("a tag") << Prepare([onBranch](const TestRepository &git) {
        onBranch(git);
        git.git({u"tag"_s, u"v1"_s, u"side"_s});
        git.git({u"branch"_s, u"-q"_s, u"-D"_s, u"side"_s});
    }) << QStringList{u"v1"_s};
    QTest::newRow("removed later") << Prepare([](const TestRepository &git) {
        git.revision(u"c"_s, u"'b'"_s);
        git.commit(u"add c"_s, u"Ada"_s);
        git.remove(u"versions/c.py"_s);
        git.commit(u"squash"_s);
    }) << QStringList{u"main"_s};
    QTest::newRow("not in the work tree") << Prepare([](const TestRepository &git) {
        git.revision(u"c"_s, u"'b'"_s);
        git.commit(u"add c"_s, u"Ada"_s);
        git.remove(u"versions/c.py"_s);
    }) << QStringList{u"main"_s};
    QTest::newRow("thrown away by a merge") << Prepare([onBranch](const TestRepository &git) {
        onBranch(git);
        git.git({u"merge"_s, u"-q"_s, u"--no-edit"_s, u"-s"_s, u"ours"_s, u"side"_s});
        git.git({u"branch"_s, u"-q"_s, u"-D"_s, u"side"_s});
    }) << QStringList{u"main"_s};
    QTest::newRow("made in a merge") << Prepare([](const TestRepository &git) {
        git.git({u"checkout"_s, u"-q"_s, u"-b"_s, u"side"_s});
        git.commit(u"empty"_s);
        git.git({u"checkout"_s, u"-q"_s, u"main"_s});
        git.git({u"merge"_s, u"-q"_s, u"--no-ff"_s, u"--no-commit"_s, u"side"_s});
        git.revision(u"c"_s, u"'b'"_s);
        git.commit(u"merge"_s, u"Ada"_s);
        git.remove(u"versions/c.py"_s);
        git.git({u"branch"_s, u"-q"_s, u"-D"_s, u"side"_s});
    }) << QStringList{u"main"_s};
    const auto stash = [](const TestRepository &git, const QStringList &options) {
        git.revision(u"c"_s, u"'b'"_s);
        qputenv("GIT_AUTHOR_NAME", "Ada");
        git.git(QStringList{u"stash"_s, u"push"_s, u"-q"_s} + options);
        qunsetenv("GIT_AUTHOR_NAME");
    };
    QTest::newRow("an untracked file in a stash")
        << Prepare([stash](const TestRepository &git) { stash(git, {u"--include-untracked"_s}); })
        << QStringList{u"stash@{0}"_s};
    QTest::newRow("an older stash") << Prepare([stash](const TestRepository &git) {
        git.write(u"versions/c.py"_s, "");
        git.git({u"add"_s, u"-A"_s});
        stash(git, {});
        git.revision(u"b"_s, u"'a'"_s, "return");
        git.git({u"stash"_s, u"push"_s, u"-q"_s});
    }) << QStringList{u"stash@{1}"_s};
}

void tst_Rescue::places()
{
    QFETCH(Prepare, prepare);
    m_git->revision(u"c"_s, u"'b'"_s);
    const QByteArray text = m_git->read(u"versions/c.py"_s);
    m_git->remove(u"versions/c.py"_s);
    prepare(*m_git);
    const QString file = m_git->path(u"versions/c.py"_s);
    QVERIFY(!QFile::exists(file));
    const auto before = m_git->snapshot();
    const LostSearch found = search(u"c"_s);
    QCOMPARE(found.found.size(), 1);
    const LostRevision &lost = found.found.constFirst();
    QCOMPARE(lost.author.name, u"Ada"_s);
    QTEST(lost.refs, "refs");
    QCOMPARE(lost.bytes, text);
    QCOMPARE(lost.inRepository, u"versions/c.py"_s);
    QCOMPARE(lost.revision.file, file);
    QVERIFY(found.isWhole && found.missing.isEmpty() && found.ancestors.isEmpty());
    const auto edit = bringBack(*m_git->project(), found);
    QVERIFY(edit);
    QCOMPARE(m_git->snapshot(), before);
    QVERIFY(apply(*edit));
    QCOMPARE(m_git->read(u"versions/c.py"_s), text);
    QVERIFY(m_git->project()->graph().find(u"c"_s) >= 0);
    QVERIFY(apply(edit->inverted()));
    QVERIFY(!QFile::exists(file));
}

void tst_Rescue::newestTextFirst()
{
    m_git->branch(u"side"_s);
    m_git->revision(u"c"_s, u"'b'"_s, "return 1");
    m_git->commit(u"one"_s);
    m_git->revision(u"c"_s, u"'b'"_s, "return 2");
    m_git->commit(u"two"_s);
    m_git->checkout(u"main"_s);
    const LostSearch found = search(u"c"_s);
    QCOMPARE(found.found.size(), 2);
    QVERIFY(found.found[0].bytes.contains("return 2"));
    QCOMPARE(found.found[1].author.summary, u"one"_s);
    QVERIFY(apply(*bringBack(*m_git->project(), found, 1)));
    QVERIFY(m_git->read(u"versions/c.py"_s).contains("return 1"));
    QVERIFY(!bringBack(*m_git->project(), found, 2));
}

void tst_Rescue::ancestorsComeAlong()
{
    m_git->branch(u"side"_s);
    m_git->revision(u"c"_s, u"'b'"_s);
    m_git->revision(u"d"_s, u"'c'"_s);
    m_git->revision(u"e"_s, u"'d'"_s);
    m_git->commit(u"three"_s);
    m_git->checkout(u"main"_s);
    const LostSearch found = search(u"e"_s);
    QCOMPARE(found.ancestors.size(), 2);
    QCOMPARE(found.ancestors[0].revision.id, u"c"_s);
    QCOMPARE(standsOn(*m_git->project(), found), QStringList{u"b"_s});
    QVERIFY(standsOn(*m_git->project(), found, 7).isEmpty());
    QVERIFY(apply(*bringBack(*m_git->project(), found)));
    QCOMPARE(m_git->project()->graph().ids(m_git->project()->graph().heads()), QStringList{u"e"_s});
}

void tst_Rescue::whatIsMissingIsSaid()
{
    m_git->branch(u"side"_s);
    m_git->revision(u"e"_s, u"'never'"_s);
    m_git->commit(u"one"_s);
    m_git->checkout(u"main"_s);
    const LostSearch found = search(u"e"_s);
    QCOMPARE(found.missing, QStringList{u"never"_s});
    QVERIFY(standsOn(*m_git->project(), found).isEmpty()); // nobody knows
    const auto edit = bringBack(*m_git->project(), found);
    QVERIFY(!edit);
    QCOMPARE(edit.error().code, ErrorCode::GraphInvalid);
    QVERIFY(search(u"nope"_s).found.isEmpty());
    QVERIFY(!bringBack(*m_git->project(), search(u"nope"_s)));
}

/// A file that others build on was lost.
void tst_Rescue::ghostParent()
{
    m_git->remove(u"versions/a.py"_s);
    QVERIFY(m_git->project()->graph().refusal());
    const LostSearch found = search(u"a"_s);
    QCOMPARE(found.found.size(), 1);
    QCOMPARE(standsOn(*m_git->project(), found), QStringList{u"base"_s});
    QVERIFY(apply(*bringBack(*m_git->project(), found)));
    QVERIFY(!m_git->project()->graph().refusal());
}

void tst_Rescue::folderThatIsGone()
{
    QVERIFY(QDir(m_git->path(u"versions"_s)).removeRecursively());
    const LostSearch found = search(u"b"_s);
    QCOMPARE(found.ancestors.size(), 1);
    QVERIFY(apply(*bringBack(*m_git->project(), found)));
    QCOMPARE(m_git->git({u"status"_s, u"--porcelain"_s}), QByteArray());
}

void tst_Rescue::fileInTheWay()
{
    m_git->branch(u"side"_s);
    m_git->revision(u"next"_s, u"'b'"_s, "pass", u"c"_s);
    m_git->commit(u"one"_s);
    m_git->checkout(u"main"_s);
    m_git->revision(u"next"_s, u"'b'"_s, "pass", u"d"_s);
    const auto edit = bringBack(*m_git->project(), search(u"c"_s));
    QVERIFY(edit);
    const Status applied = apply(*edit);
    QVERIFY(!applied);
    QCOMPARE(applied.error().code, ErrorCode::Conflict);
}

void tst_Rescue::sqlScript()
{
    m_git->branch(u"side"_s);
    m_git->write(u"versions/c.sql"_s, "-- revision: c\n-- revises: b\n\n-- upgrade\nSELECT 1;\n");
    m_git->write(u"versions/no.sql"_s, "SELECT 'c';\n");
    m_git->commit(u"one"_s);
    m_git->checkout(u"main"_s);
    const LostSearch found = search(u"c"_s);
    QCOMPARE(found.found.size(), 1);
    QVERIFY(found.found[0].revision.isSql);
}

/// A tree with a name that leads out of the folder, as no git would check it out.
void tst_Rescue::evilPathIsNoPlace()
{
    const QByteArray blob = m_git
                                ->git({u"hash-object"_s, u"-w"_s, u"--stdin"_s},
                                      "revision = 'evil'\ndown_revision = 'b'\n")
                                .trimmed();
    const auto tree = [this](const QByteArray &entry) {
        return m_git
            ->git({u"hash-object"_s, u"-t"_s, u"tree"_s, u"-w"_s, u"--literally"_s, u"--stdin"_s},
                  entry)
            .trimmed();
    };
    const QByteArray up = tree(QByteArray("100644 evil.py") + '\0' + QByteArray::fromHex(blob));
    const QByteArray versions = tree(QByteArray("40000 ..") + '\0' + QByteArray::fromHex(up));
    const QByteArray root =
        tree(QByteArray("40000 versions") + '\0' + QByteArray::fromHex(versions));
    const QByteArray commit =
        m_git->git({u"commit-tree"_s, QString::fromLatin1(root), u"-m"_s, u"evil"_s}).trimmed();
    m_git->write(u".git/refs/heads/evil"_s, commit + '\n');
    QVERIFY(search(u"evil"_s).found.isEmpty());
}

void tst_Rescue::refuses()
{
    const auto known = findLostRevision(*m_git->project(), u"a"_s);
    QVERIFY(!known);
    QCOMPARE(known.error().code, ErrorCode::Usage);
    const QTemporaryDir plain;
    const auto without = Project::open({.versionFolders = {plain.path()}});
    const auto found = findLostRevision(**without, u"a"_s);
    QVERIFY(!found);
    QCOMPARE(found.error().code, ErrorCode::NotFound);
    std::stop_source stopped;
    stopped.request_stop();
    QVERIFY(!findLostRevision(*m_git->project(), u"c"_s, stopped.get_token()));
}

int runRescueTest(int argc, char **argv)
{
    tst_Rescue test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_rescue.moc"
