#pragma once

#include "core/project/modelrevision.h"
#include "ui/edit/editdialog.h"
#include "ui/shell/jobslot.h"

#include <QTimer>
#include <memory>

class QCheckBox;
class QLabel;
class QLineEdit;

namespace tribikos {

class SqlView;

/// Asks for the message of a revision that is written from the models, and shows the file as it will be; its text can be
/// changed by hand before.
class WriteRevisionDialog final : public EditDialog
{
    Q_OBJECT
public:
    WriteRevisionDialog(const ProjectPtr &project, std::shared_ptr<const ModelRevision> revision,
                        QWidget *window);

    /// The file as it is shown, by hand or not.
    Result<NewRevision> made() const;
    bool isBusy() const { return m_wait.isActive() || m_job.isRunning(); }
    QLineEdit *message() const { return m_message; }
    QCheckBox *byHand() const { return m_byHand; }
    SqlView *text() const { return m_text; }

private:
    void preview();
    void show(const Result<NewRevision> &made);

    ProjectPtr m_project{};
    std::shared_ptr<const ModelRevision> m_revision{};
    QString m_id{}; // the same for every preview
    Result<NewRevision> m_made;
    QLineEdit *m_message = nullptr;
    QCheckBox *m_byHand = nullptr;
    QLabel *m_file = nullptr;
    SqlView *m_text = nullptr;
    QTimer m_wait{};
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
