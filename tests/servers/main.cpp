#include "tests/servers/tst_connectiontrial.h"
#include "tests/servers/tst_halfundo.h"
#include "tests/servers/tst_liveservers.h"
#include "tests/servers/tst_servercalls.h"
#include "tests/servers/tst_serverfaults.h"
#include "tests/servers/tst_serverrefusals.h"
#include "tests/servers/tst_serversessions.h"
#include "tests/servers/tst_servertrials.h"

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
    // QtTest ends a function, all its rows together, after five minutes; a busy machine may need more for a hundred runs.
    qputenv("QTEST_FUNCTION_TIMEOUT", "1500000");
    const QCoreApplication app(argc, argv);
    return failures<tst_ConnectionTrial>(argc, argv) + failures<tst_ServerSessions>(argc, argv)
           + failures<tst_LiveServers>(argc, argv) + failures<tst_ServerTrials>(argc, argv)
           + failures<tst_ServerCalls>(argc, argv) + failures<tst_ServerFaults>(argc, argv)
           + failures<tst_HalfUndo>(argc, argv) + failures<tst_ServerRefusals>(argc, argv);
}
