#pragma once

#include <QObject>

class tst_Blame : public QObject
{
    Q_OBJECT

private slots:
    void lastTouched_data();
    void lastTouched();
    void namedInDifference();
};
