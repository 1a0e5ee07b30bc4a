#pragma once

#include <QObject>

/// Runs that fail, wait and go on, with the command line as the one that suffers them. What is random or takes many
/// rounds is tests/faults'.
class tst_ServerFaults final : public QObject
{
    Q_OBJECT
private slots:
    void runsAndComesBack_data();
    void runsAndComesBack();
    void failingStatement_data();
    void failingStatement();
    void correctedScript_data();
    void correctedScript();
    void waitsForLocks_data();
    void waitsForLocks();
    void goesOnBehindConcurrentIndex();
    void failsAtTheEnd_data();
    void failsAtTheEnd();
    void othersComeBetween();
    void stopsWhileReading_data();
    void stopsWhileReading();
    void startsUpMeanwhile();
    void theSampleComesBack_data();
    void theSampleComesBack();
};
