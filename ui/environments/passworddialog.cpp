#include "ui/environments/passworddialog.h"

#include "core/base/text.h"
#include "ui/shell/inlinebanner.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace tribikos {

using namespace Qt::StringLiterals;

PasswordDialog::PasswordDialog(const Environment &environment, const Error &reason, QWidget *parent)
    : QDialog(parent)
    , m_password(new QLineEdit(this))
    , m_keep(new QCheckBox(tr("&Keep it in the keychain"), this))
{
    setWindowTitle(tr("Connect to %1").arg(visibleText(environment.name, false)));
    setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 34);
    auto *why = new InlineBanner(this);
    why->setDismissable(false);
    why->showError(reason);
    auto *place = new QLabel(visibleText(redactedText(environment.url), false), this);
    place->setTextFormat(Qt::PlainText);
    place->setWordWrap(true);
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("none: try again as it is"));
    m_keep->setEnabled(false);
    auto *form = new QFormLayout;
    form->addRow(tr("Database"), place);
    form->addRow(tr("Pass&word"), m_password);
    form->addRow({}, m_keep);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    auto *connectNow = new QPushButton(tr("&Connect"), this);
    connectNow->setDefault(true);
    connectNow->setProperty("role", u"primary"_s);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(10);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(connectNow);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(why);
    layout->addLayout(form);
    layout->addStretch();
    layout->addLayout(buttons);
    connect(m_password, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_keep->setEnabled(!text.isEmpty()); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(connectNow, &QPushButton::clicked, this, &QDialog::accept);
    m_password->setFocus();
    resize(minimumWidth(), layout->totalHeightForWidth(minimumWidth())); // not as for its narrowest
}

QString PasswordDialog::password() const
{
    return m_password->text();
}

bool PasswordDialog::keepsPassword() const
{
    return m_keep->isEnabled() && m_keep->isChecked();
}

} // namespace tribikos
