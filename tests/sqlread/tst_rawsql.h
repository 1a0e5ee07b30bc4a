#pragma once

#include <QObject>

class tst_RawSql : public QObject
{
    Q_OBJECT

private slots:
    void effects_data();
    void effects();
    void otherDatabases_data();
    void otherDatabases();
    void rebuildByHand();
    void refusals_data();
    void refusals();
};
