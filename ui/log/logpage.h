#pragma once

#include "core/runtime/runlog.h"

#include <QWidget>
#include <optional>

class QCheckBox;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTreeWidget;

namespace tribikos {

class EmptyState;
class InlineBanner;

/// Every run: when, where, which statements, how long, how it ended.
class LogPage final : public QWidget
{
    Q_OBJECT
public:
    explicit LogPage(QWidget *parent = nullptr);

    /// Newest first, of every project; \a databases: those of the open one, shown unless all are
    /// asked for.
    void setRuns(const QList<RunSummary> &runs, const QStringList &databases);
    void setRecord(const RunRecord &record);
    void setError(const Error &error);
    int runCount() const;

protected:
    void changeEvent(QEvent *event) override;

signals:
    void runChosen(const QString &file);

private:
    QWidget *buildBar();
    void buildRuns();
    void showRuns();
    void colourRuns();
    void forgetRecord();
    void copyDiagnostics();

    QList<RunSummary> m_all{};
    QStringList m_databases{};
    std::optional<RunRecord> m_record{}; // that is shown
    QPushButton *m_copy = nullptr;
    QCheckBox *m_allProjects = nullptr;
    InlineBanner *m_banner = nullptr;
    QTreeWidget *m_runs = nullptr;
    QPlainTextEdit *m_text = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
};

/// "● done", "✖ failed" …: how a run ended, in glyph and word.
QString outcomeText(RunSummary::Outcome outcome);
/// The record as lines of text, for the screen and the clipboard.
QString recordText(const RunRecord &record);

} // namespace tribikos
