#pragma once

#include "core/plan/plan.h"
#include "ui/shell/jobslot.h"

#include <QDialog>
#include <functional>
#include <optional>

class QCheckBox;
class QLabel;

namespace tribikos {

class DialectCombo;
class SqlPane;

/// The whole script from the database's position to a target, as Alembic's --sql prints it; for
/// reading, copying and saving. Makes its plan on a thread of its own.
class PreviewWindow final : public QDialog
{
    Q_OBJECT
public:
    using Source = std::function<Result<Plan>(Backend, const std::stop_token &)>;

    PreviewWindow(const QString &title, Source source, Backend backend, QWidget *parent = nullptr);
    bool isLoading() const { return m_job.isRunning(); }
    QString text() const;

private:
    QWidget *buildBar(const QString &title, Backend backend);
    void load();
    void showPlan();

    Source m_source;
    std::optional<Plan> m_plan{};
    QLabel *m_facts = nullptr;
    DialectCombo *m_backend = nullptr;
    QCheckBox *m_transaction = nullptr;
    SqlPane *m_sql = nullptr;
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
