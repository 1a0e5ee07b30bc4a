#include "ui/git/forecastdialog.h"

#include "core/base/text.h"
#include "core/project/projectgit.h"
#include "ui/git/gitwording.h"
#include "ui/history/historymodel.h"
#include "ui/history/historyview.h"
#include "ui/shell/emptystate.h"
#include "ui/shell/projectcontroller.h"
#include "ui/shell/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeWidget>

namespace tribikos {

using namespace Qt::StringLiterals;

ForecastDialog::ForecastDialog(ProjectController *controller, QWidget *window)
    : QDialog(window)
    , m_controller(controller)
    , m_verdict(new InlineBanner(this, {14, 10, 14, 10}))
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(this))
{
    setObjectName(u"forecastDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Merge forecast"));
    resize(QSize(1120, 700).boundedTo(screen()->availableSize()));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    layout->addWidget(m_verdict);
    m_stack->addWidget(buildBody());
    m_stack->addWidget(m_empty);
    m_stack->setCurrentWidget(m_empty);
    m_empty->setContent(tr("No branch chosen yet"),
                        tr("A forecast reads the repository and changes nothing in it."));
    layout->addWidget(m_stack, 1);
    layout->addWidget(buildFooter());
    m_verdict->setDismissable(false);
    connect(controller, &ProjectController::opened, this, &ForecastDialog::load);
    connect(controller, &ProjectController::switched, this, &QDialog::reject);
    m_ref->setFocus();
    showWaysOut();
    listRefs();
}

QWidget *ForecastDialog::buildBar()
{
    auto *bar = new QWidget(this);
    bar->setProperty("role", u"header"_s);
    bar->setAttribute(Qt::WA_StyledBackground);
    auto *label = new QLabel(tr("What merging this &branch here would do:"), bar);
    m_ref = new QComboBox(bar);
    m_ref->setObjectName(u"ref"_s);
    m_ref->setEditable(true);
    m_ref->setInsertPolicy(QComboBox::NoInsert);
    m_ref->completer()->setFilterMode(Qt::MatchContains);
    m_ref->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_ref->lineEdit()->setPlaceholderText(tr("branch, tag or commit"));
    m_ref->setAccessibleName(tr("Branch, tag or commit"));
    m_ref->setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 26);
    label->setBuddy(m_ref);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 12, 12, 12);
    row->addWidget(label);
    row->addWidget(m_ref);
    row->addStretch();
    connect(m_ref, &QComboBox::activated, this, &ForecastDialog::load);
    connect(m_ref->lineEdit(), &QLineEdit::returnPressed, this, &ForecastDialog::load);
    return bar;
}

QWidget *ForecastDialog::buildBody()
{
    auto *splitter = new QSplitter(this);
    m_model = new HistoryModel(this);
    m_view = new HistoryView(splitter);
    m_view->setHistoryModel(m_model);
    m_view->setCompact(true);
    m_view->setFolding(true);
    m_view->setAccessibleName(tr("History after the merge"));
    auto *side = new QWidget(splitter);
    side->setProperty("role", u"panel"_s);
    side->setAttribute(Qt::WA_StyledBackground);
    m_overlapTitle = new QLabel(side);
    m_overlapTitle->setWordWrap(true);
    m_overlapTitle->setProperty("role", u"title"_s);
    m_overlaps = new QTreeWidget(side);
    m_overlaps->setObjectName(u"overlaps"_s);
    m_overlaps->setProperty("role", u"rows"_s);
    m_overlaps->setRootIsDecorated(false);
    m_overlaps->setUniformRowHeights(true);
    m_overlaps->setAllColumnsShowFocus(true);
    m_overlaps->setFrameShape(QFrame::NoFrame);
    m_overlaps->setAccessibleName(tr("Tables that both sides touch"));
    m_notes = new QLabel(side);
    m_notes->setObjectName(u"notes"_s);
    m_notes->setTextFormat(Qt::PlainText);
    m_notes->setWordWrap(true);
    m_notes->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_overlapTitle->setContentsMargins(14, 8, 14, 4);
    m_notes->setContentsMargins(14, 8, 14, 8);
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_overlapTitle);
    column->addWidget(m_overlaps, 1);
    column->addWidget(m_notes);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({660, 440});
    return splitter;
}

QWidget *ForecastDialog::buildFooter()
{
    auto *footer = new QWidget(this);
    footer->setProperty("role", u"footer"_s);
    footer->setAttribute(Qt::WA_StyledBackground);
    m_hint = new QLabel(footer);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setWordWrap(true);
    m_hint->setProperty("role", u"dim"_s);
    m_copy = new QToolButton(footer);
    m_copy->setText(tr("Copy command"));
    m_copy->setFocusPolicy(Qt::StrongFocus);
    m_merge = new QPushButton(tr("Offer a &merge revision then"), footer);
    m_merge->setObjectName(u"merge"_s);
    m_reparent = new QPushButton(footer);
    m_reparent->setObjectName(u"reparent"_s);
    auto *close = new QPushButton(tr("Close"), footer);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(16, 12, 16, 12);
    row->setSpacing(10);
    row->addWidget(m_hint, 1);
    for (QWidget *widget : QWidgetList{m_copy, m_reparent, m_merge, close})
        row->addWidget(widget);
    for (QPushButton *button : {m_merge, m_reparent, close})
        button->setAutoDefault(false); // Enter in the chooser asks for the forecast
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_forecast->mergeCommand()); });
    connect(m_merge, &QPushButton::clicked, this, [this] { leave(false); });
    connect(m_reparent, &QPushButton::clicked, this, [this] { leave(true); });
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    return footer;
}

void ForecastDialog::listRefs()
{
    m_refsJob.start([project = m_controller->project()](
                        const std::stop_token &stop) { return otherRefs(*project, stop); },
                    [this](const Result<QList<GitRef>> &refs) {
                        if (refs)
                            showRefs(*refs);
                        else
                            m_verdict->showError(refs.error());
                    });
}

/// None is taken for granted, unless there is only one.
void ForecastDialog::showRefs(const QList<GitRef> &refs)
{
    const QString typed = m_ref->currentText();
    for (const GitRef &ref : refs)
        m_ref->addItem(visibleText(ref.name, false), ref.name);
    if (refs.size() == 1 && typed.isEmpty())
        return choose(refs.constFirst().name);
    m_ref->setCurrentIndex(-1);
    m_ref->setEditText(typed);
    if (refs.isEmpty() && typed.isEmpty())
        m_verdict->showMessage(
            InlineBanner::Kind::Info, {},
            tr("The repository has no other branch or tag; any commit can be named above."));
}

void ForecastDialog::choose(const QString &ref)
{
    m_ref->setEditText(ref);
    load();
}

void ForecastDialog::load()
{
    const int known = m_ref->findText(m_ref->currentText());
    const QString ref =
        known < 0 ? m_ref->currentText().trimmed() : m_ref->itemData(known).toString();
    if (ref.isEmpty() || !m_controller->project())
        return;
    m_hint->setText(tr("Reading %1…").arg(visibleText(ref, false)));
    m_job.start([project = m_controller->project(),
                 ref](const std::stop_token &stop) { return forecastMerge(*project, ref, stop); },
                [this](const Result<MergeForecast> &forecast) { showForecast(forecast); });
}

void ForecastDialog::showForecast(const Result<MergeForecast> &forecast)
{
    m_forecast.reset();
    if (forecast) {
        m_forecast = *forecast;
        const ForecastVerdict verdict = forecastVerdict(*m_forecast);
        m_verdict->showMessage(verdict.kind, verdict.title, verdict.text);
    } else {
        m_verdict->showError(forecast.error());
    }
    const MergeForecast shown = m_forecast.value_or(MergeForecast());
    m_model->setHistory({shown.graph, shown.history});
    m_model->setMarks(forecastMarks(shown));
    if (m_model->rowCount() > 0 && m_view->selectedIds().isEmpty())
        m_view->select(m_model->idAt(0));
    showOverlaps();
    showWaysOut();
    m_stack->setCurrentIndex(m_forecast ? 0 : 1);
}

void ForecastDialog::showOverlaps()
{
    m_overlaps->clear();
    m_notes->setText(m_forecast ? forecastNotes(*m_forecast).join(u'\n') : QString());
    m_notes->setVisible(!m_notes->text().isEmpty());
    const QString ref = m_forecast ? visibleText(m_forecast->ref, false) : QString();
    m_overlaps->setHeaderLabels(
        {tr("Table"), tr("Columns of both"), tr("Here"), tr("On %1").arg(ref)});
    const QList<TableOverlap> overlaps = m_forecast ? m_forecast->overlaps : QList<TableOverlap>();
    for (const TableOverlap &one : overlaps) {
        QStringList texts;
        for (const QString &text : {one.table, one.columns.join(u", "_s), one.here.join(u", "_s),
                                    one.there.join(u", "_s)})
            texts << visibleText(text, false);
        auto *item = new QTreeWidgetItem(m_overlaps, texts);
        for (int column = 0; column < texts.size(); ++column)
            item->setToolTip(column, texts[column].toHtmlEscaped());
    }
    m_overlapTitle->setText(!m_forecast          ? QString()
                            : overlaps.isEmpty() ? tr("No table is touched by both sides.")
                                                 : tr("Tables that both sides touch"));
    m_overlaps->setVisible(!overlaps.isEmpty());
    for (int column = 0; column < 3; ++column)
        m_overlaps->resizeColumnToContents(column);
}

void ForecastDialog::showWaysOut()
{
    const bool needsMerge = m_forecast && m_forecast->needsMerge();
    m_hint->setText(needsMerge ? tr("Merge the branches with git first; Tribikos changes none.")
                               : QString());
    m_copy->setVisible(needsMerge);
    m_merge->setVisible(needsMerge);
    m_reparent->setVisible(needsMerge && m_forecast->reparenting);
    if (!needsMerge)
        return;
    m_copy->setToolTip(visibleText(m_forecast->mergeCommand(), false).toHtmlEscaped());
    setRole(m_merge, u"primary"_s);
    if (const auto &other = m_forecast->reparenting)
        m_reparent->setText(tr("Offer to &put %1 on %2 then")
                                .arg(visibleText(other->revision, false),
                                     visibleText(other->parents.join(u", "_s), false)));
}

void ForecastDialog::leave(bool reparents)
{
    AfterMerge afterMerge{.ref = m_forecast->ref, .heads = m_forecast->split};
    if (reparents)
        afterMerge.reparenting = m_forecast->reparenting;
    emit leftToDo(afterMerge);
    accept();
}

} // namespace tribikos
