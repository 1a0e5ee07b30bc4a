#include <QCoreApplication>

int runPlanTest(int argc, char **argv);
int runRebuildTest(int argc, char **argv);

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    return runPlanTest(argc, argv) + runRebuildTest(argc, argv);
}
