#include "ui/environments/environmentdialog.h"

#include "core/base/text.h"
#include "core/config/connectiontext.h"
#include "core/project/usecases.h"
#include "ui/environments/connectionform.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/theme.h"

#include <QCheckBox>
#include <QDir>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// Several forms, one under the other, with their fields in one line.
void alignLabels(const QList<QFormLayout *> &forms)
{
    QList<QWidget *> labels;
    int width = 0;
    for (QFormLayout *form : forms) {
        form->setHorizontalSpacing(12); // a style's own differs from form to form
        for (int row = 0; row < form->rowCount(); ++row) {
            const QLayoutItem *item = form->itemAt(row, QFormLayout::LabelRole);
            if (!item || !item->widget())
                continue;
            labels << item->widget();
            width = qMax(width, item->widget()->sizeHint().width());
        }
    }
    for (QWidget *label : labels)
        label->setMinimumWidth(width);
}

} // namespace

EnvironmentDialog::EnvironmentDialog(const QStringList &taken, const QString &folder,
                                     QWidget *parent)
    : QDialog(parent)
    , m_taken(taken)
    , m_folder(folder)
    , m_name(new QLineEdit(this))
    , m_url(new QLineEdit(this))
    , m_import(new QToolButton(this))
    , m_form(new ConnectionForm(folder, this))
    , m_password(new QLineEdit(this))
    , m_keep(new QCheckBox(tr("&Keep it in the keychain"), this))
    , m_protected(
          new QCheckBox(tr("&Protected: its name must be typed before anything runs"), this))
    , m_problem(new QLabel(this))
    , m_report(new InlineBanner(this))
    , m_test(new QPushButton(tr("&Test connection"), this))
    , m_add(new QPushButton(tr("&Add environment"), this))
{
    setWindowTitle(tr("Add environment"));
    setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 46);
    m_name->setPlaceholderText(tr("local, staging, production"));
    m_url->setPlaceholderText(u"sqlite:///market.sqlite"_s);
    m_url->setToolTip(tr("A SQLAlchemy, JDBC or libpq connection can be pasted here."));
    m_password->setEchoMode(QLineEdit::Password);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setProperty("role", u"dim"_s);
    m_problem->setWordWrap(true);
    m_add->setDefault(true);
    m_test->setAutoDefault(false);
    buildLayout();
    connect(m_name, &QLineEdit::textChanged, this, &EnvironmentDialog::check);
    connect(m_password, &QLineEdit::textChanged, this, &EnvironmentDialog::check);
    connect(m_url, &QLineEdit::textChanged, this, &EnvironmentDialog::takeUrlText);
    connect(m_url, &QLineEdit::editingFinished, this, &EnvironmentDialog::finishUrlText);
    connect(m_form, &ConnectionForm::edited, this, &EnvironmentDialog::takeForm);
    connect(m_add, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_test, &QPushButton::clicked, this, &EnvironmentDialog::tryConnection);
    m_search.start([folder](const std::stop_token &stop) { return findDatabaseUrls(folder, stop); },
                   [this](const QList<FoundUrl> &found) { offer(found); });
    check();
}

QWidget *EnvironmentDialog::buildUrlRow()
{
    auto *holder = new QWidget(this);
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_url, 1);
    row->addWidget(m_import);
    holder->setFocusProxy(m_url);
    m_import->setText(tr("From the pro&ject"));
    m_import->setToolTip(tr("The database URLs that stand in the project’s settings files"));
    m_import->setPopupMode(QToolButton::InstantPopup);
    m_import->setFocusPolicy(Qt::StrongFocus);
    m_import->setMenu(new QMenu(m_import));
    m_import->setVisible(false);
    return holder;
}

QWidget *EnvironmentDialog::buildButtons()
{
    auto *holder = new QWidget(this);
    auto *cancel = new QPushButton(tr("Cancel"), holder);
    auto *buttons = new QHBoxLayout(holder); // the action at the right, as everywhere
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(10);
    buttons->addWidget(m_test);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_add);
    setTabOrder(m_test, cancel);
    setTabOrder(cancel, m_add);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    return holder;
}

void EnvironmentDialog::buildLayout()
{
    auto *top = new QFormLayout;
    top->addRow(tr("&Name"), m_name);
    QWidget *urlRow = buildUrlRow();
    top->addRow(tr("&URL"), urlRow);
    if (auto *label = qobject_cast<QLabel *>(top->labelForField(urlRow)))
        label->setBuddy(m_url);
    m_secrets = new QFormLayout;
    m_secrets->addRow(tr("Pass&word"), m_password);
    m_secrets->addRow(new QLabel(this), m_keep); // an empty label takes its place in the column
    alignLabels(m_form->forms() + QList<QFormLayout *>{top, m_secrets});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    layout->addLayout(top);
    layout->addWidget(m_form);
    layout->addLayout(m_secrets);
    layout->addWidget(m_protected);
    layout->addWidget(m_problem);
    layout->addWidget(m_report);
    layout->addStretch();
    layout->addWidget(buildButtons());
}

void EnvironmentDialog::setEnvironment(const Environment &environment)
{
    setWindowTitle(tr("Edit environment"));
    m_taken.removeAll(environment.name);
    m_given = environment;
    m_name->setText(environment.name);
    m_url->setText(environment.url);
    finishUrlText();
    m_protected->setChecked(environment.isProtected);
    m_password->setPlaceholderText(environment.password ? tr("as it is") : QString());
    m_add->setText(tr("Sa&ve environment"));
    check();
}

bool EnvironmentDialog::isServer() const
{
    return m_form->url().backend != Backend::Sqlite;
}

Environment EnvironmentDialog::environment() const
{
    Environment environment{.name = m_name->text().trimmed(),
                            .url = m_url->text().trimmed(),
                            .backend = m_form->url().backend,
                            .isProtected = m_protected->isChecked(),
                            .folder = m_folder};
    if (isServer() && !m_password->text().isEmpty())
        environment.password = m_password->text();
    return environment;
}

bool EnvironmentDialog::keepsPassword() const
{
    return isServer() && m_keep->isChecked() && !m_password->text().isEmpty();
}

QString EnvironmentDialog::problem() const
{
    const Environment entered = environment();
    if (entered.name.isEmpty())
        return tr("Give the environment a name.");
    if (m_taken.contains(entered.name))
        return tr("The project has an environment of this name already.");
    if (entered.url.isEmpty())
        return tr("Give the URL as SQLAlchemy writes it, or fill in the fields.");
    const Result<DatabaseUrl> url = readConnectionText(entered.url);
    if (!url)
        return visibleText(redactedText(url.error().message), false);
    if (url->backend == Backend::Sqlite && url->database.isEmpty())
        return tr("Choose the SQLite file; a database in memory is gone before it is read.");
    const Result<ConnectionSpec> spec = connectionFor(entered);
    return spec ? QString() : visibleText(redactedText(spec.error().message), false);
}

/// While one types: the fields follow as soon as the text makes sense.
void EnvironmentDialog::takeUrlText()
{
    if (const Result<DatabaseUrl> url = readConnectionText(m_url->text()))
        m_form->setUrl(*url);
    check();
}

/// What was pasted is written as a URL, without the password, which goes to its own field.
void EnvironmentDialog::finishUrlText()
{
    const Result<DatabaseUrl> url = readConnectionText(m_url->text());
    if (!url)
        return;
    if (url->hasPassword)
        m_password->setText(url->password);
    if (const QString text = url->withoutSecrets(); text != m_url->text().trimmed())
        m_url->setText(text);
    m_url->setCursorPosition(0); // of a long one the beginning says most
}

void EnvironmentDialog::takeForm()
{
    const QSignalBlocker blocker(m_url);
    m_url->setText(m_form->url().withoutSecrets());
    check();
}

void EnvironmentDialog::offer(const QList<FoundUrl> &found)
{
    QMenu *menu = m_import->menu();
    menu->clear();
    for (const FoundUrl &one : found) {
        const QString text = u"%1   —   %2:%3"_s.arg(one.url.displayText(), one.file).arg(one.line);
        menu->addAction(visibleText(text, false).replace(u'&', u"&&"_s), this, [this, one] {
            m_password->setText(one.url.password);
            m_url->setText(one.url.withoutSecrets());
        });
    }
    m_import->setVisible(!found.isEmpty());
}

void EnvironmentDialog::tryConnection()
{
    if (m_trial.isRunning())
        return m_trial.requestStop();
    finishUrlText();
    m_report->showMessage(InlineBanner::Kind::Info, {}, tr("Connecting…"));
    m_test->setText(tr("S&top"));
    Environment tried = environment();
    if (!tried.password && tried.url == m_given.url)
        tried.password = m_given.password;
    m_trial.start(
        [environment = tried, table = m_versionTable](const std::stop_token &stop) {
            return testConnection(environment, table, stop);
        },
        [this](const Result<ConnectionReport> &report) {
            m_test->setText(tr("&Test connection"));
            showReport(report);
        });
}

void EnvironmentDialog::showReport(const Result<ConnectionReport> &report)
{
    if (!report)
        return m_report->showError(report.error());
    QStringList lines = reportLines(*report);
    const QString title = lines.takeFirst();
    m_report->showMessage(report->warnings.isEmpty() ? InlineBanner::Kind::Success
                                                     : InlineBanner::Kind::Warning,
                          visibleText(title, false), visibleText(lines.join(u'\n')));
}

/// Where the database is, and what happens to what was typed.
QString EnvironmentDialog::hint() const
{
    const Environment entered = environment();
    const QString kept = tr("Kept in your own settings, without the password.");
    if (isServer())
        return kept;
    const Result<ConnectionSpec> spec = connectionFor(entered);
    return spec ? tr("The file is %1.")
                          .arg(visibleText(QDir::toNativeSeparators(spec->database), false))
                      + u'\n' + kept
                : kept;
}

void EnvironmentDialog::check()
{
    const QString text = problem();
    m_secrets->setRowVisible(m_password, isServer());
    m_secrets->setRowVisible(m_keep, isServer());
    m_keep->setEnabled(!m_password->text().isEmpty());
    m_add->setEnabled(text.isEmpty());
    m_test->setEnabled(m_trial.isRunning() || bool(connectionFor(environment())));
    setRole(m_add, u"primary"_s);
    m_problem->setText(text.isEmpty() ? hint() : text);
    if (!m_trial.isRunning())
        m_report->clear(); // it was about another database
}

QStringList reportLines(const ConnectionReport &report)
{
    const auto tr = [](const char *text) { return EnvironmentDialog::tr(text); };
    QStringList lines;
    if (!report.exists) {
        lines << tr("The file does not exist yet: the first upgrade creates it.");
    } else {
        lines << (report.user.isEmpty() ? report.server
                                        : tr("%1 as %2").arg(report.server, report.user));
        lines << tr("Connected in %1 ms; an answer takes %2 ms.")
                     .arg(report.connectMilliseconds)
                     .arg(QLocale().toString(report.answerMilliseconds, 'f', 1));
    }
    if (!report.encryption.isEmpty())
        lines << tr("Encrypted: %1.").arg(report.encryption);
    else if (report.isLocal && !report.user.isEmpty())
        lines << tr("Not encrypted; the server is on this machine.");
    if (report.canCreate)
        lines << (*report.canCreate ? tr("Tables can be made here.")
                                    : tr("Tables can’t be made here: the user lacks the right."));
    if (report.hasVersionTable && report.exists)
        lines << (*report.hasVersionTable
                      ? tr("The version table is there.")
                      : tr(
                          "There is no version table that could be read: nothing is applied yet."));
    if (report.exists)
        lines << (report.rollsBackDdl
                      ? tr("A revision that fails is rolled back whole.")
                      : tr("Each change of the schema stays, even if its revision fails later."));
    return lines + report.warnings;
}

} // namespace tribikos
