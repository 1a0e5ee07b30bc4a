#pragma once

#include <QObject>

class tst_Compare : public QObject
{
    Q_OBJECT

private slots:
    void renames_data();
    void renames();
    void verdicts_data();
    void verdicts();
    void equal_data();
    void equal();
    void different_data();
    void different();
    void postgreSql_data();
    void postgreSql();
    void mySql_data();
    void mySql();
    void switchedOff();
    void texts();
    void uncertainty();
    void order();
};
