#pragma once

#include <QObject>

/// Faults made from outside, with the command line as the one that suffers them. TRIBIKOS_FAULT_ROUNDS says how
/// many of each (20 otherwise; the full count of the reliability bars is 200).
class tst_ServerFaults final : public QObject
{
    Q_OBJECT
private slots:
    void runsAndComesBack_data();
    void runsAndComesBack();
    void killedAtRandomMoments_data();
    void killedAtRandomMoments();
    void cancelledAtRandomMoments_data();
    void cancelledAtRandomMoments();
    void failingStatement_data();
    void failingStatement();
    void correctedScript_data();
    void correctedScript();
    void manyAtOnce_data();
    void manyAtOnce();
    void waitsForLocks_data();
    void waitsForLocks();
    void goesOnBehindConcurrentIndex();
    void serverKilled_data();
    void serverKilled();
    void serverSilent_data();
    void serverSilent();
};
