#include "suites.h"

#include "editingdriver.h"
#include "ui/schema/diagramview.h"
#include "ui/schema/schemamodel.h"
#include "ui/schema/schemapage.h"
#include "ui/shell/theme.h"
#include "ui/sql/sqlpane.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QImage>
#include <QLineEdit>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

TableName named(const QString &name)
{
    return {.name = name};
}

Column integer(const QString &name)
{
    SqlType type;
    type.name = u"Integer"_s;
    type.module = u"sqlalchemy"_s;
    Column column;
    column.name = name;
    column.type = std::make_shared<SqlType>(type);
    column.nullable = false;
    return column;
}

/// lines -> orders -> users, and notes apart.
SchemaView shop()
{
    SchemaView view;
    const auto add = [&view](const QString &name, const QString &target) {
        Table table{.name = named(name)};
        table.columns << integer(u"id"_s);
        table.constraints << PrimaryKey{.columns = {u"id"_s}};
        if (!target.isEmpty()) {
            table.columns << integer(target + u"_id"_s);
            ForeignKey key{.columns = {target + u"_id"_s}};
            key.target = named(target);
            key.targetColumns = {u"id"_s};
            table.constraints << key;
        }
        view.schema.tables.insert(table.name, table);
    };
    add(u"lines"_s, u"orders"_s);
    add(u"notes"_s, {});
    add(u"orders"_s, u"users"_s);
    add(u"users"_s, {});
    for (const Table &table : std::as_const(view.schema.tables)) {
        TableView one{.name = table.name, .revision = u"aa11"_s};
        for (const TablePart &part : tableParts(view.schema, table, Backend::Sqlite))
            one.parts.append({part, u"bb22"_s});
        view.tables.append(one);
    }
    NamedObject object{.kind = NamedObject::Kind::View, .name = named(u"recent"_s)};
    object.definition = u"CREATE VIEW recent AS SELECT 1"_s;
    view.objects.append({object, u"cc33"_s});
    return view;
}

QStringList shownTables(const SchemaPage &page)
{
    QStringList names;
    for (const DiagramTable &table : page.diagram()->picture().graph.tables)
        names << table.name.text();
    return names;
}

} // namespace

/// The page alone with hand-made schemas, then in the window of a real project.
class tst_SchemaPage : public EditingDriver
{
    Q_OBJECT
private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void listsEveryPart();
    void showsDefinitions();
    void goesToRevisions();
    void selectsInBothViews();
    void movesByArrowKeys();
    void filtersBothViews();
    void showsNeighboursOnly();
    void zoomsAboutThePointer();
    void drawsInBothThemes();
    void savesPictures();
    void saysWhyThereIsNone();
    void followsTheSelectedRevision();
    void offersModelsAndDatabase();

private:
    std::unique_ptr<SchemaPage> shown() const;
};

std::unique_ptr<SchemaPage> tst_SchemaPage::shown() const
{
    auto page = std::make_unique<SchemaPage>();
    page->resize(1000, 700);
    page->show();
    page->setView(shop(), Backend::Sqlite);
    [&] { QTRY_VERIFY(!page->isBusy()); }();
    return page;
}

void tst_SchemaPage::listsEveryPart()
{
    SchemaModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setView(std::make_shared<const SchemaView>(shop()));
    QCOMPARE(model.rowCount(), 5);
    const QModelIndex orders = model.indexOf(named(u"orders"_s));
    QCOMPARE(orders.data().toString(), u"orders"_s);
    QCOMPARE(orders.siblingAtColumn(SchemaModel::DefinitionColumn).data().toString(), u"2 columns"_s);
    QStringList parts;
    for (int row = 0; row < model.rowCount(orders); ++row)
        parts << model.index(row, 0, orders).data().toString() + u": "_s
                     + model.index(row, SchemaModel::DefinitionColumn, orders).data().toString();
    QCOMPARE(parts.value(0), u"id: INTEGER NOT NULL"_s);
    QCOMPARE(parts.value(1), u"users_id: INTEGER NOT NULL"_s);
    QCOMPARE(parts.value(2), u"primary key: (id)"_s);
    QVERIFY2(parts.value(3).startsWith(u"foreign key: (users_id)"_s), qPrintable(parts.value(3)));
    const QModelIndex column = model.index(1, 0, orders);
    QCOMPARE(column.data(SchemaModel::RevisionRole).toString(), u"bb22"_s);
    QVERIFY(column.data(Qt::AccessibleTextRole).toString().contains(u"last changed by bb22"_s));
    QCOMPARE(model.index(4, 0).data().toString(), u"view recent"_s);
    QVERIFY(!model.indexOf(named(u"nothing"_s)).isValid());
}

void tst_SchemaPage::showsDefinitions()
{
    const auto page = shown();
    QCOMPARE(page->summary(), u"4 tables, 6 columns"_s);
    page->select(named(u"orders"_s));
    QVERIFY(page->definition()->view()->text().startsWith(u"CREATE TABLE orders ("_s));
    QVERIFY(page->definition()->view()->text().contains(u"REFERENCES users (id)"_s));
    page->tree()->setCurrentIndex(page->tree()->model()->index(4, 0));
    QCOMPARE(page->definition()->view()->text(), u"CREATE VIEW recent AS SELECT 1"_s);
}

void tst_SchemaPage::goesToRevisions()
{
    const auto page = shown();
    const QSignalSpy asked(page.get(), &SchemaPage::revisionRequested);
    QTreeView *tree = page->tree();
    const QModelIndex table = tree->model()->index(0, 0);
    emit tree->activated(table); // opens and closes it, and goes nowhere
    QCOMPARE(asked.size(), 0);
    emit tree->activated(tree->model()->index(0, 0, table));
    QCOMPARE(asked.value(0).value(0).toString(), u"bb22"_s);
}

void tst_SchemaPage::selectsInBothViews()
{
    const auto page = shown();
    page->select(named(u"users"_s));
    QCOMPARE(page->diagram()->selected(), named(u"users"_s));
    const DiagramPicture &picture = page->diagram()->picture();
    const QRectF box = picture.layout.boxes[picture.indexOf(named(u"notes"_s))];
    emit page->diagram()->tableChosen(named(u"notes"_s));
    QCOMPARE(page->tree()->currentIndex().data().toString(), u"notes"_s);
    QCOMPARE(picture.tableAt(box.center()), picture.indexOf(named(u"notes"_s)));
    QCOMPARE(picture.tableAt({-50, -50}), -1);
}

void tst_SchemaPage::movesByArrowKeys()
{
    const auto page = shown();
    page->select(named(u"users"_s));
    DiagramView *diagram = page->diagram();
    QTest::keyClick(diagram, Qt::Key_Right);
    QCOMPARE(diagram->selected(), named(u"orders"_s));
    QTest::keyClick(diagram, Qt::Key_Right);
    QCOMPARE(diagram->selected(), named(u"lines"_s));
    QTest::keyClick(diagram, Qt::Key_Right); // nothing further
    QCOMPARE(diagram->selected(), named(u"lines"_s));
    QTest::keyClick(diagram, Qt::Key_Left);
    QCOMPARE(page->tree()->currentIndex().data().toString(), u"orders"_s);
}

void tst_SchemaPage::filtersBothViews()
{
    const auto page = shown();
    page->filterField()->setText(u"users_id"_s);
    QCOMPARE(page->tree()->model()->rowCount(), 1);
    QCOMPARE(page->tree()->model()->index(0, 0).data().toString(), u"orders"_s);
    QVERIFY(page->tree()->isExpanded(page->tree()->model()->index(0, 0)));
    QCOMPARE(shownTables(*page).size(), 4); // drawn back, not left out
    page->filterField()->clear();
    QCOMPARE(page->tree()->model()->rowCount(), 5);
}

void tst_SchemaPage::showsNeighboursOnly()
{
    const auto page = shown();
    page->select(named(u"users"_s));
    QTest::keyClick(page->diagram(), Qt::Key_Return);
    QTRY_VERIFY(!page->isBusy());
    QCOMPARE(shownTables(*page), (QStringList{u"orders"_s, u"users"_s}));
    page->setView(shop(), Backend::Sqlite); // read again: still the same neighbours
    QTRY_VERIFY(!page->isBusy());
    QCOMPARE(shownTables(*page).size(), 2);
    QTest::keyClick(page->diagram(), Qt::Key_Return);
    QTRY_VERIFY(!page->isBusy());
    QCOMPARE(shownTables(*page).size(), 4);
    page->setDetail(DiagramDetail::Names);
    QTRY_VERIFY(!page->isBusy());
    QVERIFY(page->diagram()->picture().graph.tables.first().rows.isEmpty());
}

void tst_SchemaPage::zoomsAboutThePointer()
{
    const auto page = shown();
    DiagramView *diagram = page->diagram();
    const qreal before = diagram->scale();
    QVERIFY(before <= 1);
    QTest::keyClick(diagram, Qt::Key_Plus);
    QVERIFY(diagram->scale() > before);
    for (int i = 0; i < 40; ++i)
        diagram->zoomOut();
    QVERIFY(diagram->scale() > 0);
    for (int i = 0; i < 60; ++i)
        diagram->zoomIn();
    QVERIFY(diagram->scale() < 10);
    diagram->zoomToFit();
    QCOMPARE(diagram->scale(), before);
}

void tst_SchemaPage::drawsInBothThemes()
{
    const auto page = shown();
    const DiagramPicture &picture = page->diagram()->picture();
    const QRectF bounds = diagramBounds(picture);
    for (const ThemeColors *theme : {&lightTheme(), &darkTheme()}) {
        QImage image(bounds.size().toSize(), QImage::Format_RGB32);
        image.fill(theme->window);
        QPainter painter(&image);
        painter.translate(-bounds.topLeft());
        paintDiagram(painter, picture, *theme, bounds, 1, {.selected = 0});
        painter.end();
        const QPoint inside = (picture.layout.boxes[1].bottomRight() - bounds.topLeft()).toPoint();
        QCOMPARE(image.pixelColor(inside - QPoint(8, 3)), theme->panel);
        const QPoint onLine = (picture.layout.routes[0][0] - bounds.topLeft()).toPoint();
        bool isMarked = false; // the chosen table's line stands out
        for (int dx = -6; dx <= 6; ++dx)
            isMarked |= image.pixelColor(onLine + QPoint(dx, 0)) == theme->accent;
        QVERIFY(isMarked);
    }
}

void tst_SchemaPage::savesPictures()
{
    const auto page = shown();
    const QTemporaryDir folder;
    const auto save = [&](const QString &name) {
        page->saveDiagram(folder.filePath(name));
        [&] { QTRY_VERIFY(!page->isBusy()); }();
        QFile file(folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QByteArray svg = save(u"schema.svg"_s);
    QVERIFY(svg.contains("<svg"));
    QVERIFY(svg.contains("users_id"));
    QVERIFY(!QImage::fromData(save(u"schema.png"_s)).isNull());
    QCOMPARE(save(u"no/such/folder/schema.svg"_s), QByteArray());
}

void tst_SchemaPage::saysWhyThereIsNone()
{
    const auto page = shown();
    page->setError({.code = ErrorCode::ProjectRefused, .message = u"models.py can’t be read."_s});
    QVERIFY(!page->tree()->isVisible());
    QVERIFY(!page->diagram()->selected());
    page->setView({}, Backend::Sqlite);
    QVERIFY(!page->tree()->isVisible());
}

void tst_SchemaPage::followsTheSelectedRevision()
{
    m_project->openIn(*m_window);
    m_window->show();
    trigger(u"Schema"_s);
    SchemaPage *page = m_window->schemaPage();
    QTRY_COMPARE(shownTables(*page), (QStringList{u"t_a"_s, u"t_b"_s, u"t_c"_s, u"t_d"_s}));
    select({u"b"_s});
    page->setSource({.revision = u"b"_s});
    QTRY_COMPARE(shownTables(*page), (QStringList{u"t_a"_s, u"t_b"_s}));
    select({u"c"_s}); // "at the selected revision" stays chosen
    QCOMPARE(page->source().revision, u"c"_s);
    QTRY_COMPARE(shownTables(*page), (QStringList{u"t_a"_s, u"t_b"_s, u"t_c"_s}));
    page->select(named(u"t_b"_s));
    const QModelIndex table = page->tree()->currentIndex();
    QCOMPARE(table.data(SchemaModel::RevisionRole).toString(), u"b"_s);
    emit page->revisionRequested(u"b"_s);
    QCOMPARE(m_window->historyPage()->view()->selectedId(), u"b"_s);
}

void tst_SchemaPage::offersModelsAndDatabase()
{
    m_project->upgrade(u"b"_s);
    m_project->openIn(*m_window);
    SchemaPage *page = m_window->schemaPage();
    QCOMPARE(page->sourceBox()->findText(u"Models"_s), -1); // the project names none
    m_window->show();
    m_window->showPage(page);
    QTRY_VERIFY(page->sourceBox()->findText(u"Database"_s, Qt::MatchStartsWith) >= 0);
    page->setSource({.kind = SchemaSource::Kind::Database});
    QTRY_COMPARE(shownTables(*page), (QStringList{u"t_a"_s, u"t_b"_s}));
    QCOMPARE(page->source().kind, SchemaSource::Kind::Database);
}

int runSchemaPage(int argc, char **argv)
{
    tst_SchemaPage test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_schemapage.moc"
