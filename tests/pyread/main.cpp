#include "tst_envpy.h"
#include "tst_expressions.h"
#include "tst_facts.h"
#include "tst_modelcolumns.h"
#include "tst_models.h"
#include "tst_scriptmodules.h"
#include "tst_scriptreader.h"
#include "tst_surroundings.h"

#include <QCoreApplication>
#include <QTest>

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    tst_ScriptReader scripts;
    tst_ScriptModules modules;
    tst_Models models;
    tst_ModelColumns modelColumns;
    tst_EnvPy environments;
    tst_Expressions expressions;
    tst_Surroundings surroundings;
    tst_Facts facts;
    int failures = 0;
    for (QObject *test : std::initializer_list<QObject *>{
             &scripts, &modules, &models, &modelColumns, &environments, &expressions, &surroundings, &facts})
        failures += QTest::qExec(test, argc, argv);
    return failures;
}
