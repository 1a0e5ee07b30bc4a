#include "ui/edit/revisiondialog.h"

#include "core/base/text.h"
#include "ui/shell/wording.h"

#include <QComboBox>
#include <QDir>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QRadioButton>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QString titleOf(const RevisionGraph &graph, int node)
{
    const Revision &revision = graph.revision(node);
    return visibleText(revision.id + u" · "_s + revision.message.simplified(), false);
}

} // namespace

RevisionDialog::RevisionDialog(const ProjectConfig &config, const RevisionGraph &graph,
                               const QString &parent, QWidget *window)
    : EditDialog(tr("New revision"), tr("&Create revision"), window)
    , m_parent(parent)
{
    const int node = graph.find(parent);
    auto *place = new QLabel(this);
    place->setTextFormat(Qt::PlainText);
    place->setWordWrap(true);
    place->setText(node < 0 ? tr("The first revision of a history of its own.")
                            : tr("After %1").arg(titleOf(graph, node)));
    body()->addWidget(place);
    if (node >= 0)
        m_children = graph.ids(graph.children(node));
    if (!m_children.isEmpty())
        buildPlace(graph);
    buildFields(config);
}

RevisionDialog::RevisionDialog(const ProjectConfig &config, const RevisionGraph &graph,
                               const QStringList &heads, const QStringList &chosen, QWidget *window)
    : EditDialog(tr("Merge heads"), tr("&Merge"), window)
{
    buildHeads(graph, heads, chosen);
    buildFields(config);
    checkHeads();
}

void RevisionDialog::buildPlace(const RevisionGraph &graph)
{
    auto *branch = new QRadioButton(tr("&Begin a branch there"), this);
    const int first = graph.find(m_children.constFirst());
    m_between = new QRadioButton(
        m_children.size() == 1
            ? tr("&Insert between it and %1").arg(titleOf(graph, first).replace(u'&', u"&&"_s))
            : tr("&Insert between it and the %1 that revise it")
                  .arg(revisionsText(int(m_children.size()))),
        this);
    m_between->setObjectName(u"between"_s);
    branch->setChecked(true);
    body()->addWidget(branch);
    body()->addWidget(m_between);
}

void RevisionDialog::buildHeads(const RevisionGraph &graph, const QStringList &heads,
                                const QStringList &chosen)
{
    auto *title = new QLabel(tr("&Heads that the new revision merges"), this);
    m_heads = new QListWidget(this);
    m_heads->setObjectName(u"heads"_s);
    m_heads->setProperty("role", u"rows"_s);
    m_heads->setProperty("boxed", true);
    title->setBuddy(m_heads);
    for (const QString &id : heads) {
        auto *item = new QListWidgetItem(titleOf(graph, graph.find(id)), m_heads);
        item->setData(Qt::UserRole, id);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(chosen.contains(id) ? Qt::Checked : Qt::Unchecked);
    }
    const int rows = qBound(2, int(heads.size()), 8);
    m_heads->setFixedHeight(rows * (fontMetrics().height() + 12) + 4);
    connect(m_heads, &QListWidget::itemChanged, this, &RevisionDialog::checkHeads);
    body()->addWidget(title);
    body()->addWidget(m_heads);
}

void RevisionDialog::buildFields(const ProjectConfig &config)
{
    m_message = new QLineEdit(this);
    m_message->setObjectName(u"message"_s);
    m_message->setPlaceholderText(m_heads ? tr("merge …") : tr("what it changes, in a few words"));
    m_labels = new QLineEdit(this);
    m_labels->setObjectName(u"labels"_s);
    m_labels->setPlaceholderText(tr("none"));
    m_dependsOn = new QLineEdit(this);
    m_dependsOn->setObjectName(u"dependsOn"_s);
    m_dependsOn->setPlaceholderText(tr("none; ids or labels, with commas between"));
    auto *form = new QFormLayout;
    form->addRow(tr("M&essage"), m_message);
    form->addRow(tr("Branch &labels"), m_labels);
    form->addRow(tr("&Depends on"), m_dependsOn);
    if (config.versionLocations.size() > 1) {
        m_folder = new QComboBox(this);
        m_folder->addItem(tr("Beside the revision that it revises"), QString());
        for (const QString &folder : config.versionLocations)
            m_folder->addItem(visibleText(QDir(config.root).relativeFilePath(folder), false),
                              folder);
        form->addRow(tr("&Folder"), m_folder);
    }
    if (m_heads) // a merge depends on nothing else
        form->setRowVisible(m_dependsOn, false);
    body()->addLayout(form);
    body()->addStretch();
    m_message->setFocus();
}

void RevisionDialog::checkHeads()
{
    setReady(request().heads.size() > 1);
}

RevisionRequest RevisionDialog::request() const
{
    RevisionRequest request;
    if (const QString message = m_message->text().trimmed(); !message.isEmpty())
        request.message = message;
    request.labels = wordsOf(m_labels->text());
    request.dependsOn = wordsOf(m_dependsOn->text());
    if (m_folder)
        request.versionPath = m_folder->currentData().toString();
    request.heads.clear();
    if (m_heads) {
        request.isMerge = true;
        for (int row = 0; row < m_heads->count(); ++row) {
            if (m_heads->item(row)->checkState() == Qt::Checked)
                request.heads << m_heads->item(row)->data(Qt::UserRole).toString();
        }
        if (!request.message)
            request.message = tr("merge %1").arg(request.heads.join(tr(" and ")));
        return request;
    }
    request.heads << (m_parent.isEmpty() ? u"base"_s : m_parent);
    if (m_between && m_between->isChecked())
        request.before = m_children;
    else
        request.isSplice = !m_children.isEmpty();
    return request;
}

} // namespace tribikos
