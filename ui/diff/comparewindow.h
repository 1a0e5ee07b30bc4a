#pragma once

#include "core/project/usecases.h"
#include "ui/shell/jobslot.h"

#include <QDialog>

class QLabel;

namespace tribikos {

class ChangesPage;
class ProjectController;

/// The schema at one revision beside the schema at another, made of the scripts alone. Follows the files while it is
/// open; makes its comparison on a thread of its own.
class CompareWindow final : public QDialog
{
    Q_OBJECT
public:
    CompareWindow(ProjectController *controller, const QString &one, const QString &other,
                  QWidget *parent = nullptr);
    bool isLoading() const { return m_job.isRunning(); }
    ChangesPage *page() const { return m_page; }

signals:
    void revisionRequested(const QString &id);

private:
    void load();
    void showFound(const RevisionComparison &comparison);

    ProjectController *m_controller = nullptr;
    QString m_one{};
    QString m_other{};
    QLabel *m_heading = nullptr;
    QLabel *m_messages = nullptr;
    ChangesPage *m_page = nullptr;
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
