#pragma once

#include "core/plan/plan.h"
#include "ui/shell/jobslot.h"

#include <QDialog>
#include <functional>
#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace tribikos {

class DialectCombo;
class SqlPane;

/// The whole script from the database's position to a target, as Alembic's --sql prints it; for
/// reading, copying and saving. Makes its plan on a thread of its own.
class PreviewWindow final : public QDialog
{
    Q_OBJECT
public:
    /// From where the database is, or from base.
    using Source = std::function<Result<Plan>(Backend, bool fromBase, const std::stop_token &)>;

    PreviewWindow(Direction direction, Source source, Backend backend, QWidget *parent = nullptr);
    bool isLoading() const { return m_job.isRunning(); }
    QString text() const;
    QString suggestedFile() const;

private:
    QWidget *buildBar(Backend backend);
    void setTitle(const QString &title);
    void buildFind(QWidget *bar);
    void load();
    void showPlan();

    Direction m_direction;
    Source m_source;
    std::optional<Plan> m_plan{};
    QLineEdit *m_find = nullptr;
    QLabel *m_heading = nullptr;
    QLabel *m_facts = nullptr;
    DialectCombo *m_backend = nullptr;
    QCheckBox *m_fromBase = nullptr;
    QCheckBox *m_transaction = nullptr;
    QToolButton *m_copy = nullptr;
    QToolButton *m_save = nullptr;
    SqlPane *m_sql = nullptr;
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
