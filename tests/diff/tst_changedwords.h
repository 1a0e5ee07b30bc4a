#pragma once

#include <QObject>

class tst_ChangedWords : public QObject
{
    Q_OBJECT
private slots:
    void marks_data();
    void marks();
    void threeSides();
    void longTexts();
};
