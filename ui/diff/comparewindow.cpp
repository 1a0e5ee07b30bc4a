#include "ui/diff/comparewindow.h"

#include "core/base/text.h"
#include "ui/diff/changespage.h"
#include "ui/shell/projectcontroller.h"

#include <QLabel>
#include <QScreen>
#include <QTreeView>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

CompareWindow::CompareWindow(ProjectController *controller, const QString &one,
                             const QString &other, QWidget *parent)
    : QDialog(parent)
    , m_controller(controller)
    , m_one(one)
    , m_other(other)
    , m_heading(new QLabel(this))
    , m_messages(new QLabel(this))
    , m_page(new ChangesPage(this))
{
    setObjectName(u"compareWindow"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare revisions"));
    resize(QSize(1080, 720).boundedTo(screen()->availableSize()));
    auto *bar = new QWidget(this);
    bar->setProperty("role", u"header"_s);
    bar->setAttribute(Qt::WA_StyledBackground);
    m_heading->setTextFormat(Qt::PlainText);
    QFont bold = font();
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    bold.setWeight(QFont::DemiBold);
    m_heading->setFont(bold);
    m_heading->setText(windowTitle());
    m_messages->setTextFormat(Qt::PlainText);
    m_messages->setWordWrap(true);
    m_messages->setProperty("role", u"dim"_s);
    auto *titles = new QVBoxLayout(bar);
    titles->setContentsMargins(16, 12, 12, 12);
    titles->setSpacing(2);
    titles->addWidget(m_heading);
    titles->addWidget(m_messages);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(bar);
    layout->addWidget(m_page, 1);
    connect(m_page, &ChangesPage::compareRequested, this, &CompareWindow::load);
    connect(m_page, &ChangesPage::revisionRequested, this, &CompareWindow::revisionRequested);
    connect(controller, &ProjectController::opened, this, &CompareWindow::load);
    connect(controller, &ProjectController::backendChanged, this, &CompareWindow::load);
    connect(controller, &ProjectController::switched, this, &QDialog::reject);
    m_page->view()->setFocus();
    load();
}

void CompareWindow::load()
{
    if (!m_controller->project())
        return;
    m_page->setComparing(true);
    m_job.start(
        [project = m_controller->project(), backend = m_controller->backend(), one = m_one,
         other = m_other](const std::stop_token &stop) {
            return compareRevisions(*project, backend, one, other, stop);
        },
        [this](const Result<RevisionComparison> &comparison) {
            m_page->setComparing(false);
            if (comparison)
                showFound(*comparison);
            else
                m_page->setError(comparison.error());
        });
}

void CompareWindow::showFound(const RevisionComparison &comparison)
{
    const auto shown = [](const QString &id) { return visibleText(id, false); };
    m_heading->setText(
        comparison.areRelated
            ? tr("From %1 to %2").arg(shown(comparison.older), shown(comparison.newer))
            : tr("%1 beside %2").arg(shown(comparison.older), shown(comparison.newer)));
    setWindowTitle(m_heading->text());
    const RevisionGraph &graph = m_controller->project()->graph();
    const auto message = [&graph](const QString &id) {
        const int node = graph.find(id);
        return node < 0 ? QString() : visibleText(graph.revision(node).message.simplified(), false);
    };
    m_messages->setText(tr("%1 → %2").arg(message(comparison.older), message(comparison.newer)));
    m_page->setRevisions(comparison);
}

} // namespace tribikos
