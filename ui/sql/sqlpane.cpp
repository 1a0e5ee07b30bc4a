#include "ui/sql/sqlpane.h"

#include "core/base/text.h"
#include "core/plan/plan.h"
#include "ui/shell/inlinebanner.h"

#include <QCursor>
#include <QLabel>
#include <QToolTip>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

QStringList stepRemarks(const QList<PlanStep> &steps)
{
    QStringList remarks;
    for (const PlanStep &step : steps) {
        if (step.live)
            remarks << SqlPane::tr("%1 reads rows: its statements are made, and told, while it runs.").arg(step.revision);
        for (const LossNote &loss : step.losses)
            remarks << SqlPane::tr("%1: %2").arg(step.revision, loss.message);
        for (const LossNote &warning : step.warnings)
            remarks << SqlPane::tr("%1: %2").arg(step.revision, warning.message);
        if (!step.rebuiltTables.isEmpty())
            remarks << SqlPane::tr("%1: rebuilds %2 (no ALTER does it in place); every row is kept")
                           .arg(step.revision, step.rebuiltTables.join(u", "_s));
    }
    return remarks;
}

SqlPane::SqlPane(const QString &accessibleName, QWidget *parent)
    : QWidget(parent)
    , m_banner(new InlineBanner(this, {10, 8, 10, 4}))
    , m_hint(new QLabel(this))
    , m_view(new SqlView(this))
{
    setProperty("role", u"panel"_s);
    setAttribute(Qt::WA_StyledBackground);
    m_view->setReadOnlyName(accessibleName);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setProperty("role", u"dim"_s);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_hint, 1);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
}

void SqlPane::setText(const QString &text, SqlView::Language language)
{
    m_banner->clear();
    m_hint->hide();
    m_view->show();
    m_view->setText(text, language);
    emit textChanged();
}

void SqlPane::setStep(const Plan &plan, const PlanStep &step)
{
    setStep(plan, step, stepText(plan, step));
}

void SqlPane::setStep(const Plan &plan, const PlanStep &step, const QString &text)
{
    if (step.live) {
        setHint(tr("What it does follows from the rows that it reads; its statements are told while it runs."));
        m_banner->showMessage(InlineBanner::Kind::Info, {}, visibleText(step.reason, false));
        return;
    }
    if (step.status != StepStatus::Ok) {
        setHint({});
        Error error{.code = ErrorCode::Unsupported,
                    .message = step.reason,
                    .file = step.file,
                    .line = step.line};
        m_banner->showError(error);
        return;
    }
    setText(text);
    if (hasStretch(step))
        setWhole([plan, step](const ScriptSink &sink) { writeStep(plan, step, sink); });
    const QStringList remarks = stepRemarks({step});
    if (!remarks.isEmpty())
        m_banner->showMessage(step.losses.isEmpty() && step.warnings.isEmpty()
                                  ? InlineBanner::Kind::Info
                                  : InlineBanner::Kind::Warning,
                              {}, visibleText(remarks.join(u'\n')));
}

void SqlPane::setWhole(SqlView::Whole whole)
{
    m_view->setWhole(std::move(whole));
    m_banner->showMessage(InlineBanner::Kind::Info, {},
                          tr("Of long runs of INSERT and the like the first statement is shown and "
                             "copied; Save as writes them all."));
}

void SqlPane::setHint(const QString &hint)
{
    m_banner->clear();
    m_view->setText({});
    m_view->hide();
    m_hint->setText(hint);
    m_hint->show();
    emit textChanged();
}

void SqlPane::copy()
{
    m_view->copy();
    QToolTip::showText(QCursor::pos(), tr("Copied"), this);
}

void SqlPane::saveAs(const QString &suggestedName)
{
    QString error;
    if (!m_view->saveAs(suggestedName, &error))
        m_banner->showMessage(InlineBanner::Kind::Error, {}, visibleText(error));
}

} // namespace tribikos
