#include "ui/log/logpage.h"

#include "core/base/text.h"
#include "ui/shell/emptystate.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/theme.h"
#include "ui/shell/wording.h"

#include <QCheckBox>
#include <QClipboard>
#include <QEvent>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QString directionText(Direction direction)
{
    switch (direction) {
    case Direction::Upgrade: return LogPage::tr("upgrade");
    case Direction::Downgrade: return LogPage::tr("downgrade");
    case Direction::Stamp: return LogPage::tr("stamp");
    }
    return {};
}

QColor outcomeColor(RunSummary::Outcome outcome, const ThemeColors &theme)
{
    switch (outcome) {
    case RunSummary::Outcome::Done: return theme.ok;
    case RunSummary::Outcome::Failed: return theme.bad;
    case RunSummary::Outcome::Cancelled:
    case RunSummary::Outcome::Unfinished: break;
    }
    return theme.warn;
}

QString entryLine(const RunLogEntry &entry)
{
    QString line = entry.at.toLocalTime().toString(u"HH:mm:ss.zzz"_s) + u"  "_s;
    if (entry.event == u"statement"_s)
        line += u"  %1/%2  %3  %4"_s.arg(entry.statement + 1)
                    .arg(entry.statements)
                    .arg(durationText(entry.durationUs), entry.isFailed ? u"✖ "_s : QString());
    else
        line += entry.event.leftJustified(10) + u' ' + entry.revision + u"  "_s;
    return line + visibleText(redactedText(entry.text).simplified(), false);
}

} // namespace

QString outcomeText(RunSummary::Outcome outcome)
{
    switch (outcome) {
    case RunSummary::Outcome::Done: return LogPage::tr("✓ done");
    case RunSummary::Outcome::Failed: return LogPage::tr("✖ failed");
    case RunSummary::Outcome::Cancelled: return LogPage::tr("↶ cancelled");
    case RunSummary::Outcome::Unfinished: return LogPage::tr("◐ unfinished");
    }
    return {};
}

QString recordText(const RunRecord &record)
{
    const RunSummary &run = record.summary;
    QStringList lines{LogPage::tr("%1 of %2: %3 → %4")
                          .arg(directionText(run.direction), visibleText(run.database, false),
                               shownPosition(run.startRows), shownPosition(run.endRows))};
    for (const RunLogEntry &entry : record.entries)
        lines << entryLine(entry);
    if (!run.error.isEmpty())
        lines << visibleText(redactedText(run.error));
    lines << (run.positionKnown ? LogPage::tr("%1; the database stands at %2")
                                      .arg(outcomeText(run.outcome), shownPosition(run.rowsAfter))
                                : LogPage::tr("%1; where the database stands was not recorded")
                                      .arg(outcomeText(run.outcome)));
    if (!run.backupFile.isEmpty())
        lines << LogPage::tr("copy from before: %1").arg(visibleText(run.backupFile, false));
    for (const QString &note : run.notes)
        lines << visibleText(note);
    if (record.unreadableLines > 0)
        lines << (record.unreadableLines == 1 ? LogPage::tr("1 line of the log could not be read")
                                              : LogPage::tr("%n lines of the log could not be read",
                                                            nullptr, record.unreadableLines));
    return lines.join(u'\n');
}

LogPage::LogPage(QWidget *parent)
    : QWidget(parent)
    , m_copy(new QPushButton(tr("Copy diagnostics"), this))
    , m_allProjects(new QCheckBox(tr("&All projects"), this))
    , m_banner(new InlineBanner(this, {10, 8, 10, 8}))
    , m_runs(new QTreeWidget(this))
    , m_text(new QPlainTextEdit(this))
    , m_empty(new EmptyState(this))
    , m_stack(new QStackedWidget(this))
{
    buildRuns();
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->document()->setDocumentMargin(10);
    m_text->setAccessibleName(tr("Statements of the selected run"));
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_runs);
    splitter->addWidget(m_text);
    splitter->setChildrenCollapsible(false);
    m_empty->setContent(
        tr("No run yet"),
        tr("Every upgrade and downgrade is recorded here, statement by statement."));
    m_stack->addWidget(splitter);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    m_stack->setCurrentIndex(1);
    setFocusProxy(m_runs);
}

QWidget *LogPage::buildBar()
{
    auto *bar = new QWidget(this);
    m_allProjects->setToolTip(tr("Show the runs on every database, not only on this project’s"));
    m_copy->setObjectName(u"copyDiagnostics"_s);
    m_copy->setToolTip(
        tr("What to send along with a question about the selected run: versions, positions, times, "
           "the statement that failed without its values"));
    m_copy->setEnabled(false);
    connect(m_copy, &QPushButton::clicked, this, &LogPage::copyDiagnostics);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 6, 10, 6);
    row->addWidget(m_copy);
    row->addStretch();
    row->addWidget(m_allProjects);
    connect(m_allProjects, &QCheckBox::toggled, this, &LogPage::showRuns);
    return bar;
}

void LogPage::buildRuns()
{
    m_runs->setAccessibleName(tr("Runs"));
    m_runs->setHeaderLabels({tr("How it ended"), tr("When"), tr("What"), tr("Database"),
                             tr("From → to"), tr("Steps"), tr("Time")});
    m_runs->setRootIsDecorated(false);
    m_runs->setUniformRowHeights(true);
    m_runs->setAllColumnsShowFocus(true);
    m_runs->setFrameShape(QFrame::NoFrame);
    m_runs->setProperty("role", u"rows"_s);
    m_runs->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const int em = fontMetrics().horizontalAdvance(u'm');
    const int widths[] = {11, 12, 8, 26, 22, 6, 8};
    for (int i = 0; i < 7; ++i)
        m_runs->setColumnWidth(i, widths[i] * em);
    connect(m_runs, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem *item) {
        if (item)
            emit runChosen(item->data(0, Qt::UserRole).toString());
    });
}

void LogPage::setRuns(const QList<RunSummary> &runs, const QStringList &databases)
{
    m_all = runs;
    m_databases = databases;
    showRuns();
}

void LogPage::showRuns()
{
    m_runs->clear();
    forgetRecord();
    const QLocale locale;
    for (const RunSummary &run : std::as_const(m_all)) {
        if (!m_allProjects->isChecked() && !m_databases.contains(run.database))
            continue;
        const qint64 ms = run.finishedAt.isValid() ? run.startedAt.msecsTo(run.finishedAt) : -1;
        auto *item = new QTreeWidgetItem(
            m_runs, {outcomeText(run.outcome),
                     locale.toString(run.startedAt.toLocalTime(), QLocale::ShortFormat),
                     directionText(run.direction), visibleText(redactedText(run.database), false),
                     shownPosition(run.startRows) + u" → "_s + shownPosition(run.endRows),
                     tr("%1 of %2").arg(run.stepsDone).arg(run.steps),
                     ms < 0 ? QString() : durationText(ms * 1000)});
        item->setData(0, Qt::UserRole, run.file);
        item->setData(0, Qt::UserRole + 1, int(run.outcome));
        if (!run.error.isEmpty())
            item->setToolTip(0, visibleText(redactedText(run.error)).toHtmlEscaped());
    }
    colourRuns();
    m_stack->setCurrentIndex(runCount() == 0 ? 1 : 0);
    if (runCount() > 0)
        m_runs->setCurrentItem(m_runs->topLevelItem(0));
}

void LogPage::colourRuns()
{
    const ThemeColors &theme = themeFor(palette());
    for (int row = 0; row < runCount(); ++row) {
        QTreeWidgetItem *item = m_runs->topLevelItem(row);
        const auto outcome = RunSummary::Outcome(item->data(0, Qt::UserRole + 1).toInt());
        item->setForeground(0, outcomeColor(outcome, theme));
    }
}

void LogPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colourRuns();
}

void LogPage::forgetRecord()
{
    m_record.reset();
    m_copy->setEnabled(false);
    m_text->clear();
}

void LogPage::setRecord(const RunRecord &record)
{
    m_banner->clear();
    m_text->setPlainText(recordText(record));
    m_record = record;
    m_copy->setEnabled(true);
}

void LogPage::setError(const Error &error)
{
    forgetRecord();
    m_banner->showError(error);
}

void LogPage::copyDiagnostics()
{
    if (!m_record)
        return;
    QGuiApplication::clipboard()->setText(runDiagnostics(*m_record));
    m_banner->showMessage(InlineBanner::Kind::Success, {},
                          tr("The diagnostics of this run are on the clipboard. They hold no "
                             "password and not the values of the statement that failed."));
}

int LogPage::runCount() const
{
    return m_runs->topLevelItemCount();
}

} // namespace tribikos
