#pragma once

#include <QObject>

/// PostgreSQL's statements by its own parser.
class tst_PgSql : public QObject
{
    Q_OBJECT
private slots:
    void tables_data();
    void tables();
    void followed_data();
    void followed();
    void refused_data();
    void refused();
    void scripts_data();
    void scripts();
    void pathsOutliveTheText();
    void hostile_data();
    void hostile();
    void manyThreads();
};
