#include "ui/git/rescuedialog.h"

#include "core/base/text.h"
#include "ui/git/gitwording.h"
#include "ui/sql/sqlpane.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

RescueDialog::RescueDialog(const ProjectPtr &project, const QString &id, const QString &who,
                           bool canStamp, QWidget *window)
    : EditDialog(tr("Lost revision %1").arg(visibleText(id, false)), tr("&Bring the file back"),
                 window)
    , m_project(project)
    , m_canStamp(canStamp)
    , m_found(new QLabel(this))
    , m_choice(new QComboBox(this))
    , m_script(new SqlPane(tr("Script of the lost revision"), this))
    , m_more(new QLabel(this))
    , m_stamp(new QPushButton(tr("&Stamp…"), this))
{
    auto *need = new QLabel(who, this);
    for (QLabel *label : {need, m_found, m_more}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    m_found->setObjectName(u"found"_s);
    m_more->setObjectName(u"more"_s);
    m_more->setProperty("role", u"dim"_s);
    m_choice->setAccessibleName(tr("Texts of the revision"));
    m_choice->setObjectName(u"choice"_s);
    m_stamp->setObjectName(u"stamp"_s);
    m_script->setMinimumHeight(fontMetrics().height() * 16);
    body()->addWidget(need);
    body()->addWidget(m_found);
    body()->addWidget(m_choice);
    body()->addWidget(m_script, 1);
    body()->addWidget(m_more);
    addButton(m_stamp);
    for (QWidget *later : QWidgetList{m_choice, m_script, m_more, m_stamp})
        later->hide();
    connect(m_choice, &QComboBox::currentIndexChanged, this, &RescueDialog::showChoice);
    connect(m_stamp, &QPushButton::clicked, this, [this] {
        const QStringList targets = standsOn(*m_project, m_search, choice());
        reject();
        emit stampRequested(targets);
    });
    setReady(false);
    look(id);
}

qsizetype RescueDialog::choice() const
{
    return qMax(0, m_choice->currentIndex());
}

void RescueDialog::look(const QString &id)
{
    m_found->setText(tr("Looking through branches, tags, stashes and the reflog…"));
    m_job.start([project = m_project,
                 id](const std::stop_token &stop) { return findLostRevision(*project, id, stop); },
                [this](const Result<LostSearch> &search) { showSearch(search); });
}

void RescueDialog::showSearch(const Result<LostSearch> &search)
{
    if (!search) {
        m_found->clear();
        showProblem(search.error());
        return;
    }
    m_search = *search;
    if (m_search.found.isEmpty()) {
        m_found->setText(lostNowhereText(m_search));
        return;
    }
    const QSignalBlocker blocker(m_choice);
    for (const LostRevision &one : m_search.found)
        m_choice->addItem(commitText(one.author));
    m_choice->setVisible(m_search.found.size() > 1);
    m_script->show();
    m_more->show();
    setReady(true);
    focusSubmit();
    showChoice();
    const QSize room = screen()->availableSize();
    resize(QSize(qMax(width(), fontMetrics().horizontalAdvance(u'm') * 60), sizeHint().height())
               .boundedTo(room));
}

void RescueDialog::showChoice()
{
    const LostRevision &one = m_search.found[choice()];
    m_found->setText(lostFoundText(one));
    m_script->setText(QString::fromUtf8(one.bytes),
                      one.revision.isSql ? SqlView::Language::Sql : SqlView::Language::Python);
    m_more->setText(lostMoreText(m_search, choice(), m_project->config().root));
    const QStringList below = standsOn(*m_project, m_search, choice());
    m_stamp->setVisible(m_canStamp && !below.isEmpty());
    m_stamp->setText(tr("&Stamp at %1…").arg(visibleText(below.join(u", "_s), false)));
    m_stamp->setToolTip(tr("Write down that the database is there. What the lost revision changed "
                           "in it stays as it is."));
}

} // namespace tribikos
