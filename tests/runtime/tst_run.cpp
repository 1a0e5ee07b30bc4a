#include "tests/runtime/tst_run.h"

#include "core/runtime/run.h"
#include "core/runtime/sqlitebackup.h"
#include "tests/runtime/failingsession.h"
#include "tests/runtime/sample.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::sample;

namespace {

const TableName kVersionTable{{}, u"alembic_version"_s};

RunReport runBare(const Plan &plan, const QString &path)
{
    return run(plan, fileSpec(path), bareOptions(), {}, {});
}

Revision rebuild(const QString &id, const QString &columns, const QString &select)
{
    return {.id = id,
            .statements = {u"CREATE TABLE _alembic_tmp_child %1"_s.arg(columns),
                           u"INSERT INTO _alembic_tmp_child "_s + select, u"DROP TABLE child"_s,
                           u"ALTER TABLE _alembic_tmp_child RENAME TO child"_s},
            .rebuiltTables = {u"child"_s}};
}

} // namespace

void tst_Run::init()
{
    m_folder = std::make_unique<QTemporaryDir>(scratchTemplate());
    QVERIFY(m_folder->isValid());
}

QStringList tst_Run::files() const
{
    return QDir(m_folder->path()).entryList(QDir::Files, QDir::Name);
}

void tst_Run::upgradesANewFile()
{
    const RunReport report = run(remainingPlan(8, {}), fileSpec(path()), {.log = false}, {}, {});
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(report.stepsDone, 8);
    QVERIFY(report.positionKnown);
    QCOMPARE(report.rowsBefore, QStringList());
    QCOMPARE(report.rowsAfter, QStringList{u"r008"_s});
    QCOMPARE(report.backupFile, QString()); // there was nothing to lose
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 8, 8));
}

void tst_Run::upgradesStepByStep_data()
{
    QTest::addColumn<QString>("mode");
    QTest::newRow("rollback journal") << u"delete"_s;
    QTest::newRow("write-ahead log") << u"wal"_s;
}

void tst_Run::upgradesStepByStep()
{
    QFETCH(QString, mode);
    RawDatabase(path()).exec(u"PRAGMA journal_mode = %1"_s.arg(mode));
    for (int done = 1; done <= 6; ++done) {
        Plan plan = remainingPlan(6, *currentRows(fileSpec(path()), kVersionTable));
        plan.steps = plan.steps.mid(0, 1);
        plan.endRows = {plan.steps.first().revision};
        const RunReport report = runBare(plan, path());
        QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
        QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 6, done));
    }
    QCOMPARE(RawDatabase(path()).rows(u"PRAGMA journal_mode"_s).first().first(), mode);
}

void tst_Run::downgradesToBase()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    Plan plan = upgradePlan({});
    plan.startRows = {u"r001"_s};
    plan.steps = {downgradeStep(
        {.id = u"r001"_s, .statements = {u"DROP TABLE t0"_s, u"DROP TABLE runs"_s}}, {})};
    const RunReport report = runBare(plan, path());
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(report.rowsBefore, QStringList{u"r001"_s});
    QCOMPARE(report.rowsAfter, QStringList());
    QCOMPARE(versionRows(path()), QStringList()); // the table itself stays, as Alembic leaves it
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error); // and is not made twice
}

void tst_Run::stamps()
{
    Plan plan = upgradePlan({{.id = u"head"_s}});
    plan.steps.first().direction = Direction::Stamp;
    QVERIFY(!runBare(plan, path()).error);
    QCOMPARE(versionRows(path()), QStringList{u"head"_s});
}

void tst_Run::anEmptyPlanWritesNothing()
{
    RawDatabase(path()).exec(u"CREATE TABLE a (x)"_s);
    const QString before = dump(path());
    const RunReport report = run(upgradePlan({}), fileSpec(path()), {.log = false}, {}, {});
    QVERIFY(!report.error);
    QVERIFY(report.positionKnown);
    QCOMPARE(dump(path()), before);
    QCOMPARE(files(), QStringList{u"shop.db"_s});
}

void tst_Run::copiesBeforeTheFirstWrite_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<bool>("ownFolder");
    QTest::newRow("beside it") << u"delete"_s << false;
    QTest::newRow("beside it, write-ahead log") << u"wal"_s << false;
    QTest::newRow("own folder") << u"delete"_s << true;
}

void tst_Run::copiesBeforeTheFirstWrite()
{
    QFETCH(QString, mode);
    QFETCH(bool, ownFolder);
    RawDatabase(path()).exec(u"PRAGMA journal_mode = %1"_s.arg(mode));
    QVERIFY(!runBare(remainingPlan(5, {}), path()).error);
    const QString before = dump(path());
    RawDatabase other(path()); // keeps a write-ahead log from being folded into the file
    other.exec(
        u"UPDATE t0 SET name = 'in the log' WHERE id = 1; UPDATE t0 SET name = 'one' WHERE id = 1"_s);
    RunOptions options = bareOptions();
    options.backup = true;
    if (ownFolder) {
        QVERIFY(QDir(m_folder->path()).mkdir(u"copies"_s));
        options.backupFolder = path(u"copies"_s);
    }
    const RunReport report = run(remainingPlan(9, {u"r005"_s}), fileSpec(path()), options, {}, {});
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QVERIFY(report.backupFile.startsWith((ownFolder ? path(u"copies"_s) : m_folder->path())
                                         + u"/shop.db."_s));
    QVERIFY(dump(path()) != before);
    QCOMPARE(dump(report.backupFile), before);
    QCOMPARE(RawDatabase(report.backupFile).rows(u"PRAGMA integrity_check"_s).first().first(),
             u"ok"_s);
}

void tst_Run::copyNeverOverwrites()
{
    RawDatabase(path()).exec(u"CREATE TABLE a (x)"_s);
    QSet<QString> names;
    for (int i = 0; i < 5; ++i) {
        const Result<QString> copy = backupSqlite(path(), {}, {});
        QVERIFY(copy);
        names.insert(*copy);
    }
    QCOMPARE(names.size(), 5);
}

void tst_Run::copyFailsWithAReason()
{
    RawDatabase(path()).exec(u"CREATE TABLE a (x)"_s);
    const QString before = dump(path());
    RunOptions options = bareOptions();
    options.backup = true;
    options.backupFolder = path(u"nowhere"_s);
    const RunReport report = run(remainingPlan(2, {}), fileSpec(path()), options, {}, {});
    QVERIFY(report.error);
    QCOMPARE(report.error->code, ErrorCode::Io);
    QVERIFY(report.error->message.contains(u"nowhere"_s));
    QCOMPARE(dump(path()), before);

    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(backupSqlite(path(), {}, stop.get_token()).error().code, ErrorCode::Cancelled);
    QCOMPARE(files(), QStringList{u"shop.db"_s}); // a copy that was given up leaves nothing
}

void tst_Run::restoresACopy()
{
    RawDatabase(path()).exec(u"CREATE TABLE a (x)"_s);
    const QString before = dump(path());
    const QString copy = *backupSqlite(path(), {}, {});
    QCOMPARE(originalOf(copy), path());
    QCOMPARE(originalOf(path()), QString());
    {
        RawDatabase holder(path());
        holder.exec(u"BEGIN IMMEDIATE"_s);
        QCOMPARE(restoreSqlite(copy, path()).error().code, ErrorCode::Busy);
    }
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nothing that SQLite knows") > 0);
    file.close();
    QFile journal(path(u"shop.db-journal"_s));
    QVERIFY(journal.open(QIODevice::WriteOnly) && journal.write("of another file") > 0);
    journal.close();
    const auto aside = restoreSqlite(copy, path());
    QVERIFY2(aside, aside ? "" : qPrintable(aside.error().message));
    QCOMPARE(dump(path()), before);
    QVERIFY(QFile::exists(*aside) && QFile::exists(copy));
    QVERIFY(!QFile::exists(path(u"shop.db-journal"_s)));
    QVERIFY(QFile::remove(path()));
    QCOMPARE(*restoreSqlite(copy, path()), QString());
    QCOMPARE(dump(path()), before);
}

void tst_Run::restoresNothingDamaged()
{
    RawDatabase(path()).exec(u"CREATE TABLE a (x)"_s);
    const QString before = dump(path());
    const QString copy = path(u"shop.db.20260101-000000.backup"_s);
    QCOMPARE(restoreSqlite(copy, path()).error().code, ErrorCode::NotFound);
    QFile file(copy);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(5000, 'x')) > 0);
    file.close();
    QVERIFY(restoreSqlite(copy, path()).error().message.contains(u"is damaged"_s));
    QCOMPARE(dump(path()), before);
}

void tst_Run::tellsEveryStatement()
{
    QList<RunEvent> events;
    const Plan plan = remainingPlan(2, {});
    const RunReport report = run(plan, fileSpec(path()), bareOptions(),
                                 [&](const RunEvent &event) { events.append(event); }, {});
    using Kind = RunEvent::Kind;
    QList<Kind> expected{Kind::Connected};
    for (const PlanStep &step : plan.steps) {
        expected.append(Kind::StepStarted);
        const qsizetype created = &step == &plan.steps.first() ? 1 : 0; // the version table
        for (qsizetype i = 0; i < created + step.statements.size() + 1; ++i)
            expected.append({Kind::StatementStarted, Kind::StatementDone});
        expected.append(Kind::StepDone);
    }
    expected.append(Kind::Done);
    QList<Kind> told;
    for (const RunEvent &event : events)
        told.append(event.kind);
    QCOMPARE(told, expected);
    QCOMPARE(report.statementsDone, int(expected.count(Kind::StatementDone)));
    QCOMPARE(events.first().text.left(9), u"SQLite 3."_s);
    QCOMPARE(events.at(2).statement, -1);
    QCOMPARE(events.at(2).text, plan.createVersionTable);
    const RunEvent filled = events.at(7); // the second statement of the first step
    QCOMPARE(filled.statement, 1);
    QCOMPARE(filled.statements, 5);
    QCOMPARE(filled.rows, 3);
    QVERIFY(filled.durationUs >= 0 && filled.at.isValid());
    QCOMPARE(events.last().text, u"r002"_s);
}

void tst_Run::statementsOutsideATransaction()
{
    Plan plan = upgradePlan(
        {{.id = u"a"_s,
          .statements = {u"CREATE TABLE x (y)"_s, u"VACUUM"_s, u"INSERT INTO x VALUES (1)"_s}},
         {.id = u"b"_s, .statements = {u"VACUUM"_s}}});
    plan.steps[0].statements[1].outsideTransaction = true;
    plan.steps[1].statements[0].outsideTransaction = true;
    const RunReport report = runBare(plan, path());
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(versionRows(path()), QStringList{u"b"_s});
    QCOMPARE(RawDatabase(path()).rows(u"SELECT count(*) FROM x"_s).first().first(), u"1"_s);
}

void tst_Run::failureBehindAStatementOutside()
{
    Plan plan = upgradePlan({{.id = u"a"_s,
                              .statements = {u"CREATE TABLE x (y)"_s, u"VACUUM"_s,
                                             u"INSERT INTO nowhere VALUES (1)"_s}}});
    plan.steps[0].statements[1].outsideTransaction = true;
    const RunReport report = runBare(plan, path());
    QVERIFY(report.error);
    // What is in is said: no transaction could have held it.
    QVERIFY2(report.error->message.contains(u"first 2 statements are in"_s),
             qPrintable(report.error->message));
    QCOMPARE(report.rowsAfter, QStringList());
    QCOMPARE(RawDatabase(path()).rows(u"SELECT count(*) FROM x"_s).first().first(), u"0"_s);
}

void tst_Run::rebuildMustKeepEveryRow_data()
{
    QTest::addColumn<QStringList>("copies");
    QTest::addColumn<int>("copied");
    QTest::newRow("copy loses one")
        << QStringList{u"INSERT OR IGNORE INTO _alembic_tmp_child SELECT id / 10 FROM child"_s}
        << 1;
    QTest::newRow("copy of something else")
        << QStringList{u"INSERT INTO _alembic_tmp_child SELECT count(*) FROM sqlite_master"_s} << 0;
    QTest::newRow("no copy") << QStringList() << 0;
}

void tst_Run::rebuildMustKeepEveryRow()
{
    QFETCH(QStringList, copies);
    QFETCH(int, copied);
    RawDatabase(path()).exec(
        u"CREATE TABLE child (id INTEGER PRIMARY KEY); INSERT INTO child VALUES (1), (2)"_s);
    const QString before = dump(path());
    Revision revision = rebuild(u"a"_s, u"(id INTEGER PRIMARY KEY)"_s, {});
    revision.statements = revision.statements.mid(0, 1) + copies + revision.statements.mid(2);
    const RunReport report = runBare(upgradePlan({revision}), path());
    QVERIFY(report.error);
    QVERIFY2(report.error->message.contains(u"2 rows, but its rebuilt copy got %1"_s.arg(copied)),
             qPrintable(report.error->message));
    QCOMPARE(dump(path()), before);
}

void tst_Run::rebuildKeepsTheCounter()
{
    RawDatabase(path()).exec(
        u"CREATE TABLE child (id INTEGER PRIMARY KEY AUTOINCREMENT);"
        "INSERT INTO child VALUES (1), (2), (9); DELETE FROM child WHERE id = 9"_s);
    Revision revision = rebuild(u"a"_s, u"(id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT)"_s,
                                u"(id) SELECT id FROM child"_s);
    revision.statements.insert(2,
                               u"DELETE FROM sqlite_sequence WHERE name = '_alembic_tmp_child'"_s);
    revision.statements.insert(
        3, u"INSERT INTO sqlite_sequence (name, seq) SELECT '_alembic_tmp_child', "
           "seq FROM sqlite_sequence WHERE name = 'child'"_s);
    const RunReport report = runBare(upgradePlan({revision}), path());
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    RawDatabase db(path());
    db.exec(u"INSERT INTO child (note) VALUES ('next')"_s);
    QCOMPARE(db.rows(u"SELECT max(id) FROM child"_s).first().first(), u"10"_s);
}

void tst_Run::rebuildMustNotBreakReferences()
{
    RawDatabase(path()).exec(
        u"CREATE TABLE parent (id INTEGER PRIMARY KEY); INSERT INTO parent VALUES (1);"
        "CREATE TABLE child (id INTEGER); INSERT INTO child VALUES (1), (7), (8)"_s);
    const QString before = dump(path());
    const RunReport report =
        runBare(upgradePlan({rebuild(u"a"_s, u"(id INTEGER REFERENCES parent (id))"_s,
                                     u"SELECT id FROM child"_s)}),
                path());
    QVERIFY(report.error);
    QCOMPARE(report.error->code, ErrorCode::Statement);
    QVERIFY2(report.error->message.contains(u"2 rows of child"_s),
             qPrintable(report.error->message));
    QCOMPARE(dump(path()), before);
}

void tst_Run::rebuildBringsOldBrokenReferencesAlong()
{
    RawDatabase(path()).exec(
        u"CREATE TABLE parent (id INTEGER PRIMARY KEY);"
        "CREATE TABLE child (id INTEGER REFERENCES parent (id)); INSERT INTO child VALUES (7)"_s);
    const RunReport report =
        runBare(upgradePlan({rebuild(u"a"_s, u"(id INTEGER REFERENCES parent (id), note TEXT)"_s,
                                     u"(id) SELECT id FROM child"_s)}),
                path());
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(RawDatabase(path()).rows(u"SELECT id FROM child"_s), QList<QStringList>{{u"7"_s}});
}

void tst_Run::leavesOutWhatAnotherRunApplied()
{
    const Plan plan = remainingPlan(6, {});
    Plan half = plan;
    half.steps = plan.steps.mid(0, 4);
    half.endRows = {u"r004"_s};
    QVERIFY(!runBare(half, path()).error);
    const RunReport rest = runBare(plan, path());
    QVERIFY2(!rest.error, qPrintable(rest.error.value_or(Error()).message));
    QCOMPARE(rest.stepsDone, 2);
    QVERIFY(rest.notes.first().contains(u"r001, r002, r003, r004"_s));
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 6, 6));
    const RunReport nothing = runBare(plan, path());
    QVERIFY(!nothing.error);
    QCOMPARE(nothing.stepsDone, 0);
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 6, 6));
}

void tst_Run::saysWhatHasNoEffect()
{
    const Plan plan = upgradePlan({{.id = u"a"_s, .statements = {u"PRAGMA foreign_keys = ON"_s}}});
    const RunReport report = run(plan, fileSpec(u":memory:"_s), bareOptions(), {}, {});
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(report.rowsAfter, QStringList{u"a"_s});
    QCOMPARE(report.notes.size(), 2);
    QVERIFY(report.notes.at(0).contains(u"in memory"_s));
    QVERIFY(report.notes.at(1).contains(u"foreign_keys in revision a"_s));
}

void tst_Run::needsRoom_data()
{
    QTest::addColumn<bool>("backup");
    QTest::addColumn<qint64>("free");
    QTest::addColumn<qint64>("backupFree");
    QTest::addColumn<bool>("isSameDisk");
    QTest::addColumn<bool>("expected");
    QTest::newRow("twice for the run") << false << qint64(200) << qint64(0) << false << true;
    QTest::newRow("a byte less") << false << qint64(199) << qint64(0) << false << false;
    QTest::newRow("three times with the copy")
        << true << qint64(300) << qint64(300) << true << true;
    QTest::newRow("a byte less with the copy")
        << true << qint64(299) << qint64(299) << true << false;
    QTest::newRow("copy elsewhere") << true << qint64(200) << qint64(100) << false << true;
    QTest::newRow("no room for the copy") << true << qint64(900) << qint64(99) << false << false;
}

void tst_Run::needsRoom()
{
    QFETCH(bool, backup);
    QFETCH(qint64, free);
    QFETCH(qint64, backupFree);
    QFETCH(bool, isSameDisk);
    QTEST(hasRoom(100, backup, free, backupFree, isSameDisk), "expected");
}

void tst_Run::refusesPlans_data()
{
    QTest::addColumn<Plan>("plan");
    QTest::addColumn<ErrorCode>("code");
    const auto withStatement = [](const QString &sql) {
        return upgradePlan({{.id = u"good"_s, .statements = {u"CREATE TABLE g (x)"_s}},
                            {.id = u"bad"_s, .statements = {u"CREATE TABLE b (x)"_s, sql}}});
    };
    for (const QString &sql :
         {u"COMMIT"_s, u"/* now */ commit;"_s, u"END"_s, u"BEGIN"_s, u"ROLLBACK"_s,
          u"ATTACH 'x.db' AS x"_s, u"DETACH x"_s, u"SELECT 1"_s + QChar(u'\0')})
        QTest::newRow(qPrintable(sql)) << withStatement(sql) << ErrorCode::Unsupported;
    Plan unsupported = withStatement(u"SELECT 1"_s);
    unsupported.steps[1].status = StepStatus::Unsupported;
    QTest::newRow("step not supported") << unsupported << ErrorCode::Unsupported;
    unsupported.steps[1].status = StepStatus::NeedsConnection;
    QTest::newRow("step needs a connection") << unsupported << ErrorCode::NeedsConnection;
    Plan elsewhere = withStatement(u"SELECT 1"_s);
    elsewhere.endRows = {u"elsewhere"_s};
    QTest::newRow("ends elsewhere") << elsewhere << ErrorCode::Conflict;
    Plan unpaired = withStatement(u"SELECT 1"_s);
    unpaired.steps[1].versionStatements.clear();
    QTest::newRow("bookkeeping incomplete") << unpaired << ErrorCode::Usage;
    Plan other = withStatement(u"SELECT 1"_s);
    other.backend = Backend::PostgreSql;
    QTest::newRow("for another database") << other << ErrorCode::Usage;
}

void tst_Run::refusesPlans()
{
    QFETCH(Plan, plan);
    const RunReport report = runBare(plan, path());
    QVERIFY(report.error);
    QTEST(report.error->code, "code");
    QCOMPARE(files(), QStringList()); // before anything was opened
}

void tst_Run::readsRows()
{
    QCOMPARE(*currentRows(fileSpec(path()), kVersionTable), QStringList());
    QCOMPARE(files(), QStringList());
    QVERIFY(!runBare(remainingPlan(3, {}), path()).error);
    QCOMPARE(*currentRows(fileSpec(path()), kVersionTable), QStringList{u"r003"_s});
    QCOMPARE(*currentRows(fileSpec(path()), {{}, u"other"_s}), QStringList());
}

void tst_Run::everyCallFailsOnce_data()
{
    QTest::addColumn<int>("failure");
    QTest::newRow("refused") << int(Failure::Refused);
    QTest::newRow("its answer is lost") << int(Failure::Unheard);
    QTest::newRow("connection lost") << int(Failure::Lost);
    QTest::newRow("out of memory") << int(Failure::OutOfMemory);
}

/// Bar R10: the 1st, 2nd, … call fails until a run makes no more of them. Whatever fails is said, the file holds whole
/// revisions, those that its version row names, and the next run ends with what any run makes.
void tst_Run::everyCallFailsOnce()
{
    QFETCH(int, failure);
    constexpr int count = 5;
    const QString whole = expectedDump(path(u"expected.db"_s), count, count);
    QStringList wholes;
    for (int done = 0; done <= count; ++done)
        wholes.append(expectedDump(path(u"expected.db"_s), count, done));
    bool hasFailed = true;
    int calls = 0;
    for (; hasFailed; ++calls) {
        QFile::remove(path());
        hasFailed = false;
        RunOptions options = bareOptions();
        options.between = [&](Session &real) {
            return std::make_unique<FailingSession>(real, Failure(failure), calls + 1, &hasFailed);
        };
        const RunReport report = run(remainingPlan(count, {}), fileSpec(path()), options, {}, {});
        const QString said = report.error.value_or(Error()).message;
        const QStringList rows = versionRows(path());
        const int done = rows.constFirst().startsWith(u'r') ? rows.constFirst().mid(1).toInt() : 0;
        const QByteArray where =
            u"call %1: %2 (at %3)"_s.arg(QString::number(calls + 1), said, rows.join(u' '))
                .toUtf8();
        QVERIFY2(!hasFailed || report.error || done == count, where.constData());
        QVERIFY2(!report.error || (said.endsWith(u'.') && said.size() > 20), where.constData());
        QVERIFY2(!report.positionKnown || report.rowsAfter == (done > 0 ? rows : QStringList()),
                 where.constData());
        QVERIFY2(report.error || (report.positionKnown && done == count), where.constData());
        QVERIFY2(dump(path()) == wholes.at(done), where.constData());
        const RunReport next =
            runBare(remainingPlan(count, done > 0 ? rows : QStringList()), path());
        QVERIFY2(!next.error, qPrintable(next.error.value_or(Error()).message));
        QCOMPARE(dump(path()), whole);
    }
    QVERIFY2(calls > 10 * count, qPrintable(QString::number(calls)));
}
