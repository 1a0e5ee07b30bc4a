#pragma once

#include "core/base/result.h"

#include <QDialog>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace tribikos {

/*!
    What dialogs that change the project's files have in common: the change is worked out while the
    dialog stays open, and a refusal is shown in it, so that nothing that was typed is lost.
*/
class EditDialog : public QDialog
{
    Q_OBJECT
public:
    /// \a verb: what the button does.
    EditDialog(const QString &title, const QString &verb, QWidget *parent);

    /// The change was refused: says why, and waits for another try.
    void showProblem(const Error &error);
    /// The person didn't want it after all: as before.
    void resume() { m_isWaiting = false; }
    /// A sentence over the fields, on what the change is at odds with.
    void setWarning(const QString &text);
    bool hasWarning() const;
    QString problem() const;

signals:
    void submitted(); // accept() or showProblem() is to follow

protected:
    QVBoxLayout *body() const { return m_body; }
    /// Another way out, at the left of the buttons.
    void addButton(QPushButton *button);
    void setReady(bool ready);
    /// The keyboard goes to the action: what it was waiting for is there.
    void focusSubmit();

private:
    QLabel *m_warning = nullptr;
    QVBoxLayout *m_body = nullptr;
    QLabel *m_problem = nullptr;
    QHBoxLayout *m_buttons = nullptr;
    QPushButton *m_submit = nullptr;
    bool m_isWaiting = false; // for what becomes of the submission
};

/// "a, b c" as a list: commas and blanks part the words.
QStringList wordsOf(const QString &text);

} // namespace tribikos
