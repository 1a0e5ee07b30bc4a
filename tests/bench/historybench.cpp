// Lists the history of generated projects of growing size, and writes their offline SQL, and shows
// how the time grows. Every figure stands beside a floor taken in the same run (reading every
// file), so that the ratio means something on a noisy machine. Not a test: it passes or fails
// nothing.
//
//   tribikos-bench [--sizes 100,1000,10000] [--runs 5] [--sql] [--keep DIR]
#include "core/project/project.h"
#include "tests/bench/generator.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTextStream>
#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

double medianMs(int runs, const std::function<void()> &work)
{
    QList<double> times;
    work(); // warm: file cache and allocator
    for (int run = 0; run < runs; ++run) {
        QElapsedTimer timer;
        timer.start();
        work();
        times.append(double(timer.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(times);
    return times.at(times.size() / 2);
}

void readEveryFile(const QString &folder)
{
    qint64 bytes = 0;
    const QDir versions(folder + u"/versions"_s);
    for (const QString &name : versions.entryList(QDir::Files)) {
        QFile file(versions.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            bytes += file.readAll().size();
    }
    if (bytes == 0)
        qFatal("the generated project is empty");
}

ProjectPtr openProject(const QString &folder, int revisions)
{
    const auto project = Project::open({.path = folder});
    if (!project)
        qFatal("%s", qPrintable(project.error().message));
    if ((*project)->history().size() != revisions)
        qFatal("%lld rows instead of %d", qlonglong((*project)->history().size()), revisions);
    return *project;
}

void writeSql(const ProjectPtr &project)
{
    const auto plan = project->planUpgrade(Backend::PostgreSql, {}, u"heads"_s);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().message));
    const auto text = scriptText(*plan);
    if (!text)
        qFatal("%s", qPrintable(text.error().message));
}

/// The exponent of growth between two measurements: 1 is linear.
QString slope(double earlierMs, double laterMs, int earlier, int later)
{
    return QString::number(std::log(laterMs / earlierMs) / std::log(double(later) / earlier), 'f',
                           2);
}

struct Previous
{
    int size = 0;
    double history = 0;
    double sql = 0;
};

void measure(const QString &folder, const QString &shapeName, bench::Shape shape, int size,
             int runs, bool withSql, Previous *previous, QTextStream &out)
{
    if (!bench::generateProject(folder, size, shape))
        qFatal("the project can't be written to %s", qPrintable(folder));
    const double floorMs = medianMs(runs, [&] { readEveryFile(folder); });
    const double historyMs = medianMs(runs, [&] { openProject(folder, size); });
    out << u"%1 %2  read files %3 ms  history %4 ms  ratio %5"_s.arg(shapeName, -8)
               .arg(size, 6)
               .arg(floorMs, 8, 'f', 2)
               .arg(historyMs, 8, 'f', 2)
               .arg(historyMs / floorMs, 6, 'f', 2);
    if (previous->size > 0)
        out << u"  growth n^"_s << slope(previous->history, historyMs, previous->size, size);
    double sqlMs = 0;
    if (withSql) {
        const ProjectPtr project = openProject(folder, size);
        sqlMs = medianMs(qMax(1, runs / 2), [&] { writeSql(project); });
        out << u"  offline SQL %1 ms"_s.arg(sqlMs, 8, 'f', 1);
        if (previous->size > 0)
            out << u"  growth n^"_s << slope(previous->sql, sqlMs, previous->size, size);
    }
    out << Qt::endl;
    *previous = {size, historyMs, sqlMs};
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Times the history of generated projects of growing size."_s);
    parser.addHelpOption();
    parser.addOption({u"sizes"_s, u"Revisions, comma separated."_s, u"N,N"_s, u"100,1000,10000"_s});
    parser.addOption({u"runs"_s, u"Counted runs; the median is shown."_s, u"N"_s, u"5"_s});
    parser.addOption({u"sql"_s, u"Time the offline SQL from base to heads, too."_s});
    parser.addOption(
        {u"keep"_s, u"Generate below this folder and leave the projects there."_s, u"DIR"_s});
    parser.process(app);

    const QTemporaryDir temporary;
    const QString base = parser.isSet(u"keep"_s) ? parser.value(u"keep"_s) : temporary.path();
    QTextStream out(stdout);
    for (const auto &[name, shape] : {std::pair{u"straight"_s, bench::Shape::Straight},
                                      std::pair{u"branchy"_s, bench::Shape::Branchy}}) {
        Previous previous;
        for (const QString &size : parser.value(u"sizes"_s).split(u','))
            measure(u"%1/%2-%3"_s.arg(base, name, size), name, shape, size.toInt(),
                    qMax(1, parser.value(u"runs"_s).toInt()), parser.isSet(u"sql"_s), &previous,
                    out);
    }
    return 0;
}
