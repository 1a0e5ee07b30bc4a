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
    /// \a taken: names that the project has already; \a folder: what a relative file is against.
    EnvironmentDialog(const QStringList &taken, const QString &folder, QWidget *parent = nullptr);
    /// For changing \a environment instead of adding one.
    void setEnvironment(const Environment &environment);
    Environment environment() const;
    /// Why the input is not complete; empty when it is.
    QString problem() const;

private:
    void buildForm();
    void chooseFile();
    void check();

    QString hint() const;

    QStringList m_taken{};
    QString m_folder{};
    QLineEdit *m_name = nullptr;
    QLineEdit *m_url = nullptr;
    QCheckBox *m_protected = nullptr;
    QLabel *m_problem = nullptr;
    QPushButton *m_add = nullptr;
};

} // namespace tribikos
