#include "tests/pylanguage/tst_evaluator.h"
#include "tests/pylanguage/tst_header.h"
#include "tests/pylanguage/tst_hostile.h"
#include "tests/pylanguage/tst_parser.h"

#include <QCoreApplication>
#include <QTest>

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    tst_Parser parser;
    tst_Evaluator evaluator;
    tst_Header header;
    tst_Hostile hostile;
    int failures = 0;
    for (QObject *test : std::initializer_list<QObject *>{&parser, &evaluator, &header, &hostile})
        failures += QTest::qExec(test, argc, argv);
    return failures;
}
