#include <QCoreApplication>

int runOperationsTest(int argc, char **argv);
int runSpellingTest(int argc, char **argv);

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    return runOperationsTest(argc, argv) + runSpellingTest(argc, argv);
}
