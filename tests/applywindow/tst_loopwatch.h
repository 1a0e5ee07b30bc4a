#pragma once

#include <QObject>

/// The measure itself: it must see what holds up the loop, and nothing else.
class tst_LoopWatch : public QObject
{
    Q_OBJECT
private slots:
    void seesWhatHoldsItUp_data();
    void seesWhatHoldsItUp();
    void nestedLoopsAreNone();
    void aBusyMachineIsNone();
};
