#include "tests/runtime/tst_badinput.h"

#include "core/runtime/run.h"
#include "tests/runtime/sample.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTest>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::sample;

namespace {

const TableName kVersionTable{{}, u"alembic_version"_s};
const QString kEndless =
    u"INSERT INTO t0 (name) WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
    "SELECT max(x) FROM c"_s;

RunReport runBare(const Plan &plan, const QString &path, const RunProgress &progress = {},
                  const std::stop_token &stop = {}, int lockTimeoutMs = 200)
{
    return run(plan, fileSpec(path, lockTimeoutMs), bareOptions(), progress, stop);
}

/// Each refusal is one line that names the database or the revision and ends like a sentence.
void verifySentence(const RunReport &report, ErrorCode code, const QString &part)
{
    QVERIFY(report.error);
    const QString &message = report.error->message;
    QVERIFY2(report.error->code == code, qPrintable(message));
    QVERIFY2(message.contains(part), qPrintable(message));
    QVERIFY2(message.endsWith(u'.') && !message.contains(u'\n') && message.size() < 600,
             qPrintable(message));
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// While it lives this thread's file accesses are those of a user without rights, root or not.
class Unprivileged
{
public:
    Unprivileged()
        : m_user(::setfsuid(65534))
    {}
    ~Unprivileged() { ::setfsuid(m_user); }
    Q_DISABLE_COPY_MOVE(Unprivileged)

private:
    const uid_t m_user;
};

} // namespace

void tst_BadInput::init()
{
    m_folder = std::make_unique<QTemporaryDir>(scratchTemplate());
    QVERIFY(m_folder->isValid());
}

void tst_BadInput::notADatabase_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("part");
    for (const QString &text : {u"short"_s, u"text"_s, u"header and rubbish"_s})
        QTest::newRow(qPrintable(text)) << text << u"not a SQLite database"_s;
    QTest::newRow("folder") << u"folder"_s << u"is a folder"_s;
    QTest::newRow("pipe") << u"pipe"_s << u"not a regular file"_s;
    QTest::newRow("no such folder") << u"nowhere"_s << u"does not exist"_s;
}

void tst_BadInput::notADatabase()
{
    QFETCH(QString, kind);
    QFETCH(QString, part);
    QString file = path();
    if (kind == u"short")
        write(file, "SQL");
    else if (kind == u"text")
        write(file, QByteArray("hello, world\n").repeated(1000));
    else if (kind == u"header and rubbish")
        write(file, QByteArray("SQLite format 3\0", 16) + QByteArray(4080, '\xff'));
    else if (kind == u"folder")
        QVERIFY(QDir().mkdir(file));
    else if (kind == u"pipe")
        QCOMPARE(::mkfifo(QFile::encodeName(file).constData(), 0600), 0);
    else
        file = path(u"no/where.db"_s);
    const QByteArray before = kind == u"pipe" ? QByteArray() : bytesOf(file);
    const RunReport report = runBare(remainingPlan(2, {}), file);
    verifySentence(report, ErrorCode::Connection, part);
    const auto read = currentRows(fileSpec(file), kVersionTable);
    if (kind == u"nowhere") {
        QCOMPARE(read.error().code, ErrorCode::Connection);
        return;
    }
    QCOMPARE(read.error().code, ErrorCode::Connection);
    QVERIFY2(read.error().message.contains(part), qPrintable(read.error().message));
    if (kind != u"pipe")
        QCOMPARE(bytesOf(file), before);
}

void tst_BadInput::emptyFileIsANewDatabase()
{
    write(path(), {});
    QCOMPARE(*currentRows(fileSpec(path()), kVersionTable), QStringList());
    QCOMPARE(QFileInfo(path()).size(), 0);
    QVERIFY(!runBare(remainingPlan(2, {}), path()).error);
    QCOMPARE(versionRows(path()), QStringList{u"r002"_s});
}

void tst_BadInput::damagedDatabase()
{
    QVERIFY(!runBare(remainingPlan(4, {}), path()).error);
    QByteArray bytes = bytesOf(path());
    bytes.replace(4096, bytes.size() - 4096, QByteArray(bytes.size() - 4096, '\x5a'));
    write(path(), bytes);
    const RunReport report = runBare(remainingPlan(8, {u"r004"_s}), path());
    QVERIFY(report.error);
    QVERIFY2(report.error->message.contains(u"damaged"_s), qPrintable(report.error->message));
    QCOMPARE(bytesOf(path()), bytes);
}

void tst_BadInput::readOnlyFile()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    const QString before = dump(path());
    QVERIFY(QFile::setPermissions(m_folder->path(), QFile::Permissions::fromInt(0x7777)));
    QVERIFY(QFile::setPermissions(path(), QFile::ReadOwner | QFile::ReadUser | QFile::ReadGroup
                                              | QFile::ReadOther));
    {
        const Unprivileged user;
        verifySentence(runBare(remainingPlan(4, {u"r001"_s}), path()), ErrorCode::Connection,
                       u"read-only"_s);
        QCOMPARE(*currentRows(fileSpec(path()), kVersionTable),
                 QStringList{u"r001"_s}); // reading goes on
    }
    QCOMPARE(dump(path()), before);
}

void tst_BadInput::readOnlyFolder()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    const QString before = dump(path());
    QVERIFY(QFile::setPermissions(path(), QFile::Permissions::fromInt(0x6666)));
    QVERIFY(QFile::setPermissions(m_folder->path(), QFile::Permissions::fromInt(0x5555)));
    {
        const Unprivileged user;
        const RunReport report = runBare(remainingPlan(4, {u"r001"_s}), path());
        QVERIFY(report.error);
        QVERIFY2(report.error->code == ErrorCode::Connection, qPrintable(report.error->message));
        QVERIFY2(report.error->message.contains(u"folder"_s), qPrintable(report.error->message));
        verifySentence(runBare(remainingPlan(4, {}), path(u"new.db"_s)), ErrorCode::Connection,
                       u"folder"_s);
    }
    QVERIFY(QFile::setPermissions(m_folder->path(), QFile::Permissions::fromInt(0x7777)));
    QCOMPARE(dump(path()), before);
    QVERIFY(!QFileInfo::exists(path(u"new.db"_s)));
}

void tst_BadInput::versionTable_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("part");
    const QString table = u"CREATE TABLE alembic_version (version_num VARCHAR(32));"_s;
    QTest::newRow("view") << u"CREATE VIEW alembic_version AS SELECT 'r001' AS version_num"_s
                          << u"is a view"_s;
    QTest::newRow("NULL row") << table + u"INSERT INTO alembic_version VALUES (NULL)"_s
                              << u"NULL"_s;
    QTest::newRow("NULL beside a row")
        << table + u"INSERT INTO alembic_version VALUES ('r001'), (NULL)"_s << u"NULL"_s;
    QTest::newRow("empty row") << table + u"INSERT INTO alembic_version VALUES ('')"_s
                               << u"empty"_s;
    QTest::newRow("twice") << table + u"INSERT INTO alembic_version VALUES ('r001'), ('r001')"_s
                           << u"r001 twice"_s;
    QTest::newRow("blob") << table + u"INSERT INTO alembic_version VALUES (x'41')"_s
                          << u"not text"_s;
    QTest::newRow("number") << u"CREATE TABLE alembic_version (version_num INTEGER);"
                               "INSERT INTO alembic_version VALUES (1)"_s
                            << u"not text"_s;
    QTest::newRow("other column") << u"CREATE TABLE alembic_version (version TEXT)"_s
                                  << u"version_num"_s;
    QTest::newRow("too many rows") << table
                                          + u"INSERT INTO alembic_version WITH RECURSIVE c(x) AS "
                                            u"(SELECT 1 UNION ALL SELECT x + 1 FROM c "
                                            "LIMIT 20000) SELECT 'r' || x FROM c"_s
                                   << u"more than"_s;
}

void tst_BadInput::versionTable()
{
    QFETCH(QString, sql);
    QFETCH(QString, part);
    RawDatabase(path()).exec(sql);
    const QString before = dump(path());
    verifySentence(runBare(remainingPlan(3, {u"r001"_s}), path()), ErrorCode::Conflict, part);
    verifySentence(runBare(remainingPlan(3, {}), path()), ErrorCode::Conflict, part);
    QCOMPARE(currentRows(fileSpec(path()), kVersionTable).error().code, ErrorCode::Conflict);
    QCOMPARE(dump(path()), before);
}

void tst_BadInput::severalHeadsAreFine()
{
    RawDatabase(path()).exec(u"CREATE TABLE alembic_version (version_num VARCHAR(32));"
                             "INSERT INTO alembic_version VALUES ('side'), ('main')"_s);
    Plan plan =
        upgradePlan({{.id = u"next"_s, .statements = {u"CREATE TABLE a (x)"_s}}}, u"main"_s);
    plan.startRows = {u"main"_s, u"side"_s}; // any order
    plan.endRows = {u"side"_s, u"next"_s};
    const RunReport report = runBare(plan, path());
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(versionRows(path()), (QStringList{u"next"_s, u"side"_s}));
}

void tst_BadInput::positionElsewhere_data()
{
    QTest::addColumn<QStringList>("rows");
    QTest::newRow("a revision that no file has") << QStringList{u"feedbeef"_s};
    QTest::newRow("two rows for one line") << QStringList{u"r001"_s, u"r002"_s};
    QTest::newRow("hostile") << QStringList{u"\x1b[31m'; DROP TABLE t0; --"_s};
    QTest::newRow("base") << QStringList();
}

void tst_BadInput::positionElsewhere()
{
    QFETCH(QStringList, rows);
    {
        RawDatabase db(path());
        db.exec(u"CREATE TABLE alembic_version (version_num VARCHAR(32))"_s);
        for (QString row : rows)
            db.exec(
                u"INSERT INTO alembic_version VALUES ('%1')"_s.arg(row.replace(u'\'', u"''"_s)));
    }
    const QString before = dump(path());
    const RunReport report = runBare(remainingPlan(3, {u"r001"_s}), path());
    verifySentence(report, ErrorCode::Conflict, u"at r001, but"_s); // both positions are named
    QVERIFY(!report.error->message.contains(u'\x1b'));
    if (rows.size() == 1)
        QVERIFY(report.error->message.contains(rows.first().right(8)));
    QCOMPARE(report.rowsAfter, rows);
    QVERIFY(report.positionKnown);
    QCOMPARE(dump(path()), before);
}

void tst_BadInput::lockedDatabase_data()
{
    QTest::addColumn<QString>("lock");
    QTest::addColumn<QString>("mode");
    QTest::newRow("writer") << u"BEGIN IMMEDIATE"_s << u"delete"_s;
    QTest::newRow("exclusive") << u"BEGIN EXCLUSIVE"_s << u"delete"_s;
    QTest::newRow("writer, write-ahead log") << u"BEGIN IMMEDIATE"_s << u"wal"_s;
}

void tst_BadInput::lockedDatabase()
{
    QFETCH(QString, lock);
    QFETCH(QString, mode);
    RawDatabase(path()).exec(u"PRAGMA journal_mode = %1"_s.arg(mode));
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    const QString before = dump(path());
    {
        RawDatabase holder(path());
        holder.exec(lock);
        int waits = 0;
        const RunReport report = runBare(
            remainingPlan(3, {u"r001"_s}), path(),
            [&](const RunEvent &event) { waits += event.kind == RunEvent::Kind::Waiting ? 1 : 0; },
            {}, 600);
        verifySentence(report, ErrorCode::Busy, u"locked by another program"_s);
        QVERIFY(waits > 0); // it waited visibly
        holder.exec(u"ROLLBACK"_s);
    }
    QCOMPARE(dump(path()), before);
}

void tst_BadInput::lockThatIsReleased()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    RawDatabase holder(path());
    holder.exec(u"BEGIN IMMEDIATE"_s);
    // The lock goes when the run is seen waiting for it.
    const RunReport report = runBare(
        remainingPlan(3, {u"r001"_s}), path(),
        [&](const RunEvent &event) {
            if (event.kind == RunEvent::Kind::Waiting)
                holder.exec(u"ROLLBACK"_s);
        },
        {}, 60000);
    QVERIFY2(!report.error, qPrintable(report.error.value_or(Error()).message));
    QCOMPARE(versionRows(path()), QStringList{u"r003"_s});
}

void tst_BadInput::readerHoldsTheCommitBack()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    const QString before = dump(path());
    {
        RawDatabase reader(path());
        reader.exec(
            u"BEGIN; SELECT count(*) FROM sqlite_master"_s); // a shared lock: COMMIT has to wait
        verifySentence(runBare(remainingPlan(3, {u"r001"_s}), path()), ErrorCode::Busy,
                       u"could not be committed"_s);
        reader.exec(u"ROLLBACK"_s);
    }
    QCOMPARE(dump(path()), before);
    QVERIFY(!runBare(remainingPlan(3, {u"r001"_s}), path()).error);
}

void tst_BadInput::failingStatement_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("part");
    QTest::newRow("syntax") << u"CREATE TABLE"_s << u"incomplete input"_s;
    QTest::newRow("missing table")
        << u"ALTER TABLE nowhere ADD COLUMN x"_s << u"no such table: nowhere"_s;
    QTest::newRow("duplicate") << u"CREATE TABLE t0 (x)"_s << u"already exists"_s;
    QTest::newRow("constraint") << u"INSERT INTO t0 (id, name) VALUES (1, 'x')"_s
                                << u"UNIQUE constraint failed: t0.id"_s;
    QTest::newRow("rolls back itself")
        << u"INSERT OR ROLLBACK INTO t0 (id, name) VALUES (1, 'x')"_s << u"UNIQUE constraint"_s;
    QTest::newRow("two statements")
        << u"CREATE TABLE z (x); DROP TABLE t0"_s << u"more than one statement"_s;
    QTest::newRow("empty") << u"-- nothing"_s << u"empty or only a comment"_s;
    QTest::newRow("savepoint without a name") << u"SAVEPOINT"_s << u"incomplete input"_s;
}

void tst_BadInput::failingStatement()
{
    QFETCH(QString, sql);
    QFETCH(QString, part);
    QList<Revision> revisions = story(6);
    revisions[4].statements = {u"CREATE TABLE half (x)"_s, u"UPDATE t0 SET price = -1"_s, sql,
                               u"CREATE TABLE never (x)"_s};
    const RunReport report = runBare(upgradePlan(revisions), path());
    verifySentence(report, ErrorCode::Statement, part);
    const QString message = report.error->message;
    QVERIFY2(message.contains(u"r005 (r005_story.py:13) failed at statement 3 of 5"_s),
             qPrintable(message));
    QVERIFY2(message.contains(u"stays at r004"_s), qPrintable(message));
    QCOMPARE(report.error->file, u"/project/versions/r005_story.py"_s);
    QCOMPARE(report.error->line, 13);
    QVERIFY(report.error->detail.contains(sql));
    QCOMPARE(report.stepsDone, 4);
    QCOMPARE(report.rowsAfter, QStringList{u"r004"_s});
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 6, 4)); // every row as it was
    QVERIFY(!runBare(remainingPlan(6, {u"r004"_s}), path()).error);     // corrected, it goes on
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 6, 6));
}

void tst_BadInput::diskFull()
{
    QVERIFY(!runBare(remainingPlan(2, {}), path()).error);
    const QString before = dump(path());
    Plan plan =
        upgradePlan({{.id = u"big"_s,
                      .statements = {u"PRAGMA max_page_count = 10"_s, u"CREATE TABLE big (x)"_s,
                                     u"INSERT INTO big SELECT zeroblob(1000000)"_s}}},
                    u"r002"_s);
    verifySentence(runBare(plan, path()), ErrorCode::Statement, u"full"_s);
    QCOMPARE(dump(path()), before);
}

void tst_BadInput::fileDeletedUnderUs()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    const RunReport report =
        runBare(remainingPlan(6, {u"r001"_s}), path(), [&](const RunEvent &event) {
            if (event.kind == RunEvent::Kind::StatementStarted && event.step == 2)
                QFile::remove(path());
        });
    verifySentence(report, ErrorCode::Connection, u"deleted or replaced"_s);
    QVERIFY(!report.positionKnown);
    QCOMPARE(report.stepsDone, 2);
    QVERIFY(!QFileInfo::exists(path()));
}

void tst_BadInput::fileReplacedUnderUs()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    RawDatabase(path(u"other.db"_s)).exec(u"CREATE TABLE other (x)"_s);
    const RunReport report =
        runBare(remainingPlan(6, {u"r001"_s}), path(), [&](const RunEvent &event) {
            if (event.kind == RunEvent::Kind::StepDone && event.step == 1) {
                QFile::remove(path());
                QVERIFY(QFile::rename(path(u"other.db"_s), path()));
            }
        });
    verifySentence(report, ErrorCode::Connection, u"deleted or replaced"_s);
    QVERIFY(dump(path()).contains(u"other"_s));
    QVERIFY(!dump(path()).contains(u"t0"_s)); // the new file was not written to
}

void tst_BadInput::versionRowChangedInTheStep()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    const QString before = dump(path());
    Plan plan = upgradePlan(
        {{.id = u"a"_s, .statements = {u"UPDATE alembic_version SET version_num = 'mine'"_s}}},
        u"r001"_s);
    verifySentence(runBare(plan, path()), ErrorCode::Conflict, u"0 rows"_s);
    plan = upgradePlan(
        {{.id = u"a"_s, .statements = {u"INSERT INTO alembic_version VALUES ('mine')"_s}}},
        u"r001"_s);
    verifySentence(runBare(plan, path()), ErrorCode::Conflict, u"mine"_s);
    QCOMPARE(dump(path()), before);
}

void tst_BadInput::cancelBeforeTheRun()
{
    std::stop_source stop;
    stop.request_stop();
    verifySentence(runBare(remainingPlan(2, {}), path(), {}, stop.get_token()),
                   ErrorCode::Cancelled, u"Cancelled"_s);
    QVERIFY(!QFileInfo::exists(path()));
}

void tst_BadInput::cancelBetweenSteps()
{
    std::stop_source stop;
    const RunReport report = runBare(
        remainingPlan(6, {}), path(),
        [&](const RunEvent &event) {
            if (event.kind == RunEvent::Kind::StepDone && event.step == 2)
                stop.request_stop();
        },
        stop.get_token());
    verifySentence(report, ErrorCode::Cancelled, u"stays at r003"_s);
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 6, 3));
}

void tst_BadInput::cancelBetweenStatements()
{
    const Plan plan = remainingPlan(5, {});
    for (int wanted = 0; wanted < 30; ++wanted) { // at every statement of the plan once
        QFile::remove(path());
        std::stop_source stop;
        int seen = 0;
        const RunReport report = runBare(
            plan, path(),
            [&](const RunEvent &event) {
                if (event.kind == RunEvent::Kind::StatementDone && seen++ == wanted)
                    stop.request_stop();
            },
            stop.get_token());
        if (seen <= wanted) { // the plan has fewer statements: all of it ran
            QVERIFY(!report.error && wanted > 15);
            return;
        }
        verifySentence(report, ErrorCode::Cancelled, u"ancelled"_s);
        QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 5, report.stepsDone));
        QCOMPARE(report.rowsAfter,
                 versionRows(path()).first() == u"-" ? QStringList() : versionRows(path()));
    }
    QFAIL("the plan never ran to its end");
}

void tst_BadInput::cancelInsideAStatement()
{
    QList<Revision> revisions = story(3);
    revisions[1].statements.append(kEndless);
    std::stop_source stop;
    std::thread other;
    const RunReport report = runBare(
        upgradePlan(revisions), path(),
        [&](const RunEvent &event) {
            if (event.kind == RunEvent::Kind::StatementStarted && event.text == kEndless)
                other = std::thread([&] { stop.request_stop(); });
        },
        stop.get_token());
    other.join();
    verifySentence(report, ErrorCode::Cancelled, u"r002"_s);
    QVERIFY2(report.error->message.contains(u"stays at r001"_s), qPrintable(report.error->message));
    QCOMPARE(dump(path()), expectedDump(path(u"expected.db"_s), 3, 1));
}

void tst_BadInput::cancelWhileWaiting()
{
    QVERIFY(!runBare(remainingPlan(1, {}), path()).error);
    RawDatabase holder(path());
    holder.exec(u"BEGIN EXCLUSIVE"_s); // even the first look at the file has to wait
    std::stop_source stop;
    const RunReport report = runBare(
        remainingPlan(3, {u"r001"_s}), path(),
        [&](const RunEvent &event) {
            if (event.kind == RunEvent::Kind::Waiting)
                stop.request_stop();
        },
        stop.get_token(), 3600 * 1000);
    holder.exec(u"ROLLBACK"_s);
    verifySentence(report, ErrorCode::Cancelled, u"cancelled"_s);
    QCOMPARE(versionRows(path()), QStringList{u"r001"_s});
}
