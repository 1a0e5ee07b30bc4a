#include "ui/sql/previewwindow.h"

#include "core/base/text.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/wording.h"
#include "ui/sql/dialectcombo.h"
#include "ui/sql/sqlpane.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScreen>
#include <QToolButton>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

PreviewWindow::PreviewWindow(Direction direction, Source source, Backend backend, QWidget *parent)
    : QDialog(parent)
    , m_direction(direction)
    , m_source(std::move(source))
    , m_sql(new SqlPane(tr("The whole script"), this))
{
    setObjectName(u"previewWindow"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(QSize(1080, 720).boundedTo(screen()->availableSize()));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar(backend));
    layout->addWidget(m_sql, 1);
    setTitle(m_direction == Direction::Downgrade ? tr("Downgrade SQL") : tr("Upgrade SQL"));
    load();
}

void PreviewWindow::setTitle(const QString &title)
{
    setWindowTitle(title);
    m_heading->setText(title);
}

QWidget *PreviewWindow::buildBar(Backend backend)
{
    auto *bar = new QWidget(this);
    bar->setProperty("role", u"header"_s);
    bar->setAttribute(Qt::WA_StyledBackground);
    m_heading = new QLabel(bar);
    m_heading->setTextFormat(Qt::PlainText);
    QFont bold = font();
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    bold.setWeight(QFont::DemiBold);
    m_heading->setFont(bold);
    m_facts = new QLabel(bar);
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setProperty("role", u"dim"_s);
    m_fromBase = new QCheckBox(tr("From &base"), bar);
    m_fromBase->setToolTip(tr("The whole way, as for an empty database"));
    m_fromBase->setVisible(m_direction == Direction::Upgrade);
    m_transaction = new QCheckBox(tr("In a &transaction"), bar);
    m_transaction->setToolTip(tr("Put BEGIN and COMMIT around the script"));
    m_transaction->setChecked(true);
    m_backend = new DialectCombo(bar);
    m_backend->setBackend(backend);
    m_copy = new QToolButton(bar);
    m_copy->setText(tr("Copy"));
    m_save = new QToolButton(bar);
    m_save->setText(tr("Save as…"));
    m_save->setShortcut(QKeySequence::Save);
    for (QToolButton *button : {m_copy, m_save}) {
        button->setFocusPolicy(Qt::StrongFocus);
        button->setEnabled(false);
    }
    buildFind(bar);
    auto *titles = new QVBoxLayout;
    titles->setSpacing(2);
    titles->addWidget(m_heading);
    titles->addWidget(m_facts);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 12, 12, 12);
    row->addLayout(titles, 1);
    for (QWidget *widget : QWidgetList{m_find, m_fromBase, m_transaction, m_backend, m_copy, m_save})
        row->addWidget(widget);
    connect(m_backend, &DialectCombo::chosen, this, &PreviewWindow::load);
    connect(m_transaction, &QCheckBox::toggled, this, &PreviewWindow::showPlan);
    connect(m_fromBase, &QCheckBox::toggled, this, &PreviewWindow::load);
    connect(m_sql, &SqlPane::textChanged, this, [this] {
        m_copy->setEnabled(m_sql->hasText());
        m_save->setEnabled(m_sql->hasText());
    });
    connect(m_copy, &QToolButton::clicked, m_sql, &SqlPane::copy);
    connect(m_save, &QToolButton::clicked, this, [this] { m_sql->saveAs(suggestedFile()); });
    return bar;
}

void PreviewWindow::buildFind(QWidget *bar)
{
    m_find = new QLineEdit(bar);
    m_find->setPlaceholderText(tr("Find"));
    m_find->setAccessibleName(tr("Find in the script"));
    m_find->setClearButtonEnabled(true);
    const int em = fontMetrics().horizontalAdvance(u'm');
    m_find->setMinimumWidth(9 * em);
    m_find->setMaximumWidth(14 * em);
    const auto next = [this] { m_sql->view()->findNext(m_find->text()); };
    connect(m_find, &QLineEdit::returnPressed, this, next);
    auto *find = new QAction(tr("Find"), this);
    find->setShortcut(QKeySequence::Find);
    connect(find, &QAction::triggered, this, [this] {
        m_find->setFocus(Qt::ShortcutFocusReason);
        m_find->selectAll();
    });
    auto *again = new QAction(tr("Find next"), this);
    again->setShortcut(Qt::Key_F3);
    connect(again, &QAction::triggered, this, next);
    addActions({find, again});
}

void PreviewWindow::load()
{
    m_facts->setText(tr("Making the script…"));
    const Backend backend = m_backend->backend();
    m_job.start(
        [source = m_source, backend, fromBase = m_fromBase->isChecked()](
            const std::stop_token &stop) { return source(backend, fromBase, stop); },
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
    setTitle((m_direction == Direction::Downgrade ? tr("Downgrade SQL: %1 → %2")
                                                  : tr("Upgrade SQL: %1 → %2"))
                 .arg(shownPosition(plan.startRows), shownPosition(plan.endRows)));
    QString partial;
    const Result<QString> script = scriptText(plan, &partial, {.excerpts = true});
    m_facts->setText(revisionsText(int(plan.steps.size())) + u" · "_s
                     + statementsText(plan.statementCount()) + u" · "_s
                     + backendTitle(plan.backend));
    if (plan.steps.isEmpty()) {
        m_sql->setHint(m_direction == Direction::Upgrade && !m_fromBase->isChecked()
                           ? tr("Nothing to do: the database is there already. Choose “From base” "
                                "for the whole way.")
                           : tr("Nothing to do."));
        return;
    }
    m_sql->setText(script ? *script : partial);
    if (script && std::ranges::any_of(plan.steps, hasStretch))
        m_sql->setWhole([plan](const ScriptSink &sink) {
            const Status whole = writeScript(plan, sink); // it was, a moment ago
            Q_UNUSED(whole)
        });
    if (!script)
        m_sql->banner()->showError(script.error());
}

QString PreviewWindow::suggestedFile() const
{
    return m_direction == Direction::Downgrade ? u"downgrade.sql"_s : u"upgrade.sql"_s;
}

QString PreviewWindow::text() const
{
    return m_sql->view()->text();
}

} // namespace tribikos
