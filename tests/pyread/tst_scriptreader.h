#pragma once

#include <QObject>

class tst_ScriptReader : public QObject
{
    Q_OBJECT
private slots:
    void operations_data();
    void operations();
    void refusals_data();
    void refusals();
    void lostDefaults();
    void createTableOrder();
    void namingConvention();
    void dialectAnswers();
    void inspectorFollowsOperations();
    void rowsOfANewDatabase_data();
    void rowsOfANewDatabase();
    void sequences();
    void spans();
    void printedLines();
};
