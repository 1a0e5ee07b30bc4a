#include "tests/applywindow/applydriver.h"

#include "core/db/sqlitesession.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/projectcontroller.h"

#include <QAbstractButton>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

namespace tribikos {

using namespace Qt::StringLiterals;

ApplyDriver::ApplyDriver(const lab::Story &story, Backend backend, const QString &url,
                         const QString &more)
    : m_story(story)
    , m_backend(backend)
    , m_url(url.isEmpty() ? u"sqlite:///shop.sqlite"_s : url)
    , m_settings(std::make_unique<Settings>(story.folder() + u"/config"_s))
    , m_window(std::make_unique<MainWindow>(m_settings.get()))
{
    QFile file(story.folder() + u"/tribikos.toml"_s);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(file.errorString()));
    file.write(
        u"[project]\nname = \"shop\"\nversions = [\".\"]\n[environments.shop]\nurl = \"%1\"\n%2\n"_s
            .arg(m_url, more)
            .toUtf8());
    file.close();
    m_window->show();
    QSignalSpy opened(m_window->controller(), &ProjectController::opened);
    m_window->openProject({.path = story.folder()});
    if (!opened.wait(waitMs)
        || !QTest::qWaitFor([this] { return !m_window->controller()->isBusy(); }, waitMs))
        qFatal("the project did not open");
}

ApplyDriver::~ApplyDriver() = default;

std::unique_ptr<Session> ApplyDriver::session() const
{
    if (m_backend != Backend::Sqlite) {
        auto opened = openServer(lab::specOf(m_url), Access::Write);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        return opened.take();
    }
    auto opened = SqliteSession::open({.database = databaseFile(), .lockTimeoutMs = 5000},
                                      Access::Write, {.limitMs = 5000});
    if (!opened)
        qFatal("%s", qPrintable(opened.error().message));
    return opened.take();
}

QList<Row> ApplyDriver::rows(const QString &sql) const
{
    const auto found = session()->query(sql);
    if (!found)
        qFatal("%s: %s", qPrintable(sql), qPrintable(found.error().message));
    return *found;
}

void ApplyDriver::exec(const QString &sql) const
{
    if (const auto ran = session()->execute(sql); !ran)
        qFatal("%s: %s", qPrintable(sql), qPrintable(ran.error().message));
}

QStringList ApplyDriver::position() const
{
    const auto found = session()->query(u"SELECT version_num FROM alembic_version ORDER BY 1"_s);
    if (!found)
        return {u"-"_s};
    QStringList all;
    for (const Row &row : *found)
        all << row.value(0).toString();
    return all;
}

void ApplyDriver::reread()
{
    QSignalSpy opened(m_window->controller(), &ProjectController::opened);
    m_window->controller()->refresh();
    if (!opened.wait(waitMs)
        || !QTest::qWaitFor([this] { return !m_window->controller()->isBusy(); }, waitMs))
        qFatal("the project was not read again");
}

ApplyDialog *ApplyDriver::openApply()
{
    m_window->activateWindow(); // shortcuts belong to the active window
    if (!QTest::qWaitForWindowActive(m_window.get()))
        return nullptr;
    QTest::keyClick(m_window.get(), Qt::Key_Return, Qt::ControlModifier);
    return waitForPlan(m_window->findChild<ApplyDialog *>(u"applyDialog"_s));
}

ApplyDialog *ApplyDriver::waitForPlan(ApplyDialog *dialog)
{
    if (dialog)
        (void)QTest::qWaitFor([dialog] { return dialog->phase() != ApplyDialog::Phase::Planning; },
                              waitMs);
    return dialog;
}

namespace {

QAbstractButton *pressable(QWidget *parent, const QString &name)
{
    for (QAbstractButton *button : parent->findChildren<QAbstractButton *>()) {
        const bool isIt = button->objectName() == name || button->text().remove(u'&') == name;
        if (isIt && button->isVisible() && button->isEnabled())
            return button;
    }
    return nullptr;
}

} // namespace

bool ApplyDriver::canPress(QWidget *parent, const QString &name)
{
    return pressable(parent, name) != nullptr;
}

bool ApplyDriver::press(QWidget *parent, const QString &name)
{
    QAbstractButton *button = pressable(parent, name);
    if (!button)
        return false;
    button->setFocus();
    QTest::keyClick(button, Qt::Key_Space);
    return true;
}

QString ApplyDriver::resultOf(const ApplyDialog *dialog)
{
    return dialog->findChild<InlineBanner *>(u"result"_s)->text();
}

QString ApplyDriver::stateText(const ApplyDialog *dialog)
{
    return u"phase %1: %2"_s.arg(int(dialog->phase())).arg(resultOf(dialog));
}

QString slowStatement(Backend backend, int seconds)
{
    switch (backend) {
    case Backend::PostgreSql: return u"SELECT pg_sleep(%1)"_s.arg(seconds);
    case Backend::MySql:
    case Backend::MariaDb: return u"DO SLEEP(%1)"_s.arg(seconds);
    case Backend::Sqlite: break;
    }
    return u"CREATE TABLE slow AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
           u"LIMIT %1000000) "
           u"SELECT max(n) AS n FROM c"_s.arg(seconds * 12);
}

} // namespace tribikos
