#include "ui/edit/parentdialog.h"

#include "ui/history/historydelegate.h"
#include "ui/history/historylist.h"
#include "ui/history/historymodel.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTreeView>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

ParentDialog::ParentDialog(const Texts &texts, HistoryModel *model, QWidget *window)
    : EditDialog(texts.title, texts.verb, window)
    , m_rows(new HistoryList(model, this))
    , m_search(new QLineEdit(this))
    , m_list(new QTreeView(this))
    , m_nothing(new QCheckBox(texts.nothing, this))
{
    auto *question = new QLabel(texts.question, this);
    question->setTextFormat(Qt::PlainText);
    question->setWordWrap(true);
    m_search->setObjectName(u"find"_s);
    m_search->setPlaceholderText(tr("Find revision, table, column…"));
    m_search->setAccessibleName(tr("Find revisions by id, message or label"));
    m_search->setClearButtonEnabled(true);
    m_list->setObjectName(u"revisions"_s);
    m_list->setAccessibleName(tr("Revisions"));
    m_list->setProperty("boxed", true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setItemDelegate(new HistoryDelegate(m_list));
    m_list->setModel(m_rows);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setSelectionMode(texts.isMany ? QAbstractItemView::ExtendedSelection
                                          : QAbstractItemView::SingleSelection);
    m_list->setMinimumHeight(fontMetrics().height() * 14);
    for (const int column :
         {HistoryModel::GraphColumn, HistoryModel::AuthorColumn, HistoryModel::DateColumn,
          HistoryModel::StateColumn, HistoryModel::NotesColumn})
        m_list->hideColumn(column);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(HistoryModel::MessageColumn, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(HistoryModel::RevisionColumn,
                                           QHeaderView::ResizeToContents);
    m_nothing->setObjectName(u"nothing"_s);
    body()->addWidget(question);
    body()->addWidget(m_search);
    body()->addWidget(m_list, 1);
    body()->addWidget(m_nothing);
    connect(m_search, &QLineEdit::textChanged, m_rows, &HistoryList::setQuery);
    connect(m_nothing, &QCheckBox::toggled, m_list, &QWidget::setDisabled);
    connect(m_nothing, &QCheckBox::toggled, this, &ParentDialog::check);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ParentDialog::check);
    // what was chosen stays so while something else is searched for
    connect(m_rows, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        if (const QStringList ids = chosen(); !ids.isEmpty())
            m_chosen = ids;
    });
    connect(m_rows, &QAbstractItemModel::modelReset, this, [this] {
        choose(m_chosen);
        const QModelIndex only = m_rows->index(0, HistoryModel::MessageColumn);
        if (chosen().isEmpty() && m_rows->rowCount() == 1 && m_rows->flags(only).testFlag(Qt::ItemIsSelectable))
            choose({only.data(HistoryModel::IdRole).toString()});
        check();
    });
    m_search->setFocus();
    check();
}

void ParentDialog::choose(const QStringList &ids)
{
    m_list->clearSelection();
    for (const QString &id : ids) {
        const QModelIndex index = m_rows->index(m_rows->lineOf(id), HistoryModel::MessageColumn);
        if (!index.isValid())
            continue;
        m_list->selectionModel()->select(index,
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
        m_list->scrollTo(index, QAbstractItemView::PositionAtCenter);
    }
}

QStringList ParentDialog::chosen() const
{
    if (m_nothing->isChecked())
        return {};
    QStringList ids;
    for (const QModelIndex &index : m_list->selectionModel()->selectedRows())
        ids << index.data(HistoryModel::IdRole).toString();
    return ids;
}

void ParentDialog::check()
{
    setReady(m_nothing->isChecked() || !chosen().isEmpty());
}

} // namespace tribikos
