#include "tests/sample/tst_answers.h"
#include "tests/sample/tst_market.h"

#include <QtTest>

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    int failures = 0;
    TestAnswers answers;
    failures += QTest::qExec(&answers, argc, argv);
    TestMarket market;
    failures += QTest::qExec(&market, argc, argv);
    return failures;
}
