#include "tests/plan/tst_transactionmap.h"

#include <QCoreApplication>
#include <QTest>

int runPlanTest(int argc, char **argv);
int runRebuildTest(int argc, char **argv);

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    tst_TransactionMap map;
    return runPlanTest(argc, argv) + runRebuildTest(argc, argv) + QTest::qExec(&map, argc, argv);
}
