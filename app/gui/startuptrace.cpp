#include "app/gui/startuptrace.h"

#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/projectcontroller.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFile>
#include <QTimer>
#include <cstdio>
#include <ctime>
#include <unistd.h>

namespace tribikos {

std::optional<qint64> millisecondsSinceProcessStart()
{
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray line = stat.readAll();
    // the program's name may hold blanks: fields are counted after its closing parenthesis
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    constexpr int startTime = 22 - 3; // proc(5): field 22, the first one here is field 3
    timespec now{};
    const long ticks = sysconf(_SC_CLK_TCK);
    if (fields.size() <= startTime || ticks <= 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return std::nullopt;
    const qint64 started = fields[startTime].toLongLong() * 1000 / ticks;
    return qint64(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000 - started;
}

StartupTrace::StartupTrace(MainWindow *window)
    : QObject(window)
    , m_window(window)
{
    m_window->historyPage()->view()->viewport()->installEventFilter(this);
    connect(m_window->controller(), &ProjectController::openFailed, this, [](const Error &error) {
        std::fprintf(stderr, "%s\n", qPrintable(error.message));
        QCoreApplication::exit(1);
    });
    connect(m_window->controller(), &ProjectController::opened, this, [this] {
        if (m_window->historyPage()->model()->rowCount() > 0)
            return;
        std::fputs("The project has no revisions to show.\n", stderr);
        QCoreApplication::exit(1);
    });
}

bool StartupTrace::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Paint && !m_isPainted
        && m_window->historyPage()->model()->rowCount() > 0) {
        m_isPainted = true;
        QTimer::singleShot(0, this, &StartupTrace::report); // after this paint reached the screen
    }
    return QObject::eventFilter(watched, event);
}

void StartupTrace::report()
{
    const std::optional<qint64> milliseconds = millisecondsSinceProcessStart();
    if (milliseconds)
        std::printf("first paint: %lld ms\n", static_cast<long long>(*milliseconds));
    else
        std::fputs("The system does not tell when this process started.\n", stderr);
    std::fflush(stdout);
    QCoreApplication::exit(milliseconds ? 0 : 1);
}

} // namespace tribikos
