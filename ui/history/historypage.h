#pragma once

#include <QWidget>

class QSplitter;
class QStackedWidget;

namespace tribikos {

class DetailsPanel;
class EmptyState;
class HistoryModel;
class HistoryView;
class InlineBanner;

/// The list, the details beneath, the banner above, and what stands there when there is nothing to
/// list.
class HistoryPage final : public QWidget
{
    Q_OBJECT
public:
    explicit HistoryPage(QWidget *parent = nullptr);

    HistoryModel *model() const { return m_model; }
    HistoryView *view() const { return m_view; }
    DetailsPanel *details() const { return m_details; }
    InlineBanner *banner() const { return m_banner; }
    /// What the last edit has to say; it stays while the banner speaks of the database.
    InlineBanner *notice() const { return m_notice; }
    QSplitter *splitter() const { return m_splitter; }
    /// Shows only the rows that hold every word of \a text.
    void setFilter(const QString &text);
    /// Why the list is empty, when it is.
    void setProblem(const QString &text);

signals:
    void clearFilterRequested();
    void refreshRequested();

private:
    void updateEmptyState();

    QString m_problem{};
    HistoryModel *m_model = nullptr;
    HistoryView *m_view = nullptr;
    DetailsPanel *m_details = nullptr;
    InlineBanner *m_banner = nullptr;
    InlineBanner *m_notice = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
    QSplitter *m_splitter = nullptr;
};

} // namespace tribikos
