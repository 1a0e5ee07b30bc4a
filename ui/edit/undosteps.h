#pragma once

#include "core/edit/filechange.h"
#include "ui/shell/jobslot.h"

#include <QList>
#include <QObject>
#include <QUndoStack>
#include <optional>

namespace tribikos {

/*!
    What was done to a project's files, step by step, to be taken back and done again. Files are written
    in a job, one step after the other; the stack moves once a step is done, so that it always says what
    is on disk. A step that is refused stays where it is. Lives on the window's thread.
*/
class UndoSteps final : public QObject
{
    Q_OBJECT
public:
    explicit UndoSteps(QObject *parent = nullptr);
    ~UndoSteps() override; // waits for the step that runs

    /// Makes \a edit's changes, as the newest step.
    void perform(const Edit &edit);
    void undo();
    void redo();
    /// What undo() and redo() would do to the files; nullopt: nothing.
    std::optional<Edit> nextUndo() const;
    std::optional<Edit> nextRedo() const;
    bool isRunning() const { return m_job.isRunning(); }
    /// Of another project: forgets everything.
    void clear();
    const QUndoStack &stack() const { return m_stack; }

signals:
    void done(const tribikos::Edit &edit); // as it was applied: after undo() the inverse
    void failed(const tribikos::Error &error);
    void changed(); // what can be undone, or whether something runs

private:
    enum class Way { Forward, Back, Again };
    struct Step
    {
        Way way = Way::Forward;
        Edit edit{};
    };
    void add(const Step &step);
    void startNext();
    void finish(const Step &step, const Status &status);

    QUndoStack m_stack;
    JobSlot m_job;
    QList<Step> m_waiting{};
};

} // namespace tribikos
