#pragma once

#include "core/edit/headerchange.h"
#include "core/graph/revision.h"
#include "ui/edit/editdialog.h"

class QLineEdit;
class QPlainTextEdit;

namespace tribikos {

/// A revision's message, labels and dependencies, to be changed in one step.
class PropertiesDialog final : public EditDialog
{
    Q_OBJECT
public:
    PropertiesDialog(const Revision &revision, QWidget *window);

    /// Only what differs from what the revision says.
    HeaderChange change() const;

private:
    void check();

    const Revision m_revision;
    QPlainTextEdit *m_message = nullptr;
    QLineEdit *m_labels = nullptr;
    QLineEdit *m_dependsOn = nullptr;
};

} // namespace tribikos
