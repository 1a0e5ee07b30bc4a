#pragma once

#include <QObject>
#include <QTemporaryDir>

class tst_Run final : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void upgradesANewFile();
    void upgradesStepByStep_data();
    void upgradesStepByStep();
    void downgradesToBase();
    void stamps();
    void anEmptyPlanWritesNothing();
    void copiesBeforeTheFirstWrite_data();
    void copiesBeforeTheFirstWrite();
    void copyNeverOverwrites();
    void copyFailsWithAReason();
    void restoresACopy();
    void restoresNothingDamaged();
    void tellsEveryStatement();
    void statementsOutsideATransaction();
    void failureBehindAStatementOutside();
    void rebuildMustKeepEveryRow_data();
    void rebuildMustKeepEveryRow();
    void rebuildKeepsTheCounter();
    void rebuildMustNotBreakReferences();
    void rebuildBringsOldBrokenReferencesAlong();
    void leavesOutWhatAnotherRunApplied();
    void saysWhatHasNoEffect();
    void needsRoom_data();
    void needsRoom();
    void refusesPlans_data();
    void refusesPlans();
    void readsRows();
    void everyCallFailsOnce_data();
    void everyCallFailsOnce();

private:
    QString path(const QString &name = QStringLiteral("shop.db")) const
    {
        return m_folder->filePath(name);
    }
    QStringList files() const;
    std::unique_ptr<QTemporaryDir> m_folder{};
};
