#pragma once

#include "tests/applywindow/loopwatch.h"
#include "tests/servers/lab.h"
#include "ui/apply/applydialog.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/settings.h"

#include <memory>

class QPushButton;

namespace tribikos {

/// A project of SQL scripts with a database, open in the real window: one of the servers, or a file.
class ApplyDriver
{
public:
    /// \a url: of a server's database; empty: a SQLite file beside the scripts.
    ApplyDriver(const lab::Story &story, Backend backend, const QString &url = {}, const QString &more = {});
    ~ApplyDriver();

    MainWindow &window() { return *m_window; }
    QString databaseFile() const { return m_story.folder() + QStringLiteral("/shop.sqlite"); }
    /// The version table's rows, read by a connection of the test's own.
    QStringList position() const;
    QList<Row> rows(const QString &sql) const;
    void exec(const QString &sql) const;
    /// A session of the test's own on the same database.
    std::unique_ptr<Session> session() const;

    /// Reads the files again, which a test has changed.
    void reread();
    /// Opens the apply window by its key and waits for its plan, or the reason why there is none.
    ApplyDialog *openApply();
    static ApplyDialog *waitForPlan(ApplyDialog *dialog);
    /// Presses the button of this name, or of this text, by the keyboard; false: there is none that could be pressed.
    static bool press(QWidget *parent, const QString &name);
    static bool canPress(QWidget *parent, const QString &name);
    static QString resultOf(const ApplyDialog *dialog);
    static QString stateText(const ApplyDialog *dialog);

    static constexpr int waitMs = 60'000;

private:
    const lab::Story &m_story;
    Backend m_backend;
    QString m_url{};
    std::unique_ptr<Settings> m_settings{};
    std::unique_ptr<MainWindow> m_window{};
};

/// What takes \a seconds on the database, unless it is cancelled.
QString slowStatement(Backend backend, int seconds);

} // namespace tribikos

/// For test functions: no event has held the window up, and an apply window has come to a phase.
#define VERIFY_NOT_HELD_UP()                                                                       \
    QVERIFY2(LoopWatch::instance()->worstMs() <= LoopWatch::limitMs,                               \
             qPrintable(LoopWatch::instance()->told()))

#define VERIFY_PHASE(dialog, expected)                                                             \
    QTRY_VERIFY2_WITH_TIMEOUT((dialog)->phase() == (expected),                                     \
                              qPrintable(ApplyDriver::stateText(dialog)), ApplyDriver::waitMs)
