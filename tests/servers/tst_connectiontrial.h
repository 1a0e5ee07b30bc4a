#pragma once

#include <QObject>

/// What the connection editor's test says of real databases.
class tst_ConnectionTrial final : public QObject
{
    Q_OBJECT
private slots:
    void reportsServers_data();
    void reportsServers();
    void tellsRightsApart();
    void readsGrants_data();
    void readsGrants();
    void beginsWithSql();
    void saysWhatIsWrong();
    void reportsFiles();
    void isCancelled();
};
