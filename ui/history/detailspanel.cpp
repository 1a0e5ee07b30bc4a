#include "ui/history/detailspanel.h"

#include "core/base/text.h"
#include "ui/shell/inlinebanner.h"
#include "ui/sql/dialectcombo.h"
#include "ui/sql/sqlpane.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

DetailsPanel::DetailsPanel(QWidget *parent)
    : QWidget(parent)
    , m_tabs(new QTabWidget(this))
    , m_upgrade(new SqlPane(tr("Upgrade SQL"), this))
    , m_downgrade(new SqlPane(tr("Downgrade SQL"), this))
    , m_operations(new QListWidget(this))
    , m_script(new SqlPane(tr("Revision script"), this))
{
    buildTabs();
    buildCorner();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);
    clear();
}

void DetailsPanel::buildTabs()
{
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->tabBar()->setAccessibleName(tr("Details of the selected revision"));
    m_tabs->addTab(m_upgrade, tr("Upgrade SQL"));
    m_tabs->addTab(m_downgrade, tr("Downgrade SQL"));
    m_tabs->addTab(m_operations, tr("Operations"));
    m_tabs->addTab(m_script, tr("Script"));
    m_operations->setAccessibleName(tr("Operations of the selected revision"));
    m_operations->setUniformItemSizes(true);
    m_operations->setSpacing(2);
    connect(m_tabs, &QTabWidget::currentChanged, this, &DetailsPanel::updateCorner);
    connect(m_operations, &QListWidget::itemActivated, this,
            [this](QListWidgetItem *item) { showScriptLine(item->data(Qt::UserRole).toInt()); });
}

void DetailsPanel::buildCorner()
{
    m_corner = new QWidget(m_tabs);
    m_backend = new DialectCombo(m_corner);
    m_copy = new QToolButton(m_corner);
    m_copy->setText(tr("Copy"));
    m_copy->setToolTip(tr("Copy the selection, or all of it"));
    m_save = new QToolButton(m_corner);
    m_save->setText(tr("Save as…"));
    auto *row = new QHBoxLayout(m_corner);
    row->setContentsMargins(0, 3, 10, 3);
    row->setSpacing(5);
    row->addWidget(m_backend);
    row->addWidget(m_copy);
    row->addWidget(m_save);
    for (QToolButton *button : {m_copy, m_save})
        button->setFocusPolicy(Qt::StrongFocus);
    m_tabs->setCornerWidget(m_corner, Qt::TopRightCorner);
    QWidget *before = m_tabs->tabBar();
    for (QWidget *next :
         QWidgetList{m_backend, m_copy, m_save, m_upgrade, m_downgrade, m_operations, m_script}) {
        setTabOrder(before, next);
        before = next;
    }
    connect(m_backend, &DialectCombo::chosen, this, &DetailsPanel::backendChosen);
    connect(m_copy, &QToolButton::clicked, this, [this] { shownPane()->copy(); });
    connect(m_save, &QToolButton::clicked, this, &DetailsPanel::saveShown);
}

/// Beside the tabs where there is room for both, else in a row beneath: tabs are never cut off.
void DetailsPanel::placeCorner()
{
    const int wanted = m_tabs->tabBar()->sizeHint().width() + m_corner->sizeHint().width() + 20;
    const bool isBeside = width() >= wanted;
    if (isBeside == m_isCornerBeside)
        return;
    m_isCornerBeside = isBeside;
    if (isBeside) {
        layout()->removeWidget(m_corner);
        m_tabs->setCornerWidget(m_corner, Qt::TopRightCorner);
    } else {
        m_tabs->setCornerWidget(nullptr, Qt::TopRightCorner);
        static_cast<QVBoxLayout *>(layout())->addWidget(m_corner, 0, Qt::AlignRight);
    }
    m_corner->show();
}

void DetailsPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeCorner();
}

void DetailsPanel::setBackend(Backend backend)
{
    m_backend->setBackend(backend);
}

void DetailsPanel::setDetails(const RevisionDetails &details, const Diagnostics &problems)
{
    m_details = details;
    setPlan(m_upgrade, details.upgrade, tr("This revision has no upgrade."));
    setPlan(m_downgrade, details.downgrade, tr("This revision has no downgrade."));
    setOperations(details.upgrade);
    setScript(problems);
    updateCorner();
}

void DetailsPanel::setPlan(SqlPane *pane, const Plan &plan, const QString &empty)
{
    if (plan.steps.isEmpty())
        pane->setHint(empty);
    else
        pane->setStep(plan, plan.steps.first());
}

void DetailsPanel::setOperations(const Plan &plan)
{
    m_operations->clear();
    if (!plan.steps.isEmpty()) {
        for (const Operation &operation : plan.steps.first().operations) {
            auto *item = new QListWidgetItem(visibleText(operationSummary(operation), false));
            item->setData(Qt::UserRole, operation.span.line);
            item->setToolTip(tr("Line %1 of the script").arg(operation.span.line));
            m_operations->addItem(item);
        }
    }
    const int count = m_operations->count();
    m_tabs->setTabText(2, count > 0 ? tr("Operations (%1)").arg(count) : tr("Operations"));
}

void DetailsPanel::setScript(const Diagnostics &problems)
{
    m_script->setText(m_details.script, m_details.scriptLanguage == u"sql"_s
                                            ? SqlView::Language::Sql
                                            : SqlView::Language::Python);
    QStringList lines;
    bool hasError = false;
    for (const Diagnostic &problem : problems) {
        const QString place = placeText(problem.file, problem.span.line);
        lines << (place.isEmpty() || problem.message.contains(place)
                      ? problem.message
                      : place + u": "_s + problem.message);
        hasError = hasError || problem.severity == Severity::Error;
    }
    if (lines.isEmpty())
        return;
    m_script->banner()->showMessage(hasError ? InlineBanner::Kind::Error
                                             : InlineBanner::Kind::Warning,
                                    {}, visibleText(lines.join(u'\n')));
    m_script->view()->showLine(problems.first().span.line);
}

void DetailsPanel::setLoading(const QString &id)
{
    if (m_details.revision == id)
        return; // the same one again: what is shown stays until the new answer comes
    m_details = {};
    m_details.revision = id;
}

void DetailsPanel::clear()
{
    m_details = {};
    for (SqlPane *pane : {m_upgrade, m_downgrade, m_script})
        pane->setHint(tr("Select a revision to see what it does."));
    setOperations({});
    updateCorner();
}

void DetailsPanel::showScriptLine(int line)
{
    m_tabs->setCurrentWidget(m_script);
    m_script->view()->showLine(line);
}

QWidget *DetailsPanel::firstFocus() const
{
    return m_tabs->currentWidget();
}

SqlPane *DetailsPanel::shownPane() const
{
    return qobject_cast<SqlPane *>(m_tabs->currentWidget());
}

void DetailsPanel::updateCorner()
{
    const SqlPane *pane = shownPane();
    const bool hasText = pane && !pane->view()->text().isEmpty();
    m_copy->setEnabled(hasText);
    m_save->setEnabled(hasText);
    m_backend->setEnabled(pane != m_script);
}

void DetailsPanel::saveShown()
{
    SqlPane *pane = shownPane();
    const QString suffix = pane == m_upgrade                      ? u"_upgrade.sql"_s
                           : pane == m_downgrade                  ? u"_downgrade.sql"_s
                           : m_details.scriptLanguage == u"sql"_s ? u".sql"_s
                                                                  : u".py"_s;
    pane->saveAs(m_details.revision + suffix);
}

} // namespace tribikos
