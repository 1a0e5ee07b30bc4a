#pragma once

#include <QObject>
#include <QTemporaryDir>

class tst_Jobs final : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void deliversOnTheOwnersThread();
    void destroyedBeforeItIsDone();
    void destroyedByItsOwnResult();
    void appliesAPlan();
    void cancelsAPlan();
    void destroyedWhileItApplies();

private:
    QString path(const QString &name = QStringLiteral("shop.db")) const
    {
        return m_folder->filePath(name);
    }
    std::unique_ptr<QTemporaryDir> m_folder{};
};
