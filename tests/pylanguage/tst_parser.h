#pragma once

#include <QObject>

class tst_Parser : public QObject
{
    Q_OBJECT

private slots:
    void accepts_data();
    void accepts();
    void rejects_data();
    void rejects();
    void literals_data();
    void literals();
    void encodings_data();
    void encodings();
    void spans();
    void sharedWords();
    void skipsBlocks_data();
    void skipsBlocks();
    void skipsBlocksOfAnything();
};
