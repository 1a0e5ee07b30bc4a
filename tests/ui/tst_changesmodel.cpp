#include "suites.h"

#include "samples.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/shell/emptystate.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace tribikos;
using namespace Qt::StringLiterals;

class tst_ChangesModel : public QObject
{
    Q_OBJECT
private slots:
    void indexesAreShownAsStatements();
    void differencesAreGroupedByTable();
    void ticksAreKept();
    void signs_data();
    void signs();
    void tooltipsAreEscaped();
    void pageSaysWhatWasCompared();
    void pageWithoutDifferences();
    void filterHidesAll();
};

namespace {
QList<Difference> three()
{
    using Kind = Difference::Kind;
    return {samples::difference(Kind::Column, u"purchases"_s, u"price"_s, Verdict::Pending),
            samples::difference(Kind::Index, u"purchases"_s, u"ix_hand"_s, Verdict::Drift),
            samples::difference(Kind::Table, u"refunds"_s, {}, Verdict::NeedsRevision)};
}
} // namespace

void tst_ChangesModel::differencesAreGroupedByTable()
{
    ChangesModel model;
    const QAbstractItemModelTester tester(&model);
    model.setDifferences(three());
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex purchases = model.index(0, 0);
    QCOMPARE(purchases.data().toString(), u"purchases"_s);
    QCOMPARE(model.rowCount(purchases), 2);
    QCOMPARE(model.index(1, ChangesModel::MigrationsColumn, purchases).data().toString(),
             u"— missing"_s);
    const QModelIndex refunds = model.index(1, 0); // a whole table is one row
    QCOMPARE(model.rowCount(refunds), 0);
    QVERIFY(refunds.data(ChangesModel::DifferenceRole).value<const Difference *>());
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setDifferences(three());
    QCOMPARE(reset.count(), 0);
}

void tst_ChangesModel::ticksAreKept()
{
    ChangesModel model;
    const QAbstractItemModelTester tester(&model);
    model.setDifferences(three());
    QVERIFY(!model.setData(model.index(0, 0), Qt::Checked, Qt::CheckStateRole)); // a heading
    QVERIFY(model.setData(model.index(1, 0, model.index(0, 0)), Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(model.ticked().size(), 1);
    QCOMPARE(model.ticked().first().name, u"ix_hand"_s);
    model.setAllTicked(true);
    QCOMPARE(model.ticked().size(), 3);
    model.setAllTicked(false);
    QVERIFY(model.ticked().isEmpty());
}

void tst_ChangesModel::signs_data()
{
    QTest::addColumn<bool>("models");
    QTest::addColumn<bool>("migrations");
    QTest::addColumn<bool>("database");
    QTest::addColumn<bool>("hasModels");
    QTest::addColumn<QString>("sign");
    QTest::newRow("new") << true << false << false << true << u"+"_s;
    QTest::newRow("pending") << true << true << false << true << u"+"_s;
    QTest::newRow("changed") << true << true << true << true << u"~"_s;
    QTest::newRow("drift") << false << false << true << true << u"−"_s;
    QTest::newRow("pending, no models") << false << true << false << false << u"+"_s;
    QTest::newRow("drift, no models") << false << false << true << false << u"−"_s;
}

void tst_ChangesModel::signs()
{
    QFETCH(bool, models);
    QFETCH(bool, migrations);
    QFETCH(bool, database);
    QFETCH(bool, hasModels);
    Difference difference;
    difference.inModels = models;
    difference.inMigrations = migrations;
    difference.inDatabase = database;
    QTEST(differenceSign(difference, hasModels), "sign");
}

void tst_ChangesModel::tooltipsAreEscaped()
{
    ChangesModel model;
    model.setDifferences(three());
    const QModelIndex verdict = model.index(0, ChangesModel::VerdictColumn, model.index(0, 0));
    QVERIFY(!verdict.data(Qt::ToolTipRole).toString().contains(u"<b>"_s));
    QVERIFY(verdict.data().toString().contains(u"<b>"_s)); // painted as it is, never as markup
}

void tst_ChangesModel::pageSaysWhatWasCompared()
{
    ChangesPage page;
    Comparison comparison;
    comparison.differences = three();
    comparison.hasModels = true;
    comparison.hasDatabase = true;
    comparison.tables = 214;
    comparison.milliseconds = 310;
    page.setComparison(comparison, u"local"_s);
    QVERIFY(page.summary().contains(u"214"_s));
    QVERIFY(page.summary().contains(u"models ⇄ migrations@head ⇄ local"_s));
    QVERIFY(!page.view()->isColumnHidden(ChangesModel::DatabaseColumn));
    comparison.hasDatabase = false;
    page.setComparison(comparison, {});
    QVERIFY(page.view()->isColumnHidden(ChangesModel::DatabaseColumn));
    QVERIFY(page.summary().endsWith(u"models ⇄ migrations@head"_s));
}

void tst_ChangesModel::pageWithoutDifferences()
{
    ChangesPage page;
    page.setComparison({}, u"local"_s);
    QCOMPARE(page.findChild<EmptyState *>()->title(), u"No differences"_s);
}

void tst_ChangesModel::filterHidesAll()
{
    ChangesPage page;
    Comparison comparison;
    comparison.differences = three();
    page.setComparison(comparison, u"local"_s);
    page.setFilter(u"price"_s);
    QCOMPARE(page.view()->model()->rowCount(), 1);
    page.setFilter(u"no such thing"_s);
    QCOMPARE(page.findChild<EmptyState *>()->title(), u"No difference matches the filter"_s);
}

void tst_ChangesModel::indexesAreShownAsStatements()
{
    Difference index = samples::difference(Difference::Kind::Index, u"users"_s, u"ix_users_email"_s,
                                           Verdict::Pending);
    QCOMPARE(sideSql(index, u"(email)"_s), u"CREATE INDEX ix_users_email ON users (email)"_s);
    QCOMPARE(sideSql(index, u"UNIQUE (email) WHERE email > 0"_s),
             u"CREATE UNIQUE INDEX ix_users_email ON users (email) WHERE email > 0"_s);
    index.kind = Difference::Kind::Column;
    QCOMPARE(sideSql(index, u"INTEGER"_s), u"INTEGER"_s);
}

int runChangesModel(int argc, char **argv)
{
    tst_ChangesModel test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_changesmodel.moc"
