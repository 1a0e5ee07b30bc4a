#pragma once

#include <QObject>

/// Bar R10 on the servers; SQLite's is tests/runtime's.
class tst_ServerCalls final : public QObject
{
    Q_OBJECT
private slots:
    void everyCallFailsOnce_data();
    void everyCallFailsOnce();
};
