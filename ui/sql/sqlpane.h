#pragma once

#include "ui/sql/sqlview.h"

class QLabel;

namespace tribikos {

struct Plan;
struct PlanStep;
class InlineBanner;

/// Code with the remarks that belong to it above: what it can lose, or why there is none.
class SqlPane final : public QWidget
{
    Q_OBJECT
public:
    explicit SqlPane(const QString &accessibleName, QWidget *parent = nullptr);

    void setText(const QString &text, SqlView::Language language = SqlView::Language::Sql);
    /// The step's text with its remarks; the reason with file and line when it could not be made.
    void setStep(const Plan &plan, const PlanStep &step);
    /// The same with \a text in place of the script's own.
    void setStep(const Plan &plan, const PlanStep &step, const QString &text);
    /// After a text that is an excerpt: says so, and \a whole is what is saved.
    void setWhole(SqlView::Whole whole);
    /// A dim sentence in place of the text.
    void setHint(const QString &hint);
    SqlView *view() const { return m_view; }
    InlineBanner *banner() const { return m_banner; }
    bool hasText() const { return !m_view->text().isEmpty(); }
    /// To the clipboard, and says so at the pointer.
    void copy();
    /// Asks where to; a failure is shown in the banner.
    void saveAs(const QString &suggestedName);

signals:
    void textChanged();

private:
    InlineBanner *m_banner = nullptr;
    QLabel *m_hint = nullptr;
    SqlView *m_view = nullptr;
};

/// What a person should know of \a steps before they run: losses and rebuilds, one sentence each.
QStringList stepRemarks(const QList<PlanStep> &steps);

} // namespace tribikos
