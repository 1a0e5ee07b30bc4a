#pragma once

#include <QObject>

/// Plans that are tried and taken back, how much of a run one transaction holds, and what stands between.
class tst_ServerTrials final : public QObject
{
    Q_OBJECT
private slots:
    void triesOnPostgres();
    void failsOnPostgres();
    void asksMySql();
    void takesChangesApart_data();
    void takesChangesApart();
    void knowsWhatStaysInTheTable_data();
    void knowsWhatStaysInTheTable();
    void triesNoRename();
    void trialWaitsForNobodyLong();
    void transactionOfAll();
    void transactionOfNone();
    void unclearStatementIsOverruled_data();
    void unclearStatementIsOverruled();
    void tellsNotices();
    void saysTablesThatKeepWhatFails();
    void watchesNoOtherServer_data();
    void watchesNoOtherServer();
    void refusesAPooler_data();
    void refusesAPooler();
};
