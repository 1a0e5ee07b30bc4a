#include "tests/runtime/tst_badinput.h"
#include "tests/runtime/tst_clientlibrary.h"
#include "tests/runtime/tst_concurrency.h"
#include "tests/runtime/tst_run.h"
#include "tests/runtime/tst_runlog.h"
#include "tests/runtime/tst_sqlitesession.h"
#include "tests/runtime/tst_statementprobe.h"

#include <QCoreApplication>
#include <QTest>

namespace {

template<typename Test>
int failures(int argc, char *argv[])
{
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    return failures<tst_SqliteSession>(argc, argv) + failures<tst_Run>(argc, argv)
           + failures<tst_BadInput>(argc, argv) + failures<tst_Concurrency>(argc, argv)
           + failures<tst_RunLog>(argc, argv) + failures<tst_StatementProbe>(argc, argv)
           + failures<tst_ClientLibrary>(argc, argv);
}
