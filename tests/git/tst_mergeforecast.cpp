#include "core/config/versionfiles.h"
#include "core/project/mergeforecast.h"
#include "core/project/projectgit.h"
#include "testrepository.h"

#include <QTest>
#include <functional>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// What a merge would leave. Every test begins with a - b on main.
class tst_MergeForecast : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void shapes_data();
    void shapes();
    void refuses_data();
    void refuses();
    void wayOut();
    void tablesOfBothSides();
    void tablesOfPlainSql();
    void ownFilesNeedNotBeCommitted();
    void lineEndsAreNoChange();
    void unrelatedHistories();
    void linksAndHugeFilesAreSaid();
    void theMergeItselfAgrees_data();
    void theMergeItselfAgrees();
    void authorsOfTheProject();
    void refsToMergeWith();
    void whatIsLeftIsDueAfterTheMerge();

private:
    MergeForecast forecast(const QString &ref = QStringLiteral("side")) const;
    void goApart(const std::function<void(const TestRepository &)> &there,
                 const std::function<void(const TestRepository &)> &here) const;
    std::unique_ptr<TestRepository> m_git{};
};

using Prepare = std::function<void(const TestRepository &)>;
Q_DECLARE_METATYPE(Prepare)

static const Prepare nothing = [](const TestRepository &) {};

static Prepare adds(const QString &id, const QString &parent, const QByteArray &upgrade = "pass",
                    const QString &name = {})
{
    return [=](const TestRepository &git) {
        git.revision(name.isEmpty() ? id : name, parent, upgrade, id);
    };
}

static Prepare removes(const QString &id)
{
    return [=](const TestRepository &git) { git.remove(u"versions/%1.py"_s.arg(id)); };
}

static Prepare both(const Prepare &one, const Prepare &other)
{
    return [=](const TestRepository &git) {
        one(git);
        other(git);
    };
}

void tst_MergeForecast::init()
{
    m_git = std::make_unique<TestRepository>();
    m_git->beginProject();
}

MergeForecast tst_MergeForecast::forecast(const QString &ref) const
{
    auto made = forecastMerge(*m_git->project(), ref);
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    return made.take();
}

/// Two branches from one place; main is checked out.
void tst_MergeForecast::goApart(const Prepare &there, const Prepare &here) const
{
    m_git->branch(u"side"_s);
    there(*m_git);
    m_git->commit(u"there"_s);
    m_git->checkout(u"main"_s);
    here(*m_git);
    m_git->commit(u"here"_s);
}

static QString sorted(QStringList list)
{
    list.sort();
    return list.join(u' ');
}

/// "heads c d; split c d; here c; there d; removed x; problems code".
static QString shape(const MergeForecast &forecast)
{
    QStringList parts{u"heads "_s + sorted(forecast.heads)};
    const auto add = [&parts](const QString &name, const QStringList &list) {
        if (!list.isEmpty())
            parts.append(name + u' ' + sorted(list));
    };
    add(u"split"_s, forecast.split);
    add(u"here"_s, forecast.onlyHere);
    add(u"there"_s, forecast.onlyThere);
    add(u"changed here"_s, forecast.changedHere);
    add(u"changed there"_s, forecast.changedThere);
    add(u"removed here"_s, forecast.removedHere);
    add(u"removed there"_s, forecast.removedThere);
    QStringList codes;
    for (const Diagnostic &problem : forecast.problems)
        codes.append(problem.code);
    codes.removeDuplicates();
    add(u"problems"_s, codes);
    return parts.join(u"; "_s);
}

void tst_MergeForecast::shapes_data()
{
    QTest::addColumn<Prepare>("there");
    QTest::addColumn<Prepare>("here");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<bool>("isClean");
    QTest::newRow("same") << nothing << nothing << u"heads b"_s << true;
    QTest::newRow("only there") << adds(u"c"_s, u"'b'"_s) << nothing << u"heads c; there c"_s
                                << true;
    QTest::newRow("only here") << nothing << adds(u"c"_s, u"'b'"_s) << u"heads c; here c"_s << true;
    QTest::newRow("grown apart") << adds(u"c"_s, u"'b'"_s) << adds(u"d"_s, u"'b'"_s)
                                 << u"heads c d; split c d; here d; there c"_s << false;
    QTest::newRow("merged there already")
        << both(adds(u"c"_s, u"'b'"_s), both(adds(u"d"_s, u"'b'"_s), adds(u"m"_s, u"('c', 'd')"_s)))
        << adds(u"d"_s, u"'b'"_s) << u"heads m; there c m"_s << true;
    QTest::newRow("a branch of its own")
        << both(adds(u"x"_s, u"None"_s), nothing) << adds(u"c"_s, u"'b'"_s)
        << u"heads c x; here c; there x"_s << true;
    QTest::newRow("two new bases") << adds(u"x"_s, u"None"_s) << adds(u"y"_s, u"None"_s)
                                   << u"heads b x y; split x y; here y; there x"_s << false;
    QTest::newRow("removed there")
        << removes(u"b"_s) << nothing << u"heads a; removed there b"_s << true;
    QTest::newRow("removed here") << nothing << removes(u"b"_s) << u"heads a; removed here b"_s
                                  << true;
    QTest::newRow("removed there, built upon here")
        << removes(u"b"_s) << adds(u"c"_s, u"'b'"_s)
        << u"heads a c; here c; removed there b; problems missing-parent"_s << false;
    QTest::newRow("re-parented there")
        << both(adds(u"c"_s, u"'a'"_s), adds(u"b"_s, u"'c'"_s)) << adds(u"d"_s, u"'b'"_s)
        << u"heads d; here d; there c; changed there b"_s << true;
    QTest::newRow("changed on both sides")
        << adds(u"b"_s, u"'a'"_s, "return 1") << adds(u"b"_s, u"'a'"_s, "return 2")
        << u"heads b; changed here b; changed there b; problems revision-differs"_s << true;
    QTest::newRow("changed and removed") << removes(u"b"_s) << adds(u"b"_s, u"'a'"_s, "return 2")
                                         << u"heads b; here b; problems revision-removed"_s << true;
    QTest::newRow("the same id, twice made")
        << adds(u"c"_s, u"'b'"_s, "return 1") << adds(u"c"_s, u"'b'"_s, "return 2")
        << u"heads c; changed here c; changed there c; problems revision-differs"_s << true;
    QTest::newRow("the same id under two names")
        << adds(u"c"_s, u"'b'"_s, "pass", u"c_one"_s) << adds(u"c"_s, u"'b'"_s, "pass", u"c_two"_s)
        << u"heads c; problems duplicate-revision"_s << false;
    QTest::newRow("one name for two revisions")
        << adds(u"c"_s, u"'b'"_s, "pass", u"next"_s) << adds(u"d"_s, u"'b'"_s, "pass", u"next"_s)
        << u"heads c d; split c d; here d; there c; problems file-conflict"_s << false;
    QTest::newRow("a ring") << both(adds(u"c"_s, u"'b'"_s), adds(u"a"_s, u"None"_s))
                            << both(removes(u"a"_s), adds(u"a"_s, u"'c'"_s))
                            << u"heads a b c; there c; changed here a; problems revision-cycle"_s
                            << false;
    QTest::newRow("a broken script there")
        << Prepare([](const TestRepository &git) { git.write(u"versions/z.py"_s, "revision ="); })
        << nothing << u"heads b; problems unusable-script"_s << false;
}

void tst_MergeForecast::shapes()
{
    QFETCH(Prepare, there);
    QFETCH(Prepare, here);
    goApart(there, here);
    const auto before = m_git->snapshot();
    const MergeForecast made = forecast();
    QTEST(shape(made), "expected");
    QTEST(made.isClean(), "isClean");
    QCOMPARE(made.history.size(), qsizetype(made.graph.nodeCount()));
    QCOMPARE(m_git->snapshot(), before);
}

void tst_MergeForecast::refuses_data()
{
    QTest::addColumn<QString>("ref");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("unknown") << u"nope"_s << ErrorCode::NotFound;
    QTest::newRow("option") << u"--output=x"_s << ErrorCode::Usage;
    QTest::newRow("no project there") << u"bare"_s << ErrorCode::ProjectRefused;
}

void tst_MergeForecast::refuses()
{
    QFETCH(QString, ref);
    m_git->git({u"checkout"_s, u"-q"_s, u"--orphan"_s, u"bare"_s});
    m_git->git({u"rm"_s, u"-q"_s, u"-r"_s, u"--cached"_s, u"."_s});
    m_git->git({u"commit"_s, u"-q"_s, u"--allow-empty"_s, u"-m"_s, u"nothing"_s});
    m_git->git({u"checkout"_s, u"-q"_s, u"-f"_s, u"main"_s});
    const auto made = forecastMerge(*m_git->project(), ref);
    QVERIFY(!made);
    QTEST(made.error().code, "code");
}

void tst_MergeForecast::wayOut()
{
    m_git->branch(u"it's/new"_s);
    m_git->revision(u"c"_s, u"'b'"_s);
    m_git->commit(u"there"_s);
    m_git->checkout(u"main"_s);
    m_git->revision(u"d"_s, u"'b'"_s);
    m_git->revision(u"e"_s, u"'d'"_s);
    const MergeForecast made = forecast(u"it's/new"_s);
    QCOMPARE(made.mergeCommand(), u"tribikos-cli merge c e -m 'merge it'\\''s/new'"_s);
    QVERIFY(made.reparenting);
    QCOMPARE(*made.reparenting, (Reparenting{u"d"_s, {u"c"_s}, m_git->path(u"versions/d.py"_s)}));
    QCOMPARE(made.onlyHere, (QStringList{u"e"_s, u"d"_s}));
    QCOMPARE(made.sides.value(u"a"_s), RevisionSide::Both);
    QCOMPARE(made.sides.value(u"c"_s), RevisionSide::There);
}

void tst_MergeForecast::tablesOfBothSides()
{
    m_git->revision(u"b"_s, u"'a'"_s,
                    "op.create_table('users', sa.Column('id', sa.Integer))\n"
                    "    op.create_table('other', sa.Column('id', sa.Integer))");
    m_git->commit(u"tables"_s);
    m_git->branch(u"side"_s);
    m_git->revision(u"c"_s, u"'b'"_s,
                    "op.add_column('users', sa.Column('email', sa.Text))\n"
                    "    op.add_column('other', sa.Column('x', sa.Text))");
    m_git->revision(u"u"_s, u"'c'"_s, "op.get_bind().execute(open('x'))");
    m_git->commit(u"there"_s);
    m_git->checkout(u"main"_s);
    m_git->revision(u"d"_s, u"'b'"_s,
                    "with op.batch_alter_table('users') as batch:\n"
                    "        batch.drop_column('email')\n"
                    "        batch.add_column(sa.Column('name', sa.Text))");
    const MergeForecast made = forecast();
    QCOMPARE(made.overlaps, (QList<TableOverlap>{{u"users"_s, {u"email"_s}, {u"d"_s}, {u"c"_s}}}));
    QCOMPARE(made.notes.size(), 1);
    QVERIFY2(made.notes[0].startsWith(u"The tables that u touches are known in part only: "),
             qPrintable(made.notes[0]));
}

void tst_MergeForecast::tablesOfPlainSql()
{
    const auto script = [this](const QString &id, const QString &parent, const QString &sql) {
        m_git->write(u"versions/%1.sql"_s.arg(id),
                     u"-- revision: %1\n-- revises: %2\n-- message: m\n\n-- upgrade\n%3\n"_s
                         .arg(id, parent, sql)
                         .toUtf8());
    };
    script(u"c"_s, u"b"_s, u"CREATE TABLE users (id int); CREATE TABLE orders (id int);"_s);
    m_git->commit(u"tables"_s);
    m_git->branch(u"side"_s);
    script(u"d"_s, u"c"_s, u"UPDATE \"Users\" SET id = 1; DROP TABLE orders;"_s);
    m_git->commit(u"there"_s);
    m_git->checkout(u"main"_s);
    script(u"e"_s, u"c"_s, u"ALTER TABLE users ADD COLUMN name text;"_s);
    const MergeForecast made = forecast();
    QCOMPARE(made.split, (QStringList{u"d"_s, u"e"_s}));
    QCOMPARE(made.overlaps, (QList<TableOverlap>{{u"users"_s, {}, {u"e"_s}, {u"d"_s}}}));
}

void tst_MergeForecast::ownFilesNeedNotBeCommitted()
{
    m_git->branch(u"side"_s);
    m_git->revision(u"c"_s, u"'b'"_s);
    m_git->commit(u"there"_s);
    m_git->checkout(u"main"_s);
    m_git->revision(u"d"_s, u"'b'"_s);
    QCOMPARE(shape(forecast()), u"heads c d; split c d; here d; there c"_s);
}

void tst_MergeForecast::lineEndsAreNoChange()
{
    m_git->branch(u"side"_s);
    m_git->commit(u"there"_s);
    m_git->checkout(u"main"_s);
    m_git->write(u"versions/a.py"_s, m_git->read(u"versions/a.py"_s).replace("\n", "\r\n"));
    QCOMPARE(shape(forecast()), u"heads b"_s);
}

void tst_MergeForecast::unrelatedHistories()
{
    m_git->git({u"checkout"_s, u"-q"_s, u"--orphan"_s, u"side"_s});
    m_git->revision(u"c"_s, u"'b'"_s);
    m_git->commit(u"there"_s);
    m_git->git({u"checkout"_s, u"-q"_s, u"main"_s});
    const MergeForecast made = forecast();
    QCOMPARE(made.base, QString());
    QCOMPARE(shape(made), u"heads c; there c"_s);
}

void tst_MergeForecast::linksAndHugeFilesAreSaid()
{
    m_git->branch(u"side"_s);
    m_git->write(u"versions/huge.py"_s, QByteArray(largestScriptBytes + 1, '#'));
    QVERIFY(QFile::link(u"/dev/zero"_s, m_git->path(u"versions/link.py"_s)));
    m_git->commit(u"there"_s);
    m_git->checkout(u"main"_s);
    const MergeForecast made = forecast();
    QCOMPARE(shape(made), u"heads b; problems link-not-followed unreadable-file"_s);
    QVERIFY(!made.isClean());
}

void tst_MergeForecast::theMergeItselfAgrees_data()
{
    shapes_data();
}

/// Where git can merge by itself, the project opened afterwards has the heads that were foretold.
void tst_MergeForecast::theMergeItselfAgrees()
{
    QFETCH(Prepare, there);
    QFETCH(Prepare, here);
    QFETCH(QString, expected);
    goApart(there, here);
    const MergeForecast made = forecast();
    for (const char *conflict : {"revision-differs", "revision-removed", "file-conflict"}) {
        if (expected.contains(QLatin1StringView(conflict)))
            return;
    }
    m_git->git({u"merge"_s, u"-q"_s, u"--no-edit"_s, u"side"_s});
    const ProjectPtr merged = m_git->project();
    QStringList heads = merged->graph().ids(merged->graph().heads());
    heads.removeDuplicates(); // of a duplicate id
    QCOMPARE(sorted(made.heads), sorted(heads));
    QCOMPARE(made.graph.refusal().has_value(), merged->graph().refusal().has_value());
}

void tst_MergeForecast::authorsOfTheProject()
{
    m_git->revision(u"c"_s, u"'b'"_s);
    m_git->commit(u"add c"_s, u"Ada"_s);
    m_git->revision(u"d"_s, u"'c'"_s);
    const ProjectPtr opened = m_git->project();
    auto authors = authorsSince(*opened, {});
    QVERIFY(authors && authors->hasRepository);
    QStringList names;
    for (int node = 0; node < opened->graph().revisionCount(); ++node)
        names.append(authors->byFile.value(opened->graph().revision(node).file).name);
    QCOMPARE(names, (QStringList{u"Test"_s, u"Test"_s, u"Ada"_s, QString()}));

    ProjectAuthors known = *authors;
    known.byFile.clear();
    QVERIFY(authorsSince(*opened, known)->byFile.isEmpty()); // the same commit: kept as it is
    m_git->commit(u"add d"_s, u"Bob"_s);
    QCOMPARE(authorsSince(*opened, known)->byFile.value(opened->graph().revision(3).file).name,
             u"Bob"_s);

    const QTemporaryDir plain;
    const auto without = Project::open({.versionFolders = {plain.path()}});
    QVERIFY(without);
    const auto none = authorsSince(**without, known);
    QVERIFY(none && !none->hasRepository && none->byFile.isEmpty());
}

void tst_MergeForecast::refsToMergeWith()
{
    m_git->branch(u"side"_s);
    m_git->commit(u"on the side"_s);
    m_git->checkout(u"main"_s);
    m_git->git({u"tag"_s, u"v1"_s});
    const auto refs = otherRefs(*m_git->project());
    QVERIFY(refs);
    QStringList names;
    for (const GitRef &ref : *refs)
        names << ref.name;
    QCOMPARE(names.constFirst(), u"side"_s); // the newest
    QVERIFY(names.contains(u"v1"_s) && !names.contains(u"main"_s));
}

void tst_MergeForecast::whatIsLeftIsDueAfterTheMerge()
{
    goApart(adds(u"c"_s, u"'b'"_s), adds(u"d"_s, u"'b'"_s));
    const auto forecast = forecastMerge(*m_git->project(), u"side"_s);
    QVERIFY(forecast && forecast->needsMerge());
    const AfterMerge left{.ref = forecast->ref, .heads = forecast->split};
    QVERIFY(!left.isDue(m_git->project()->graph()));
    m_git->git({u"merge"_s, u"-q"_s, u"--no-edit"_s, u"side"_s});
    QVERIFY(left.isDue(m_git->project()->graph()));
    m_git->revision(u"m"_s, u"('%1')"_s.arg(left.heads.join(u"', '"_s)));
    QVERIFY(!left.isDue(m_git->project()->graph())); // somebody has done it
    QVERIFY(!AfterMerge().isDue(m_git->project()->graph()));
}

int runMergeForecastTest(int argc, char **argv)
{
    tst_MergeForecast test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_mergeforecast.moc"
