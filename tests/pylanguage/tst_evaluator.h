#pragma once

#include <QObject>

class tst_Evaluator : public QObject
{
    Q_OBJECT

private slots:
    void files_data();
    void files();
    void prints_data();
    void prints();
    void ends_data();
    void ends();
    void unknowns_data();
    void unknowns();
    void projectImports();
    void lazyImportsLoadOnce();
    void unreadableModuleSaysWhy();
    void effectsAreNotHandedOut();
    void severalInterpretersShareASource();
};
