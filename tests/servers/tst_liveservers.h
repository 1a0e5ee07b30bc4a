#pragma once

#include <QObject>

/// Scripts that read rows of a server's database while they run.
class tst_LiveServers final : public QObject
{
    Q_OBJECT
private slots:
    void asAlembic_data();
    void asAlembic();
    void failureLeavesNothing();
    void goesOnAfterFailure();
    void changedPathIsRefused();
    void deadlockEndsNoCatchingScript_data();
    void deadlockEndsNoCatchingScript();
    void waitingEndsNoCatchingScript();
    void killedAtRandomMoments_data();
    void killedAtRandomMoments();
};
