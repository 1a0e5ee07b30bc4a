#include "tests/applywindow/tst_applyflow.h"

#include "tests/applywindow/applydriver.h"
#include "tests/applywindow/loopwatch.h"
#include "ui/apply/stepsmodel.h"
#include "ui/shell/inlinebanner.h"
#include "ui/sql/sqlpane.h"

#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QTest>
#include <algorithm>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

using Phase = ApplyDialog::Phase;

constexpr int waitMs = ApplyDriver::waitMs;

void databases()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("sqlite") << Backend::Sqlite;
    QTest::newRow("postgresql") << Backend::PostgreSql;
    QTest::newRow("mariadb") << Backend::MariaDb;
}

/// A database of the backend, for as long as a test lasts.
struct Target
{
    explicit Target(Backend which)
        : backend(which)
        , server(which == Backend::Sqlite ? nullptr : std::make_unique<lab::Database>(which))
    {}
    QString url() const { return server ? server->url() : QString(); }

    const Backend backend;
    std::unique_ptr<lab::Database> server;
};

bool isCommittingAlone(Backend backend)
{
    return backend == Backend::MariaDb;
}

void write(const QString &file, const QByteArray &text)
{
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(text);
}

} // namespace

void tst_ApplyFlow::init()
{
    LoopWatch::instance()->reset();
}

void tst_ApplyFlow::cleanup()
{
    qInfo("held up for %.1f ms at most", LoopWatch::instance()->worstMs());
}

void tst_ApplyFlow::appliesAndGoesBack_data()
{
    databases();
}

void tst_ApplyFlow::appliesAndGoesBack()
{
    QFETCH(Backend, backend);
    const lab::Story story(3);
    const Target target(backend);
    ApplyDriver driver(story, backend, target.url());
    LoopWatch::instance()->reset();
    QPointer<ApplyDialog> dialog = driver.openApply();
    QVERIFY(dialog);
    QVERIFY2(dialog->phase() == Phase::Ready, qPrintable(ApplyDriver::stateText(dialog)));
    QCOMPARE(driver.position(),
             backend == Backend::Sqlite ? QStringList{u"-"_s} : QStringList{u"-"_s});
    const QString sql = dialog->findChild<SqlPane *>()->view()->text();
    QVERIFY2(sql.contains(isCommittingAlone(backend) ? u"-- commits by itself"_s : u"COMMIT;"_s),
             qPrintable(sql));
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(
        ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at r003, 3 revisions ran."_s),
        qPrintable(ApplyDriver::resultOf(dialog)));
    QCOMPARE(driver.position(), QStringList{u"r003"_s});
    QCOMPARE(dialog->steps()->stateAt(2), StepsModel::State::Done);
    QCOMPARE(dialog->steps()->timesAt(0).size(), lab::Story::statements(1).size() + 1);

    // the way back is made ready, and runs like any other
    QVERIFY(ApplyDriver::press(dialog, u"back"_s));
    VERIFY_PHASE(dialog, Phase::Ready);
    QCOMPARE(dialog->windowTitle(), u"Downgrade shop: r003 → base"_s);
    QCOMPARE(driver.position(), QStringList{u"r003"_s}); // nothing runs before its button
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at base"_s),
             qPrintable(ApplyDriver::resultOf(dialog)));
    QCOMPARE(driver.position(), QStringList());
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    QTRY_VERIFY(!dialog);
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::triesAndTakesBack_data()
{
    databases();
}

void tst_ApplyFlow::triesAndTakesBack()
{
    QFETCH(Backend, backend);
    const lab::Story story(2);
    const Target target(backend);
    ApplyDriver driver(story, backend, target.url());
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    const int before = dialog->checks()->count();
    QVERIFY(ApplyDriver::press(dialog, u"try"_s));
    QCOMPARE(dialog->phase(), Phase::Trying);
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY2(dialog->checks()->count() > before + 5, qPrintable(ApplyDriver::stateText(dialog)));
    QCOMPARE(driver.position(), QStringList{u"-"_s});
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s)); // and can be run behind it
    VERIFY_PHASE(dialog, Phase::Ended);
    QCOMPARE(driver.position(), QStringList{u"r002"_s});
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::stopsAfterTheStep_data()
{
    databases();
}

void tst_ApplyFlow::stopsAfterTheStep()
{
    QFETCH(Backend, backend);
    const lab::Story story(3);
    story.write(2, lab::Story::statements(2) + QStringList{slowStatement(backend, 2)});
    const Target target(backend);
    ApplyDriver driver(story, backend, target.url());
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->steps()->currentStep() == 1, waitMs);
    QVERIFY(ApplyDriver::press(dialog, u"Stop after this step"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Stopped: shop stands at r002"_s),
             qPrintable(ApplyDriver::resultOf(dialog)));
    QCOMPARE(driver.position(), QStringList{u"r002"_s});
    QCOMPARE(dialog->steps()->stateAt(2), StepsModel::State::Waiting);
    QVERIFY(ApplyDriver::press(dialog, u"again"_s)); // on from there
    VERIFY_PHASE(dialog, Phase::Ready);
    QCOMPARE(dialog->steps()->rowCount(), 1);
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::cancelsNow_data()
{
    databases();
}

void tst_ApplyFlow::cancelsNow()
{
    QFETCH(Backend, backend);
    const lab::Story story(3);
    story.write(2, lab::Story::statements(2) + QStringList{slowStatement(backend, 600)});
    const Target target(backend);
    ApplyDriver driver(story, backend, target.url());
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->steps()->timesAt(1).size() >= 7,
                             waitMs);        // it is at the slow one
    QTest::keyClick(dialog, Qt::Key_Escape); // which does not end it
    QCOMPARE(dialog->phase(), Phase::Running);
    QVERIFY(ApplyDriver::press(dialog, u"Cancel now"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Stopped: shop stands at r001"_s),
             qPrintable(ApplyDriver::resultOf(dialog)));
    QCOMPARE(driver.position(), QStringList{u"r001"_s});
    const QString detail = dialog->steps()->index(1).data(StepsModel::DetailRole).toString();
    QVERIFY2(detail.endsWith(isCommittingAlone(backend) ? u"its first 7 statements stay in"_s
                                                        : u"rolled back"_s),
             qPrintable(detail));
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::failsAndGoesOn_data()
{
    databases();
}

void tst_ApplyFlow::failsAndGoesOn()
{
    QFETCH(Backend, backend);
    const lab::Story story(3);
    QStringList broken = lab::Story::statements(2);
    broken.insert(3, u"INSERT INTO missing VALUES (1)"_s);
    story.write(2, broken);
    const Target target(backend);
    ApplyDriver driver(story, backend, target.url());
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    const QString told = ApplyDriver::resultOf(dialog);
    QVERIFY2(told.contains(u"r002 (r002.sql:"_s) && told.contains(u"statement 4 of"_s)
                 && told.contains(u"missing"_s),
             qPrintable(told));
    QCOMPARE(dialog->steps()->stateAt(1), StepsModel::State::Failed);
    QCOMPARE(dialog->findChild<QListView *>()->currentIndex().row(), 1); // the failed one is shown
    QCOMPARE(driver.position(), QStringList{u"r001"_s});
    // what was missing is made, and the plan is made again
    driver.exec(u"CREATE TABLE missing (n INTEGER)"_s);
    QVERIFY(ApplyDriver::press(dialog, u"again"_s));
    VERIFY_PHASE(dialog, Phase::Ready);
    QCOMPARE(dialog->steps()->rowCount(), 2);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at r003"_s),
             qPrintable(ApplyDriver::resultOf(dialog)));
    QCOMPARE(driver.position(), QStringList{u"r003"_s});
    // each statement ran once
    QCOMPARE(driver.rows(u"SELECT count(*) FROM missing"_s).at(0).at(0).toInt(), 1);
    QCOMPARE(driver.rows(u"SELECT count(*) FROM runs"_s).at(0).at(0).toInt(), 6);
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::showsWhatALiveStepSays_data()
{
    databases();
}

void tst_ApplyFlow::showsWhatALiveStepSays()
{
    QFETCH(Backend, backend);
    const lab::Story story(0);
    const QByteArray head = "import sqlalchemy as sa\nfrom alembic import op\n";
    write(story.folder() + u"/a1_rows.py"_s,
          head
              + "revision = 'a1'\ndown_revision = None\ndef upgrade():\n"
                "    op.create_table('stock', sa.Column('id', sa.Integer(), primary_key=True), "
                "sa.Column('n', sa.Integer()))\n"
                "    op.execute('INSERT INTO stock VALUES (1, 5), (2, 7)')\n"
                "def downgrade():\n    op.drop_table('stock')\n");
    write(
        story.folder() + u"/a2_reads.py"_s,
        head
            + "revision = 'a2'\ndown_revision = 'a1'\ndef upgrade():\n"
              "    for row in op.get_bind().execute(sa.text('SELECT id, n FROM stock ORDER BY "
              "id')).fetchall():\n"
              "        op.execute('UPDATE stock SET n = %d WHERE id = %d' % (row[1] * 2, row[0]))\n"
              "def downgrade():\n    pass\n");
    const Target target(backend);
    ApplyDriver driver(story, backend, target.url());
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at a2"_s),
             qPrintable(ApplyDriver::stateText(dialog)));
    QCOMPARE(driver.rows(u"SELECT sum(n) FROM stock"_s).at(0).at(0).toInt(), 24);
    const QString shown = dialog->findChild<SqlPane *>()->view()->text();
    QVERIFY2(shown.contains(
                 u"UPDATE stock SET n = 10 WHERE id = 1;\nUPDATE stock SET n = 14 WHERE id = 2;"_s),
             qPrintable(shown));
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::manyStatements_data()
{
    databases();
}

/// Thousands of events, a step that is longer than any window, a log of as many lines.
void tst_ApplyFlow::manyStatements()
{
    QFETCH(Backend, backend);
    const lab::Story story(1);
    QStringList statements = lab::Story::statements(1);
    for (int i = 0; i < 3000; ++i)
        statements << (i % 2 ? u"UPDATE t1 SET n = %1 WHERE id = 1"_s : u"SELECT %1"_s).arg(i);
    story.write(1, statements);
    const Target target(backend);
    ApplyDriver driver(story, backend, target.url());
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at r001"_s),
             qPrintable(ApplyDriver::stateText(dialog)));
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::protectedAsksForItsName()
{
    const lab::Story story(1);
    ApplyDriver driver(story, Backend::Sqlite, {}, u"protected = true"_s);
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(!ApplyDriver::press(dialog, u"apply"_s));
    QTest::keyClicks(dialog->focusWidget(), u"shop"_s); // the keyboard is there already
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QCOMPARE(driver.position(), QStringList{u"r001"_s});
    QVERIFY(ApplyDriver::press(dialog, u"back"_s));
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(!ApplyDriver::press(dialog, u"apply"_s)); // the name holds for one run
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::allInOneTransaction_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("after"); // a failure in the third of three revisions
    QTest::newRow("postgresql") << Backend::PostgreSql << u"base"_s;
    QTest::newRow("sqlite") << Backend::Sqlite << u"r002"_s;
    QTest::newRow("mariadb") << Backend::MariaDb << u"r002"_s;
}

/// PostgreSQL takes the whole run back; the others have a transaction for each revision, whatever was asked for.
void tst_ApplyFlow::allInOneTransaction()
{
    QFETCH(Backend, backend);
    QFETCH(QString, after);
    const bool isOne = backend == Backend::PostgreSql;
    const lab::Story story(3);
    const QStringList good = lab::Story::statements(3);
    story.write(3, good + QStringList{u"ALTER TABLE none ADD COLUMN x INTEGER"_s});
    const Target target(backend);
    ApplyDriver driver(story, backend, target.url(), u"[options]\ntransaction = \"all\"\n"_s);
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    const auto facts = dialog->findChildren<QLabel *>();
    const auto says = [&](const QString &text) {
        return std::ranges::any_of(
            facts, [&](const QLabel *label) { return label->text().contains(text); });
    };
    QCOMPARE(says(u"one transaction for all"_s), isOne);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    const QString told = ApplyDriver::resultOf(dialog);
    QVERIFY2(told.contains(after), qPrintable(told));
    QCOMPARE(driver.position(), isOne ? QStringList{u"-"_s} : QStringList{after});
    QCOMPARE(dialog->steps()->stateAt(2), StepsModel::State::Failed);

    story.write(3, good);
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!driver.window().findChild<ApplyDialog *>(), waitMs);
    driver.reread();
    dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QCOMPARE(dialog->steps()->rowCount(), isOne ? 3 : 1);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at r003"_s),
             qPrintable(ApplyDriver::resultOf(dialog)));
    QCOMPARE(driver.position(), QStringList{u"r003"_s});
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFlow::takesBackWhatIsIn_data()
{
    QTest::addColumn<bool>("fromHistory");
    QTest::newRow("from the result of the run that broke off") << false;
    QTest::newRow("from the history, which says what is in") << true;
}

/// MariaDB: the way back is shown, and runs by its own button.
void tst_ApplyFlow::takesBackWhatIsIn()
{
    QFETCH(bool, fromHistory);
    const lab::Story story(1);
    const Target target(Backend::MariaDb);
    ApplyDriver driver(story, Backend::MariaDb, target.url());
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!driver.window().findChild<ApplyDialog *>(), waitMs);
    const QString before = target.server->dump();
    story.write(2, {u"CREATE TABLE t2 (id INTEGER)"_s, u"ALTER TABLE t1 ADD COLUMN late INTEGER"_s,
                    u"ALTER TABLE none ADD COLUMN x INTEGER"_s});
    driver.reread();
    LoopWatch::instance()->reset();
    dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).contains(u"Statements 1–2 of the upgrade of revision "
                                                    "r002 are in"_s),
             qPrintable(ApplyDriver::resultOf(dialog)));
    const QString half = target.server->dump();
    const QString inHistory = u"Take back…"_s;
    if (fromHistory) {
        QVERIFY(ApplyDriver::press(dialog, u"close"_s));
        QTRY_VERIFY_WITH_TIMEOUT(!driver.window().findChild<ApplyDialog *>(), waitMs);
        QTRY_VERIFY_WITH_TIMEOUT(ApplyDriver::canPress(&driver.window(), inHistory), waitMs);
        const auto banners = driver.window().findChildren<InlineBanner *>();
        QVERIFY(std::ranges::any_of(banners, [](const InlineBanner *banner) {
            return banner->isVisible()
                   && banner->text().contains(
                       u"Statements 1–2 of the upgrade of revision r002 are in"_s);
        }));
        QVERIFY(ApplyDriver::press(&driver.window(), inHistory));
        dialog =
            ApplyDriver::waitForPlan(driver.window().findChild<ApplyDialog *>(u"applyDialog"_s));
        QVERIFY(dialog);
    } else {
        QVERIFY(ApplyDriver::press(dialog, u"Take back what is in…"_s));
    }
    VERIFY_PHASE(dialog, Phase::Ready);
    QCOMPARE(dialog->windowTitle(), u"Take back on shop: what is in of r002"_s);
    const QString sql = dialog->findChild<SqlPane *>()->view()->text();
    QVERIFY2(sql.contains(u"DROP COLUMN late"_s) && sql.contains(u"DROP TABLE t2"_s),
             qPrintable(sql));
    QCOMPARE(target.server->dump(), half); // nothing runs before its button
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(
                 u"Done: shop stands at r001, and nothing of the revision that broke off is in."_s),
             qPrintable(ApplyDriver::resultOf(dialog)));
    QCOMPARE(target.server->dump(), before);
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!driver.window().findChild<ApplyDialog *>(), waitMs);
    QTRY_VERIFY_WITH_TIMEOUT(!ApplyDriver::canPress(&driver.window(), inHistory), waitMs);
    VERIFY_NOT_HELD_UP();
}
