#include "ui/edit/editdialog.h"

#include "ui/shell/inlinebanner.h"
#include "ui/shell/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>
#include <utility>

namespace tribikos {

using namespace Qt::StringLiterals;

EditDialog::EditDialog(const QString &title, const QString &verb, QWidget *parent)
    : QDialog(parent)
    , m_warning(new QLabel(this))
    , m_body(new QVBoxLayout)
    , m_problem(new QLabel(this))
    , m_buttons(new QHBoxLayout)
    , m_submit(new QPushButton(verb, this))
{
    setObjectName(u"editDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 40);
    m_warning->setProperty("role", u"warn"_s);
    m_problem->setProperty("role", u"bad"_s);
    m_problem->setObjectName(u"problem"_s);
    for (QLabel *label : {m_warning, m_problem}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->hide();
    }
    m_submit->setObjectName(u"submit"_s);
    m_submit->setDefault(true);
    setRole(m_submit, u"primary"_s);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    m_buttons->setSpacing(10); // the action at the right, as everywhere
    m_buttons->addStretch();
    m_buttons->addWidget(cancel);
    m_buttons->addWidget(m_submit);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(m_warning);
    layout->addLayout(m_body, 1);
    layout->addWidget(m_problem);
    layout->addLayout(m_buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        if (std::exchange(m_isWaiting, true)) // it stays enabled: the keyboard stays where it is
            return;
        m_problem->hide();
        emit submitted();
    });
}

void EditDialog::showProblem(const Error &error)
{
    m_problem->setText(errorText(error));
    m_problem->show();
    m_isWaiting = false;
    layout()->activate();
    resize(width(), qMax(height(), layout()->heightForWidth(width())));
}

void EditDialog::setWarning(const QString &text)
{
    m_warning->setText(text.isEmpty() ? QString() : u"▲ "_s + text);
    m_warning->setVisible(!text.isEmpty());
}

bool EditDialog::hasWarning() const
{
    return !m_warning->text().isEmpty();
}

QString EditDialog::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void EditDialog::addButton(QPushButton *button)
{
    m_buttons->insertWidget(0, button);
}

void EditDialog::setReady(bool ready)
{
    m_submit->setEnabled(ready);
    setRole(m_submit, u"primary"_s);
}

void EditDialog::focusSubmit()
{
    m_submit->setFocus(Qt::OtherFocusReason);
}

QStringList wordsOf(const QString &text)
{
    static const QRegularExpression gap(u"[,\\s]+"_s);
    return text.split(gap, Qt::SkipEmptyParts);
}

} // namespace tribikos
