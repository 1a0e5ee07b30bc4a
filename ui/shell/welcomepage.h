#pragma once

#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;

namespace tribikos {

class InlineBanner;

/// The first thing to see: open, recent projects; and where a failed opening says why.
class WelcomePage final : public QWidget
{
    Q_OBJECT
public:
    explicit WelcomePage(QWidget *parent = nullptr);

    void setRecent(const QStringList &paths);
    InlineBanner *banner() const { return m_banner; }

signals:
    void openRequested();
    void projectChosen(const QString &path);
    void forgetRequested(const QString &path);

private:
    void buildRecentMenu();

    InlineBanner *m_banner = nullptr;
    QPushButton *m_open = nullptr;
    QLabel *m_recentTitle = nullptr;
    QListWidget *m_recent = nullptr;
};

} // namespace tribikos
