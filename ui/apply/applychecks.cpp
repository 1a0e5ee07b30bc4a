#include "ui/apply/applychecks.h"

#include "core/base/text.h"
#include "ui/shell/theme.h"
#include "ui/shell/wording.h"

#include <QCoreApplication>
#include <QEvent>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

struct Checks
{
    Q_DECLARE_TR_FUNCTIONS(Checks)
};

using CheckKind = ApplyCheck::Kind;

enum ItemRole { KindRole = Qt::UserRole, StepRole };

constexpr qsizetype mostTold = 500; // statements of a trial that are listed one by one

QString glyphOf(CheckKind kind)
{
    switch (kind) {
    case CheckKind::Fine: return u"✓"_s;
    case CheckKind::Warning: return u"▲"_s;
    case CheckKind::Error: return u"✖"_s;
    case CheckKind::Info: break;
    }
    return u"ℹ"_s;
}

void checkStepOf(const PlanStep &step, int index, QList<ApplyCheck> &checks)
{
    const auto add = [&](CheckKind kind, const QString &text) {
        checks.append({kind, visibleText(text, false), index});
    };
    if (!step.isRunnable())
        add(CheckKind::Error, Checks::tr("%1 can’t be run: %2").arg(step.revision, step.reason));
    if (step.live)
        add(CheckKind::Warning,
            Checks::tr("%1 reads rows: its statements follow from them, and can’t be shown before.")
                .arg(step.revision));
    for (const LossNote &loss : step.losses)
        add(CheckKind::Warning, Checks::tr("%1 loses data: %2.").arg(step.revision, loss.message));
    for (const LossNote &warning : step.warnings)
        add(CheckKind::Warning, u"%1: %2"_s.arg(step.revision, warning.message));
    if (!step.rebuiltTables.isEmpty())
        add(CheckKind::Info,
            Checks::tr("%1 rebuilds %2, for no ALTER does it in place; every row is kept.")
                .arg(step.revision, step.rebuiltTables.join(u", "_s)));
}

QString triedText(const TriedStatement &tried)
{
    QStringList parts{tried.revision.isEmpty() ? Checks::tr("version table") : tried.revision,
                      visibleText(redactedText(tried.sql.left(400)).simplified().left(120), false)};
    if (tried.isTried)
        parts << durationText(tried.durationUs);
    if (!tried.locks.isEmpty())
        parts << Checks::tr("takes %1").arg(tried.locks.join(u", "_s));
    if (!tried.rewritten.isEmpty())
        parts << Checks::tr("writes %1 anew: reads and writes wait")
                     .arg(tried.rewritten.join(u", "_s));
    if (!tried.remark.isEmpty())
        parts << tried.remark;
    return parts.join(u" · "_s);
}

QString changeText(const Difference &difference)
{
    QStringList names{difference.table.text(), difference.name};
    names.removeAll({});
    const QString what = differenceKindName(difference.kind) + u' ' + names.join(u'.');
    if (!difference.inMigrations)
        return u"+ %1 %2"_s.arg(what, difference.database).trimmed();
    if (!difference.inDatabase)
        return u"− "_s + what;
    return u"~ %1 %2: %3 → %4"_s.arg(what, difference.aspect, difference.migrations,
                                     difference.database);
}

} // namespace

QList<ApplyCheck> checksOf(const Plan &plan, const TransactionMap &map, const QString &environment)
{
    const QString name = visibleText(environment, false);
    QList<ApplyCheck> checks;
    checks.append(
        {CheckKind::Fine,
         Checks::tr("%1 stands at %2. It is looked at again under the lock, before anything runs.")
             .arg(name, shownPosition(plan.startRows))});
    if (!plan.structure.isEmpty())
        checks.append(
            {CheckKind::Fine,
             Checks::tr(
                 "The plan was made from the tables as they are in %1; if one changes before the "
                 "run, the run says so and does nothing.")
                 .arg(name)});
    QList<ApplyCheck> ofSteps;
    bool hasLosses = false;
    for (int i = 0; i < plan.steps.size(); ++i) {
        hasLosses = hasLosses || !plan.steps[i].losses.isEmpty() || plan.steps[i].live;
        checkStepOf(plan.steps[i], i, ofSteps);
    }
    const QStringList lasting = lastingNotes(plan, map);
    if (lasting.isEmpty())
        checks.append(
            {CheckKind::Fine,
             map.rules.mode == TransactionMode::All && map.rules.backend == Backend::PostgreSql
                 ? Checks::tr("If anything fails, all of it is rolled back.")
                 : Checks::tr("A revision that fails is rolled back whole.")});
    if (!hasLosses && plan.isRunnable())
        checks.append({CheckKind::Fine, Checks::tr("Nothing is dropped that holds data.")});
    for (const QString &note : lasting)
        checks.append({CheckKind::Warning, visibleText(note, false)});
    if (const QString unkept = unkeptModeText(map.rules.mode, map.rules.backend); !unkept.isEmpty())
        checks.append({CheckKind::Warning, unkept});
    return checks + ofSteps;
}

QList<ApplyCheck> checksOf(const TrialOutcome &outcome)
{
    QList<ApplyCheck> checks;
    const RunReport &report = outcome.trial.report;
    if (report.error)
        checks.append({CheckKind::Error, visibleText(redactedText(report.error->message), false)});
    else
        checks.append(
            {CheckKind::Fine, Checks::tr("It was tried and taken back: %1.")
                                  .arg(statementsText(int(outcome.trial.statements.size())))});
    for (const QString &note : outcome.trial.notes + report.notes)
        checks.append({CheckKind::Info, visibleText(redactedText(note), false)});
    for (const TriedStatement &tried :
         outcome.trial.statements.first(qMin(mostTold, outcome.trial.statements.size()))) {
        const bool isHeavy = !tried.rewritten.isEmpty() || !tried.isTried;
        checks.append(
            {isHeavy ? CheckKind::Warning : CheckKind::Info, triedText(tried), tried.step});
    }
    if (outcome.trial.statements.size() > mostTold)
        checks.append(
            {CheckKind::Info, Checks::tr("… and %n more statements.", nullptr,
                                         int(outcome.trial.statements.size() - mostTold))});
    for (const Difference &change : outcome.changes)
        checks.append({CheckKind::Info, visibleText(changeText(change), false)});
    return checks;
}

int warningCount(const QList<ApplyCheck> &checks)
{
    return int(std::ranges::count_if(checks, [](const ApplyCheck &check) {
        return check.kind == CheckKind::Warning || check.kind == CheckKind::Error;
    }));
}

ChecksView::ChecksView(QWidget *parent)
    : QListWidget(parent)
{
    setWordWrap(true);
    setSpacing(3);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextElideMode(Qt::ElideNone);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Checks before the run"));
    connect(this, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        if (const int step = item->data(StepRole).toInt(); step >= 0)
            emit stepChosen(step);
    });
}

void ChecksView::setChecks(const QList<ApplyCheck> &checks)
{
    clear();
    append(checks);
}

void ChecksView::append(const QList<ApplyCheck> &checks)
{
    for (const ApplyCheck &check : checks) {
        auto *item = new QListWidgetItem(glyphOf(check.kind) + u"  "_s + check.text);
        item->setData(KindRole, int(check.kind));
        item->setData(StepRole, check.step);
        if (check.step >= 0)
            item->setToolTip(tr("Enter shows its step."));
        colour(item);
        addItem(item);
    }
}

void ChecksView::changeEvent(QEvent *event)
{
    QListWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    for (int row = 0; row < count(); ++row)
        colour(item(row));
}

void ChecksView::colour(QListWidgetItem *item) const
{
    const ThemeColors &theme = themeFor(palette());
    const auto kind = CheckKind(item->data(KindRole).toInt());
    item->setForeground(kind == CheckKind::Warning ? theme.warn
                        : kind == CheckKind::Error ? theme.bad
                                                   : theme.text);
}

} // namespace tribikos
