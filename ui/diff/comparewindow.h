#pragma once

#include "core/project/sourcecomparison.h"
#include "ui/shell/jobslot.h"

#include <QDialog>

class QLabel;

namespace tribikos {

class ChangesPage;
class ProjectController;
class SourceBox;

/// Any two schemas side by side: the models, databases, revisions, files. Follows the project's files while it is open;
/// reads and compares on a thread of its own.
class CompareWindow final : public QDialog
{
    Q_OBJECT
public:
    /// \a from and \a to as SourceRequest::word.
    CompareWindow(ProjectController *controller, const QString &from, const QString &to,
                  QWidget *parent = nullptr);
    bool isLoading() const { return m_job.isRunning(); }
    ChangesPage *page() const { return m_page; }
    SourceBox *fromBox() const { return m_from; }
    SourceBox *toBox() const { return m_to; }

signals:
    void revisionRequested(const QString &id);

private:
    struct Found
    {
        ComparedSources both{};
        QString statements{};
        QStringList missing{}; // differences that none of the statements settles
    };
    static Result<Found> find(const Project &project, const SourceRequest &from,
                              const SourceRequest &to, const std::stop_token &stop);
    QWidget *buildHead();
    void load();
    void swap();
    void showFound(const Found &found);
    SourceRequest request(const QString &word) const;

    ProjectController *m_controller = nullptr;
    SourceBox *m_from = nullptr;
    SourceBox *m_to = nullptr;
    ChangesPage *m_page = nullptr;
    bool m_hasShown = false; // something: the keyboard begins at the first result
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
