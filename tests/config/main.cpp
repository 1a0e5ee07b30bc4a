#include "tst_wholefile.h"

#include <QCoreApplication>
#include <QTest>

int runConnectionTextTest(int argc, char **argv);
int runDatabaseUrlTest(int argc, char **argv);
int runIniFileTest(int argc, char **argv);
int runLoggingConfigTest(int argc, char **argv);
int runProjectConfigTest(int argc, char **argv);
int runVersionFilesTest(int argc, char **argv);

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    tst_WholeFile wholeFile;
    return runConnectionTextTest(argc, argv) + runDatabaseUrlTest(argc, argv) + runIniFileTest(argc, argv)
           + runLoggingConfigTest(argc, argv) + runProjectConfigTest(argc, argv)
           + runVersionFilesTest(argc, argv)
           + QTest::qExec(&wholeFile, argc, argv);
}
