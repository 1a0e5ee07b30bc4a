#pragma once

#include <QObject>

/// Applying, stopping, cancelling, failing and going on, by the window's own keys and buttons, on each database.
class tst_ApplyFlow : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void appliesAndGoesBack_data();
    void appliesAndGoesBack();
    void triesAndTakesBack_data();
    void triesAndTakesBack();
    void stopsAfterTheStep_data();
    void stopsAfterTheStep();
    void cancelsNow_data();
    void cancelsNow();
    void failsAndGoesOn_data();
    void failsAndGoesOn();
    void showsWhatALiveStepSays_data();
    void showsWhatALiveStepSays();
    void manyStatements_data();
    void manyStatements();
    void protectedAsksForItsName();
    void allInOneTransaction_data();
    void allInOneTransaction();
    void takesBackWhatIsIn_data();
    void takesBackWhatIsIn();
};
