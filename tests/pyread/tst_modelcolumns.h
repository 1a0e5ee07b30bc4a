#pragma once

#include <QObject>

/// Columns that models get by other ways than a class' body, and those that get lost on theirs.
class tst_ModelColumns : public QObject
{
    Q_OBJECT

private slots:
    void tables_data();
    void tables();
    void lost_data();
    void lost();
};
