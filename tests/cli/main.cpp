#include <QCoreApplication>

int runArgumentsTest(int argc, char **argv);
int runBadProjectsTest(int argc, char **argv);
int runCliTest(int argc, char **argv);
int runLiveTest(int argc, char **argv);
int runWritingTest(int argc, char **argv);

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    return runArgumentsTest(argc, argv) + runBadProjectsTest(argc, argv) + runCliTest(argc, argv)
           + runLiveTest(argc, argv) + runWritingTest(argc, argv);
}
