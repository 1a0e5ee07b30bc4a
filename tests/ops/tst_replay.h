#pragma once

#include <QObject>

class tst_Replay : public QObject
{
    Q_OBJECT
private slots:
    void operations_data();
    void operations();
    void batch_data();
    void batch();
    void dropsByServerName_data();
    void dropsByServerName();
    void conventionNames_data();
    void conventionNames();
    void rawSql();
    void labelsOfKnownTypes();
    void types();
    void dataChangesNothing();
    void batchElsewhere();
    void alteredOnMySql();
    void renamedWords_data();
    void renamedWords();
};
