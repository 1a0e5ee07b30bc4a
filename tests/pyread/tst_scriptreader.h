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
    void projectTypes();
    void sequences();
    void packages_data();
    void packages();
    void entryArguments_data();
    void entryArguments();
    void circularImports();
    void oddTopLevels_data();
    void oddTopLevels();
    void statementAtTheTop();
    void ownTypes_data();
    void ownTypes();
    void spans();
    void scriptsAreApart();
    void sharedTypes();
};
