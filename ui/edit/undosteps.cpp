#include "ui/edit/undosteps.h"

#include <QUndoCommand>

namespace tribikos {

namespace {

constexpr int keptSteps = 200;

/// A step that has been done. The files are UndoSteps' affair: redo() and undo() find them changed.
class EditCommand final : public QUndoCommand
{
public:
    explicit EditCommand(const Edit &edit)
        : QUndoCommand(edit.title)
        , m_edit(edit)
    {}
    const Edit &edit() const { return m_edit; }

private:
    const Edit m_edit;
};

std::optional<Edit> editAt(const QUndoStack &stack, int index)
{
    const auto *command = dynamic_cast<const EditCommand *>(stack.command(index));
    return command ? std::optional(command->edit()) : std::nullopt;
}

} // namespace

UndoSteps::UndoSteps(QObject *parent)
    : QObject(parent)
{
    m_stack.setUndoLimit(keptSteps);
    connect(&m_stack, &QUndoStack::indexChanged, this, &UndoSteps::changed);
    connect(&m_job, &JobSlot::runningChanged, this, &UndoSteps::changed);
}

UndoSteps::~UndoSteps()
{
    m_stack.disconnect(this); // it says that it is emptied
}

void UndoSteps::perform(const Edit &edit)
{
    add({Way::Forward, edit});
}

void UndoSteps::undo()
{
    add({Way::Back});
}

void UndoSteps::redo()
{
    add({Way::Again});
}

std::optional<Edit> UndoSteps::nextUndo() const
{
    const auto edit = editAt(m_stack, m_stack.index() - 1);
    return edit ? std::optional(edit->inverted()) : std::nullopt;
}

std::optional<Edit> UndoSteps::nextRedo() const
{
    return editAt(m_stack, m_stack.index());
}

void UndoSteps::clear()
{
    m_waiting.clear();
    m_job.cancel();
    m_stack.clear();
}

void UndoSteps::add(const Step &step)
{
    m_waiting.append(step);
    if (!m_job.isRunning())
        startNext();
}

void UndoSteps::startNext()
{
    while (!m_waiting.isEmpty()) {
        Step step = m_waiting.takeFirst();
        if (step.way != Way::Forward) {
            const auto edit = step.way == Way::Back ? nextUndo() : nextRedo();
            if (!edit)
                continue;
            step.edit = *edit;
        }
        m_job.start([edit = step.edit](const std::stop_token &) { return apply(edit); },
                    [this, step](const Status &status) { finish(step, status); });
        return;
    }
}

void UndoSteps::finish(const Step &step, const Status &status)
{
    if (!status) {
        m_waiting.clear(); // they were asked for after this one
        emit failed(status.error());
        return;
    }
    switch (step.way) {
    case Way::Forward: m_stack.push(new EditCommand(step.edit)); break;
    case Way::Back: m_stack.undo(); break;
    case Way::Again: m_stack.redo(); break;
    }
    emit done(step.edit);
    if (!m_job.isRunning())
        startNext();
}

} // namespace tribikos
