#include "core/graph/versionrows.h"
#include "textgraph.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

/// One recorded answer: "command words = answer"; an answer that begins with "!" is a refusal,
/// "! *" one of Python's own, whose words are nobody's business.
struct Recorded
{
    QStringList command{};
    QString answer{};
};

QStringList rowsOf(const QString &text)
{
    return text == u"-" ? QStringList() : text.split(u',');
}

template<typename T>
QString refusalOf(const Result<T> &result)
{
    return u"! "_s + result.error().message;
}

QString sorted(QStringList ids)
{
    ids.sort();
    return ids.join(u' ');
}

Result<QList<GraphStep>> stepsOf(const RevisionGraph &graph, const QStringList &command)
{
    const QStringList rows = rowsOf(command[1]);
    return command[0] == u"down" ? graph.downgradeSteps(command[2], rows)
                                 : graph.upgradeSteps(command[2], rows);
}

QString planAnswer(const RevisionGraph &graph, const QStringList &command)
{
    const auto steps = stepsOf(graph, command);
    if (!steps)
        return refusalOf(steps);
    QStringList ids;
    for (const GraphStep &step : *steps)
        ids.append(graph.revision(step.node).id);
    return ids.join(u' ');
}

QString rowsAfter(const RevisionGraph &graph, const QStringList &command)
{
    QStringList rows = rowsOf(command[1]);
    const auto steps = stepsOf(graph, command);
    if (!steps)
        return refusalOf(steps);
    for (const GraphStep &step : *steps) {
        const auto changes = versionRowChanges(graph, rows, step);
        if (!changes)
            return refusalOf(changes);
        rows = changes->rowsAfter;
    }
    return sorted(rows);
}

QString stampAnswer(const RevisionGraph &graph, const QStringList &command)
{
    const QStringList rows = rowsOf(command[1]);
    const auto steps = stampSteps(graph, command[2].split(u','), rows);
    if (!steps)
        return refusalOf(steps);
    return sorted(steps->isEmpty() ? rows : steps->constLast().rows.rowsAfter);
}

QString listed(const RevisionGraph &graph, const Result<QList<int>> &nodes)
{
    return nodes ? graph.ids(*nodes).join(u' ') : refusalOf(nodes);
}

QString answer(const RevisionGraph &graph, const QStringList &command)
{
    const QString verb = command[0];
    if (verb == u"heads")
        return graph.ids(graph.heads()).join(u' ');
    if (verb == u"realheads")
        return graph.ids(graph.realHeads()).join(u' ');
    if (verb == u"bases")
        return graph.ids(graph.bases()).join(u' ');
    if (verb == u"history")
        return listed(graph, graph.historyRange(QString(), QString()));
    if (verb == u"labels")
        return sorted(graph.labels(graph.find(command[1])));
    if (verb == u"current") {
        const auto nodes = graph.currentNodes(rowsOf(command[1]));
        return nodes ? sorted(graph.ids(*nodes)) : refusalOf(nodes);
    }
    if (verb == u"up" || verb == u"down")
        return planAnswer(graph, command);
    if (verb == u"after")
        return rowsAfter(graph, command.mid(1));
    if (verb == u"show")
        return listed(graph, graph.resolve(command[1]));
    if (verb == u"range")
        return listed(graph, graph.historyRange(command[1], command[2]));
    return verb == u"stamp" ? stampAnswer(graph, command) : u"unknown command"_s;
}

} // namespace

/// Alembic's answers to random histories, recorded from Alembic 1.19.2 and compared one by one.
class tst_Alembic : public QObject
{
    Q_OBJECT
private slots:
    void recorded_data();
    void recorded();
};

void tst_Alembic::recorded_data()
{
    QTest::addColumn<QString>("graph");
    QTest::addColumn<QStringList>("lines");
    QFile file(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/data/graph/alembic.txt"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QString graph;
    QStringList lines;
    int count = 0;
    const auto flush = [&] {
        if (!graph.isEmpty())
            QTest::addRow("graph %d", ++count) << graph << lines;
        lines.clear();
    };
    for (const QString &line : QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts)) {
        if (line.startsWith(u"graph ")) {
            flush();
            graph = line.mid(6);
        } else {
            lines.append(line);
        }
    }
    flush();
}

void tst_Alembic::recorded()
{
    QFETCH(QString, graph);
    QFETCH(QStringList, lines);
    const RevisionGraph built = graphFromText(graph);
    QVERIFY(!built.refusal());
    QStringList differences;
    for (const QString &line : lines) {
        const qsizetype split = line.indexOf(u" = ");
        const QString expected = line.mid(split + 3);
        const QString actual = answer(built, line.left(split).split(u' '));
        const bool isEqual = expected == u"! *" ? actual.startsWith(u"! ") : actual == expected;
        if (!isEqual)
            differences.append(u"%1\n    got: %2"_s.arg(line, actual));
    }
    QVERIFY2(differences.isEmpty(), qPrintable(graph + u'\n' + differences.join(u'\n')));
}

int runAlembicTest(int argc, char **argv)
{
    tst_Alembic test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_alembic.moc"
