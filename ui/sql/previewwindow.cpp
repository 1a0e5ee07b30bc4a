#include "ui/sql/previewwindow.h"

#include "core/base/text.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/wording.h"
#include "ui/sql/dialectcombo.h"
#include "ui/sql/sqlpane.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

PreviewWindow::PreviewWindow(const QString &title, Source source, Backend backend, QWidget *parent)
    : QDialog(parent)
    , m_source(std::move(source))
    , m_sql(new SqlPane(tr("The whole script"), this))
{
    setObjectName(u"previewWindow"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    resize(1000, 720);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar(title, backend));
    layout->addWidget(m_sql, 1);
    load();
}

QWidget *PreviewWindow::buildBar(const QString &title, Backend backend)
{
    auto *bar = new QWidget(this);
    bar->setProperty("role", u"header"_s);
    bar->setAttribute(Qt::WA_StyledBackground);
    auto *heading = new QLabel(title, bar);
    heading->setTextFormat(Qt::PlainText);
    QFont bold = font();
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    bold.setWeight(QFont::DemiBold);
    heading->setFont(bold);
    m_facts = new QLabel(bar);
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setProperty("role", u"dim"_s);
    m_transaction = new QCheckBox(tr("In a &transaction"), bar);
    m_transaction->setToolTip(tr("Put BEGIN and COMMIT around the script"));
    m_transaction->setChecked(true);
    m_backend = new DialectCombo(bar);
    m_backend->setBackend(backend);
    auto *copy = new QToolButton(bar);
    copy->setText(tr("Copy"));
    auto *save = new QToolButton(bar);
    save->setText(tr("Save as…"));
    save->setShortcut(QKeySequence::Save);
    auto *titles = new QVBoxLayout;
    titles->setSpacing(2);
    titles->addWidget(heading);
    titles->addWidget(m_facts);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 12, 12, 12);
    row->addLayout(titles, 1);
    for (QWidget *widget : QWidgetList{m_transaction, m_backend, copy, save})
        row->addWidget(widget);
    connect(m_backend, &DialectCombo::chosen, this, &PreviewWindow::load);
    connect(m_transaction, &QCheckBox::toggled, this, &PreviewWindow::showPlan);
    connect(copy, &QToolButton::clicked, m_sql, &SqlPane::copy);
    connect(save, &QToolButton::clicked, this, [this] { m_sql->saveAs(u"upgrade.sql"_s); });
    return bar;
}

void PreviewWindow::load()
{
    m_facts->setText(tr("Making the script…"));
    const Backend backend = m_backend->backend();
    m_job.start(
        [source = m_source, backend](const std::stop_token &stop) { return source(backend, stop); },
        [this](const Result<Plan> &plan) {
            m_plan.reset();
            if (plan)
                m_plan = *plan;
            showPlan();
            if (!plan) {
                m_facts->setText(tr("There is no script."));
                m_sql->setHint({});
                m_sql->banner()->showError(plan.error());
            }
        });
}

void PreviewWindow::showPlan()
{
    if (!m_plan)
        return;
    Plan plan = *m_plan;
    plan.transactionalDdl = m_transaction->isChecked();
    QString partial;
    const Result<QString> script = scriptText(plan, &partial);
    m_facts->setText(revisionsText(int(plan.steps.size())) + u" · "_s
                     + statementsText(plan.statementCount()) + u" · "_s
                     + backendTitle(plan.backend));
    if (plan.steps.isEmpty()) {
        m_sql->setHint(tr("Nothing to do: the database is there already."));
        return;
    }
    m_sql->setText(script ? *script : partial);
    if (!script)
        m_sql->banner()->showError(script.error());
}

QString PreviewWindow::text() const
{
    return m_sql->view()->text();
}

} // namespace tribikos
