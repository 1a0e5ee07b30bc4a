#include "tests/runtime/tst_runlog.h"

#include "core/runtime/runlog.h"
#include "tests/runtime/sample.h"

#include <QDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::sample;

namespace {

RunOptions loggedIn(const QString &folder)
{
    RunOptions options = bareOptions();
    options.log = true;
    options.logFolder = folder;
    return options;
}

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void tst_RunLog::init()
{
    m_folder = std::make_unique<QTemporaryDir>(scratchTemplate());
    QVERIFY(m_folder->isValid());
}

void tst_RunLog::recordsARun()
{
    const Plan plan = remainingPlan(4, {});
    const RunReport report = run(plan, fileSpec(path()), loggedIn(path(u"runs"_s)), {}, {});
    QVERIFY(!report.error);
    const QList<RunSummary> runs = recentRuns(path(u"runs"_s));
    QCOMPARE(runs.size(), 1);
    const RunSummary summary = runs.first();
    QCOMPARE(summary.file, report.logFile);
    QCOMPARE(summary.database, path());
    QCOMPARE(summary.outcome, RunSummary::Outcome::Done);
    QCOMPARE(summary.direction, Direction::Upgrade);
    QCOMPARE(summary.endRows, QStringList{u"r004"_s});
    QCOMPARE(summary.rowsAfter, QStringList{u"r004"_s});
    QCOMPARE(summary.steps, 4);
    QCOMPARE(summary.stepsDone, 4);
    QCOMPARE(summary.statementsDone, report.statementsDone);
    QVERIFY(summary.startedAt.isValid() && summary.startedAt <= summary.finishedAt);

    const Result<RunRecord> record = readRun(summary.file);
    QVERIFY(record);
    QCOMPARE(record->unreadableLines, 0);
    QList<RunLogEntry> statements;
    for (const RunLogEntry &entry : record->entries) {
        QVERIFY(entry.at.isValid());
        if (entry.event == u"statement")
            statements.append(entry);
    }
    QCOMPARE(int(statements.size()), report.statementsDone);
    QCOMPARE(statements.at(0).text, plan.createVersionTable);
    QCOMPARE(statements.at(2).text, plan.steps.first().statements.at(1).sql);
    QCOMPARE(statements.at(2).revision, u"r001"_s);
    QCOMPARE(statements.at(2).rows, 3);
    QCOMPARE(statements.at(2).statement, 1);
    QVERIFY(QFile::permissions(summary.file)
            == (QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser));
}

void tst_RunLog::recordsAFailure()
{
    QList<Revision> revisions = story(2);
    revisions[1].statements = {u"CREATE TABLE x (y)"_s, u"nonsense"_s};
    const RunReport report =
        run(upgradePlan(revisions), fileSpec(path()), loggedIn(path(u"runs"_s)), {}, {});
    QVERIFY(report.error);
    const RunRecord record = *readRun(report.logFile);
    QCOMPARE(record.summary.outcome, RunSummary::Outcome::Failed);
    QCOMPARE(record.summary.error, report.error->message);
    QCOMPARE(record.summary.rowsAfter, QStringList{u"r001"_s});
    QVERIFY(record.entries.last().isFailed);
    QCOMPARE(record.entries.last().text, u"nonsense"_s);
    QCOMPARE(record.entries.last().statement, 1);
}

void tst_RunLog::keepsEveryCharacter()
{
    const QString odd =
        u"INSERT INTO runs\n\tVALUES ('\"quoted\" \\\\ \\n {äß} 漢 \U0001F600 [1,2] \u2028 </x>')"_s;
    QList<Revision> revisions = story(2);
    revisions[1].statements = {odd};
    const RunReport report =
        run(upgradePlan(revisions), fileSpec(path()), loggedIn(path(u"runs"_s)), {}, {});
    QVERIFY(!report.error);
    const RunRecord record = *readRun(report.logFile);
    QCOMPARE(record.unreadableLines, 0);
    const auto isIt = [&](const RunLogEntry &entry) { return entry.text == odd; };
    QCOMPARE(std::count_if(record.entries.cbegin(), record.entries.cend(), isIt), 1);
    const QList<QByteArray> lines = bytesOf(report.logFile).split('\n');
    const QDateTime begun = QDateTime::fromString(
        QString::fromUtf8(lines.constFirst().mid(lines.constFirst().indexOf("\"at\":\"") + 6, 24)),
        Qt::ISODateWithMs);
    QVERIFY(begun.isValid() && begun.timeSpec() == Qt::UTC);
    QVERIFY(std::abs(begun.secsTo(QDateTime::currentDateTimeUtc())) < 600);
}

void tst_RunLog::recordsACancel()
{
    std::stop_source stop;
    stop.request_stop();
    const RunReport report = run(remainingPlan(2, {}), fileSpec(path()), loggedIn(path(u"runs"_s)),
                                 {}, stop.get_token());
    QCOMPARE(recentRuns(path(u"runs"_s)).first().outcome, RunSummary::Outcome::Cancelled);
    QVERIFY(!readRun(report.logFile)->summary.positionKnown);
}

void tst_RunLog::diagnosticsHoldNoValues()
{
    QList<Revision> revisions = story(2);
    revisions[1].statements = {u"INSERT INTO runs VALUES ('canary one')"_s,
                               u"INSERT INTO nowhere (a, \"b\") VALUES ('canary two', 7)"_s};
    const RunReport report =
        run(upgradePlan(revisions), fileSpec(path()), loggedIn(path(u"runs"_s)), {}, {});
    QVERIFY(report.error);
    const QString told = runDiagnostics(*readRun(report.logFile));
    QVERIFY2(told.startsWith(u"tribikos "_s) && told.contains(u"position afterwards: r001"_s)
                 && told.contains(u"INSERT INTO nowhere (a, \"b\") VALUES ('…', 7)"_s)
                 && told.contains(u"no such table: nowhere"_s),
             qPrintable(told));
    QVERIFY2(!told.contains(u"canary"_s), qPrintable(told));
    // MySQL has values between "" as well
    RunRecord record;
    record.summary.database = u"mysql://me:canary@127.0.0.1/shop"_s;
    record.entries = {{.event = u"statement"_s,
                       .revision = u"a1"_s,
                       .text = u"UPDATE t SET a = \"canary\", `b` = 'canary'"_s,
                       .isFailed = true}};
    const QString onMySql = runDiagnostics(record);
    QVERIFY2(onMySql.contains(u"UPDATE t SET a = '…', `b` = '…'"_s), qPrintable(onMySql));
    QVERIFY2(!onMySql.contains(u"canary"_s), qPrintable(onMySql));
}

void tst_RunLog::keepsNoSecretAndNoControl()
{
    const QString hostile =
        u"INSERT INTO runs VALUES ('postgresql://me:canary@host/db \x1b]0;title\x07 \u202e')"_s;
    QList<Revision> revisions = story(2);
    revisions[1].statements = {hostile, u"SELECT nothing FROM 'mysql://me:canary@host/db'"_s};
    const RunReport report =
        run(upgradePlan(revisions), fileSpec(path()), loggedIn(path(u"runs"_s)), {}, {});
    QVERIFY(report.error);
    const QByteArray log = bytesOf(report.logFile);
    QVERIFY(log.contains("INSERT INTO runs"));
    QVERIFY(!log.contains("canary"));
    QVERIFY(!log.contains('\x1b') && !log.contains("\\u001b") && !log.contains("\xe2\x80\xae"));
    QVERIFY(!report.error->detail.contains(u"canary"_s));
    // A URL that is connected to shows no password either.
    const ConnectionSpec server{.backend = Backend::PostgreSql,
                                .url = u"postgresql://me:canary@127.0.0.1:1/shop"_s};
    Plan plan = remainingPlan(1, {});
    plan.backend = Backend::PostgreSql;
    const RunReport refused = run(plan, server, loggedIn(path(u"runs"_s)), {}, {});
    QVERIFY(!bytesOf(refused.logFile).contains("canary"));
    QCOMPARE(readRun(refused.logFile)->summary.database, u"postgresql://me:***@127.0.0.1:1/shop"_s);
}

void tst_RunLog::keepsTheLastRuns()
{
    const QString oldest = path(u"runs/run-20200101T000000000Z-1-0.jsonl"_s);
    const QString foreign = path(u"runs/notes.txt"_s);
    QVERIFY(QDir(m_folder->path()).mkdir(u"runs"_s));
    for (const QString &name : {oldest, foreign}) {
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"event\":\"run\"}\n");
    }
    for (int i = 1; i < RunLog::kKeptRuns; ++i)
        QVERIFY(RunLog::create(path(u"runs"_s), upgradePlan({}), fileSpec(path())));
    QVERIFY(QFile::exists(oldest)); // the last that fits
    for (int i = 0; i < 3; ++i)
        QVERIFY(RunLog::create(path(u"runs"_s), upgradePlan({}), fileSpec(path())));
    QCOMPARE(recentRuns(path(u"runs"_s)).size(), RunLog::kKeptRuns);
    QVERIFY(!QFile::exists(oldest));
    QVERIFY(QFile::exists(foreign)); // not ours to remove
}

void tst_RunLog::unfinishedRun()
{
    const auto log = RunLog::create(path(u"runs"_s), remainingPlan(2, {}), fileSpec(path()));
    QVERIFY(log);
    QFile file((*log)->file());
    QVERIFY(file.open(QIODevice::Append));
    file.write(
        "{\"event\":\"statement\",\"sql\":\"SELECT 1\"}\n{\"event\":\"statem"); // killed while
                                                                                // writing
    file.close();
    QCOMPARE(recentRuns(path(u"runs"_s)).first().outcome, RunSummary::Outcome::Unfinished);
    const RunRecord record = *readRun(file.fileName());
    QCOMPARE(record.entries.size(), 1);
    QCOMPARE(record.unreadableLines, 1);
}

void tst_RunLog::refusesOtherFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello\n");
    QTest::newRow("other JSON") << QByteArray("[1, 2]\n{}\n");
    QTest::newRow("zeroes") << QByteArray(3000000, '\0');
    QTest::newRow("deep") << QByteArray(100000, '[');
}

void tst_RunLog::refusesOtherFiles()
{
    QFETCH(QByteArray, content);
    QVERIFY(QDir(m_folder->path()).mkdir(u"runs"_s));
    QFile file(path(u"runs/run-20260101T000000000Z-1-0.jsonl"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QCOMPARE(readRun(file.fileName()).error().code, ErrorCode::Unreadable);
    QVERIFY(recentRuns(path(u"runs"_s)).isEmpty());
    QVERIFY(recentRuns(path(u"no such folder"_s)).isEmpty());
    QCOMPARE(readRun(m_folder->path()).error().code, ErrorCode::Unreadable);
}

void tst_RunLog::standsInTheStateFolder()
{
    const QByteArray before = qgetenv("XDG_STATE_HOME");
    qputenv("XDG_STATE_HOME", "/var/state");
    QCOMPARE(runLogFolder(), u"/var/state/tribikos/runs"_s);
    qputenv("XDG_STATE_HOME", "relative");
    QCOMPARE(runLogFolder(), QDir::homePath() + u"/.local/state/tribikos/runs"_s);
    qunsetenv("XDG_STATE_HOME");
    QCOMPARE(runLogFolder(), QDir::homePath() + u"/.local/state/tribikos/runs"_s);
    if (!before.isNull())
        qputenv("XDG_STATE_HOME", before);
}

void tst_RunLog::noLogIsNoReasonToStop()
{
    QFile file(path(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const RunReport report =
        run(remainingPlan(1, {}), fileSpec(path()), loggedIn(path(u"file/runs"_s)), {}, {});
    QVERIFY(!report.error);
    QCOMPARE(report.logFile, QString());
    QVERIFY(report.notes.first().contains(u"No log"_s));
}
