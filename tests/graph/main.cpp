#include <QCoreApplication>

int runAlembicTest(int argc, char **argv);
int runBrokenTest(int argc, char **argv);
int runHistoryFoldsTest(int argc, char **argv);
int runLanesTest(int argc, char **argv);
int runRevisionGraphTest(int argc, char **argv);
int runSlowModelTest(int argc, char **argv);

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    return runRevisionGraphTest(argc, argv) + runAlembicTest(argc, argv) + runBrokenTest(argc, argv)
           + runLanesTest(argc, argv) + runHistoryFoldsTest(argc, argv)
           + runSlowModelTest(argc, argv);
}
