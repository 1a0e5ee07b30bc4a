#pragma once

#include <QObject>

class tst_Facts : public QObject
{
    Q_OBJECT
private slots:
    void values_data();
    void values();
    void offlineOnly();
    void emptyTables_data();
    void emptyTables();
    void answers_data();
    void answers();
    void surroundings_data();
    void surroundings();
    void drawings_data();
    void drawings();
};
