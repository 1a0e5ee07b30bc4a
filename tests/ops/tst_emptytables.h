#pragma once

#include <QObject>

class tst_EmptyTables : public QObject
{
    Q_OBJECT
private slots:
    void assumedEmptyTables();
    void whatFillsTables_data();
    void whatFillsTables();
    void knownRowsOfTexts_data();
    void knownRowsOfTexts();
    void fillingOperations();
};
