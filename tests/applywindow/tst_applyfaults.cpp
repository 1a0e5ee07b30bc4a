#include "tests/applywindow/tst_applyfaults.h"

#include "tests/applywindow/applydriver.h"
#include "tests/applywindow/loopwatch.h"
#include "ui/apply/stepsmodel.h"
#include "ui/environments/passworddialog.h"
#include "ui/shell/inlinebanner.h"

#include <QLineEdit>
#include <QMessageBox>
#include <QTest>
#include <csignal>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

using Phase = ApplyDialog::Phase;

constexpr int waitMs = ApplyDriver::waitMs;

void servers()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("postgresql") << Backend::PostgreSql;
    QTest::newRow("mariadb") << Backend::MariaDb;
}

/// The question that is open; null: none is.
QMessageBox *question(QWidget *dialog)
{
    for (QMessageBox *box : dialog->findChildren<QMessageBox *>()) {
        if (box->isVisible())
            return box;
    }
    return nullptr;
}

/// Brings the database to r001, whose table t1 another session then holds.
std::unique_ptr<Session> holdTable(ApplyDriver &driver, Backend backend)
{
    ApplyDialog *dialog = driver.openApply();
    (void)ApplyDriver::press(dialog, u"apply"_s);
    (void)QTest::qWaitFor([dialog] { return dialog->phase() == Phase::Ended; }, waitMs);
    (void)ApplyDriver::press(dialog, u"close"_s);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    std::unique_ptr<Session> other = driver.session();
    if (backend == Backend::Sqlite) {
        if (!other->begin())
            qFatal("the file could not be locked");
        return other;
    }
    if (!other->begin() || !other->execute(u"SELECT * FROM t1"_s))
        qFatal("the table could not be held");
    return other;
}

QString hbaFile(const QString &url)
{
    auto session = openServer(lab::specOf(url), Access::Read);
    const auto rows = session ? (*session)->query(u"SELECT current_setting('hba_file')"_s)
                              : Result<QList<Row>>(session.error());
    return rows ? rows->constFirst().value(0).toString() : QString();
}

} // namespace

void tst_ApplyFaults::init()
{
    LoopWatch::instance()->reset();
}

void tst_ApplyFaults::cleanup()
{
    qInfo("held up for %.1f ms at most", LoopWatch::instance()->worstMs());
}

void tst_ApplyFaults::endsTheSessionThatBlocks_data()
{
    servers();
}

void tst_ApplyFaults::endsTheSessionThatBlocks()
{
    QFETCH(Backend, backend);
    const lab::Story story(1);
    const lab::Database database(backend);
    ApplyDriver driver(story, backend, database.url());
    const std::unique_ptr<Session> other = holdTable(driver, backend);
    story.write(2, lab::Story::statements(2)
                       + QStringList{u"ALTER TABLE t1 ADD COLUMN late INTEGER"_s});
    QTRY_VERIFY_WITH_TIMEOUT(!driver.window().findChild<ApplyDialog *>(), waitMs);
    driver.reread();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    const QString session = QString::number(static_cast<ServerSession *>(other.get())->serverId());
    QTRY_VERIFY2_WITH_TIMEOUT(ApplyDriver::resultOf(dialog).contains(u"session "_s + session),
                              qPrintable(ApplyDriver::stateText(dialog)), waitMs);
    const QString button = u"End session %1…"_s.arg(session);

    // asked once, refused; asked twice, refused the second time; the other session lives
    QVERIFY(ApplyDriver::press(dialog, button));
    QTRY_VERIFY(question(dialog));
    QTest::keyClick(question(dialog), Qt::Key_Escape);
    QTRY_VERIFY(!question(dialog));
    QTRY_VERIFY_WITH_TIMEOUT(ApplyDriver::canPress(dialog, button), waitMs);
    QVERIFY(ApplyDriver::press(dialog, button));
    QTRY_VERIFY(question(dialog));
    QVERIFY(ApplyDriver::press(question(dialog), button));
    QTRY_VERIFY(question(dialog) && question(dialog)->text().startsWith(u"Really"_s));
    QTest::keyClick(question(dialog), Qt::Key_Return); // Cancel is what Enter presses
    QTRY_VERIFY(!question(dialog));
    QVERIFY(other->query(u"SELECT 1"_s));
    QCOMPARE(dialog->phase(), Phase::Running);

    QTRY_VERIFY_WITH_TIMEOUT(ApplyDriver::canPress(dialog, button), waitMs);
    QVERIFY(ApplyDriver::press(dialog, button));
    QTRY_VERIFY(question(dialog));
    QVERIFY(ApplyDriver::press(question(dialog), button));
    QTRY_VERIFY(question(dialog) && question(dialog)->text().startsWith(u"Really"_s));
    QVERIFY(ApplyDriver::press(question(dialog), u"End it and lose its work"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at r002"_s),
             qPrintable(ApplyDriver::stateText(dialog)));
    QVERIFY(!other->query(u"SELECT 1"_s));
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFaults::keepsWaiting_data()
{
    servers();
    QTest::newRow("sqlite") << Backend::Sqlite;
}

void tst_ApplyFaults::keepsWaiting()
{
    QFETCH(Backend, backend);
    const lab::Story story(1);
    const std::unique_ptr<lab::Database> database =
        backend == Backend::Sqlite ? nullptr : std::make_unique<lab::Database>(backend);
    ApplyDriver driver(story, backend, database ? database->url() : QString());
    std::unique_ptr<Session> other = holdTable(driver, backend);
    story.write(2, lab::Story::statements(2)
                       + QStringList{u"ALTER TABLE t1 ADD COLUMN late INTEGER"_s});
    QTRY_VERIFY_WITH_TIMEOUT(!driver.window().findChild<ApplyDialog *>(), waitMs);
    driver.reread();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    QTRY_VERIFY_WITH_TIMEOUT(ApplyDriver::canPress(dialog, u"Keep waiting"_s), waitMs);
    QVERIFY(ApplyDriver::press(dialog, u"Keep waiting"_s));
    QTRY_VERIFY2_WITH_TIMEOUT(ApplyDriver::resultOf(dialog).startsWith(u"Waiting\n"_s),
                              qPrintable(ApplyDriver::stateText(dialog)), waitMs);
    QVERIFY(!ApplyDriver::canPress(dialog, u"Keep waiting"_s)); // it does already
    QVERIFY(other->rollback());
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at r002"_s),
             qPrintable(ApplyDriver::stateText(dialog)));
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFaults::theServerIsKilled_data()
{
    servers();
}

void tst_ApplyFaults::theServerIsKilled()
{
    QFETCH(Backend, backend);
    lab::PrivateServer server(backend);
    const lab::Story story(3);
    story.write(2, lab::Story::statements(2) + QStringList{slowStatement(backend, 600)});
    ApplyDriver driver(story, backend, server.url());
    if (backend == Backend::PostgreSql) // the fast server of tests would forget its last commits
        driver.exec(u"ALTER ROLE tribikos SET synchronous_commit = on"_s);
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->steps()->timesAt(1).size() >= 7,
                             waitMs); // it is at the slow one
    server.signal(SIGKILL);
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(dialog->findChild<InlineBanner *>(u"result"_s)->isVisible()
                 && !ApplyDriver::resultOf(dialog).contains(u"Done"_s),
             qPrintable(ApplyDriver::stateText(dialog)));
    VERIFY_NOT_HELD_UP();

    // nobody is there: the reason stands in place, with another try beside it
    QVERIFY(ApplyDriver::press(dialog, u"again"_s));
    VERIFY_PHASE(dialog, Phase::Refused);
    QVERIFY2(!ApplyDriver::resultOf(dialog).isEmpty(), qPrintable(ApplyDriver::stateText(dialog)));
    story.write(2, lab::Story::statements(2) + QStringList{slowStatement(backend, 0)});
    server.call(u"start"_s);
    LoopWatch::instance()->reset(); // starting it was the test's own doing
    QVERIFY(ApplyDriver::press(dialog, u"close"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!driver.window().findChild<ApplyDialog *>(), waitMs);
    if (backend
        == Backend::MariaDb) { // what ran must be what runs on: the slow statement as it was
        story.write(2, lab::Story::statements(2) + QStringList{slowStatement(backend, 600)});
        driver.reread();
        dialog = driver.openApply();
        VERIFY_PHASE(dialog, Phase::Ready);
        QCOMPARE(dialog->steps()->rowCount(), 2);
        QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
        QTRY_VERIFY_WITH_TIMEOUT(dialog->steps()->currentStep() == 0, waitMs);
        QVERIFY(ApplyDriver::press(dialog, u"Cancel now"_s));
        VERIFY_PHASE(dialog, Phase::Ended);
        const QString told = ApplyDriver::resultOf(dialog);
        QVERIFY2(told.contains(u"goes on behind its statement 7"_s), qPrintable(told));
        VERIFY_NOT_HELD_UP();
        return;
    }
    driver.reread();
    dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QCOMPARE(dialog->steps()->rowCount(), 2);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QVERIFY2(ApplyDriver::resultOf(dialog).startsWith(u"Done: shop stands at r003"_s),
             qPrintable(ApplyDriver::stateText(dialog)));
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFaults::theServerIsNotThere_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<bool>("isStarting");
    QTest::newRow("postgresql") << Backend::PostgreSql << false;
    QTest::newRow("mariadb") << Backend::MariaDb
                             << false; // which lets nobody in before it is there
    QTest::newRow("postgresql, starting up") << Backend::PostgreSql << true;
}

/// The plan can't be made; once the server is there, the same window goes on.
void tst_ApplyFaults::theServerIsNotThere()
{
    QFETCH(Backend, backend);
    QFETCH(bool, isStarting);
    lab::PrivateServer server(backend);
    const lab::Story story(1);
    ApplyDriver driver(story, backend, server.url());
    server.call(u"stop"_s);
    if (isStarting)
        server.startUpForEver();
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Refused);
    const QString told = ApplyDriver::resultOf(dialog);
    QVERIFY2(told.contains(u"127.0.0.1"_s), qPrintable(told));
    QVERIFY2(!isStarting || told.contains(u"is starting up; try again in a moment"_s),
             qPrintable(told));
    VERIFY_NOT_HELD_UP();
    if (isStarting)
        server.call(u"stop"_s);
    server.call(u"start"_s);
    LoopWatch::instance()->reset();                         // starting it was the test's own doing
    QTest::keyClick(dialog->focusWidget(), Qt::Key_Return); // the keyboard is on "Try again"
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    QCOMPARE(driver.position(), QStringList{u"r001"_s});
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFaults::theConnectionIsCut_data()
{
    servers();
}

/// By somebody else, between two statements or in one: the server lives on and says where the database stands.
void tst_ApplyFaults::theConnectionIsCut()
{
    QFETCH(Backend, backend);
    const lab::Story story(3);
    story.write(2, lab::Story::statements(2) + QStringList{slowStatement(backend, 600)});
    const lab::Database database(backend);
    ApplyDriver driver(story, backend, database.url());
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Ready);
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->steps()->timesAt(1).size() >= 7,
                             waitMs); // it is at the slow one
    if (backend == Backend::PostgreSql) {
        (void)driver.rows(u"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                          u"current_database() "
                          "AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"_s);
    } else {
        const auto found =
            driver.rows(u"SELECT ID FROM information_schema.PROCESSLIST WHERE DB = database() "
                        "AND INFO LIKE 'DO SLEEP(600)%'"_s);
        QCOMPARE(found.size(), 1);
        driver.exec(u"KILL CONNECTION "_s + found.at(0).at(0).toString());
    }
    VERIFY_PHASE(dialog, Phase::Ended);
    QCOMPARE(driver.position(), QStringList{u"r001"_s});
    const QString told = ApplyDriver::resultOf(dialog);
    QVERIFY2(told.contains(u"r001"_s), qPrintable(told));
    QVERIFY(ApplyDriver::press(dialog, u"again"_s));
    VERIFY_PHASE(dialog, Phase::Ready);
    QCOMPARE(dialog->steps()->rowCount(), 2);
    VERIFY_NOT_HELD_UP();
}

void tst_ApplyFaults::aRefusedPassword_data()
{
    servers();
}

void tst_ApplyFaults::aRefusedPassword()
{
    QFETCH(Backend, backend);
    const lab::Story story(1);
    const lab::PrivateServer server(backend);
    const auto as = [&server](const QString &sql) {
        auto session = openServer(lab::specOf(server.url()), Access::Write);
        QVERIFY(session);
        const auto ran = (*session)->execute(sql);
        QVERIFY2(ran, qPrintable(ran ? QString() : ran.error().message));
    };
    const bool isPostgres = backend == Backend::PostgreSql;
    as(isPostgres ? u"CREATE ROLE asked SUPERUSER LOGIN PASSWORD 'right'"_s
                  : u"CREATE USER 'asked'@'127.0.0.1'"_s);
    if (!isPostgres)
        as(u"GRANT ALL ON *.* TO 'asked'@'127.0.0.1'"_s);
    QString url = server.url();
    url.replace(u"tribikos:tribikos@"_s, u"asked@"_s);
    ApplyDriver driver(story, backend, url);
    // now it wants one
    if (isPostgres) {
        as(u"COPY (VALUES ('host all asked 127.0.0.1/32 scram-sha-256'), ('host all all "
           u"127.0.0.1/32 trust'), "
           "('local all all trust')) TO '%1'"_s.arg(hbaFile(server.url())));
        as(u"SELECT pg_reload_conf()"_s);
    } else {
        as(u"ALTER USER 'asked'@'127.0.0.1' IDENTIFIED BY 'right'"_s);
    }
    QTest::qWait(500); // it reads its file when it gets to it
    LoopWatch::instance()->reset();
    ApplyDialog *dialog = driver.openApply();
    VERIFY_PHASE(dialog, Phase::Refused);
    QVERIFY2(ApplyDriver::resultOf(dialog).contains(u"password"_s),
             qPrintable(ApplyDriver::stateText(dialog)));
    for (const QString &password : {u"wrong"_s, u"right"_s}) {
        QVERIFY(ApplyDriver::press(dialog, u"Password…"_s));
        auto *asking = dialog->findChild<PasswordDialog *>();
        QTRY_VERIFY(asking && asking->isVisible());
        QTest::keyClicks(asking->focusWidget(), password); // the keyboard is there already
        QTest::keyClick(asking->focusWidget(), Qt::Key_Return);
        VERIFY_PHASE(dialog, password == u"right" ? Phase::Ready : Phase::Refused);
        QTRY_VERIFY(!dialog->findChild<PasswordDialog *>());
    }
    QVERIFY(ApplyDriver::press(dialog, u"apply"_s));
    VERIFY_PHASE(dialog, Phase::Ended);
    VERIFY_NOT_HELD_UP();
}
