#pragma once

#include "core/config/foundurls.h"
#include "core/project/connectiontest.h"
#include "ui/shell/jobslot.h"

#include <QDialog>

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QToolButton;

namespace tribikos {

class ConnectionForm;
class InlineBanner;

/*!
    Asks for a database of the project: its name, its URL and the same as fields, kept in step, the password, protected or
    not. Whatever connection string is pasted becomes the URL. Checks while one types; connects only for "Test connection".
*/
class EnvironmentDialog final : public QDialog
{
    Q_OBJECT
public:
    /// \a taken: names that the project has already; \a folder: what a relative file is against, and where URLs
    /// are looked for.
    EnvironmentDialog(const QStringList &taken, const QString &folder, QWidget *parent = nullptr);
    /// For changing \a environment instead of adding one.
    void setEnvironment(const Environment &environment);
    /// With the password as typed, apart from the URL; without one it was left as it is.
    Environment environment() const;
    /// The password is to be kept in the keychain.
    bool keepsPassword() const;
    /// What the trial looks for; the standard name unless the project says otherwise.
    void setVersionTable(const TableName &table) { m_versionTable = table; }
    /// Why the input is not complete; empty when it is.
    QString problem() const;

    ConnectionForm *form() const { return m_form; }
    InlineBanner *report() const { return m_report; }
    void offer(const QList<FoundUrl> &found);
    void tryConnection();
    bool isBusy() const { return m_trial.isRunning() || m_search.isRunning(); }

private:
    void buildLayout();
    QWidget *buildUrlRow();
    QWidget *buildButtons();
    void takeUrlText();
    void finishUrlText();
    void takeForm();
    void check();
    void showReport(const Result<ConnectionReport> &report);
    QString hint() const;
    bool isServer() const;

    QStringList m_taken{};
    QString m_folder{};
    Environment m_given{}; // what is edited, with the password that is known
    TableName m_versionTable{.name = QStringLiteral("alembic_version")};
    QLineEdit *m_name = nullptr;
    QLineEdit *m_url = nullptr;
    QToolButton *m_import = nullptr;
    ConnectionForm *m_form = nullptr;
    QFormLayout *m_secrets = nullptr;
    QLineEdit *m_password = nullptr;
    QCheckBox *m_keep = nullptr;
    QCheckBox *m_protected = nullptr;
    QLabel *m_problem = nullptr;
    InlineBanner *m_report = nullptr;
    QPushButton *m_test = nullptr;
    QPushButton *m_add = nullptr;
    JobSlot m_trial{}; // these two last: they stop and join before the rest goes
    JobSlot m_search{};
};

/// The trial's findings as lines for people; the first one is the sum of it.
QStringList reportLines(const ConnectionReport &report);

} // namespace tribikos
