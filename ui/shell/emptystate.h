#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace tribikos {

/// What an empty view shows in its place: one sentence, what to do, and one button for it.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(QWidget *parent = nullptr);
    /// \a action is the button's text; empty: no button.
    void setContent(const QString &title, const QString &text, const QString &action = {});
    QString title() const;
    QPushButton *button() const { return m_button; }

signals:
    void actionTriggered();

private:
    QLabel *m_title = nullptr;
    QLabel *m_text = nullptr;
    QPushButton *m_button = nullptr;
};

} // namespace tribikos
