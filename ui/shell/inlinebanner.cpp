#include "ui/shell/inlinebanner.h"

#include "core/base/text.h"
#include "ui/shell/theme.h"

#include <QAccessible>
#include <QFileInfo>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QString glyphOf(InlineBanner::Kind kind)
{
    switch (kind) {
    case InlineBanner::Kind::Success: return u"✓"_s;
    case InlineBanner::Kind::Warning: return u"▲"_s;
    case InlineBanner::Kind::Error: return u"✖"_s;
    case InlineBanner::Kind::Info: break;
    }
    return u"ℹ"_s;
}

QString roleOf(InlineBanner::Kind kind)
{
    switch (kind) {
    case InlineBanner::Kind::Success: return u"banner-success"_s;
    case InlineBanner::Kind::Warning: return u"banner-warning"_s;
    case InlineBanner::Kind::Error: return u"banner-error"_s;
    case InlineBanner::Kind::Info: break;
    }
    return u"banner-info"_s;
}

} // namespace

QString placeText(const QString &file, int line)
{
    if (file.isEmpty())
        return {};
    const QString name = visibleText(QFileInfo(file).fileName(), false);
    return line > 0 ? name + u':' + QString::number(line) : name;
}

QString errorDetail(const Error &error)
{
    QStringList lines;
    const QString place = placeText(error.file, error.line);
    if (!place.isEmpty() && !error.message.contains(place))
        lines << place;
    for (const QString &line :
         error.detail.split(u'\n')) { // what the sentence says already is left out
        if (!line.trimmed().isEmpty() && !error.message.contains(line.trimmed()))
            lines << line;
    }
    return visibleText(redactedText(lines.join(u'\n')));
}

QString errorText(const Error &error)
{
    const QString sentence = visibleText(redactedText(error.message));
    const QString detail = errorDetail(error);
    return detail.isEmpty() ? sentence : sentence + u'\n' + detail;
}

InlineBanner::InlineBanner(QWidget *parent, const QMargins &margins)
    : QWidget(parent)
    , m_frame(new QFrame(this))
    , m_glyph(new QLabel(m_frame))
    , m_title(new QLabel(m_frame))
    , m_text(new QLabel(m_frame))
    , m_action(new QToolButton(m_frame))
    , m_second(new QToolButton(m_frame))
    , m_close(new QToolButton(m_frame))
{
    m_glyph->setObjectName(u"glyph"_s);
    m_action->setObjectName(u"action"_s);
    m_second->setObjectName(u"secondAction"_s);
    for (QToolButton *button : {m_action, m_second, m_close}) {
        button->setFocusPolicy(Qt::StrongFocus);
        button->installEventFilter(this);
    }
    m_title->setProperty("role", u"title"_s);
    for (QLabel *label : {m_title, m_text}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    }
    m_close->setText(u"×"_s);
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss this message"));
    m_close->setProperty("role", u"flat"_s);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(margins);
    outer->addWidget(m_frame);
    auto *layout = new QHBoxLayout(m_frame);
    layout->setContentsMargins(12, 7, 8, 7);
    layout->setSpacing(9);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_text);
    layout->addWidget(m_glyph, 0, Qt::AlignVCenter);
    layout->addLayout(words, 1);
    layout->addWidget(m_action, 0, Qt::AlignTop);
    layout->addWidget(m_second, 0, Qt::AlignTop);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    m_action->hide();
    m_second->hide();
    connect(m_close, &QToolButton::clicked, this, &InlineBanner::clear);
    connect(m_action, &QToolButton::clicked, this, &InlineBanner::actionTriggered);
    connect(m_second, &QToolButton::clicked, this, &InlineBanner::secondActionTriggered);
    hide();
}

void InlineBanner::showMessage(Kind kind, const QString &title, const QString &text)
{
    setRole(m_frame, roleOf(kind));
    setRole(m_glyph, {}); // its colour comes from the frame's role
    m_glyph->setText(glyphOf(kind));
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    setAction({}); // they belonged to what was said before
    setSecondAction({});
    setAccessibleName(this->text());
    show();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void InlineBanner::updateText(const QString &text)
{
    m_text->setText(text);
    setAccessibleName(this->text());
}

void InlineBanner::showError(const Error &error)
{
    showMessage(Kind::Error, {}, errorText(error));
}

void InlineBanner::setAction(const QString &text)
{
    m_action->setText(text);
    m_action->setVisible(!text.isEmpty());
}

void InlineBanner::setSecondAction(const QString &text)
{
    m_second->setText(text);
    m_second->setVisible(!text.isEmpty());
}

void InlineBanner::focusAction()
{
    if (!m_action->isHidden())
        m_action->setFocus();
}

/// Enter is theirs while they have the keyboard; else a dialog's default button would take it.
bool InlineBanner::eventFilter(QObject *watched, QEvent *event)
{
    const bool isKey = event->type() == QEvent::KeyPress;
    const int key = isKey ? static_cast<QKeyEvent *>(event)->key() : 0;
    if (key != Qt::Key_Return && key != Qt::Key_Enter)
        return QWidget::eventFilter(watched, event);
    static_cast<QToolButton *>(watched)->click();
    return true;
}

void InlineBanner::setDismissable(bool dismissable)
{
    m_close->setVisible(dismissable);
}

void InlineBanner::clear()
{
    m_title->clear();
    m_text->clear();
    setAction({});
    setSecondAction({});
    hide();
}

QString InlineBanner::text() const
{
    const QString title = m_title->text();
    const QString text = m_text->text();
    return title.isEmpty() || text.isEmpty() ? title + text : title + u'\n' + text;
}

} // namespace tribikos
