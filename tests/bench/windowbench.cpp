// Times the window on a long history: opening it to the first paint, never seen before and again unchanged; searching,
// a keystroke after the other; painting a full viewport; scrolling through it. Each figure is a median, with the worst
// one beside it. Not a test: it passes or fails nothing.
//
//   tribikos-window-bench [--revisions 10000] [--runs 5] [--shape forked|branchy|straight] [--keep DIR]
#include "tests/bench/generator.h"
#include "ui/history/historyfacts.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/projectcontroller.h"
#include "ui/shell/settings.h"

#include <QAction>
#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTextStream>
#include <QThread>
#include <algorithm>
#include <ctime>
#include <functional>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

/// Of this thread, which on a busy machine says more than the clock on the wall; nanoseconds.
qint64 processorTime(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return qint64(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

/// How long something took, by both clocks.
class Stopwatch
{
public:
    explicit Stopwatch(clockid_t clock = CLOCK_THREAD_CPUTIME_ID)
        : m_clock(clock)
        , m_begin(processorTime(clock))
    {
        m_timer.start();
    }
    double wall() const { return double(m_timer.nsecsElapsed()) / 1e6; }
    double processor() const { return double(processorTime(m_clock) - m_begin) / 1e6; }

private:
    clockid_t m_clock;
    qint64 m_begin;
    QElapsedTimer m_timer{};
};

class Times
{
public:
    void add(const Stopwatch &watch)
    {
        m_wall.append(watch.wall());
        m_processor.append(watch.processor());
    }
    void add(double wall) { m_wall.append(wall); }
    QString text() const
    {
        return median(m_wall)
               + (m_processor.isEmpty() ? QString()
                                        : u", of the processor "_s + median(m_processor));
    }

private:
    static QString median(QList<double> all)
    {
        std::ranges::sort(all);
        return u"%1 ms (worst %2)"_s.arg(all.value(all.size() / 2), 0, 'f', 1)
            .arg(all.isEmpty() ? 0 : all.constLast(), 0, 'f', 1);
    }

    QList<double> m_wall{};
    QList<double> m_processor{};
};

void waitUntil(const std::function<bool()> &isTrue)
{
    while (!isTrue())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 10);
}

/// The moment at which a viewport with rows has been painted.
class FirstPaint final : public QObject
{
public:
    explicit FirstPaint(HistoryView *view)
        : m_view(view)
    {
        view->viewport()->installEventFilter(this);
    }
    bool isDone() const { return m_isDone; }

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && m_view->shownRows() > 0)
            m_isDone = true;
        return false;
    }

private:
    HistoryView *m_view = nullptr;
    bool m_isDone = false;
};

struct Opening
{
    Times read{};  // the files and the layout, on the worker
    Times paint{}; // from the request to the painted history
};

/// A window of its own, as a person who starts the program gets one.
void open(const QString &folder, const QString &settingsFolder, Opening *times)
{
    Settings settings(settingsFolder);
    MainWindow window(&settings);
    window.resize(1440, 900);
    window.show();
    QCoreApplication::processEvents();
    FirstPaint paint(window.historyPage()->view());
    const Stopwatch watch(CLOCK_PROCESS_CPUTIME_ID);
    window.openProject({.path = folder});
    waitUntil([&] { return paint.isDone(); });
    QCoreApplication::processEvents(); // what else belongs to it, before a key would be looked at
    times->paint.add(watch);
    times->read.add(double(window.controller()->project()->readMilliseconds()));
}

void measureOpening(const QString &folder, const QString &state, int runs, QTextStream &out)
{
    Opening cold;
    Opening warm;
    for (int run = 0; run < runs; ++run) {
        QDir(state + u"/cache"_s).removeRecursively();
        open(folder, state + u"/config"_s, &cold);
        open(folder, state + u"/config"_s, &warm);
    }
    out << u"open, never seen before: read and lay out "_s << cold.read.text()
        << u", to the first paint "_s << cold.paint.text() << Qt::endl;
    out << u"open, unchanged:         read and lay out "_s << warm.read.text()
        << u", to the first paint "_s << warm.paint.text() << Qt::endl;
}

void type(MainWindow &window, const QStringList &queries, Times *times)
{
    auto *search = window.findChild<QLineEdit *>(u"search"_s);
    for (const QString &query : queries) {
        for (int length = 1; length <= query.size(); ++length) {
            const Stopwatch watch;
            search->setText(query.left(length));
            QCoreApplication::sendPostedEvents();
            window.historyPage()->view()->viewport()->repaint();
            times->add(watch);
            QCoreApplication::processEvents();
        }
        const Stopwatch watch;
        search->clear();
        QCoreApplication::sendPostedEvents();
        window.historyPage()->view()->viewport()->repaint();
        times->add(watch);
    }
}

void measurePainting(HistoryView *view, const QString &name, QTextStream &out)
{
    Times paint;
    QScrollBar *bar = view->verticalScrollBar();
    for (int step = 0; step < 100; ++step) {
        bar->setValue(bar->maximum() * step / 100);
        QCoreApplication::processEvents();
        const Stopwatch watch;
        view->viewport()->repaint();
        paint.add(watch);
    }
    bar->setValue(0);
    out << u"paint a full viewport, "_s << name << u": "_s << paint.text() << Qt::endl;
}

void measureWindow(const QString &folder, const QString &state, QTextStream &out)
{
    Settings settings(state + u"/config"_s);
    MainWindow window(&settings);
    window.resize(1440, 900);
    window.show();
    window.openProject({.path = folder});
    HistoryPage *page = window.historyPage();
    waitUntil([&] { return window.controller()->project() && page->model()->rowCount() > 0; });
    measurePainting(page->view(), u"folded"_s, out);
    page->view()->setFolding(false);
    measurePainting(page->view(), u"all rows"_s, out);
    page->view()->setColumnWidth(HistoryModel::GraphColumn, 64 * 20);
    measurePainting(page->view(), u"all rows, 64 lanes wide"_s, out);
    page->view()->setFolding(true);
    const QStringList queries{u"change number 77"_s,
                              page->model()->idAt(page->model()->rowCount() / 2), u"t55 c551"_s};
    Times early;
    type(window, queries, &early);
    out << u"a keystroke, by ids and messages: "_s << early.text() << Qt::endl;
    window.findChild<QLineEdit *>(u"search"_s)->setText(u"c"_s);
    const Stopwatch background(CLOCK_PROCESS_CPUTIME_ID);
    waitUntil([&] { return !window.facts()->isBusy() && !window.controller()->isBusy(); });
    out << u"tables and columns for the search, in the background: "_s
        << qRound(background.wall()) << u" ms, of the processor "_s
        << qRound(background.processor()) << u" ms"_s << Qt::endl;
    Times late;
    type(window, queries, &late);
    out << u"a keystroke, tables and columns included: "_s << late.text() << Qt::endl;
}

} // namespace

int main(int argc, char *argv[])
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QTemporaryDir state; // settings, cache and log of this run
    qputenv("XDG_STATE_HOME", QFile::encodeName(state.filePath(u"state"_s)));
    qputenv("XDG_CACHE_HOME", QFile::encodeName(state.filePath(u"cache"_s)));
    QApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Times the window on a long generated history."_s);
    parser.addHelpOption();
    parser.addOption({u"revisions"_s, u"How long the history is."_s, u"N"_s, u"10000"_s});
    parser.addOption({u"runs"_s, u"Openings of each kind."_s, u"N"_s, u"5"_s});
    parser.addOption({u"shape"_s, u"forked, branchy or straight."_s, u"SHAPE"_s, u"forked"_s});
    parser.addOption(
        {u"keep"_s, u"Generate the project in this folder and leave it there."_s, u"DIR"_s});
    parser.process(app);
    const QString name = parser.value(u"shape"_s);
    const bench::Shape shape = name == u"branchy"_s    ? bench::Shape::Branchy
                               : name == u"straight"_s ? bench::Shape::Straight
                                                       : bench::Shape::Forked;
    const QString folder =
        parser.isSet(u"keep"_s) ? parser.value(u"keep"_s) : state.filePath(u"project"_s);
    if (!bench::generateProject(folder, parser.value(u"revisions"_s).toInt(), shape))
        qFatal("the project can't be written to %s", qPrintable(folder));
    QThread::sleep(3); // files of the last two seconds are read again each time
    applyTheme(app, ThemeChoice::Light);
    QTextStream out(stdout);
    measureOpening(folder, state.path(), qMax(1, parser.value(u"runs"_s).toInt()), out);
    measureWindow(folder, state.path(), out);
    return 0;
}
