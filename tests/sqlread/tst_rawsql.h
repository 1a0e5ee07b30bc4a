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
    void severalDatabases_data();
    void severalDatabases();
    void opaqueBlocks_data();
    void opaqueBlocks();
    void columnsStayKnown();
    void rebuildByHand();
    void refusals_data();
    void refusals();
};
