#include "app/gui/screenshots.h"

#include "ui/apply/applydialog.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/history/historypage.h"
#include "ui/schema/schemapage.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/projectcontroller.h"
#include "ui/sql/previewwindow.h"

#include <QCoreApplication>
#include <QDir>
#include <QTreeView>
#include <cstdio>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {
constexpr int tickMs = 50;
constexpr int idleTicksNeeded = 4; // jobs follow one another: one quiet moment is not the end
constexpr qint64 limitMs = 120'000;
} // namespace

Screenshots::Screenshots(MainWindow *window, const QString &folder)
    : QObject(window)
    , m_window(window)
    , m_folder(folder)
{
    connect(window->controller(), &ProjectController::openFailed, this,
            [this](const Error &error) { fail(error.message); });
    connect(&m_timer, &QTimer::timeout, this, &Screenshots::advance);
    m_elapsed.start();
    m_timer.start(tickMs);
}

bool Screenshots::isIdle() const
{
    return m_window->controller()->project() && !m_window->controller()->isBusy()
           && !m_window->schemaPage()->isBusy()
           && (!m_apply || m_apply->phase() != ApplyDialog::Phase::Planning)
           && (!m_preview || !m_preview->isLoading());
}

void Screenshots::advance()
{
    if (m_elapsed.elapsed() > limitMs)
        return fail(u"The window did not come to rest in two minutes."_s);
    m_idleTicks = isIdle() ? m_idleTicks + 1 : 0;
    if (m_idleTicks < idleTicksNeeded)
        return;
    m_idleTicks = 0;
    switch (m_step++) {
    case 0:
        save(m_window, u"history.png"_s);
        m_window->showPage(m_window->changesPage());
        selectFirstDifference();
        break;
    case 1:
        save(m_window, u"changes.png"_s);
        m_window->showPage(m_window->schemaPage());
        break;
    case 2:
        selectFirstTable();
        break;
    case 3:
        save(m_window, u"schema.png"_s);
        m_window->showPage(m_window->historyPage());
        m_apply = m_window->openApply(Direction::Upgrade, u"heads"_s);
        break;
    case 4:
        if (m_apply) {
            save(m_apply, u"apply.png"_s);
            m_apply->reject();
        }
        m_preview = m_window->openPreview(u"heads"_s);
        break;
    default:
        if (m_preview)
            save(m_preview, u"preview.png"_s);
        m_timer.stop();
        QCoreApplication::exit(0);
    }
}

void Screenshots::selectFirstDifference()
{
    QTreeView *view = m_window->changesPage()->view();
    const QModelIndex heading = view->model()->index(0, 0);
    const QModelIndex first = view->model()->index(0, 0, heading);
    view->setCurrentIndex(first.isValid() ? first : heading);
}

void Screenshots::selectFirstTable()
{
    QTreeView *tree = m_window->schemaPage()->tree();
    tree->setCurrentIndex(tree->model()->index(0, 0));
    tree->expand(tree->currentIndex());
}

void Screenshots::save(QWidget *widget, const QString &name)
{
    const QString file = QDir(m_folder).filePath(name);
    if (!QDir().mkpath(m_folder) || !widget->grab().save(file))
        fail(u"%1 could not be written."_s.arg(file));
}

void Screenshots::fail(const QString &message)
{
    m_timer.stop();
    std::fprintf(stderr, "%s\n", qPrintable(message));
    QCoreApplication::exit(1);
}

} // namespace tribikos
