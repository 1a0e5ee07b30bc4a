#include "suites.h"

#include "editingdriver.h"
#include "tests/git/testrepository.h"
#include "ui/apply/applydialog.h"
#include "ui/git/forecastdialog.h"
#include "ui/git/gitcommands.h"
#include "ui/git/gitwording.h"
#include "ui/git/rescuedialog.h"
#include "ui/history/historyfacts.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// What the repository adds to the window. Every test begins with a - b on main, and a database.
class tst_GitWindow : public EditingDriver
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void noRepositoryNoFeature();
    void authorsComeByThemselves();
    void aForecastAndWhatIsDueAfterwards_data();
    void aForecastAndWhatIsDueAfterwards();
    void verdicts();
    void aRefusedRefIsSaid();
    void aLostRevisionIsBroughtBack();
    void aLostRevisionIsStampedAway();
    void aMissingParentIsBroughtBack();
    void nowhereIsSaid();

private:
    void openRepository() const;
    void loseRevisionOfTheDatabase() const;
    QToolButton *bannerButton(const InlineBanner *banner) const
    {
        return banner->findChild<QToolButton *>(u"action"_s);
    }

    std::unique_ptr<TestRepository> m_git{};
};

void tst_GitWindow::init()
{
    setUp();
    m_git = std::make_unique<TestRepository>();
    m_git->beginProject();
    m_git->write(u".gitignore"_s, "*.sqlite\n");
    m_git->write(u"script.py.mako"_s, m_project->read(u"migrations/script.py.mako"_s));
    m_git->write(u"alembic.ini"_s, "[alembic]\nscript_location = .\nversion_locations = versions\n"
                                   "sqlalchemy.url = sqlite:///shop.sqlite\n");
    m_git->commit(u"a database"_s);
}

void tst_GitWindow::cleanup()
{
    tearDown();
    m_git.reset();
}

void tst_GitWindow::openRepository() const
{
    SmallProject::openPath(*m_window, m_git->path());
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->facts()->isBusy(), 20'000);
}

void tst_GitWindow::noRepositoryNoFeature()
{
    m_project->openIn(*m_window);
    QTRY_VERIFY(!m_window->facts()->isBusy());
    QVERIFY(!m_window->facts()->hasRepository());
    QVERIFY(!action(u"Merge forecast"_s)->isVisible());
    QVERIFY(!action(u"Find lost"_s)->isVisible());
    QVERIFY(view()->isColumnHidden(HistoryModel::AuthorColumn));
    QVERIFY2(notice().isEmpty(), qPrintable(notice()));
    openRepository();
    QVERIFY(action(u"Merge forecast"_s)->isVisible());
    m_project->openIn(*m_window); // and away again
    QTRY_VERIFY(!action(u"Merge forecast"_s)->isVisible());
}

void tst_GitWindow::authorsComeByThemselves()
{
    m_git->revision(u"c"_s, u"'b'"_s);
    m_git->commit(u"prices"_s, u"Ada"_s);
    m_window->resize(1700, 900);
    openRepository();
    const auto author = [this](const QString &id) {
        return model()->index(model()->rowOf(id), HistoryModel::AuthorColumn).data().toString();
    };
    QTRY_COMPARE(author(u"c"_s), u"Ada"_s);
    QCOMPARE(author(u"a"_s), u"Test"_s);
    QTRY_VERIFY(!view()->isColumnHidden(HistoryModel::AuthorColumn));
    m_window->findChild<QLineEdit *>(u"search"_s)->setText(u"ada@example"_s);
    QTRY_COMPARE(view()->shownRows(), 1);
    QCOMPARE(view()->selectedId(), u"c"_s);

    m_git->revision(u"d"_s, u"'c'"_s);
    QTRY_VERIFY(model()->rowOf(u"d"_s) >= 0);
    QCOMPARE(author(u"d"_s), QString()); // not committed yet
    QCOMPARE(author(u"c"_s), u"Ada"_s);
    m_git->commit(u"more"_s, u"Bob"_s);
    QTRY_COMPARE(author(u"d"_s), u"Bob"_s); // no script has changed, HEAD has
}

void tst_GitWindow::aForecastAndWhatIsDueAfterwards_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<QString>("after");
    QTest::newRow("a merge revision") << u"merge"_s << u"a: b:a c:b d:b NEW:c,d"_s;
    QTest::newRow("re-parenting") << u"reparent"_s << u"a: b:a c:b d:c"_s;
}

void tst_GitWindow::aForecastAndWhatIsDueAfterwards()
{
    QFETCH(QString, button);
    QFETCH(QString, after);
    m_git->branch(u"feature"_s);
    m_git->revision(u"c"_s, u"'b'"_s, "op.add_column('shops', sa.Column('city', sa.Text()))");
    m_git->commit(u"city"_s);
    m_git->checkout(u"main"_s);
    m_git->revision(u"d"_s, u"'b'"_s, "op.add_column('shops', sa.Column('city', sa.Text()))");
    m_git->commit(u"city as well"_s);
    openRepository();
    ForecastDialog *dialog = m_window->git()->openForecast();
    QTRY_VERIFY(dialog->forecast()); // of the only other branch
    QCOMPARE(dialog->forecast()->ref, u"feature"_s);
    const QString verdict = dialog->findChild<InlineBanner *>()->text();
    QVERIFY2(verdict.contains(u"d (here)"_s) && verdict.contains(u"c (on feature)"_s),
             qPrintable(verdict));
    const auto *overlaps = dialog->findChild<QTreeWidget *>(u"overlaps"_s);
    QCOMPARE(overlaps->topLevelItemCount(), 1);
    QCOMPARE(overlaps->topLevelItem(0)->text(0), u"shops"_s);
    QCOMPARE(overlaps->topLevelItem(0)->text(1), u"city"_s);
    QCOMPARE(dialog->findChild<HistoryView *>()->shownRows(), 4);
    dialog->findChild<QPushButton *>(button)->click();
    QVERIFY2(notice().contains(u"Once feature is merged"_s), qPrintable(notice()));

    m_git->git({u"merge"_s, u"-q"_s, u"--no-edit"_s, u"feature"_s});
    QTRY_VERIFY(notice().contains(u"has the heads"_s));
    bannerButton(m_window->historyPage()->notice())->click();
    if (button == u"merge"_s)
        submit();
    const auto shape = [this] {
        QString text = SmallProject::shape(*m_window);
        for (const QString &part : text.split(u' ')) {
            if (part.indexOf(u':') == 12)
                text.replace(part.left(12), u"NEW"_s);
        }
        QStringList parts = text.split(u' ');
        std::ranges::sort(parts, [](const QString &one, const QString &other) {
            return one.section(u':', 0, 0).toLower() < other.section(u':', 0, 0).toLower();
        });
        return parts.join(u' ');
    };
    QTRY_COMPARE(shape(), after);
    QVERIFY2(notice().isEmpty(), qPrintable(notice()));
}

void tst_GitWindow::verdicts()
{
    MergeForecast forecast{.ref = u"feature"_s};
    QCOMPARE(forecastVerdict(forecast).kind, InlineBanner::Kind::Success);
    QVERIFY(forecastVerdict(forecast).title.contains(u"no revision that isn’t here"_s));
    forecast.onlyThere = {u"c"_s};
    forecast.heads = {u"c"_s};
    QCOMPARE(forecastVerdict(forecast).title, u"One head after the merge: c"_s);
    forecast.problems = {Diagnostic{.message = u"c and d have one id"_s}};
    QCOMPARE(forecastVerdict(forecast).kind, InlineBanner::Kind::Error);
    QCOMPARE(forecastNotes(forecast), QStringList{u"✖ c and d have one id"_s});
    forecast.split = {u"c"_s, u"d"_s};
    forecast.sides = {{u"c"_s, RevisionSide::There}, {u"d"_s, RevisionSide::Here}};
    QCOMPARE(forecastVerdict(forecast).kind, InlineBanner::Kind::Warning);
    QVERIFY(forecastVerdict(forecast).title.contains(u"c (on feature) and d (here)"_s));
    QCOMPARE(forecastMarks(forecast).value(u"c"_s).text, u"only on feature"_s);
    forecast.ref = u"team/quite-a-long-name-for-a-branch"_s;
    QVERIFY(forecastMarks(forecast).value(u"c"_s).text.endsWith(u'…'));
}

void tst_GitWindow::aRefusedRefIsSaid()
{
    openRepository();
    ForecastDialog *dialog = m_window->git()->openForecast();
    QTRY_VERIFY(!dialog->isBusy());
    for (const QString &ref : {u"nothing-like-it"_s, u"--upload-pack=x"_s}) {
        dialog->choose(ref);
        QTRY_VERIFY(!dialog->isBusy());
        QVERIFY(!dialog->forecast());
        QVERIFY(!dialog->findChild<InlineBanner *>()->text().isEmpty());
        QVERIFY(!dialog->findChild<QPushButton *>(u"merge"_s)->isVisible());
    }
}

/// The database is at c, which only the branch side has.
void tst_GitWindow::loseRevisionOfTheDatabase() const
{
    m_git->branch(u"side"_s);
    m_git->revision(u"c"_s, u"'b'"_s, "op.create_table('t_c', sa.Column('id', sa.Integer()))");
    m_git->commit(u"a side way"_s, u"Ada"_s);
    SmallProject::upgradeAt(m_git->path(), u"c"_s);
    m_git->checkout(u"main"_s);
}

void tst_GitWindow::aLostRevisionIsBroughtBack()
{
    loseRevisionOfTheDatabase();
    openRepository();
    InlineBanner *banner = m_window->historyPage()->banner();
    QTRY_VERIFY(banner->text().contains(u"no file here has"_s));
    QTRY_VERIFY(bannerButton(banner)->isVisible());
    bannerButton(banner)->click();
    QVERIFY(dialog());
    auto *rescue = qobject_cast<RescueDialog *>(dialog());
    QVERIFY(rescue);
    QTRY_VERIFY(!rescue->isSearching());
    const QString found = rescue->findChild<QLabel *>(u"found"_s)->text();
    for (const QString &part : {u"Ada <ada@example.org>"_s, u"a side way"_s, u"on side"_s})
        QVERIFY2(found.contains(part), qPrintable(found));
    submit();
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b"_s);
    QTRY_VERIFY(m_window->controller()->reading().state->unknown.isEmpty());
    QTRY_VERIFY(!dialog());
    QTRY_VERIFY(!m_window->controller()->isBusy() && !m_window->editing()->isBusy());
    trigger(u"Undo"_s); // a database has it: its file stays
    QTRY_VERIFY(notice().contains(u"applied"_s));
    QVERIFY(QFile::exists(m_git->path(u"versions/c.py"_s)));
}

void tst_GitWindow::aLostRevisionIsStampedAway()
{
    loseRevisionOfTheDatabase();
    openRepository();
    RescueDialog *rescue = m_window->git()->openRescue(u"c"_s);
    QVERIFY(rescue);
    QTRY_VERIFY(!rescue->isSearching());
    auto *stamp = rescue->findChild<QPushButton *>(u"stamp"_s);
    QVERIFY2(stamp->text().contains(u"at b"_s), qPrintable(stamp->text()));
    stamp->click();
    auto *apply = m_window->findChild<ApplyDialog *>();
    QVERIFY(apply);
    QTRY_COMPARE(apply->phase(), ApplyDialog::Phase::Ready);
    QVERIFY2(apply->windowTitle().startsWith(u"Stamp"_s), qPrintable(apply->windowTitle()));
    for (QPushButton *button : apply->findChildren<QPushButton *>()) {
        if (button->text() == u"&Stamp"_s)
            button->click();
    }
    QTRY_COMPARE(apply->phase(), ApplyDialog::Phase::Ended);
    QTRY_COMPARE(m_window->controller()->reading().state->rows, QStringList{u"b"_s});
    QVERIFY(m_window->controller()->reading().state->schema->tables.contains({{}, u"t_c"_s}));
}

void tst_GitWindow::aMissingParentIsBroughtBack()
{
    m_git->branch(u"side"_s);
    m_git->revision(u"c"_s, u"'b'"_s);
    m_git->commit(u"a side way"_s);
    m_git->checkout(u"main"_s);
    m_git->revision(u"d"_s, u"'c'"_s);
    openRepository();
    select({u"c"_s});
    trigger(u"Find lost"_s);
    auto *rescue = qobject_cast<RescueDialog *>(dialog());
    QVERIFY(rescue);
    QTRY_VERIFY(!rescue->isSearching());
    QVERIFY(!rescue->findChild<QPushButton *>(u"stamp"_s)->isVisible()); // no database is at it
    submit();
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a c:b d:c"_s);
    QTRY_VERIFY(!dialog());
    QTRY_VERIFY(!m_window->controller()->isBusy() && !m_window->editing()->isBusy());
    trigger(u"Undo"_s);
    QTRY_COMPARE(SmallProject::shape(*m_window), u"a: b:a d:c"_s);
    QVERIFY(!QFile::exists(m_git->path(u"versions/c.py"_s)));
}

void tst_GitWindow::nowhereIsSaid()
{
    m_git->revision(u"d"_s, u"'nowhere'"_s);
    openRepository();
    QVERIFY(!m_window->git()->openRescue({}));
    RescueDialog *rescue = m_window->git()->openRescue(u"nowhere"_s);
    QTRY_VERIFY(!rescue->isSearching());
    QVERIFY(rescue->findChild<QLabel *>(u"found"_s)->text().contains(u"No branch, tag, stash"_s));
    QVERIFY(!rescue->findChild<QPushButton *>(u"submit"_s)->isEnabled());
}

int runGitWindow(int argc, char **argv)
{
    tst_GitWindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_gitwindow.moc"
