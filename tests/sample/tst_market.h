#pragma once

#include <QObject>

/// The sample's database on SQLite, up and down, against the one that Alembic made.
class TestMarket : public QObject
{
    Q_OBJECT

private slots:
    void upgradeEndsWhereAlembicEnds_data();
    void upgradeEndsWhereAlembicEnds();
    void offlineScriptEndsThereToo();
    void downgradeGivesTheSeedBack();
    void everyRevisionGoesUpDownAndUp();
    void baseLeavesOnlyTheVersionTable();
    void handMadeThingsSurviveARebuild();
    void positionIsTold();
};
