#pragma once

#include <QObject>

/// What comes between two calls of a run; bar R10 on the servers, whose SQLite is tests/runtime's.
class tst_ServerCalls final : public QObject
{
    Q_OBJECT
private slots:
    void everyCallFailsOnce_data();
    void everyCallFailsOnce();
    void versionTableIsMadeMeanwhile_data();
    void versionTableIsMadeMeanwhile();
    void leaseKeepsOthersOut();
    void leaseOfAnother_data();
    void leaseOfAnother();
};
