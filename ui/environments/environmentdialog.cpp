#include "ui/environments/environmentdialog.h"

#include "core/base/text.h"
#include "core/project/usecases.h"
#include "ui/shell/theme.h"

#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace tribikos {

using namespace Qt::StringLiterals;

EnvironmentDialog::EnvironmentDialog(const QStringList &taken, const QString &folder,
                                     QWidget *parent)
    : QDialog(parent)
    , m_taken(taken)
    , m_folder(folder)
    , m_name(new QLineEdit(this))
    , m_url(new QLineEdit(this))
    , m_protected(
          new QCheckBox(tr("&Protected: its name must be typed before anything runs"), this))
    , m_problem(new QLabel(this))
    , m_add(new QPushButton(tr("&Add environment"), this))
{
    setWindowTitle(tr("Add environment"));
    setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 44);
    m_name->setPlaceholderText(tr("local, staging, production"));
    m_url->setPlaceholderText(u"sqlite:///market.sqlite"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setProperty("role", u"dim"_s);
    m_problem->setWordWrap(true);
    m_add->setDefault(true);
    buildForm();
    connect(m_name, &QLineEdit::textChanged, this, &EnvironmentDialog::check);
    connect(m_url, &QLineEdit::textChanged, this, &EnvironmentDialog::check);
    connect(m_add, &QPushButton::clicked, this, &QDialog::accept);
    check();
}

void EnvironmentDialog::buildForm()
{
    auto *choose = new QPushButton(tr("Choose &file…"), this);
    choose->setAutoDefault(false);
    auto *urlRow = new QHBoxLayout;
    urlRow->addWidget(m_url, 1);
    urlRow->addWidget(choose);
    auto *form = new QFormLayout;
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("Database &URL"), urlRow);
    form->addRow({}, m_protected);
    if (auto *label = qobject_cast<QLabel *>(form->labelForField(urlRow)))
        label->setBuddy(m_url);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    auto *buttons = new QHBoxLayout; // the action at the right, as everywhere
    buttons->setSpacing(10);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_add);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addStretch();
    layout->addLayout(buttons);
    setTabOrder(m_name, m_url);
    setTabOrder(m_url, choose);
    setTabOrder(choose, m_protected);
    setTabOrder(m_protected, cancel);
    setTabOrder(cancel, m_add);
    connect(choose, &QPushButton::clicked, this, &EnvironmentDialog::chooseFile);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
}

void EnvironmentDialog::setEnvironment(const Environment &environment)
{
    setWindowTitle(tr("Edit environment"));
    m_taken.removeAll(environment.name);
    m_name->setText(environment.name);
    m_url->setText(environment.url);
    m_protected->setChecked(environment.isProtected);
    m_add->setText(tr("&Save environment"));
    check();
}

Environment EnvironmentDialog::environment() const
{
    Environment environment;
    environment.name = m_name->text().trimmed();
    environment.url = m_url->text().trimmed();
    environment.folder = m_folder;
    environment.isProtected = m_protected->isChecked();
    environment.backend =
        backendFromName(environment.url.section(u':', 0, 0)).value_or(Backend::Sqlite);
    return environment;
}

QString EnvironmentDialog::problem() const
{
    const Environment entered = environment();
    if (entered.name.isEmpty())
        return tr("Give the environment a name.");
    if (m_taken.contains(entered.name))
        return tr("The project has an environment of this name already.");
    if (entered.url.isEmpty())
        return tr("Give the URL as SQLAlchemy writes it, or choose a SQLite file.");
    if (!backendFromName(entered.url.section(u':', 0, 0)))
        return tr("The URL must begin with sqlite, postgresql, mysql or mariadb.");
    const Result<ConnectionSpec> spec = connectionFor(entered);
    return spec ? QString() : visibleText(redactedText(spec.error().message), false);
}

void EnvironmentDialog::chooseFile()
{
    const QString file = QFileDialog::getSaveFileName(
        this, tr("SQLite file"), {}, tr("SQLite files (*.sqlite *.sqlite3 *.db);;All files (*)"),
        nullptr, QFileDialog::DontConfirmOverwrite);
    if (file.isEmpty())
        return;
    m_url->setText(u"sqlite:///"_s + QDir::fromNativeSeparators(file));
    if (m_name->text().isEmpty())
        m_name->setText(QFileInfo(file).completeBaseName());
}

/// Where the database is, and what happens to what was typed.
QString EnvironmentDialog::hint() const
{
    const Environment entered = environment();
    const QString kept = tr("Kept in your own settings, without the password. It is chosen and read "
                            "at once.");
    if (entered.backend != Backend::Sqlite)
        return kept;
    const Result<ConnectionSpec> spec = connectionFor(entered);
    return spec ? tr("The file is %1.").arg(visibleText(QDir::toNativeSeparators(spec->database),
                                                        false))
                      + u'\n' + kept
                : kept;
}

void EnvironmentDialog::check()
{
    const QString text = problem();
    m_add->setEnabled(text.isEmpty());
    setRole(m_add, u"primary"_s);
    m_problem->setText(text.isEmpty() ? hint() : text);
}

} // namespace tribikos
