#pragma once

#include <QObject>

class tst_Surroundings : public QObject
{
    Q_OBJECT
private slots:
    void answers_data();
    void answers();
    void reflection_data();
    void reflection();
    void queriesThatNobodyReads();
    void registeredOperations();
    void refusedBatches_data();
    void refusedBatches();
    void projectModules_data();
    void projectModules();
};
