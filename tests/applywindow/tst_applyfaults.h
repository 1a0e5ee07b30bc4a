#pragma once

#include <QObject>

/// What goes wrong outside: others' locks, servers that die or refuse, passwords; and how the window goes on.
class tst_ApplyFaults : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void endsTheSessionThatBlocks_data();
    void endsTheSessionThatBlocks();
    void keepsWaiting_data();
    void keepsWaiting();
    void theServerIsKilled_data();
    void theServerIsKilled();
    void theServerIsNotThere_data();
    void theServerIsNotThere();
    void theConnectionIsCut_data();
    void theConnectionIsCut();
    void aRefusedPassword_data();
    void aRefusedPassword();
};
