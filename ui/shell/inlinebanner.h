#pragma once

#include "core/base/result.h"

#include <QWidget>

class QFrame;
class QLabel;
class QToolButton;

namespace tribikos {

/// A message where it belongs, in the page it is about; it never blocks anything. Hidden while it
/// has nothing to say. Foreign text is shown as plain text only.
class InlineBanner final : public QWidget
{
    Q_OBJECT
public:
    enum class Kind { Info, Success, Warning, Error };

    /// \a margins: the room around it, taken only while it is shown.
    explicit InlineBanner(QWidget *parent = nullptr, const QMargins &margins = {});

    void showMessage(Kind kind, const QString &title, const QString &text);
    /// Says the same with other words or numbers: nobody is alerted anew, and the buttons stay.
    void updateText(const QString &text);
    /// The error's sentence, its place and the driver's own words beneath.
    void showError(const Error &error);
    /// Whether it can be sent away by hand; it can unless told otherwise.
    void setDismissable(bool dismissable);
    /// One button beside the text; an empty \a text takes it away.
    void setAction(const QString &text);
    /// A second one, beside it.
    void setSecondAction(const QString &text);
    /// Puts the keyboard on the first one, where there is one.
    void focusAction();
    void clear();
    QString text() const;

    bool eventFilter(QObject *watched, QEvent *event) override;

signals:
    void actionTriggered();
    void secondActionTriggered();

private:
    QFrame *m_frame = nullptr;
    QLabel *m_glyph = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_text = nullptr;
    QToolButton *m_action = nullptr;
    QToolButton *m_second = nullptr;
    QToolButton *m_close = nullptr;
};

/// "versions/0003_x.py:12", or as much of it as is known; the folder is left out.
QString placeText(const QString &file, int line);
/// What an Error says beside its sentence: place and driver's words; nothing twice.
QString errorDetail(const Error &error);
/// All that an Error says, for people: sentence, place, driver's words, each on its own line.
QString errorText(const Error &error);

} // namespace tribikos
