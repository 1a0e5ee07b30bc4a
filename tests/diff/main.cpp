#include "tests/diff/tst_blame.h"
#include "tests/diff/tst_changedwords.h"
#include "tests/diff/tst_compare.h"
#include "tests/diff/tst_roundtrip.h"

#include <QTest>

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    tst_Compare compare;
    tst_RoundTrip roundTrip;
    tst_Blame blame;
    tst_ChangedWords words;
    return QTest::qExec(&compare, argc, argv) + QTest::qExec(&roundTrip, argc, argv)
           + QTest::qExec(&blame, argc, argv)
           + QTest::qExec(&words, argc, argv);
}
