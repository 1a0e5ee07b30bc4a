#include "ui/edit/propertiesdialog.h"

#include "core/base/text.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

PropertiesDialog::PropertiesDialog(const Revision &revision, QWidget *window)
    : EditDialog(tr("Properties of %1").arg(visibleText(revision.id, false)), tr("&Save"), window)
    , m_revision(revision)
    , m_message(new QPlainTextEdit(this))
    , m_labels(new QLineEdit(this))
    , m_dependsOn(new QLineEdit(this))
{
    m_message->setObjectName(u"message"_s);
    m_message->setTabChangesFocus(true);
    m_message->setProperty("boxed", true);
    m_message->setPlainText(revision.message);
    m_message->setFixedHeight(4 * fontMetrics().lineSpacing());
    m_labels->setObjectName(u"labels"_s);
    m_labels->setText(revision.labels.join(u", "_s));
    m_labels->setPlaceholderText(tr("none"));
    m_dependsOn->setObjectName(u"dependsOn"_s);
    m_dependsOn->setText(revision.dependsOn.join(u", "_s));
    m_dependsOn->setPlaceholderText(tr("none; ids or labels, with commas between"));
    auto *form = new QFormLayout;
    form->addRow(tr("M&essage"), m_message);
    form->addRow(tr("Branch &labels"), m_labels);
    form->addRow(tr("&Depends on"), m_dependsOn);
    body()->addLayout(form);
    connect(m_message, &QPlainTextEdit::textChanged, this, &PropertiesDialog::check);
    connect(m_labels, &QLineEdit::textChanged, this, &PropertiesDialog::check);
    connect(m_dependsOn, &QLineEdit::textChanged, this, &PropertiesDialog::check);
    m_message->setFocus();
    check();
}

HeaderChange PropertiesDialog::change() const
{
    HeaderChange change;
    if (const QString message = m_message->toPlainText(); message != m_revision.message)
        change.message = message;
    if (const QStringList labels = wordsOf(m_labels->text()); labels != m_revision.labels)
        change.labels = labels;
    if (const QStringList ids = wordsOf(m_dependsOn->text()); ids != m_revision.dependsOn)
        change.dependsOn = ids;
    return change;
}

void PropertiesDialog::check()
{
    const HeaderChange now = change();
    setReady(now.message || now.labels || now.dependsOn);
}

} // namespace tribikos
