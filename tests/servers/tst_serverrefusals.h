#pragma once

#include <QObject>

/// Names that would be SQL, and what is said and done about what a broken run has left, whoever looks at it.
class tst_ServerRefusals final : public QObject
{
    Q_OBJECT
private slots:
    void tableNames_data();
    void tableNames();
    void stampsWhereItIs();
    void tellsOfTheRunAtWork_data();
    void tellsOfTheRunAtWork();
    void triesBehindWhatIsIn_data();
    void triesBehindWhatIsIn();
    void saysTheRemedy_data();
    void saysTheRemedy();
    void certificatesAskForTls_data();
    void certificatesAskForTls();
};
