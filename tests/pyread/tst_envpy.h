#pragma once

#include <QObject>

class tst_EnvPy : public QObject
{
    Q_OBJECT
private slots:
    void generic();
    void sysPath_data();
    void sysPath();
    void url_data();
    void url();
    void flaskTemplates_data();
    void flaskTemplates();
    void flaskCalls_data();
    void flaskCalls();
    void flaskSearch();
    void emptyRevisions_data();
    void emptyRevisions();
    void settings_data();
    void settings();
    void ownStatements_data();
    void ownStatements();
    void hostile();
};
