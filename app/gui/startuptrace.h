#pragma once

#include <QObject>
#include <optional>

namespace tribikos {

class MainWindow;

/// Milliseconds since the kernel started this process (its clock ticks: 10 ms on Linux); nullopt
/// where the system does not tell.
std::optional<qint64> millisecondsSinceProcessStart();

/// Prints "first paint: N ms" once the history with its rows has been painted, then ends the
/// program.
class StartupTrace final : public QObject
{
    Q_OBJECT
public:
    explicit StartupTrace(MainWindow *window);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void report();

    MainWindow *m_window = nullptr;
    bool m_isPainted = false;
};

} // namespace tribikos
