#pragma once

#include "core/project/project.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tribikos {

/// Asks for a database of the project: name, URL or file, protected or not. Checks while one types;
/// nothing is connected.
class EnvironmentDialog final : public QDialog
{
    Q_OBJECT
public:
    /// \a taken: names that the project has already.
    explicit EnvironmentDialog(const QStringList &taken, QWidget *parent = nullptr);
    Environment environment() const;
    /// Why the input is not complete; empty when it is.
    QString problem() const;

private:
    void chooseFile();
    void check();

    QStringList m_taken{};
    QLineEdit *m_name = nullptr;
    QLineEdit *m_url = nullptr;
    QCheckBox *m_protected = nullptr;
    QLabel *m_problem = nullptr;
    QPushButton *m_add = nullptr;
};

} // namespace tribikos
