#include "ui/diff/changespage.h"

#include "core/base/text.h"
#include "core/diff/ignored.h"
#include "ui/diff/changesdelegate.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/revisiondraft.h"
#include "ui/shell/elidedlabel.h"
#include "ui/shell/emptystate.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/theme.h"
#include "ui/sql/sqlpane.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>

namespace tribikos {

using namespace Qt::StringLiterals;

ChangesPage::ChangesPage(QWidget *parent)
    : QWidget(parent)
    , m_model(new ChangesModel(this))
    , m_filter(new QSortFilterProxyModel(this))
    , m_view(new QTreeView(this))
    , m_banner(new InlineBanner(this, {10, 0, 10, 8}))
    , m_empty(new EmptyState(this))
    , m_stack(new QStackedWidget(this))
{
    buildTree();
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_stack);
    splitter->addWidget(buildLower());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({560, 220});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    layout->addWidget(m_banner);
    layout->addWidget(splitter, 1);
    connect(m_empty, &EmptyState::actionTriggered, this, [this] {
        if (m_model->differenceCount() > 0)
            m_filterField->clear();
        else
            emit compareRequested();
    });
    setDraft({});
    updateStack();
}

QWidget *ChangesPage::buildBar()
{
    auto *bar = new QWidget(this);
    m_summary = new ElidedLabel(bar);
    m_summary->setProperty("role", u"dim"_s);
    m_compare = new QToolButton(bar);
    m_compare->setText(tr("Compare again"));
    m_copy = new QToolButton(bar);
    m_copy->setText(tr("Copy list"));
    m_copy->setToolTip(tr("Copy the ticked differences as text, or all when none is ticked"));
    m_filterField = new QLineEdit(bar);
    m_filterField->setPlaceholderText(tr("Filter objects"));
    m_filterField->setAccessibleName(tr("Filter objects"));
    m_filterField->setClearButtonEnabled(true);
    m_filterField->setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 9);
    m_filterField->setMaximumWidth(fontMetrics().horizontalAdvance(u'm') * 18);
    m_write = new QPushButton(bar);
    m_write->setVisible(false);
    setRole(m_write, u"primary"_s);
    auto *row = m_bar = new QHBoxLayout(bar);
    row->setContentsMargins(12, 6, 10, 6);
    row->addWidget(m_write);
    row->addWidget(m_summary, 1);
    row->addWidget(m_filterField);
    row->addWidget(m_copy);
    row->addWidget(m_compare);
    connect(m_write, &QPushButton::clicked, this, &ChangesPage::revisionWanted);
    connect(m_model, &ChangesModel::tickedChanged, this, &ChangesPage::showWriteButton);
    connect(m_compare, &QToolButton::clicked, this, &ChangesPage::compareRequested);
    connect(m_copy, &QToolButton::clicked, this, &ChangesPage::copyTicked);
    connect(m_filterField, &QLineEdit::textChanged, this, &ChangesPage::setFilter);
    return bar;
}

void ChangesPage::addBarAction(QAction *action)
{
    auto *button = new QToolButton(this);
    button->setDefaultAction(action);
    m_bar->addWidget(button);
}

void ChangesPage::buildTree()
{
    m_filter->setSourceModel(m_model);
    m_filter->setRecursiveFilteringEnabled(true);
    m_filter->setAutoAcceptChildRows(true);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setFilterKeyColumn(-1);
    m_view->setModel(m_filter);
    m_view->setItemDelegate(new ChangesDelegate(m_view));
    m_view->setAccessibleName(tr("Differences"));
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setIndentation(18);
    QHeaderView *header = m_view->header();
    header->setSectionsMovable(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
    const int em = fontMetrics().horizontalAdvance(u'm');
    header->setMinimumSectionSize(12 * em); // a verdict's word
    m_view->setColumnWidth(ChangesModel::ObjectColumn, 25 * em);
    for (const int column :
         {ChangesModel::ModelsColumn, ChangesModel::MigrationsColumn, ChangesModel::DatabaseColumn})
        m_view->setColumnWidth(column, 14 * em);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ChangesPage::showSelected);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &ChangesPage::showMenu);
    connect(m_filter, &QAbstractItemModel::modelReset, m_view, &QTreeView::expandAll);
}

QWidget *ChangesPage::buildLower()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    m_script = new SqlPane(tr("Revision"), m_tabs);
    m_statements = new SqlPane(tr("SQL"), m_tabs);
    m_tabs->addTab(buildSides(), tr("Side by side"));
    m_tabs->addTab(m_script, tr("Revision"));
    m_tabs->addTab(m_statements, tr("SQL"));
    return m_tabs;
}

QList<Difference> ChangesPage::chosenForRevision() const
{
    QList<Difference> chosen = m_model->ticked();
    if (!chosen.isEmpty())
        return chosen;
    chosen = m_model->differences();
    chosen.removeIf([](const Difference &difference) {
        return difference.verdict != Verdict::NeedsRevision
               && difference.verdict != Verdict::NeedsRemoval;
    });
    return chosen;
}

void ChangesPage::setDraft(const DraftTexts &draft)
{
    m_draftChanges = draft.script.isEmpty() ? 0 : draft.changes;
    const QString hint = !draft.reason.isEmpty() ? visibleText(redactedText(draft.reason), false)
                                                 : tr("Nothing that is chosen needs a revision.");
    if (draft.script.isEmpty())
        m_script->setHint(hint);
    else
        m_script->setText(draft.script, draft.language == u"python" ? SqlView::Language::Python
                                                                    : SqlView::Language::Sql);
    if (draft.changes == 0)
        m_statements->setHint(hint);
    else
        m_statements->setText(draft.statements);
    for (SqlPane *pane : {m_script, m_statements}) {
        if (draft.notes.isEmpty() || draft.changes == 0)
            pane->banner()->clear();
        else
            pane->banner()->showMessage(InlineBanner::Kind::Warning, {},
                                        visibleText(redactedText(draft.notes.join(u'\n'))));
    }
    showWriteButton();
}

void ChangesPage::showWriteButton()
{
    m_write->setVisible(m_draftChanges > 0);
    const int ticked = int(m_model->ticked().size());
    m_write->setText(ticked > 0 ? tr("+ New revision from %1 ticked…").arg(ticked)
                                : tr("+ New revision from the models…"));
    m_write->setAccessibleName(m_write->text().mid(2));
}

QWidget *ChangesPage::buildSides()
{
    auto *panel = new QWidget(this);
    panel->setProperty("role", u"panel"_s);
    panel->setAttribute(Qt::WA_StyledBackground);
    auto *grid = m_sideGrid = new QGridLayout(panel);
    grid->setContentsMargins(0, 6, 0, 0);
    grid->setHorizontalSpacing(1);
    m_selectedTitle = new QLabel(tr("Select a difference to see its sides in full."), panel);
    m_selectedTitle->setTextFormat(Qt::PlainText);
    m_selectedTitle->setContentsMargins(0, 2, 12, 2);
    m_introducedBy = new QToolButton(panel);
    m_introducedBy->setVisible(false);
    auto *titleRow = new QHBoxLayout;
    titleRow->setSpacing(6);
    titleRow->setContentsMargins(12, 0, 10, 0);
    titleRow->addWidget(m_selectedTitle, 1);
    titleRow->addWidget(m_introducedBy);
    m_rename = new QToolButton(panel);
    m_rename->setCheckable(true);
    m_rename->setVisible(false);
    titleRow->addWidget(m_rename);
    connect(m_rename, &QToolButton::clicked, this, &ChangesPage::setRenamed);
    m_ignore = new QToolButton(panel);
    m_ignore->setText(tr("Ignore…"));
    m_ignore->setToolTip(tr("Leave this difference, or all like it, out of comparisons"));
    m_ignore->setVisible(false);
    titleRow->addWidget(m_ignore);
    connect(m_ignore, &QToolButton::clicked, this, &ChangesPage::ignoreWanted);
    grid->addLayout(titleRow, 0, 0, 1, 3);
    const QString names[] = {tr("Models"), tr("Migrations at head"), tr("Database")};
    for (int i = 0; i < 3; ++i) {
        auto *name = m_sideNames[i] = new QLabel(names[i], panel);
        name->setProperty("role", u"dim"_s);
        name->setContentsMargins(12, 0, 12, 0);
        m_sides[i] = new SqlPane(names[i], panel);
        m_sides[i]->setHint({});
        grid->addWidget(name, 1, i);
        grid->addWidget(m_sides[i], 2, i);
        grid->setColumnStretch(i, 1);
    }
    grid->setRowStretch(2, 1);
    connect(m_introducedBy, &QToolButton::clicked, this, [this] {
        if (const Difference *difference = selected())
            emit revisionRequested(difference->revision);
    });
    return panel;
}

void ChangesPage::setComparison(const Comparison &comparison, const QString &environment)
{
    m_model->setSides(comparison.hasModels, comparison.hasDatabase ? environment : QString());
    m_view->setColumnHidden(ChangesModel::ModelsColumn, !comparison.hasModels);
    m_view->setColumnHidden(ChangesModel::DatabaseColumn, !comparison.hasDatabase);
    QStringList sides;
    if (comparison.hasModels)
        sides << tr("models");
    sides << tr("migrations@head");
    if (comparison.hasDatabase)
        sides << visibleText(environment, false);
    setRenames(comparison.renames);
    showFound(comparison, sides.join(u" ⇄ "_s));
}

void ChangesPage::setSideTitles(const QString &from, const QString &to)
{
    m_model->setSources(from, to);
    m_view->setColumnHidden(ChangesModel::ModelsColumn, true);
    m_tabs->setTabVisible(m_tabs->indexOf(m_script), false);
    m_sides[0]->hide();
    m_sideNames[0]->hide();
    m_sideGrid->setColumnStretch(0, 0);
    m_sideNames[1]->setText(visibleText(from, false));
    m_sideNames[2]->setText(visibleText(to, false));
}

void ChangesPage::setSources(const ComparedSources &both)
{
    setSideTitles(both.from.title, both.to.title);
    showFound({.differences = both.comparison.differences,
               .notes = both.comparison.notes,
               .ignored = both.comparison.ignored,
               .isWhole = both.comparison.isWhole,
               .tables = int(both.to.schema.tables.size()),
               .milliseconds = both.milliseconds},
              visibleText(both.from.title, false) + u" → "_s + visibleText(both.to.title, false)
                  + (both.areBranches ? u", "_s + tr("on different branches") : QString()));
}

void ChangesPage::showFound(const Comparison &comparison, const QString &sides)
{
    m_compared = true;
    m_banner->clear();
    m_model->setDifferences(comparison.differences);
    m_view->expandAll();
    m_summary->setText(
        (comparison.tables == 1 ? tr("Compared 1 table")
                                : tr("Compared %n tables", nullptr, comparison.tables))
        + u' '
        + tr("in %1 s").arg(QLocale().toString(double(comparison.milliseconds) / 1000, 'f', 2))
        + u" · "_s + sides);
    QStringList notes = comparison.notes;
    if (comparison.ignored > 0)
        notes << ignoredNote(comparison.ignored);
    if (!notes.isEmpty())
        m_banner->showMessage(InlineBanner::Kind::Info, {},
                              visibleText(redactedText(notes.join(u'\n'))));
    updateStack();
    showSelected();
}

/// Offers \a candidates; what was chosen before and is offered no more is forgotten.
void ChangesPage::setRenames(const QList<Rename> &candidates)
{
    m_candidates = candidates;
    m_renames.removeIf([&](const Rename &rename) { return !candidates.contains(rename); });
    m_model->setRenames(m_renames);
}

QStringList ChangesPage::chosenRenames() const
{
    QStringList texts;
    for (const Rename &rename : m_renames)
        texts << rename.text();
    return texts;
}

void ChangesPage::showRename(const Difference *difference)
{
    const Rename *rename = difference ? renameOf(*difference, m_candidates) : nullptr;
    m_rename->setVisible(rename);
    if (!rename)
        return;
    const bool isOfTable = rename->column.isEmpty();
    m_rename->setText(tr("Rename %1 to %2")
                          .arg(visibleText(isOfTable ? rename->table.name : rename->column, false),
                               visibleText(rename->newName, false)));
    m_rename->setToolTip(
        isOfTable ? tr("Nothing is dropped: the table keeps its rows under the new name")
                  : tr("Nothing is dropped: the column keeps its values under the new name"));
    m_rename->setChecked(m_renames.contains(*rename));
}

/// The selected difference is a rename, or is none after all.
void ChangesPage::setRenamed(bool renamed)
{
    const Difference *difference = selected();
    const Rename *rename = difference ? renameOf(*difference, m_candidates) : nullptr;
    if (!rename)
        return;
    m_renames.removeAll(*rename);
    if (renamed)
        m_renames.append(*rename);
    m_model->setRenames(m_renames);
    showRename(difference);
    emit renamesChanged();
}

void ChangesPage::clear()
{
    setRenames({});
    m_compared = false;
    m_banner->clear();
    m_summary->clear();
    m_filterField->clear();
    m_model->setDifferences({});
    updateStack();
    showSelected();
}

void ChangesPage::setError(const Error &error)
{
    m_compared = false;
    m_summary->clear();
    m_model->setDifferences({});
    m_banner->showError(error);
    updateStack();
}

void ChangesPage::setComparing(bool comparing)
{
    m_compare->setEnabled(!comparing);
    if (comparing && !m_compared)
        m_summary->setText(tr("Comparing…"));
}

void ChangesPage::setFilter(const QString &text)
{
    m_filter->setFilterFixedString(text);
    m_view->expandAll();
    updateStack();
}

QString ChangesPage::summary() const
{
    return m_summary->text();
}

const Difference *ChangesPage::selected() const
{
    return m_view->currentIndex()
        .siblingAtColumn(0)
        .data(ChangesModel::DifferenceRole)
        .value<const Difference *>();
}

void ChangesPage::showSelected()
{
    const Difference *difference = selected();
    m_introducedBy->setVisible(difference && !difference->revision.isEmpty());
    m_ignore->setVisible(difference && m_mayIgnore);
    showRename(difference);
    if (!difference) {
        m_selectedTitle->setText(tr("Select a difference to see its sides in full."));
        for (SqlPane *side : m_sides)
            side->setHint({});
        return;
    }
    m_selectedTitle->setText(m_model->lineOf(*difference));
    m_introducedBy->setText(tr("Show revision %1").arg(difference->revision));
    const bool has[] = {difference->inModels, difference->inMigrations, difference->inDatabase};
    QStringList texts{difference->models, difference->migrations, difference->database};
    for (int i = 0; i < 3; ++i)
        texts[i] = has[i] && !texts[i].isEmpty() ? sideSql(*difference, texts[i]) : QString();
    const QList<QList<TextStretch>> changed = changedWords(texts);
    for (int i = 0; i < 3; ++i) {
        if (texts[i].isEmpty()) {
            m_sides[i]->setHint(has[i] ? tr("present") : tr("not there"));
            continue;
        }
        m_sides[i]->setText(texts[i]);
        m_sides[i]->view()->markWords(changed[i]);
    }
}

void ChangesPage::updateStack()
{
    if (m_model->differenceCount() > 0)
        m_empty->setContent(tr("No difference matches the filter"), {}, tr("Clear filter"));
    else if (m_compared)
        m_empty->setContent(tr("No differences"), tr("All sides that were compared agree."),
                            tr("Compare again"));
    else
        m_empty->setContent(tr("Nothing compared yet"), {}, tr("Compare"));
    m_stack->setCurrentIndex(m_filter->rowCount() > 0 ? 0 : 1);
    m_copy->setEnabled(m_model->differenceCount() > 0);
}

void ChangesPage::allowIgnoring()
{
    m_mayIgnore = true;
}

/// What can be done with the row, as in the panel beneath.
void ChangesPage::showMenu(const QPoint &at)
{
    const Difference *difference = selected();
    if (!difference)
        return;
    QMenu menu(this);
    menu.addAction(tr("&Copy"), this, [this, line = m_model->lineOf(*difference)] {
        QApplication::clipboard()->setText(line);
    });
    if (!difference->revision.isEmpty())
        menu.addAction(tr("Show &revision %1").arg(difference->revision), this,
                       [this, id = difference->revision] { emit revisionRequested(id); });
    if (renameOf(*difference, m_candidates)) {
        QAction *rename = menu.addAction(m_rename->text());
        rename->setCheckable(true);
        rename->setChecked(m_rename->isChecked());
        connect(rename, &QAction::toggled, this, &ChangesPage::setRenamed);
    }
    if (m_mayIgnore)
        menu.addAction(tr("&Ignore this, or all like it…"), this, &ChangesPage::ignoreWanted);
    menu.exec(m_view->viewport()->mapToGlobal(at));
}

void ChangesPage::copyTicked()
{
    QList<Difference> chosen = m_model->ticked();
    if (chosen.isEmpty()) {
        m_model->setAllTicked(true);
        chosen = m_model->ticked();
        m_model->setAllTicked(false);
    }
    QStringList lines;
    for (const Difference &difference : chosen)
        lines << m_model->lineOf(difference);
    QApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace tribikos
