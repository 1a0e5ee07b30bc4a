#pragma once

#include <QObject>

/// What scripts have beside their operations: imports, packages, types of their own, arguments, odd beginnings.
class tst_ScriptModules : public QObject
{
    Q_OBJECT
private slots:
    void projectTypes();
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
    void scriptsAreApart();
    void sharedTypes();
};
