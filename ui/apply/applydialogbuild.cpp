#include "ui/apply/applydialog.h"

#include "ui/apply/stepdelegate.h"
#include "ui/apply/stepsmodel.h"
#include "ui/shell/inlinebanner.h"
#include "ui/sql/sqlpane.h"

#include <QCheckBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

QWidget *ApplyDialog::buildHeader()
{
    auto *header = new QWidget(this);
    header->setProperty("role",
                        m_request.environment.isProtected ? u"header-protected"_s : u"header"_s);
    header->setAttribute(Qt::WA_StyledBackground);
    m_facts = new QLabel(header);
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setProperty("role", u"dim"_s);
    m_facts->setWordWrap(true);
    m_busy = new QProgressBar(header);
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setAccessibleName(tr("Making the plan"));
    m_notes = new InlineBanner(header);
    m_result = new InlineBanner(header);
    m_result->setObjectName(u"result"_s);
    m_result->setDismissable(false);
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(20, 16, 20, 12);
    layout->setSpacing(8);
    layout->addLayout(buildTitleRow(header));
    layout->addWidget(m_facts);
    layout->addWidget(m_busy);
    layout->addWidget(m_notes);
    layout->addWidget(m_result);
    connect(m_result, &InlineBanner::actionTriggered, this, &ApplyDialog::followBanner);
    connect(m_result, &InlineBanner::secondActionTriggered, this, &ApplyDialog::followSecondAction);
    return header;
}

QHBoxLayout *ApplyDialog::buildTitleRow(QWidget *header)
{
    m_title = new QLabel(header);
    m_title->setTextFormat(Qt::PlainText);
    QFont titleFont = font();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.3);
    titleFont.setWeight(QFont::DemiBold);
    m_title->setFont(titleFont);
    m_title->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->addWidget(m_title, 1);
    if (m_request.environment.isProtected) {
        auto *chip = new QLabel(tr("protected"), header);
        chip->setProperty("role", u"chip-bad"_s);
        row->addWidget(chip, 0, Qt::AlignTop);
    }
    return row;
}

QWidget *ApplyDialog::buildBody()
{
    auto *splitter = new QSplitter(this);
    buildSteps(splitter);
    buildTabs(splitter);
    splitter->addWidget(m_list);
    splitter->addWidget(m_tabs);
    splitter->setSizes({440, 640});
    splitter->setChildrenCollapsible(false);
    return splitter;
}

void ApplyDialog::buildSteps(QWidget *parent)
{
    m_list = new QListView(parent);
    m_list->setModel(m_steps);
    m_list->setItemDelegate(new StepDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Steps of the plan"));
    m_listHint = new QLabel(tr("The steps stand here once the plan is made."), m_list->viewport());
    m_listHint->setProperty("role", u"dim"_s);
    m_listHint->setAlignment(Qt::AlignCenter);
    m_listHint->setWordWrap(true);
    (new QVBoxLayout(m_list->viewport()))->addWidget(m_listHint);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { showStep(index.row()); });
    connect(m_steps, &QAbstractItemModel::modelReset, m_listHint,
            [this] { m_listHint->setVisible(m_steps->rowCount() == 0); });
}

void ApplyDialog::buildTabs(QWidget *parent)
{
    m_tabs = new QTabWidget(parent);
    m_tabs->tabBar()->setDrawBase(false);
    m_sql = new SqlPane(tr("SQL of the selected step"), m_tabs);
    m_checks = new ChecksView(m_tabs);
    m_log = new QPlainTextEdit(m_tabs);
    m_log->setReadOnly(true);
    m_log->setTabChangesFocus(true);
    m_log->setMaximumBlockCount(20000);
    m_log->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_log->document()->setDocumentMargin(10);
    m_log->setAccessibleName(tr("Log of the run"));
    m_log->setPlaceholderText(tr("What the run does is written here, statement by statement."));
    m_tabs->addTab(m_sql, tr("S&QL"));
    m_tabs->addTab(m_checks, tr("C&hecks"));
    m_tabs->addTab(m_log, tr("&Log"));
    QWidget *corner = buildTabButtons();
    m_tabs->setCornerWidget(corner);
    connect(m_tabs, &QTabWidget::currentChanged, corner,
            [this, corner] { corner->setVisible(m_tabs->currentWidget() == m_sql); });
    connect(m_checks, &ChecksView::stepChosen, this, [this](int step) {
        m_list->setCurrentIndex(m_steps->index(step));
        m_tabs->setCurrentWidget(m_sql);
    });
}

QWidget *ApplyDialog::buildTabButtons()
{
    auto *corner = new QWidget(m_tabs);
    m_copy = new QToolButton(corner);
    m_copy->setText(tr("Copy"));
    m_save = new QToolButton(corner);
    m_save->setText(tr("Save as…"));
    for (QToolButton *button : {m_copy, m_save}) {
        button->setFocusPolicy(Qt::StrongFocus);
        button->setEnabled(false);
    }
    auto *row = new QHBoxLayout(corner);
    row->setContentsMargins(0, 3, 10, 3);
    row->addWidget(m_copy);
    row->addWidget(m_save);
    connect(m_sql, &SqlPane::textChanged, this, [this] {
        m_copy->setEnabled(m_sql->hasText());
        m_save->setEnabled(m_sql->hasText());
    });
    connect(m_copy, &QToolButton::clicked, m_sql, &SqlPane::copy);
    connect(m_save, &QToolButton::clicked, this, [this] {
        m_sql->saveAs(m_list->currentIndex().data(StepsModel::RevisionRole).toString() + u".sql"_s);
    });
    return corner;
}

QWidget *ApplyDialog::buildFooter()
{
    auto *footer = new QWidget(this);
    footer->setProperty("role", u"footer"_s);
    footer->setAttribute(Qt::WA_StyledBackground);
    m_hint = new QLabel(footer);
    m_hint->setObjectName(u"hint"_s);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setProperty("role", u"dim"_s);
    m_hint->setWordWrap(true);
    m_backup = new QCheckBox(tr("&Keep a copy of the file first"), footer);
    m_backup->setChecked(true);
    m_typedName = new QLineEdit(footer);
    m_typedName->setPlaceholderText(tr("Type “%1” to unlock").arg(m_request.environment.name));
    m_typedName->setAccessibleName(
        tr("Protected: type the name %1 to unlock").arg(m_request.environment.name));
    m_typedName->setMinimumWidth(fontMetrics().horizontalAdvance(m_typedName->placeholderText())
                                 + 32);
    buildButtons(footer);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(20, 12, 20, 12);
    row->setSpacing(10);
    row->addWidget(m_hint, 1);
    for (QWidget *widget : QWidgetList{m_backup, m_typedName, m_try, m_stop, m_cancel, m_back,
                                       m_again, m_close, m_apply})
        row->addWidget(widget);
    connect(m_typedName, &QLineEdit::textChanged, this, &ApplyDialog::updateApplyButton);
    return footer;
}

void ApplyDialog::buildButtons(QWidget *footer)
{
    m_try = new QPushButton(tr("&Try it"), footer);
    m_try->setObjectName(u"try"_s);
    m_stop = new QPushButton(tr("&Stop after this step"), footer);
    m_cancel = new QPushButton(footer);
    m_cancel->setProperty("role", u"danger"_s);
    m_back = new QPushButton(tr("&Prepare the way back…"), footer);
    m_back->setObjectName(u"back"_s);
    m_again = new QPushButton(tr("Plan a&gain"), footer);
    m_again->setObjectName(u"again"_s);
    m_close = new QPushButton(tr("Cancel"), footer);
    m_close->setObjectName(u"close"_s);
    m_apply = new QPushButton(footer);
    m_apply->setObjectName(u"apply"_s);
    m_apply->setProperty("role", u"primary"_s);
    connect(m_try, &QPushButton::clicked, this, &ApplyDialog::tryPlan);
    connect(m_stop, &QPushButton::clicked, this, &ApplyDialog::stopAfterStep);
    connect(m_cancel, &QPushButton::clicked, this, &ApplyDialog::cancelRun);
    connect(m_back, &QPushButton::clicked, this, &ApplyDialog::prepareWayBack);
    connect(m_again, &QPushButton::clicked, this, &ApplyDialog::makePlan);
    connect(m_close, &QPushButton::clicked, this, &ApplyDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, &ApplyDialog::startRun);
}

} // namespace tribikos
