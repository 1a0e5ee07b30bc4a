#include "ui/environments/environmentdialog.h"

#include "core/base/text.h"
#include "core/project/usecases.h"
#include "ui/shell/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace tribikos {

using namespace Qt::StringLiterals;

EnvironmentDialog::EnvironmentDialog(const QStringList &taken, QWidget *parent)
    : QDialog(parent)
    , m_taken(taken)
    , m_name(new QLineEdit(this))
    , m_url(new QLineEdit(this))
    , m_protected(
          new QCheckBox(tr("&Protected: its name must be typed before anything runs"), this))
    , m_problem(new QLabel(this))
{
    setWindowTitle(tr("Add environment"));
    setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 44);
    m_name->setPlaceholderText(tr("local, staging, production"));
    m_url->setPlaceholderText(u"sqlite:///market.sqlite"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setProperty("role", u"dim"_s);
    m_problem->setWordWrap(true);
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
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_add = buttons->addButton(tr("&Add environment"), QDialogButtonBox::AcceptRole);
    m_add->setProperty("role", u"primary"_s);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addStretch();
    layout->addWidget(buttons);
    connect(choose, &QPushButton::clicked, this, &EnvironmentDialog::chooseFile);
    connect(m_name, &QLineEdit::textChanged, this, &EnvironmentDialog::check);
    connect(m_url, &QLineEdit::textChanged, this, &EnvironmentDialog::check);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    check();
}

Environment EnvironmentDialog::environment() const
{
    Environment environment;
    environment.name = m_name->text().trimmed();
    environment.url = m_url->text().trimmed();
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

void EnvironmentDialog::check()
{
    const QString text = problem();
    m_add->setEnabled(text.isEmpty());
    setRole(m_add, u"primary"_s);
    m_problem->setText(text.isEmpty()
                           ? tr("Kept in your settings, without the password. Nothing is connected "
                                "until you choose it.")
                           : text);
}

} // namespace tribikos
