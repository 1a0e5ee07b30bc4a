#pragma once

#include <QObject>

class tst_Models : public QObject
{
    Q_OBJECT
private slots:
    void tables_data();
    void tables();
    void mappedEnums_data();
    void mappedEnums();
    void problems_data();
    void problems();
    void tablesWithGaps_data();
    void tablesWithGaps();
    void packages();
    void aPackageThatImportsItsModels();
    void typesPerDatabase();
    void namingConvention();
};
