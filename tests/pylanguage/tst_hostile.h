#pragma once

#include <QObject>

class tst_Hostile : public QObject
{
    Q_OBJECT

private slots:
    void endsInASentence_data();
    void endsInASentence();
    void cancelled();
};
