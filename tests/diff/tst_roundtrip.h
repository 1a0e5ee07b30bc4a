#pragma once

#include <QObject>

/// Rule: what was made from a side compares equal to that side.
class tst_RoundTrip : public QObject
{
    Q_OBJECT

private slots:
    void models_data();
    void models();
    void typeBoundChecks();
    void randomHistory_data();
    void randomHistory();
};
