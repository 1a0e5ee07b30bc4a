#pragma once

#include <QObject>
#include <memory>

/// Any two schemas: diff FROM TO, and snapshots.
class tst_Sources : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void statementsLeaveNothing_data();
    void statementsLeaveNothing();
    void kindsOfSources_data();
    void kindsOfSources();
    void forms();
    void statementsSettle();
    void refusals_data();
    void refusals();
    void scriptsRunNothingElse();
    void unreadModelsDropNothing();
    void partitionsStay();
    void halfARevisionIsSaid();
    void renamesAreAsked_data();
    void renamesAreAsked();
    void modelsInSqlForPython_data();
    void modelsInSqlForPython();
    void columnsWithoutTypes();

private:
    std::shared_ptr<class SourceFolder> m_folder;
};
