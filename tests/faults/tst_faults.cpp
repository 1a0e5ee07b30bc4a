#include "tests/runtime/sample.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace Qt::StringLiterals;
using namespace tribikos::sample;

/// Faults that only a process of its own can have. TRIBIKOS_FAULT_ROUNDS says how many of each (20
/// by default; the full count of the reliability bars is 200).
class tst_Faults final : public QObject
{
    Q_OBJECT
private slots:
    void killedAtRandomMoments_data();
    void killedAtRandomMoments();
    void processesAtOnce();
    void diskFullAtManySizes();

private:
    static constexpr int kCount = 30; // revisions
    static int rounds() { return qEnvironmentVariableIntValue("TRIBIKOS_FAULT_ROUNDS"); }
    static QStringList arguments(const QString &database)
    {
        return {database, QString::number(kCount)};
    }
    void verifyWhole(const QString &database);
};

namespace {

const QString kChild = QStringLiteral(TRIBIKOS_FAULT_CHILD);

int roundsOr(int fallback, int asked)
{
    return asked > 0 ? asked : fallback;
}

} // namespace

/// Schema and rows are exactly those of the revision that the version row names, and SQLite finds
/// no damage.
void tst_Faults::verifyWhole(const QString &database)
{
    const QString row = versionRows(database).value(0); // the first look: rolls a hot journal back
    const int done = row.startsWith(u'r') ? row.mid(1).toInt() : 0;
    const QTemporaryDir scratch(scratchTemplate());
    QCOMPARE(dump(database), expectedDump(scratch.filePath(u"expected.db"_s), kCount, done));
    QCOMPARE(RawDatabase(database).rows(u"PRAGMA integrity_check"_s).first().first(), u"ok"_s);
}

void tst_Faults::killedAtRandomMoments_data()
{
    QTest::addColumn<QString>("mode");
    QTest::newRow("rollback journal") << u"delete"_s;
    QTest::newRow("write-ahead log") << u"wal"_s;
}

void tst_Faults::killedAtRandomMoments()
{
    QFETCH(QString, mode);
    const QTemporaryDir folder(scratchTemplate());
    RawDatabase(folder.filePath(u"whole.db"_s)).exec(u"PRAGMA journal_mode = %1"_s.arg(mode));
    QElapsedTimer time;
    time.start();
    QCOMPARE(QProcess::execute(kChild, arguments(folder.filePath(u"whole.db"_s))), 0);
    const quint64 wholeUs = quint64(time.nsecsElapsed() / 1000);

    int killed = 0;
    for (int round = 0; round < roundsOr(20, rounds()); ++round) {
        const QString database = folder.filePath(u"%1.db"_s.arg(round));
        RawDatabase(database).exec(u"PRAGMA journal_mode = %1"_s.arg(mode));
        QProcess child;
        child.start(kChild, arguments(database));
        QVERIFY(child.waitForStarted());
        QThread::usleep(ulong(QRandomGenerator::global()->bounded(wholeUs)));
        child.kill();
        QVERIFY(child.waitForFinished());
        killed += child.exitStatus() == QProcess::CrashExit ? 1 : 0;
        verifyWhole(database);
        QCOMPARE(QProcess::execute(kChild, arguments(database)),
                 0); // the same command again finishes
        verifyWhole(database);
        QCOMPARE(versionRows(database), QStringList{u"r030"_s});
    }
    QVERIFY(killed > 0);
}

void tst_Faults::processesAtOnce()
{
    const QTemporaryDir folder(scratchTemplate());
    for (int round = 0; round < roundsOr(20, rounds()) / 4 + 1; ++round) {
        const QString database = folder.filePath(u"%1.db"_s.arg(round));
        std::vector<std::unique_ptr<QProcess>> children;
        for (int i = 0; i < 4; ++i) {
            children.push_back(std::make_unique<QProcess>());
            children.back()->start(kChild, arguments(database));
        }
        for (const auto &child : children) {
            QVERIFY(child->waitForFinished());
            QVERIFY2(child->exitCode() == 0, child->readAllStandardError().constData());
        }
        verifyWhole(database); // table runs: no revision was applied twice
        QCOMPARE(versionRows(database), QStringList{u"r030"_s});
    }
}

void tst_Faults::diskFullAtManySizes()
{
    const QTemporaryDir folder(scratchTemplate());
    int failed = 0;
    const int sizes = 20;
    for (int i = 1; i <= sizes; ++i) {
        const QString database = folder.filePath(u"%1.db"_s.arg(i));
        QProcess child;
        child.start(kChild, arguments(database) + QStringList{QString::number(4096 * i)});
        QVERIFY(child.waitForFinished());
        if (child.exitCode() != 0) {
            ++failed;
            QCOMPARE(child.exitCode(), 3);
            const QByteArray sentence = child.readAllStandardError();
            QVERIFY2(sentence.contains("disk") && !sentence.contains('\n'), sentence.constData());
        }
        verifyWhole(database);
        QCOMPARE(QProcess::execute(kChild, arguments(database)), 0); // with room again
        verifyWhole(database);
    }
    QVERIFY(failed > 5);
}

QTEST_GUILESS_MAIN(tst_Faults)
#include "tst_faults.moc"
