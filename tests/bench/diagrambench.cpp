// Times the diagram of a project's schema at head, or of N generated tables: laying it out, and painting a viewport of it,
// whole and at full size. Not a test: it passes or fails nothing.
//
//   tribikos-diagram-bench [--tables 500] [--save FILE.svg|FILE.png] [PROJECT]
#include "ui/schema/diagrampicture.h"
#include "ui/shell/picturefile.h"
#include "ui/shell/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QImage>
#include <QPainter>
#include <QRandomGenerator>
#include <QTextStream>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

/// As in real schemas: most tables refer to one or two others, a few hubs are referred to by many.
SchemaView generated(int tables)
{
    QRandomGenerator random(1);
    SchemaView view;
    const auto name = [](int i) { return u"t%1_things"_s.arg(i, 4, 10, QChar(u'0')); };
    for (int i = 0; i < tables; ++i) {
        Table table{.name = {.name = name(i)}};
        const auto add = [&table](const QString &column) {
            Column made;
            made.name = column;
            made.nullable = column.size() % 2 == 0;
            table.columns.append(made);
        };
        add(u"id"_s);
        table.constraints << PrimaryKey{.columns = {u"id"_s}};
        for (int k = int(random.bounded(3)); k > 0 && i > 0; --k) {
            const int other = int(random.bounded(random.bounded(3) ? i : qMin(i, 8)));
            const QString column = u"thing_%1_id"_s.arg(other);
            add(column);
            ForeignKey key{.columns = {column}};
            key.target.name = name(other);
            key.targetColumns = {u"id"_s};
            table.constraints << key;
        }
        for (int k = 0; k < 8; ++k)
            add(u"column_%1"_s.arg(k));
        view.schema.tables.insert(table.name, table);
        TableView one{.name = table.name};
        for (const TablePart &part : tableParts(view.schema, table, Backend::Sqlite))
            one.parts.append({part, {}});
        view.tables.append(one);
    }
    return view;
}

void measurePaint(const DiagramPicture &picture, qreal scale, const QString &name, QTextStream &out)
{
    QImage image(900, 560, QImage::Format_RGB32);
    const QRectF bounds = diagramBounds(picture);
    qint64 worst = 0;
    qint64 all = 0;
    constexpr int steps = 20;
    for (int step = 0; step < steps; ++step) {
        const QRectF exposed(bounds.topLeft() + QPointF(bounds.width(), bounds.height()) * step / steps,
                             QSizeF(image.size()) / scale);
        QElapsedTimer timer;
        timer.start();
        QPainter painter(&image);
        painter.fillRect(image.rect(), lightTheme().window);
        painter.scale(scale, scale);
        painter.translate(-exposed.topLeft());
        paintDiagram(painter, picture, lightTheme(), exposed, scale, {.selected = 0});
        painter.end();
        worst = qMax(worst, timer.nsecsElapsed());
        all += timer.nsecsElapsed();
        if (scale < 0.5)
            break; // the whole of it is one picture
    }
    out << u"paint %1: %2 ms (worst)"_s.arg(name).arg(double(worst) / 1e6, 0, 'f', 1) << Qt::endl;
}

} // namespace

int main(int argc, char *argv[])
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOption({u"tables"_s, u"How many tables to generate."_s, u"N"_s, u"500"_s});
    parser.addOption({u"save"_s, u"Write the picture there."_s, u"FILE"_s});
    parser.addPositionalArgument(u"PROJECT"_s, u"A project to draw instead."_s);
    parser.process(app);
    QTextStream out(stdout);
    SchemaView view;
    if (parser.positionalArguments().isEmpty()) {
        view = generated(parser.value(u"tables"_s).toInt());
    } else {
        const auto project = Project::open({.path = parser.positionalArguments().constFirst()});
        if (!project)
            qFatal("%s", qPrintable(project.error().message));
        view = *readSchemaView(**project, (*project)->defaultBackend(), {}, nullptr);
    }
    QElapsedTimer timer;
    timer.start();
    const DiagramPicture picture = makeDiagram(view, DiagramDetail::Columns, nullptr, app.font());
    const QSizeF size = picture.layout.size;
    out << u"lay out %1 tables, %2 keys: %3 ms, %4 x %5"_s.arg(picture.graph.tables.size())
               .arg(picture.graph.links.size())
               .arg(timer.elapsed())
               .arg(size.width())
               .arg(size.height())
        << Qt::endl;
    measurePaint(picture, qMin(900 / size.width(), 560 / size.height()), u"the whole"_s, out);
    measurePaint(picture, 1, u"at full size"_s, out);
    if (parser.isSet(u"save"_s)) {
        const QRectF bounds = diagramBounds(picture);
        const Status saved = savePicture(
            {.title = u"Schema"_s, .size = bounds.size().toSize(), .paint = [&](QPainter &painter) {
                 painter.fillRect(QRectF({}, bounds.size()), lightTheme().window);
                 painter.translate(-bounds.topLeft());
                 paintDiagram(painter, picture, lightTheme(), bounds, 1);
             }},
            parser.value(u"save"_s));
        if (!saved)
            qFatal("%s", qPrintable(saved.error().message));
    }
    return 0;
}
