#pragma once

#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;

namespace tribikos {

class InlineBanner;

/// The first thing to see: open, recent projects, the sample; and where a failed opening says why.
class WelcomePage final : public QWidget
{
    Q_OBJECT
public:
    explicit WelcomePage(QWidget *parent = nullptr);

    void setRecent(const QStringList &paths);
    /// \a path of the sample project; empty: none was installed, no button.
    void setSample(const QString &path);
    InlineBanner *banner() const { return m_banner; }

signals:
    void openRequested();
    void projectChosen(const QString &path);

private:
    InlineBanner *m_banner = nullptr;
    QPushButton *m_open = nullptr;
    QPushButton *m_sample = nullptr;
    QLabel *m_recentTitle = nullptr;
    QListWidget *m_recent = nullptr;
    QString m_samplePath{};
};

} // namespace tribikos
