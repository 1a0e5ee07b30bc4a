#pragma once

#include <QObject>

class tst_Splitter : public QObject
{
    Q_OBJECT

private slots:
    void tokens_data();
    void tokens();
    void sameInUtf8_data();
    void sameInUtf8();
    void statements_data();
    void statements();
    void agreesWithSqlite_data();
    void agreesWithSqlite();
    void single_data();
    void single();
    void hostileTextEnds_data();
    void hostileTextEnds();
};
