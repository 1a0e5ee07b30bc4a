#pragma once

#include <QObject>

class tst_StatementProbe final : public QObject
{
    Q_OBJECT
private slots:
    void natures_data();
    void natures();
    void removesRemains();
};
