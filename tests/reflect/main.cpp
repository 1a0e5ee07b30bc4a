#include "tests/reflect/tst_reflect.h"
#include "tests/reflect/tst_serverscatalogue.h"

#include <QCoreApplication>
#include <QTest>

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    tst_Reflect files;
    tst_ServersCatalogue servers;
    return QTest::qExec(&files, argc, argv) + QTest::qExec(&servers, argc, argv);
}
