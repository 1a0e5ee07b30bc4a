#pragma once

#include <QObject>

/// Where BEGIN and COMMIT fall.
class tst_TransactionMap : public QObject
{
    Q_OBJECT
private slots:
    void whereTheyFall_data();
    void whereTheyFall();
    void versionTable_data();
    void versionTable();
    void serverVersionDecides();
    void serverVersions();
    void stretches();
    void words_data();
    void words();
    void lasting();
};
