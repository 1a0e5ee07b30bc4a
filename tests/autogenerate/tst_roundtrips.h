#pragma once

#include <QObject>

/// Models, a database made of them, one thing changed: what is found, written, applied and taken back.
class tst_RoundTrips : public QObject
{
    Q_OBJECT
private slots:
    void oneChange_data();
    void oneChange();
    void renames_data();
    void renames();
    void renamesOfNothing();
    void checkAsJson();
    void alembicsFalseAlarms();
    void unreadableModelsDropNothing();
    void sqlProject();
    void hooksOfEnvPy();
    void emptyRevisionIsNotWritten();
    void preview();
};
