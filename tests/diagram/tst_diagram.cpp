#include "core/diagram/diagramlayout.h"

#include <QRandomGenerator>
#include <QTest>
#include <cmath>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

Column column(const QString &name, bool isNullable = false)
{
    Column made;
    made.name = name;
    made.nullable = isNullable;
    return made;
}

Table table(const QString &name, const QStringList &others = {})
{
    Table made{.name = {.name = name}};
    made.columns << column(u"id"_s);
    made.constraints << PrimaryKey{.columns = {u"id"_s}};
    for (const QString &other : others) {
        made.columns << column(other + u"_id"_s);
        ForeignKey key{.columns = {other + u"_id"_s}};
        key.target.name = other;
        key.targetColumns = {u"id"_s};
        made.constraints << key;
    }
    return made;
}

Schema schemaOf(const QList<Table> &tables)
{
    Schema schema;
    for (const Table &one : tables)
        schema.tables.insert(one.name, one);
    return schema;
}

/// \a count tables that refer to any others, themselves and what refers to them included.
Schema randomSchema(int count, quint32 seed)
{
    QRandomGenerator random(seed);
    const auto name = [](int i) { return u"t%1"_s.arg(i, 4, 10, QChar(u'0')); };
    QList<Table> tables;
    for (int i = 0; i < count; ++i) {
        QStringList others;
        for (int k = int(random.bounded(4)); k > 0; --k) {
            const QString other = name(int(random.bounded(random.bounded(2) ? count : 3)));
            if (!others.contains(other))
                others << other;
        }
        tables << table(name(i), others);
    }
    return schemaOf(tables);
}

DiagramLayout layOut(const DiagramGraph &graph)
{
    QList<qreal> widths;
    for (const DiagramTable &one : graph.tables)
        widths << 100 + qreal(one.rows.size()) * 7;
    return layOutDiagram(graph, widths, {});
}

/// What is wrong with \a layout, or nothing.
QString fault(const DiagramGraph &graph, const DiagramLayout &layout)
{
    const QRectF all(QPointF(), layout.size);
    const auto boxText = [&](int i) { return graph.tables[i].name.text(); };
    for (int i = 0; i < layout.boxes.size(); ++i) {
        if (!all.adjusted(-0.1, -0.1, 0.1, 0.1).contains(layout.boxes[i]))
            return boxText(i) + u" stands outside"_s;
        for (int k = 0; k < i; ++k)
            if (layout.boxes[i].intersects(layout.boxes[k]))
                return boxText(i) + u" overlaps "_s + boxText(k);
    }
    const DiagramMetrics metrics;
    const auto anchor = [&](const QRectF &box, int row) {
        return row < 0 ? box.top() : box.top() + metrics.headHeight + (row + 0.5) * metrics.rowHeight;
    };
    for (int i = 0; i < layout.routes.size(); ++i) {
        const DiagramLink &link = graph.links[i];
        const QList<QPointF> &route = layout.routes[i];
        const QString text = boxText(link.from) + u" -> "_s + boxText(link.to);
        if (route.size() < 2)
            return text + u" has no line"_s;
        const auto isAtSide = [](const QRectF &box, const QPointF &point) {
            return (std::abs(point.x() - box.left()) < 0.1 || std::abs(point.x() - box.right()) < 0.1)
                   && point.y() > box.top() - 0.1 && point.y() < box.bottom() + 0.1;
        };
        if (!isAtSide(layout.boxes[link.from], route.first())
            || !isAtSide(layout.boxes[link.to], route.last()))
            return text + u" doesn't end at its boxes"_s;
        if (link.fromRow >= 0
            && std::abs(anchor(layout.boxes[link.from], link.fromRow) - route.first().y()) > 0.1)
            return text + u" doesn't start at its column"_s;
        for (int k = 1; k < route.size(); ++k) {
            const QPointF a = route[k - 1];
            const QPointF b = route[k];
            if (std::abs(a.x() - b.x()) > 0.6 && std::abs(a.y() - b.y()) > 0.6)
                return text + u" is slanted"_s;
            const QRectF piece = QRectF(a, b).normalized().adjusted(-0.01, -0.01, 0.01, 0.01);
            for (int box = 0; box < layout.boxes.size(); ++box)
                if (layout.boxes[box].adjusted(1, 1, -1, -1).intersects(piece))
                    return text + u" runs through "_s + boxText(box);
        }
    }
    return {};
}

} // namespace

class tst_Diagram : public QObject
{
    Q_OBJECT
private slots:
    void listsTheColumnsAskedFor()
    {
        Schema schema = schemaOf({table(u"users"_s), table(u"orders"_s, {u"users"_s})});
        schema.tables[{.name = u"orders"_s}].columns << column(u"note"_s, true);
        const auto rows = [&](DiagramDetail detail) {
            return diagramGraph(schema, detail).tables.first().rows;
        };
        QCOMPARE(rows(DiagramDetail::Names), QStringList());
        QCOMPARE(rows(DiagramDetail::Keys), (QStringList{u"id"_s, u"users_id"_s}));
        QCOMPARE(rows(DiagramDetail::Columns), (QStringList{u"id"_s, u"users_id"_s, u"note"_s}));
        const DiagramLink link = diagramGraph(schema, DiagramDetail::Keys).links.value(0);
        QCOMPARE(link.fromRow, 1);
        QCOMPARE(link.toRow, 0);
        QCOMPARE(diagramGraph(schema, DiagramDetail::Names).links.value(0).fromRow, -1);
    }

    void tellsHowManyStandAtEachEnd_data()
    {
        QTest::addColumn<Table>("orders");
        QTest::addColumn<LinkEnd>("from");
        QTest::addColumn<LinkEnd>("to");
        const Table plain = table(u"orders"_s, {u"users"_s});
        QTest::newRow("many to one") << plain << LinkEnd::ZeroOrMany << LinkEnd::One;
        Table nullable = plain;
        nullable.columns[1].nullable = true;
        QTest::newRow("nullable") << nullable << LinkEnd::ZeroOrMany << LinkEnd::ZeroOrOne;
        Table unique = plain;
        unique.constraints << UniqueConstraint{.columns = {u"users_id"_s}};
        QTest::newRow("unique") << unique << LinkEnd::ZeroOrOne << LinkEnd::One;
        Table pair = plain;
        pair.constraints << UniqueConstraint{.columns = {u"users_id"_s, u"id"_s}};
        QTest::newRow("unique with another") << pair << LinkEnd::ZeroOrMany << LinkEnd::One;
        Table index = plain;
        index.indexes << Index{.elements = {columnExpr(u"users_id"_s)}, .unique = true};
        QTest::newRow("unique index") << index << LinkEnd::ZeroOrOne << LinkEnd::One;
        Table partial = index;
        partial.indexes[0].options.insert(u"postgresql_where"_s, u"x"_s);
        QTest::newRow("partial index") << partial << LinkEnd::ZeroOrMany << LinkEnd::One;
        Table key = plain;
        std::get<PrimaryKey>(key.constraints[0]).columns = {u"users_id"_s};
        QTest::newRow("its primary key") << key << LinkEnd::ZeroOrOne << LinkEnd::One;
    }

    void tellsHowManyStandAtEachEnd()
    {
        QFETCH(Table, orders);
        QFETCH(LinkEnd, from);
        QFETCH(LinkEnd, to);
        const DiagramGraph graph =
            diagramGraph(schemaOf({table(u"users"_s), orders}), DiagramDetail::Columns);
        QCOMPARE(graph.links.size(), 1);
        QCOMPARE(graph.links[0].fromEnd, from);
        QCOMPARE(graph.links[0].toEnd, to);
    }

    void leavesOutWhatIsNotShown()
    {
        const Schema schema = schemaOf({table(u"a"_s), table(u"b"_s, {u"a"_s}), table(u"c"_s, {u"b"_s}),
                                        table(u"d"_s, {u"nowhere"_s})});
        QCOMPARE(diagramGraph(schema, DiagramDetail::Keys).links.size(), 2);
        const auto near = neighbourhood(schema, {.name = u"a"_s});
        QCOMPARE(near.size(), size_t(2));
        QVERIFY(near.contains({.name = u"b"_s}));
        QCOMPARE(neighbourhood(schema, {.name = u"a"_s}, 2).size(), size_t(3));
        const DiagramGraph part = diagramGraph(schema, DiagramDetail::Keys, &near);
        QCOMPARE(part.tables.size(), 2);
        QCOMPARE(part.links.size(), 1);
    }

    void findsTargetsInTheSameSchema()
    {
        Table users = table(u"users"_s);
        Table orders = table(u"orders"_s, {u"users"_s});
        users.name.schema = orders.name.schema = u"shop"_s;
        const Schema schema = schemaOf({users, orders, table(u"elsewhere"_s, {u"users"_s})});
        const DiagramGraph graph = diagramGraph(schema, DiagramDetail::Keys);
        QCOMPARE(graph.links.size(), 1);
        QCOMPARE(graph.tables[graph.links[0].to].name.text(), u"shop.users"_s);
    }

    void putsReferencedTablesLeft()
    {
        const Schema schema = schemaOf({table(u"users"_s), table(u"orders"_s, {u"users"_s}),
                                        table(u"lines"_s, {u"orders"_s, u"users"_s})});
        const DiagramGraph graph = diagramGraph(schema, DiagramDetail::Columns);
        const DiagramLayout layout = layOut(graph);
        for (const DiagramLink &link : graph.links)
            QVERIFY(layout.boxes[link.to].right() < layout.boxes[link.from].left());
        QCOMPARE(fault(graph, layout), QString());
    }

    void keepsBoxesAndLinesApart_data()
    {
        QTest::addColumn<Schema>("schema");
        QTest::newRow("nothing") << Schema();
        QTest::newRow("one") << schemaOf({table(u"a"_s)});
        QTest::newRow("onto itself") << schemaOf({table(u"a"_s, {u"a"_s}), table(u"b"_s, {u"a"_s})});
        QTest::newRow("cycle") << schemaOf(
            {table(u"a"_s, {u"c"_s}), table(u"b"_s, {u"a"_s}), table(u"c"_s, {u"b"_s})});
        QTest::newRow("each other")
            << schemaOf({table(u"a"_s, {u"b"_s}), table(u"b"_s, {u"a"_s})});
        QList<Table> star{table(u"hub"_s)};
        for (int i = 0; i < 120; ++i)
            star << table(u"n%1"_s.arg(i), {u"hub"_s});
        QTest::newRow("star") << schemaOf(star);
        for (quint32 seed = 1; seed <= 25; ++seed)
            QTest::addRow("random %u", seed) << randomSchema(5 + int(seed) * 4, seed);
        QTest::newRow("500") << randomSchema(500, 7);
    }

    void keepsBoxesAndLinesApart()
    {
        QFETCH(Schema, schema);
        for (const DiagramDetail detail :
             {DiagramDetail::Names, DiagramDetail::Keys, DiagramDetail::Columns}) {
            const DiagramGraph graph = diagramGraph(schema, detail);
            const DiagramLayout layout = layOut(graph);
            QCOMPARE(layout.boxes.size(), schema.tables.size());
            QCOMPARE(fault(graph, layout), QString());
            QCOMPARE(layOut(graph).boxes, layout.boxes);
        }
    }

    void packsIntoAReadableShape()
    {
        QList<Table> star{table(u"hub"_s)};
        for (int i = 0; i < 200; ++i)
            star << table(u"n%1"_s.arg(i), {u"hub"_s});
        const DiagramGraph graph = diagramGraph(schemaOf(star), DiagramDetail::Columns);
        const QSizeF size = layOut(graph).size;
        const QByteArray text = QByteArray::number(size.width()) + " x " + QByteArray::number(size.height());
        QVERIFY2(size.height() < 3 * size.width(), text);
        QVERIFY2(size.width() < 5 * size.height(), text);
    }

    void goesDownLongChains()
    {
        QList<Table> chain{table(u"t00000"_s)};
        for (int i = 1; i < 5000; ++i)
            chain << table(u"t%1"_s.arg(i, 5, 10, QChar(u'0')),
                           {u"t%1"_s.arg(i - 1, 5, 10, QChar(u'0'))});
        const DiagramGraph graph = diagramGraph(schemaOf(chain), DiagramDetail::Names);
        const DiagramLayout layout = layOut(graph);
        QVERIFY(layout.boxes.last().left() > layout.boxes.first().right());
    }

    void stopsWhenAsked()
    {
        std::stop_source stopped;
        stopped.request_stop();
        const DiagramGraph graph = diagramGraph(randomSchema(300, 3), DiagramDetail::Columns);
        const QList<qreal> widths(graph.tables.size(), 120);
        QCOMPARE(layOutDiagram(graph, widths, {}, stopped.get_token()).boxes.size(), 300);
    }
};

QTEST_GUILESS_MAIN(tst_Diagram)
#include "tst_diagram.moc"
