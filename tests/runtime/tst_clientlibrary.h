#pragma once

#include <QObject>

class tst_ClientLibrary final : public QObject
{
    Q_OBJECT
private slots:
    void missingLibrary();
    void missingFunction();
    void callsWhatItFound();
};
