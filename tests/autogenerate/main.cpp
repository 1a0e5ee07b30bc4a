#include "tst_pythontext.h"
#include "tst_roundtrips.h"
#include "tst_sources.h"

#include <QCoreApplication>
#include <QTest>

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    int failed = 0;
    tst_PythonText text;
    failed += QTest::qExec(&text, argc, argv);
    tst_RoundTrips trips;
    failed += QTest::qExec(&trips, argc, argv);
    tst_Sources sources;
    return failed + QTest::qExec(&sources, argc, argv);
}
