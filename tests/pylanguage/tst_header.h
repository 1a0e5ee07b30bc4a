#pragma once

#include <QObject>

class tst_Header : public QObject
{
    Q_OBJECT

private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void labelsFromTheProject();
    void brokenBody_data();
    void brokenBody();
    void sameWithAndWithoutTree();
};
