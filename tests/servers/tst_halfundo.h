#pragma once

#include <QObject>

/// What a broken run has left of a revision is taken back, on real servers: `tribikos-cli undo`.
class tst_HalfUndo final : public QObject
{
    Q_OBJECT

private slots:
    void takesBack_data();
    void takesBack();
    void takesBackADowngrade_data();
    void takesBackADowngrade();
    void takesBackWhatIsKeptInSmallLetters();
    void refuses_data();
    void refuses();
    void isShownFirst();
    void survivesKills();
    void downgradeSurvivesKills_data();
    void downgradeSurvivesKills();
    void isNotMixedWithGoingOn();
    void postgres();
    void saysWhichIndexAKeyHolds();
};
