#include "ui/history/historypage.h"

#include "ui/history/detailspanel.h"
#include "ui/history/historylist.h"
#include "ui/history/historymodel.h"
#include "ui/history/historyview.h"
#include "ui/shell/emptystate.h"
#include "ui/shell/inlinebanner.h"

#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

HistoryPage::HistoryPage(QWidget *parent)
    : QWidget(parent)
    , m_model(new HistoryModel(this))
    , m_view(new HistoryView(this))
    , m_details(new DetailsPanel(this))
    , m_banner(new InlineBanner(this, {10, 8, 10, 8}))
    , m_notice(new InlineBanner(this, {10, 8, 10, 8}))
    , m_empty(new EmptyState(this))
    , m_stack(new QStackedWidget(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
{
    m_notice->setObjectName(u"notice"_s);
    m_view->setHistoryModel(m_model);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    m_splitter->addWidget(m_stack);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_notice);
    layout->addWidget(m_splitter, 1);
    // tables, columns and authors may be known later than the filter that names them
    connect(m_view->list(), &QAbstractItemModel::modelReset, this, &HistoryPage::updateEmptyState);
    connect(m_empty, &EmptyState::actionTriggered, this, [this] {
        if (m_model->rowCount() > 0)
            emit clearFilterRequested();
        else
            emit refreshRequested();
    });
    updateEmptyState();
}

void HistoryPage::setFilter(const QString &text)
{
    m_view->setFilter(text);
    updateEmptyState();
}

void HistoryPage::setProblem(const QString &text)
{
    m_problem = text;
    updateEmptyState();
}

void HistoryPage::updateEmptyState()
{
    if (m_model->rowCount() == 0)
        m_empty->setContent(tr("No revisions yet"),
                            m_problem.isEmpty() ? tr(
                                "The versions folder of this project holds no revision script.")
                                                : m_problem,
                            tr("Read again"));
    else
        m_empty->setContent(tr("No revision matches the filter"), {}, tr("Clear filter"));
    m_stack->setCurrentIndex(m_view->shownRows() > 0 ? 0 : 1);
}

} // namespace tribikos
