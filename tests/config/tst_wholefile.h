#pragma once

#include <QObject>

class tst_WholeFile final : public QObject
{
    Q_OBJECT
private slots:
    void replacesFiles();
    void writesThroughLinks();
    void leavesDevices();
    void saysWhatFails();
};
