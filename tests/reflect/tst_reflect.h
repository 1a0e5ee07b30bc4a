#pragma once

#include <QObject>

/// SQLite's own pragmas are the oracle: what the text was read to say must be what SQLite made of
/// it.
class tst_Reflect : public QObject
{
    Q_OBJECT

private slots:
    void columnsAsSqliteSees_data();
    void columnsAsSqliteSees();
    void keysAsSqliteSees_data() { columnsAsSqliteSees_data(); }
    void keysAsSqliteSees();
    void defaultsKeepTheirMeaning_data();
    void defaultsKeepTheirMeaning();
    void wholeCatalogue();
    void versionTableIsLeftOut();
    void unreadableTextIsOpaque();
    void virtualTables();
    void nothingIsWritten();
    void oldServersAreRefused();
};
