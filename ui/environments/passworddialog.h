#pragma once

#include "core/project/project.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;

namespace tribikos {

/// Asks for the password of a database that couldn't be connected to; left empty, the connection is tried as it is.
class PasswordDialog final : public QDialog
{
    Q_OBJECT
public:
    PasswordDialog(const Environment &environment, const Error &reason, QWidget *parent = nullptr);
    QString password() const;
    bool keepsPassword() const;

private:
    QLineEdit *m_password = nullptr;
    QCheckBox *m_keep = nullptr;
};

} // namespace tribikos
