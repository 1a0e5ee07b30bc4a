#include "tst_emptytables.h"
#include "tst_replay.h"

#include <QCoreApplication>
#include <QTest>

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    tst_Replay replay;
    tst_EmptyTables emptyTables;
    int failures = 0;
    for (QObject *test : std::initializer_list<QObject *>{&replay, &emptyTables})
        failures += QTest::qExec(test, argc, argv);
    return failures;
}
