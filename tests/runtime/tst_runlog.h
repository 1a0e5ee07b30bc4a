#pragma once

#include <QObject>
#include <QTemporaryDir>

class tst_RunLog final : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void recordsARun();
    void recordsAFailure();
    void keepsEveryCharacter();
    void recordsACancel();
    void diagnosticsHoldNoValues();
    void keepsNoSecretAndNoControl();
    void keepsTheLastRuns();
    void unfinishedRun();
    void refusesOtherFiles_data();
    void refusesOtherFiles();
    void standsInTheStateFolder();
    void noLogIsNoReasonToStop();

private:
    QString path(const QString &name = QStringLiteral("shop.db")) const
    {
        return m_folder->filePath(name);
    }
    std::unique_ptr<QTemporaryDir> m_folder{};
};
