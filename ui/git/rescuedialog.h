#pragma once

#include "core/project/lostrevision.h"
#include "ui/edit/editdialog.h"
#include "ui/shell/jobslot.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace tribikos {

class SqlPane;

/*!
    A revision that no file has, looked for in the repository: who committed it and where, its text to look at, and the
    ways on: its file brought back, or the database stamped where it is without it.
*/
class RescueDialog final : public EditDialog
{
    Q_OBJECT
public:
    /// \a who: the sentence that says who needs it. \a canStamp: a database is at it.
    RescueDialog(const ProjectPtr &project, const QString &id, const QString &who, bool canStamp,
                 QWidget *window);

    bool isSearching() const { return m_job.isRunning(); }
    const LostSearch &search() const { return m_search; }
    qsizetype choice() const; // into search().found

signals:
    void stampRequested(const QStringList &targets);

private:
    void look(const QString &id);
    void showSearch(const Result<LostSearch> &search);
    void showChoice();

    ProjectPtr m_project{};
    bool m_canStamp = false;
    LostSearch m_search{};
    QLabel *m_found = nullptr;
    QComboBox *m_choice = nullptr;
    SqlPane *m_script = nullptr;
    QLabel *m_more = nullptr;
    QPushButton *m_stamp = nullptr;
    JobSlot m_job{}; // last: stops and joins before the rest goes
};

} // namespace tribikos
