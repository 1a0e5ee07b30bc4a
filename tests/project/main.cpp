#include <QCoreApplication>

int runProjectStamp(int argc, char **argv);
int runSourceComparison(int argc, char **argv);
int runRevisionCache(int argc, char **argv);
int runOperationCache(int argc, char **argv);
int runDuplicates(int argc, char **argv);
int runServerConnection(int argc, char **argv);

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    return runRevisionCache(argc, argv) + runProjectStamp(argc, argv)
           + runSourceComparison(argc, argv) + runServerConnection(argc, argv)
           + runDuplicates(argc, argv) + runOperationCache(argc, argv);
}
