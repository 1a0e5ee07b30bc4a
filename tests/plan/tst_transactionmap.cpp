#include "tests/plan/tst_transactionmap.h"

#include "core/plan/transactionmap.h"

#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

using Mode = TransactionMode;

/// A revision of these statements; one that begins with '!' stands in an autocommit_block.
PlanStep stepOf(const QString &revision, const QStringList &statements)
{
    PlanStep step{.revision = revision, .to = {revision}};
    for (const QString &text : statements)
        step.statements.append({.sql = text.startsWith(u'!') ? text.mid(1) : text,
                                .outsideTransaction = text.startsWith(u'!')});
    step.versionStatements.append({.sql = u"UPDATE alembic_version SET version_num='x'"_s});
    return step;
}

Plan planOf(Backend backend, const QList<QStringList> &steps)
{
    Plan plan{.backend = backend};
    for (const QStringList &statements : steps)
        plan.steps.append(stepOf(u"r%1"_s.arg(plan.steps.size() + 1), statements));
    return plan;
}

/// "(0-2) !2-3 (3-3v)": brackets are BEGIN and COMMIT, '!' outside of any, '*' commits by itself, 'c' creates the
/// version table, 'v' the version rows; steps are parted by '|'.
QString told(const TransactionMap &map)
{
    QStringList steps;
    for (const QList<TransactionSegment> &segments : map.steps) {
        QStringList parts;
        for (const TransactionSegment &segment : segments) {
            const bool isIn = segment.kind == TransactionSegment::Kind::Transaction;
            const QString before = segment.kind == TransactionSegment::Kind::Outside ? u"!"_s
                                   : !isIn                                           ? u"*"_s
                                   : segment.begins                                  ? u"("_s
                                                                                     : QString();
            parts.append(before + (segment.createsVersionTable ? u"c"_s : QString())
                         + u"%1-%2"_s.arg(segment.first).arg(segment.last)
                         + (segment.isLast ? u"v"_s : QString())
                         + (isIn && segment.commits ? u")"_s : QString()));
        }
        steps.append(parts.join(u' '));
    }
    return steps.join(u" | "_s);
}

} // namespace

void tst_TransactionMap::whereTheyFall_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<QList<QStringList>>("steps");
    QTest::addColumn<QString>("expected");
    const auto pg = Backend::PostgreSql;
    const QList<QStringList> plain{{u"CREATE TABLE a (x int)"_s, u"INSERT INTO a VALUES (1)"_s},
                                   {u"DROP TABLE a"_s}};
    const QString concurrently = u"CREATE INDEX CONCURRENTLY i ON a (x)"_s;
    const auto row = [](const char *name, Backend backend, Mode mode,
                        const QList<QStringList> &steps, const QString &expected) {
        QTest::addRow("%s %s", qPrintable(backendName(backend)), name)
            << backend << mode << steps << expected;
    };
    row("per revision", pg, Mode::PerRevision, plain, u"(0-2v) | (0-1v)"_s);
    row("all in one", pg, Mode::All, plain, u"(0-2v | 0-1v)"_s);
    row("none", pg, Mode::None, plain, u"(0-1) (1-2) (2-2v) | (0-1) (1-1v)"_s);
    row("concurrently", pg, Mode::PerRevision,
        {{u"CREATE TABLE a (x int)"_s, concurrently, u"SELECT 1"_s}, {concurrently}},
        u"(0-1) !1-2 (2-3v) | !0-1 (1-1v)"_s);
    row("an autocommit_block", pg, Mode::PerRevision,
        {{u"SELECT 1"_s, u"!UPDATE a SET x = 1"_s, u"!SELECT 2"_s}}, u"(0-1) (1-2) (2-3) (3-3v)"_s);
    row("all, cut in the middle", pg, Mode::All,
        {plain[0], plain[1], {u"SELECT 1"_s, concurrently}, plain[1], plain[0]},
        u"(0-2v | 0-1v) | (0-1) !1-2 (2-2v) | (0-1v | 0-2v)"_s);
    row("nothing but its row", pg, Mode::PerRevision, {{}}, u"(0-0v)"_s);
    for (const Backend my : {Backend::MariaDb, Backend::MySql}) {
        for (const Mode mode : {Mode::PerRevision, Mode::All, Mode::None})
            row("its DDL commits, whatever is asked for", my, mode, plain,
                u"*0-1 (1-2v) | *0-1 (1-1v)"_s);
        row("rows in one transaction", my, Mode::PerRevision,
            {{u"INSERT INTO a VALUES (1)"_s, u"DELETE FROM a"_s, u"ALTER TABLE a ADD y int"_s,
              u"UPDATE a SET y = 1"_s, u"!DELETE FROM a"_s}},
            u"(0-2) *2-3 (3-5v)"_s);
    }
    for (const Mode mode : {Mode::PerRevision, Mode::All, Mode::None})
        row("a revision each, whatever is asked for", Backend::Sqlite, mode, plain,
            u"(0-2v) | (0-1v)"_s);
    row("outside", Backend::Sqlite, Mode::PerRevision,
        {{u"CREATE TABLE a (x)"_s, u"!VACUUM"_s, u"!PRAGMA optimize"_s}},
        u"(0-1) !1-2 !2-3 (3-3v)"_s);
    row("in a transaction as the driver has it", Backend::Sqlite, Mode::PerRevision,
        {{concurrently}}, u"(0-1v)"_s);
}

void tst_TransactionMap::whereTheyFall()
{
    QFETCH(Backend, backend);
    QFETCH(Mode, mode);
    QFETCH(QList<QStringList>, steps);
    QFETCH(QString, expected);
    QCOMPARE(told(transactionMap(planOf(backend, steps), mode)), expected);
}

void tst_TransactionMap::versionTable_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QStringList>("statements");
    QTest::addColumn<QString>("expected");
    QTest::newRow("in the first transaction")
        << Backend::Sqlite << QStringList{u"SELECT 1"_s} << u"(c0-1v)"_s;
    QTest::newRow("behind what can't wait for it")
        << Backend::PostgreSql << QStringList{u"VACUUM"_s, u"SELECT 1"_s} << u"!0-1 (c1-2v)"_s;
    QTest::newRow("by itself") << Backend::MariaDb << QStringList{u"SELECT 1"_s}
                               << u"*c0-0 (0-1v)"_s;
}

void tst_TransactionMap::versionTable()
{
    QFETCH(Backend, backend);
    QFETCH(QStringList, statements);
    Plan plan = planOf(backend, {statements});
    plan.steps[0].createsVersionTable = true;
    QTEST(told(transactionMap(plan, Mode::PerRevision)), "expected");
}

void tst_TransactionMap::serverVersionDecides()
{
    const Plan plan = planOf(Backend::PostgreSql, {{u"ALTER TYPE mood ADD VALUE 'odd'"_s}});
    QCOMPARE(told(transactionMap(plan, Mode::PerRevision, 110000)), u"!0-1 (1-1v)"_s);
    QCOMPARE(told(transactionMap(plan, Mode::PerRevision, 120000)), u"(0-1v)"_s);
    QCOMPARE(told(transactionMap(plan, Mode::PerRevision)), u"(0-1v)"_s);
}

void tst_TransactionMap::serverVersions()
{
    QCOMPARE(versionNumberOf(u"PostgreSQL 15.14 (Debian 15.14-0)"_s), 150014);
    QCOMPARE(versionNumberOf(u"PostgreSQL 9.6.24"_s), 90624);
    QCOMPARE(versionNumberOf(u"PostgreSQL 18beta1"_s), 180000);
    QCOMPARE(versionNumberOf(QString()), 0);
}

/// A stretch holds statements on data only, whose text the map need not read.
void tst_TransactionMap::stretches()
{
    Plan plan = planOf(Backend::MariaDb, {{u"x"_s, u"DELETE FROM a"_s}});
    plan.steps[0].statements[0] = {.stretch = std::make_shared<SqlStretch>()};
    QCOMPARE(told(transactionMap(plan, Mode::PerRevision)), u"(0-2v)"_s);
}

void tst_TransactionMap::words_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<QList<QStringList>>("steps");
    QTest::addColumn<QString>("summary");
    QTest::addColumn<QStringList>("notes");
    const auto pg = Backend::PostgreSql;
    const QString vacuum = u"VACUUM a"_s;
    QTest::newRow("one each") << pg << Mode::PerRevision << QList<QStringList>{{u"SELECT 1"_s}}
                              << u"one transaction per revision"_s << QStringList();
    QTest::newRow("for all") << pg << Mode::All << QList<QStringList>{{u"SELECT 1"_s}}
                             << u"one transaction for all"_s << QStringList();
    QTest::newRow("none")
        << pg << Mode::None << QList<QStringList>{{u"SELECT 1"_s, u"SELECT 2"_s}}
        << u"each statement commits by itself"_s
        << QStringList{u"r1: statements 1, 2 of 2 are committed before the revision is whole"_s};
    QTest::newRow("outside")
        << pg << Mode::PerRevision
        << QList<QStringList>{{u"SELECT 1"_s, vacuum, u"SELECT 2"_s}, {vacuum}, {u"SELECT 1"_s}}
        << u"one transaction per revision, but for 2 statements outside of any"_s
        << QStringList{
               u"r1: statement 2 of 3 runs outside of any transaction and can't be rolled back; "
               u"statement 1 of 3 is committed before the revision is whole"_s,
               u"r2: its statement runs outside of any transaction and can't be rolled back"_s};
    QTest::newRow("cut") << pg << Mode::PerRevision << QList<QStringList>{{u"!DELETE FROM a"_s}}
                         << u"one transaction per revision, cut where a script asks for it"_s
                         << QStringList{
                                u"r1: its statement is committed before the revision is whole"_s};
    QTest::newRow("mariadb")
        << Backend::MariaDb << Mode::PerRevision
        << QList<QStringList>{{u"DROP TABLE a"_s}, {u"DROP TABLE b"_s}}
        << u"each change of a table commits by itself, and a journal keeps what is in"_s
        << QStringList{u"MariaDB commits each change of a table by itself: if a statement fails, "
                       u"those before it stay in, and the next run goes on from there."_s};
    QTest::newRow("mariadb, rows only")
        << Backend::MariaDb << Mode::PerRevision << QList<QStringList>{{u"DELETE FROM a"_s}}
        << u"one transaction per revision"_s << QStringList();
}

void tst_TransactionMap::words()
{
    QFETCH(Backend, backend);
    QFETCH(Mode, mode);
    QFETCH(QList<QStringList>, steps);
    const Plan plan = planOf(backend, steps);
    const TransactionMap map = transactionMap(plan, mode);
    QTEST(transactionSummary(map), "summary");
    QTEST(lastingNotes(plan, map), "notes");
}

void tst_TransactionMap::lasting()
{
    const Plan plan =
        planOf(Backend::MariaDb, {{u"DROP TABLE a"_s, u"DROP TABLE b"_s, u"DROP TABLE c"_s,
                                   u"DELETE FROM d"_s, u"DROP TABLE e"_s}});
    const TransactionMap map = transactionMap(plan, Mode::PerRevision);
    QCOMPARE(lastingText(plan.steps[0], map.steps[0], map.rules),
             u"statements 1–3, 5 of 5 commit by themselves and can't be rolled back; statement 4 "
             u"of 5 is committed "
             u"before the revision is whole"_s);
}
