#include "ui/environments/connectionform.h"

#include "core/config/connectiontext.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QTabBar>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// The URL's words for how the line is protected, per database, in the order of the choices.
QStringList tlsWords(Backend backend)
{
    if (backend == Backend::PostgreSql)
        return {QString(), u"disable"_s, u"require"_s, u"verify-ca"_s, u"verify-full"_s};
    return {QString(), u"DISABLED"_s, u"REQUIRED"_s, u"VERIFY_CA"_s, u"VERIFY_IDENTITY"_s};
}

/// The names of parameters that PostgreSQL's and MySQL's drivers call by other names.
struct TlsNames
{
    QString mode{};
    QString ca{};
    QString certificate{};
    QString key{};
};

TlsNames tlsNames(Backend backend)
{
    if (backend == Backend::PostgreSql)
        return {u"sslmode"_s, u"sslrootcert"_s, u"sslcert"_s, u"sslkey"_s};
    return {u"ssl_mode"_s, u"ssl_ca"_s, u"ssl_cert"_s, u"ssl_key"_s};
}

int defaultPort(Backend backend)
{
    return backend == Backend::PostgreSql ? 5432 : 3306;
}

} // namespace

ConnectionForm::ConnectionForm(const QString &folder, QWidget *parent)
    : QTabWidget(parent)
    , m_folder(folder)
{
    addTab(buildPlace(), tr("&Database"));
    addTab(buildProtection(), tr("&Encryption"));
    addTab(buildSession(), tr("&Session"));
    tabBar()->setDrawBase(false);
    setUrl({});
}

/// Its fields stand under those of the dialog around it.
QFormLayout *ConnectionForm::newForm(QWidget *page)
{
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 14, 0, 0);
    return form;
}

QLineEdit *ConnectionForm::addText(QFormLayout *form, const QString &label,
                                   const QString &placeholder)
{
    auto *field = new QLineEdit(form->parentWidget());
    field->setPlaceholderText(placeholder);
    form->addRow(label, field);
    connect(field, &QLineEdit::textEdited, this, &ConnectionForm::takeFields);
    return field;
}

QLineEdit *ConnectionForm::addFile(QFormLayout *form, const QString &label, const QString &title,
                                   bool isNew)
{
    auto *holder = new QWidget(form->parentWidget());
    auto *field = new QLineEdit(holder);
    auto *choose = new QToolButton(holder);
    choose->setText(tr("Choose…"));
    choose->setAccessibleName(title);
    choose->setFocusPolicy(Qt::StrongFocus);
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(field, 1);
    row->addWidget(choose);
    holder->setFocusProxy(field);
    form->addRow(label, holder);
    if (auto *text = qobject_cast<QLabel *>(form->labelForField(holder)))
        text->setBuddy(field);
    connect(field, &QLineEdit::textEdited, this, &ConnectionForm::takeFields);
    connect(choose, &QToolButton::clicked, this, [this, field, title, isNew] {
        const QString file =
            isNew ? QFileDialog::getSaveFileName(
                this, title, m_folder, tr("SQLite files (*.sqlite *.sqlite3 *.db);;All files (*)"),
                nullptr, QFileDialog::DontConfirmOverwrite)
                  : QFileDialog::getOpenFileName(this, title, m_folder);
        if (file.isEmpty())
            return;
        field->setText(QDir::fromNativeSeparators(file));
        takeFields();
    });
    return field;
}

QSpinBox *ConnectionForm::addSeconds(QFormLayout *form, const QString &label)
{
    auto *field = new QSpinBox(form->parentWidget());
    field->setRange(0, 86'400);
    field->setSpecialValueText(tr("default"));
    field->setSuffix(tr(" s"));
    form->addRow(label, field);
    connect(field, &QSpinBox::valueChanged, this, &ConnectionForm::takeFields);
    return field;
}

QWidget *ConnectionForm::buildPlace()
{
    auto *page = new QWidget(this);
    m_place = newForm(page);
    m_backend = new QComboBox(page);
    for (const Backend backend :
         {Backend::Sqlite, Backend::PostgreSql, Backend::MySql, Backend::MariaDb})
        m_backend->addItem(backendTitle(backend), int(backend));
    m_place->addRow(tr("K&ind"), m_backend);
    m_file = addFile(m_place, tr("&File"), tr("SQLite file"), true);
    m_host = addText(m_place, tr("&Host"), tr("a name, an address, or a folder of sockets"));
    m_port = new QSpinBox(page);
    m_port->setRange(0, 65'535);
    m_place->addRow(tr("P&ort"), m_port);
    m_database = addText(m_place, tr("Data&base"));
    m_user = addText(m_place, tr("Use&r"));
    connect(m_port, &QSpinBox::valueChanged, this, &ConnectionForm::takeFields);
    connect(m_backend, &QComboBox::activated, this, &ConnectionForm::takeFields);
    return page;
}

QWidget *ConnectionForm::buildProtection()
{
    auto *page = new QWidget(this);
    m_protection = newForm(page);
    m_tls = new QComboBox(page);
    m_tls->addItem(tr("As the server’s place asks for (verified, but on this machine)"));
    m_tls->addItem(tr("None: everything is sent in clear"));
    m_tls->addItem(tr("Encrypted, whoever the server is"));
    m_tls->addItem(tr("Encrypted, with a certificate that is trusted"));
    m_tls->addItem(tr("Encrypted, with a trusted certificate for this host"));
    m_protection->addRow(tr("En&cryption"), m_tls);
    m_caFile =
        addFile(m_protection, tr("Trusted certi&ficates"), tr("Trusted certificates"), false);
    m_certificate =
        addFile(m_protection, tr("C&lient certificate"), tr("Client certificate"), false);
    m_key = addFile(m_protection, tr("Client ke&y"), tr("Client key"), false);
    connect(m_tls, &QComboBox::activated, this, &ConnectionForm::takeFields);
    return page;
}

QWidget *ConnectionForm::buildSession()
{
    auto *page = new QWidget(this);
    m_session = newForm(page);
    m_service = addText(m_session, tr("Se&rvice"), tr("a section of pg_service.conf"));
    m_role = addText(m_session, tr("Ro&le"), tr("SET ROLE"));
    m_searchPath = addText(m_session, tr("Searc&h path"), u"public"_s);
    m_initial = addText(m_session, tr("&Initial SQL"), u"SET SESSION sql_mode = 'ANSI'"_s);
    m_connectTimeout = addSeconds(m_session, tr("&Connect within"));
    m_statementTimeout = addSeconds(m_session, tr("A state&ment may take"));
    return page;
}

QLineEdit *ConnectionForm::firstField() const
{
    return m_url.backend == Backend::Sqlite ? m_file : m_host;
}

void ConnectionForm::setUrl(const DatabaseUrl &url)
{
    m_isShowing = true;
    m_url = url;
    m_url.password.clear();
    m_url.hasPassword = false;
    const TlsNames names = tlsNames(url.backend);
    m_backend->setCurrentIndex(m_backend->findData(int(url.backend)));
    m_file->setText(url.backend == Backend::Sqlite ? url.database : QString());
    const QString socket =
        url.parameter(url.backend == Backend::PostgreSql ? u"host"_s : u"unix_socket"_s);
    m_host->setText(url.host.isEmpty() ? socket : url.host);
    m_port->setSpecialValueText(tr("%1 (default)").arg(defaultPort(url.backend)));
    m_port->setValue(url.port);
    m_database->setText(url.backend == Backend::Sqlite ? QString() : url.database);
    m_user->setText(url.user);
    showTls();
    m_caFile->setText(url.parameter(names.ca));
    m_certificate->setText(url.parameter(names.certificate));
    m_key->setText(url.parameter(names.key));
    m_service->setText(url.parameter(u"service"_s));
    m_role->setText(sessionSetting(url, u"role"_s));
    m_searchPath->setText(sessionSetting(url, u"search_path"_s));
    m_initial->setText(url.parameter(u"init_command"_s));
    m_connectTimeout->setValue(url.parameter(u"connect_timeout"_s).toInt());
    m_statementTimeout->setValue(sessionSetting(url, u"statement_timeout"_s).toInt() / 1000);
    showRows();
    m_isShowing = false;
}

/// The choice that the URL's word stands for; a word that is none of ours is a choice of its own.
void ConnectionForm::showTls()
{
    const QString word = m_url.parameter(tlsNames(m_url.backend).mode);
    const QStringList words = tlsWords(m_url.backend);
    qsizetype choice = words.indexOf(word);
    if (choice < 0) {
        for (qsizetype i = 1; i < words.size() && choice < 0; ++i)
            choice = words[i].compare(word, Qt::CaseInsensitive) == 0 ? i : -1;
    }
    while (m_tls->count() > words.size())
        m_tls->removeItem(m_tls->count() - 1);
    if (choice < 0) {
        m_tls->addItem(tr("As the URL says: %1").arg(word));
        choice = m_tls->count() - 1;
    }
    m_tls->setCurrentIndex(int(choice));
}

void ConnectionForm::takeFields()
{
    if (m_isShowing)
        return;
    const auto backend = Backend(m_backend->currentData().toInt());
    if (backend != m_url.backend) // parameters have other names there
        setUrl({.backend = backend, .user = m_url.user, .host = m_url.host});
    else if (backend == Backend::Sqlite)
        m_url.database = m_file->text().trimmed();
    else
        takeServer();
    emit edited();
}

void ConnectionForm::takeServer()
{
    const bool isPostgres = m_url.backend == Backend::PostgreSql;
    const QString host = m_host->text().trimmed();
    const bool isSocket = host.startsWith(u'/');
    m_url.host = isSocket ? QString() : host;
    setParameter(m_url, isPostgres ? u"host"_s : u"unix_socket"_s, isSocket ? host : QString());
    m_url.port = m_port->value();
    m_url.database = m_database->text().trimmed();
    m_url.user = m_user->text();
    const TlsNames names = tlsNames(m_url.backend);
    if (const QStringList words = tlsWords(m_url.backend); m_tls->currentIndex() < words.size())
        setParameter(m_url, names.mode, words[m_tls->currentIndex()]);
    setParameter(m_url, names.ca, m_caFile->text().trimmed());
    setParameter(m_url, names.certificate, m_certificate->text().trimmed());
    setParameter(m_url, names.key, m_key->text().trimmed());
    const auto number = [](int value) { return value ? QString::number(value) : QString(); };
    setParameter(m_url, u"connect_timeout"_s, number(m_connectTimeout->value()));
    if (!isPostgres)
        return setParameter(m_url, u"init_command"_s, m_initial->text().trimmed());
    setParameter(m_url, u"service"_s, m_service->text().trimmed());
    setSessionSetting(m_url, u"role"_s, m_role->text().trimmed());
    setSessionSetting(m_url, u"search_path"_s, m_searchPath->text().trimmed());
    setSessionSetting(m_url, u"statement_timeout"_s, number(m_statementTimeout->value() * 1000));
}

void ConnectionForm::showRows()
{
    const bool isServer = m_url.backend != Backend::Sqlite;
    const bool isPostgres = m_url.backend == Backend::PostgreSql;
    m_place->setRowVisible(m_file->parentWidget(), !isServer);
    for (QWidget *field : std::initializer_list<QWidget *>{m_host, m_port, m_database, m_user})
        m_place->setRowVisible(field, isServer);
    setTabVisible(1, isServer);
    setTabVisible(2, isServer);
    for (QWidget *field :
         std::initializer_list<QWidget *>{m_service, m_role, m_searchPath, m_statementTimeout})
        m_session->setRowVisible(field, isPostgres);
    m_session->setRowVisible(m_initial, isServer && !isPostgres);
}

} // namespace tribikos
