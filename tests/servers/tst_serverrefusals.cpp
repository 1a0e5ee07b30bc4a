#include "tests/servers/tst_serverrefusals.h"

#include "tests/servers/lab.h"
#include "tests/servers/plainplan.h"

#include "core/db/sqltext.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::lab;

namespace {

/// planOf(), with a version table of another name.
Plan planWith(Backend backend, const QString &versionTable, const QList<QStringList> &revisions)
{
    Plan plan = planOf(backend, revisions);
    const QString quoted = quotedIdentifier(versionTable, backend);
    plan.versionTable = {.schema = {}, .name = versionTable};
    plan.createVersionTable.replace(u"alembic_version"_s, quoted);
    for (PlanStep &step : plan.steps)
        for (Statement &statement : step.versionStatements)
            statement.sql.replace(u"alembic_version"_s, quoted);
    return plan;
}

} // namespace

void tst_ServerRefusals::tableNames_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("name");
    for (const Backend backend : {Backend::PostgreSql, Backend::MySql}) {
        const QString title = backendName(backend);
        for (const QString &name :
             {u"al'x"_s, u"a?b"_s, u"a%1b%2"_s, u"x' OR sleep(9)=0 -- "_s, u"a\\'b"_s, u"a\"`b"_s})
            QTest::addRow("%s, %s", qPrintable(title), qPrintable(name))
                << backend << name.trimmed();
    }
}

/// Whatever the version table is called is a name, for the journal beside it too.
void tst_ServerRefusals::tableNames()
{
    QFETCH(Backend, backend);
    QFETCH(QString, name);
    const Database database(backend);
    const Plan plan =
        planWith(backend, name,
                 {{u"CREATE TABLE a (id INTEGER)"_s, u"CREATE TABLE b (id INTEGER)"_s},
                  {u"CREATE TABLE c (id INTEGER)"_s, u"CREATE TABLE none_such.d (id INTEGER)"_s}});
    RunOptions options = quietly();
    options.transaction = TransactionMode::None;
    const RunReport report = run(plan, database.spec(), options, {}, {});
    QVERIFY(report.error);
    QVERIFY2(report.isHalf, qPrintable(report.error->message));
    QCOMPARE(report.rowsAfter, QStringList{u"r1"_s});
    QString interrupted;
    const auto rows = currentRows(database.spec(), plan.versionTable, &interrupted);
    QVERIFY2(rows, rows ? "" : qPrintable(rows.error().message));
    QCOMPARE(*rows, QStringList{u"r1"_s});
    QVERIFY2(interrupted.contains(u"Statement 1 of the upgrade of revision r2 is in."_s),
             qPrintable(interrupted));
    QVERIFY(readDatabase(database.spec(), plan.versionTable));
}
