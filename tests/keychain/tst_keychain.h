#pragma once

#include <QObject>

/// The window's passwords in the desktop's keychain, and nowhere else.
class tst_Keychain final : public QObject
{
    Q_OBJECT
private slots:
    void keepsAndForgets();
    void knowsNothingOfOthers();
    void saysThatItIsNotKept_data();
    void saysThatItIsNotKept();
};
