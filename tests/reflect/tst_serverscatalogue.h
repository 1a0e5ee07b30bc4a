#pragma once

#include "core/base/backend.h"

#include <QObject>

/// Real servers are the oracle: what is made there must be read as what made it.
class tst_ServersCatalogue final : public QObject
{
    Q_OBJECT

private slots:
    // What SQL text makes: followed by the reader of raw SQL, run by the server, read back.
    void textsCompareEqual_data();
    void textsCompareEqual();
    void changesAreFound_data();
    void changesAreFound();
    // What values make: written by the dialect, read back, written and read once more.
    void tablesCompareEqual_data();
    void tablesCompareEqual();

    void wholePostgreSql();
    void wholeMariaDb();
    void schemasOfPostgreSql();
    void ownTablesAreLeftOut_data();
    void ownTablesAreLeftOut();
    void leastPrivileges();
    void grantsAreRead();
    void isReadOnly_data();
    void isReadOnly();
    void asksTheSameOfMany_data();
    void asksTheSameOfMany();
};
