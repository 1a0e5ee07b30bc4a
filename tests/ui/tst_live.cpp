#include "suites.h"

#include "smallproject.h"
#include "ui/edit/historyediting.h"
#include "ui/history/historylist.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/projectcontroller.h"
#include "ui/shell/projectwatcher.h"
#include "ui/shell/settings.h"

#include <QAction>
#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// Files that change on disk, behind the window's back.
class tst_Live : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void changesShow_data();
    void changesShow();
    void selectionAndScrollStay();
    void theTopStaysTheTop();
    void aDeletedSelectionMovesOn();
    void aStormIsReadOnce();
    void ownEditsAreReadOnce();
    void aChangeDoesNotBringTheOldProjectBack();
    void aChangeWhileAnotherFailsToOpenShows();
    void aBrokenConfigurationIsSaidAndMended();
    void theKeyboardStaysWhereItIs();
    void pollingSpeaksByItself();
    void longHistoriesBeginFolded();

private:
    static constexpr int aSecond = 1000;
    HistoryModel *model() const { return m_window->historyPage()->model(); }
    HistoryView *view() const { return m_window->historyPage()->view(); }
    void settle() const;

    std::unique_ptr<SmallProject> m_project{};
    std::unique_ptr<Settings> m_settings{};
    std::unique_ptr<MainWindow> m_window{};
};

using Happen = std::function<void(const SmallProject &)>;
Q_DECLARE_METATYPE(Happen)

void tst_Live::init()
{
    m_project = std::make_unique<SmallProject>();
    m_settings = std::make_unique<Settings>(m_project->configFolder());
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->resize(1200, 700);
    m_window->show();
}

void tst_Live::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_project.reset();
}

/// Until nothing is read any more, and what was just written counts as old.
void tst_Live::settle() const
{
    QTest::qWait(400);
    QTRY_VERIFY(!m_window->controller()->isBusy());
}

void tst_Live::changesShow_data()
{
    QTest::addColumn<Happen>("happen");
    QTest::addColumn<QString>("after");
    QTest::newRow("written in place")
        << Happen([](const SmallProject &p) { p.addRevision(u"d"_s, u"'c'"_s); })
        << u"a: b:a c:b d:c"_s;
    QTest::newRow("a new file") << Happen([](const SmallProject &p) {
        p.addRevision(u"e"_s, u"'c'"_s);
    }) << u"a: b:a c:b d:b e:c"_s;
    QTest::newRow("renamed over") << Happen([](const SmallProject &p) {
        p.addRevision(u"d.tmp"_s, u"'c'"_s);
        QFile file(p.script(u"d.tmp"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll().replace("'d.tmp'", "'d'");
        file.close();
        p.write(u"d.new"_s, bytes);
        QVERIFY(QFile::remove(p.script(u"d.tmp"_s)) && QFile::remove(p.script(u"d"_s)));
        QVERIFY(QFile::rename(p.path() + u"/d.new"_s, p.script(u"d"_s)));
    }) << u"a: b:a c:b d:c"_s;
    QTest::newRow("deleted") << Happen([](const SmallProject &p) {
        QVERIFY(QFile::remove(p.script(u"d"_s)));
    }) << u"a: b:a c:b"_s;
    QTest::newRow("other folder") << Happen([](const SmallProject &p) {
        p.write(u"alembic.ini"_s, "[alembic]\nscript_location = %(here)s/migrations\n"
                                  "version_locations = %(here)s/other\n");
    }) << QString();
}

void tst_Live::changesShow()
{
    QFETCH(Happen, happen);
    QFETCH(QString, after);
    m_project->openIn(*m_window);
    settle();
    happen(*m_project);
    QTRY_COMPARE_WITH_TIMEOUT(SmallProject::shape(*m_window), after, aSecond);
    // and again, since what was watched may have been another file
    settle();
    if (after.isEmpty())
        return;
    m_project->addRevision(u"c"_s, u"'a'"_s);
    QTRY_VERIFY_WITH_TIMEOUT(SmallProject::shape(*m_window).contains(u"c:a"_s), aSecond);
}

void tst_Live::selectionAndScrollStay()
{
    for (int i = 0; i < 200; ++i)
        m_project->addRevision(u"n%1"_s.arg(i, 3, 10, QChar(u'0')),
                               i == 0 ? u"'d'"_s : u"'n%1'"_s.arg(i - 1, 3, 10, QChar(u'0')));
    m_project->openIn(*m_window);
    settle();
    view()->select(u"n100"_s);
    auto *sidebar = m_window->findChild<QTreeWidget *>();
    QTRY_VERIFY(!m_window->controller()->isBusy());
    QTreeWidgetItem *schema = sidebar->topLevelItem(2);
    if (schema->childCount() > 0)
        schema->child(0)->setExpanded(true);
    const int top = view()->verticalScrollBar()->value();
    QVERIFY(top > 0);
    const int y = view()->visualRect(view()->currentIndex()).y();
    m_project->addRevision(u"newest"_s, u"'n199'"_s);
    QTRY_COMPARE_WITH_TIMEOUT(model()->rowCount(), 205, aSecond);
    QCOMPARE(view()->selectedId(), u"n100"_s);
    QCOMPARE(view()->visualRect(view()->currentIndex()).y(), y);
    QCOMPARE(view()->verticalScrollBar()->value(), top + 1);
    QTRY_VERIFY(!m_window->controller()->isBusy());
    if (schema->childCount() > 0)
        QVERIFY(schema->child(0)->isExpanded());
}

void tst_Live::theTopStaysTheTop()
{
    m_project->openIn(*m_window);
    settle();
    view()->select(u"c"_s);
    m_project->addRevision(u"e"_s, u"'c'"_s);
    QTRY_COMPARE_WITH_TIMEOUT(model()->rowCount(), 5, aSecond);
    QCOMPARE(view()->verticalScrollBar()->value(), 0);
    QCOMPARE(view()->selectedId(), u"c"_s);
}

void tst_Live::aDeletedSelectionMovesOn()
{
    m_project->openIn(*m_window);
    settle();
    view()->select(u"d"_s);
    const int row = view()->currentIndex().row();
    QVERIFY(QFile::remove(m_project->script(u"d"_s)));
    QTRY_COMPARE_WITH_TIMEOUT(model()->rowCount(), 3, aSecond);
    QCOMPARE(view()->currentIndex().row(), row);
    QVERIFY(!view()->selectedId().isEmpty());
}

void tst_Live::aStormIsReadOnce()
{
    m_project->openIn(*m_window);
    settle();
    QSignalSpy opened(m_window->controller(), &ProjectController::opened);
    for (int i = 0; i < 100; ++i) {
        m_project->addRevision(u"s%1"_s.arg(i, 3, 10, QChar(u'0')), u"'a'"_s);
        if (i % 10 == 0)
            QTest::qWait(20);
    }
    QTRY_COMPARE(model()->rowCount(), 104);
    settle();
    QCOMPARE(opened.size(), 1);
}

void tst_Live::ownEditsAreReadOnce()
{
    m_project->openIn(*m_window);
    settle();
    QSignalSpy opened(m_window->controller(), &ProjectController::opened);
    view()->setDraggable(true);
    for (QAction *one : m_window->actions()) {
        if (QString(one->text()).remove(u'&') == u"Edit graph"_s)
            one->trigger();
    }
    const std::unique_ptr<QMimeData> data(
        model()->mimeData({model()->index(model()->rowOf(u"d"_s), 0)}));
    QVERIFY(model()->dropMimeData(data.get(), Qt::LinkAction, -1, -1,
                                  model()->index(model()->rowOf(u"a"_s), 0)));
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:a"_s);
    settle();
    QCOMPARE(opened.size(), 1);
}

/// The look at what has changed may end before or behind the opening of another project, by chance.
void tst_Live::aChangeDoesNotBringTheOldProjectBack()
{
    const SmallProject other;
    for (int round = 0; round < 10; ++round) {
        m_project->openIn(*m_window);
        settle();
        m_project->addRevision(u"e%1"_s.arg(round), u"'c'"_s);
        QSignalSpy opened(m_window->controller(), &ProjectController::opened);
        m_window->controller()->rereadIfChanged();
        m_window->openProject({.path = other.path()});
        QVERIFY(opened.wait());
        QTRY_VERIFY(!m_window->controller()->isBusy());
        QCOMPARE(QFileInfo(m_window->controller()->project()->path()).canonicalFilePath(),
                 QFileInfo(other.path()).canonicalFilePath());
    }
}

void tst_Live::aChangeWhileAnotherFailsToOpenShows()
{
    m_project->openIn(*m_window);
    settle();
    QSignalSpy failed(m_window->controller(), &ProjectController::openFailed);
    m_project->addRevision(u"e"_s, u"'c'"_s);
    m_window->controller()->rereadIfChanged();
    m_window->openProject({.path = m_project->path() + u"/none"_s});
    QVERIFY(failed.wait());
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:b e:c"_s);
}

void tst_Live::aBrokenConfigurationIsSaidAndMended()
{
    m_project->openIn(*m_window);
    settle();
    QFile ini(m_project->path() + u"/alembic.ini"_s);
    QVERIFY(ini.open(QIODevice::ReadOnly));
    const QByteArray good = ini.readAll();
    ini.close();
    QSignalSpy failed(m_window->controller(), &ProjectController::openFailed);
    m_project->write(u"alembic.ini"_s, "[alembic\n");
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, aSecond);
    QCOMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:b"_s); // what was known stays
    settle();
    QCOMPARE(failed.size(), 1);
    QSignalSpy opened(m_window->controller(), &ProjectController::opened);
    m_project->write(u"alembic.ini"_s, good);
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, aSecond);
}

void tst_Live::theKeyboardStaysWhereItIs()
{
    m_project->openIn(*m_window);
    settle();
    auto *search = m_window->findChild<QWidget *>(u"search"_s);
    search->setFocus();
    QVERIFY(search->isVisible());
    QVERIFY(m_window->focusWidget() == search);
    m_project->addRevision(u"e"_s, u"'c'"_s);
    QTRY_COMPARE_WITH_TIMEOUT(model()->rowCount(), 5, aSecond);
    QVERIFY(m_window->focusWidget() == search);
}

void tst_Live::pollingSpeaksByItself()
{
    ProjectWatcher watcher;
    QSignalSpy spoken(&watcher, &ProjectWatcher::mayHaveChanged);
    watcher.watch({.folders = {m_project->path()}, .mustPoll = true});
    QVERIFY(watcher.isPolling());
    QTRY_VERIFY_WITH_TIMEOUT(spoken.size() >= 1, aSecond);
    watcher.watch({.folders = {m_project->path()}});
    QVERIFY(!watcher.isPolling());
    watcher.watch({.folders = {m_project->path() + u"/nowhere"_s}}); // can't be listened to
    QVERIFY(watcher.isPolling());
}

void tst_Live::longHistoriesBeginFolded()
{
    m_project->openIn(*m_window);
    QCOMPARE(view()->shownRows(), 4);
    QVERIFY(!view()->list()->isFolding());
    QString parent = u"c"_s;
    for (int i = 0; i < HistoryFolds::longHistory; ++i) {
        const QString id = u"n%1"_s.arg(i, 4, 10, QLatin1Char('0'));
        m_project->addRevision(id, u"'%1'"_s.arg(parent));
        parent = id;
    }
    QTRY_COMPARE_WITH_TIMEOUT(model()->rowCount(), 4 + HistoryFolds::longHistory, 20'000);
    QCOMPARE(view()->shownRows(), model()->rowCount()); // not under the reader's eyes
    const auto openAnew = [this] {
        m_window = std::make_unique<MainWindow>(m_settings.get());
        m_window->show();
        m_project->openIn(*m_window);
    };
    openAnew();
    QVERIFY(view()->shownRows() < 10);
    QAction *fold = nullptr;
    for (QAction *action : m_window->findChildren<QAction *>()) {
        if (action->text() == u"&Fold straight runs"_s)
            fold = action;
    }
    QVERIFY(fold && fold->isChecked());
    fold->trigger();
    QCOMPARE(view()->shownRows(), model()->rowCount());
    openAnew(); // kept with the project
    QCOMPARE(view()->shownRows(), model()->rowCount());
}

int runLive(int argc, char **argv)
{
    tst_Live test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_live.moc"
