#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>

class QDialog;

namespace tribikos {

class ApplyDialog;
class MainWindow;
class PreviewWindow;

/// Writes history.png, changes.png, schema.png, apply.png and preview.png of an opened project, then ends the
/// program.
class Screenshots final : public QObject
{
    Q_OBJECT
public:
    Screenshots(MainWindow *window, const QString &folder);

private:
    void advance();
    bool isIdle() const;
    void selectFirstDifference();
    void selectFirstTable();
    void save(QWidget *widget, const QString &name);
    void fail(const QString &message);

    MainWindow *m_window = nullptr;
    QString m_folder{};
    QPointer<ApplyDialog> m_apply{};
    QPointer<PreviewWindow> m_preview{};
    QTimer m_timer{};
    QElapsedTimer m_elapsed{};
    int m_idleTicks = 0;
    int m_step = 0;
};

} // namespace tribikos
