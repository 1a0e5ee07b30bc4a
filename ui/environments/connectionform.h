#pragma once

#include "core/config/databaseurl.h"

#include <QTabWidget>

class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace tribikos {

/// A database URL as fields: where, how it is protected, what the session begins with. It shows and changes the parts
/// that it knows and keeps the rest; the password stands apart.
class ConnectionForm final : public QTabWidget
{
    Q_OBJECT
public:
    /// \a folder: where a file dialog begins.
    explicit ConnectionForm(const QString &folder, QWidget *parent = nullptr);

    /// Shows \a url; nothing is signalled.
    void setUrl(const DatabaseUrl &url);
    /// Without a password.
    const DatabaseUrl &url() const { return m_url; }
    QLineEdit *firstField() const;
    QComboBox *backendBox() const { return m_backend; }

    /// One a page, for whoever puts them beside other forms.
    QList<QFormLayout *> forms() const { return {m_place, m_protection, m_session}; }

signals:
    void edited(); // url() is another one, by the person's hand

private:
    QWidget *buildPlace();
    QWidget *buildProtection();
    QWidget *buildSession();
    static QFormLayout *newForm(QWidget *page);
    QLineEdit *addText(QFormLayout *form, const QString &label, const QString &placeholder = {});
    QLineEdit *addFile(QFormLayout *form, const QString &label, const QString &title, bool isNew);
    QSpinBox *addSeconds(QFormLayout *form, const QString &label);
    void takeFields();
    void takeServer();
    void showRows();
    void showTls();

    DatabaseUrl m_url{};
    QString m_folder{};
    bool m_isShowing = false;
    QComboBox *m_backend = nullptr;
    QFormLayout *m_place = nullptr;
    QFormLayout *m_protection = nullptr;
    QFormLayout *m_session = nullptr;
    QLineEdit *m_file = nullptr;
    QLineEdit *m_host = nullptr;
    QSpinBox *m_port = nullptr;
    QLineEdit *m_database = nullptr;
    QLineEdit *m_user = nullptr;
    QComboBox *m_tls = nullptr;
    QLineEdit *m_caFile = nullptr;
    QLineEdit *m_certificate = nullptr;
    QLineEdit *m_key = nullptr;
    QLineEdit *m_service = nullptr;
    QLineEdit *m_role = nullptr;
    QLineEdit *m_searchPath = nullptr;
    QLineEdit *m_initial = nullptr;
    QSpinBox *m_connectTimeout = nullptr;
    QSpinBox *m_statementTimeout = nullptr;
};

} // namespace tribikos
