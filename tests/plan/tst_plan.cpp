#include "core/base/unwritten.h"
#include "core/plan/planner.h"
#include "tests/dialects/builders.h"

#include <QTest>

using namespace tribikos;
using namespace tribikos::test;

namespace {

PlanStep insertStep(const QString &revision, const QString &sql)
{
    return {.revision = revision,
            .to = {revision},
            .operations = {{.kind = Execute{textExpr(sql)}, .span = {.line = 7}}},
            .versionChanges = {{.kind = VersionChange::Kind::Insert, .to = revision}}};
}

Plan twoSteps(PlanRequest request)
{
    Planner planner(std::move(request));
    planner.add(insertStep(u"v1"_s, u"select\t1"_s));
    planner.add({.revision = u"v2"_s,
                 .from = {u"v1"_s},
                 .to = {u"v2"_s},
                 .operations = {{.kind = AutocommitBegin{}},
                                {.kind = Execute{textExpr(u"vacuum"_s)}},
                                {.kind = AutocommitEnd{}}},
                 .versionChanges = {
                     {.kind = VersionChange::Kind::Update, .from = u"v1"_s, .to = u"v2"_s}}});
    return planner.take();
}

const QString versionTable =
    u"CREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL, \n"
    "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n);\n\n"_s;

} // namespace

class PlanTest : public QObject
{
    Q_OBJECT

private slots:
    void script_data();
    void script();
    void versionTableOptions();
    void downgradeToBase();
    void unwrittenTexts();
    void brokenStepIsKept();
    void scriptOptions();
    void hashCoversWhatRuns();
    void losses_data();
    void losses();
    void tablesThatKeepWhatFails();
    void textOfSeveralStatements();
};

void PlanTest::script_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<bool>("perMigration");
    QTest::addColumn<QString>("expected");
    const QString table = versionTable + u"-- Running upgrade  -> v1\n\nselect    1;\n\n"_s;
    const QString second = u"-- Running upgrade v1 -> v2\n\n"_s;
    const QString update =
        u"UPDATE alembic_version SET version_num='v2' WHERE alembic_version.version_num = 'v1';\n\n"_s;
    QTest::newRow("sqlite")
        << Backend::Sqlite << true
        << table
               + u"INSERT INTO alembic_version (version_num) VALUES ('v1') RETURNING version_num;\n\n"_s
               + second + u"vacuum;\n\n"_s + update;
    QTest::newRow("mariadb")
        << Backend::MariaDb << false
        << table + u"INSERT INTO alembic_version (version_num) VALUES ('v1');\n\n"_s + second
               + u"vacuum;\n\n"_s + update;
    const QString insert =
        u"INSERT INTO alembic_version (version_num) VALUES ('v1') RETURNING alembic_version.version_num;\n\n"_s;
    const QString block = u"COMMIT;\n\nvacuum;\n\nBEGIN;\n\n"_s;
    QTest::newRow("postgresql") << Backend::PostgreSql << false
                                << u"BEGIN;\n\n"_s + table + insert + second + block + update
                                       + u"COMMIT;\n\n"_s;
    QTest::newRow("per migration") << Backend::PostgreSql << true
                                   << u"BEGIN;\n\n"_s + table + insert + u"COMMIT;\n\nBEGIN;\n\n"_s
                                          + second + block + update + u"COMMIT;\n\n"_s;
}

void PlanTest::script()
{
    QFETCH(Backend, backend);
    QFETCH(bool, perMigration);
    QFETCH(QString, expected);
    const Plan plan = twoSteps({.backend = backend, .transactionPerMigration = perMigration});
    QVERIFY(plan.isWhole());
    QCOMPARE(scriptText(plan).value(), expected);
    QCOMPARE(plan.endRows, QStringList{u"v2"_s});
}

void PlanTest::versionTableOptions()
{
    const auto plan = twoSteps({.backend = Backend::PostgreSql,
                                .versionTable = {u"My Schema"_s, u"versions"_s},
                                .versionTablePk = false,
                                .transactionalDdl = false});
    QCOMPARE(plan.createVersionTable,
             u"CREATE TABLE \"My Schema\".versions (\n\tversion_num VARCHAR(32) NOT NULL\n)"_s);
    QCOMPARE(plan.steps.first().versionStatements.first().sql,
             u"INSERT INTO \"My Schema\".versions (version_num) VALUES ('v1')"_s);
    QVERIFY(!scriptText(plan).value().contains(u"BEGIN"_s));
    const auto online = twoSteps({.backend = Backend::MariaDb, .offline = false});
    QVERIFY(online.steps.first().versionStatements.first().sql.endsWith(
        u"RETURNING alembic_version.version_num"_s));
}

void PlanTest::downgradeToBase()
{
    Planner planner({.backend = Backend::Sqlite, .startRows = {u"v1"_s}});
    planner.add({.revision = u"v1"_s,
                 .from = {u"v1"_s},
                 .direction = Direction::Downgrade,
                 .versionChanges = {{.kind = VersionChange::Kind::Delete, .from = u"v1"_s}}});
    QCOMPARE(
        scriptText(planner.take()).value(),
        u"-- Running downgrade v1 -> \n\nDELETE FROM alembic_version WHERE alembic_version.version_num = 'v1';\n\n"_s);
    QCOMPARE(scriptText(Planner({.backend = Backend::PostgreSql}).take()).value(),
             u"BEGIN;\n\nCOMMIT;\n\n"_s);
    QCOMPARE(scriptText(Planner({.backend = Backend::Sqlite}).take()).value(), QString());
}

/// What Python would write of an object in memory can't be said in SQL.
void PlanTest::unwrittenTexts()
{
    Planner planner({.backend = Backend::PostgreSql});
    const QString text = u"-- "_s + unwritten(u"<function f>"_s);
    planner.add({.revision = u"v1"_s, .operations = {{Execute{.statement = textExpr(text)}}}});
    const Plan plan = planner.take();
    QCOMPARE(plan.steps.first().status, StepStatus::Unsupported);
    QVERIFY2(plan.steps.first().reason.contains(u"object of Python's"_s),
             qPrintable(plan.steps.first().reason));
    QCOMPARE(withoutMarks(text), u"-- <function f>"_s);
}

void PlanTest::brokenStepIsKept()
{
    Planner planner({.backend = Backend::MySql});
    PlanStep broken = insertStep(u"v1"_s, u"select 1"_s);
    broken.file = u"v1.py"_s;
    broken.operations +=
        Operation{.kind = AlterColumn{.table = {{}, u"t"_s}, .column = u"a"_s, .nullable = true},
                  .span = {.line = 9}};
    planner.add(broken);
    planner.add(insertStep(u"w1"_s, u"select 2"_s));
    planner.add({.revision = u"x1"_s,
                 .status = StepStatus::NeedsConnection,
                 .reason = u"reads rows"_s,
                 .line = 3});
    const Plan plan = planner.take();
    QVERIFY(!plan.isWhole());
    QCOMPARE(plan.steps[0].status, StepStatus::Unsupported);
    QCOMPARE(plan.steps[0].line, 9);
    QCOMPARE(plan.steps[1].statements.first().sql, u"select 2"_s);
    QCOMPARE(plan.steps[2].reason, u"reads rows"_s);
    QString partial;
    const auto script = scriptText(plan, &partial);
    QVERIFY(!script);
    QCOMPARE(script.error().code, ErrorCode::Unsupported);
    QCOMPARE(script.error().file, u"v1.py"_s);
    QCOMPARE(script.error().line, 9);
    QCOMPARE(partial, versionTable + u"-- Running upgrade  -> v1\n\nselect 1;\n\n"_s);
}

void PlanTest::scriptOptions()
{
    Plan plan = twoSteps({.backend = Backend::Sqlite});
    const ScriptOptions options{.transaction = true, .foreignKeysPragma = true, .comments = false};
    const QString plain = scriptText(plan, nullptr, options).value();
    QVERIFY(plain.startsWith(u"BEGIN;\n\n"_s));
    QVERIFY(plain.endsWith(u"COMMIT;\n\n"_s));
    QVERIFY(!plain.contains(u"--"_s));
    plan.steps[0].statements.append({.sql = u"DROP TABLE t"_s, .kind = Statement::Kind::Rebuild});
    const QString guarded = scriptText(plan, nullptr, options).value();
    QVERIFY(guarded.startsWith(u"PRAGMA foreign_keys=OFF;\n\nBEGIN;"_s));
    QVERIFY(guarded.endsWith(u"COMMIT;\n\nPRAGMA foreign_keys=ON;\n\n"_s));
}

void PlanTest::hashCoversWhatRuns()
{
    const Plan plan = twoSteps({.backend = Backend::Sqlite});
    QCOMPARE(plan.hash(), twoSteps({.backend = Backend::Sqlite}).hash());
    Plan other = plan;
    other.steps[0].statements[0].sql += u' ';
    QVERIFY(other.hash() != plan.hash());
    other = plan;
    other.startRows = {u"v0"_s};
    QVERIFY(other.hash() != plan.hash());
    QCOMPARE(plan.statementCount(), 5);
}

void PlanTest::losses_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QString>("words");
    const TableName t{{}, u"t"_s};
    const auto retype = [&t](const SqlTypePtr &now, const SqlTypePtr &old) {
        return Operation{
            .kind = AlterColumn{.table = t, .column = u"a"_s, .type = now, .existingType = old}};
    };
    QTest::newRow("table") << Operation{.kind = DropTable{t}} << u"drops table t"_s;
    QTest::newRow("column") << Operation{.kind = DropColumn{t, u"a"_s}} << u"drops column t.a"_s;
    QTest::newRow("shorter") << retype(stringType(5), stringType(10)) << u"may not hold"_s;
    QTest::newRow("longer") << retype(stringType(10), stringType(5)) << QString();
    QTest::newRow("smaller integer")
        << retype(integerType(), type({.name = u"BigInteger"_s})) << u"may not hold"_s;
    QTest::newRow("number to text")
        << retype(type({.name = u"Text"_s}), integerType()) << QString();
    QTest::newRow("text to number")
        << retype(integerType(), type({.name = u"Text"_s})) << u"may not hold"_s;
    QTest::newRow("delete") << Operation{.kind = Execute{textExpr(
                                             u"-- all\nselect 1; DELETE FROM t"_s)}}
                            << u"DELETE"_s;
    const QString columnGoes = u"runs an ALTER TABLE statement that drops a column"_s;
    for (const QString &sql :
         {u"ALTER TABLE t DROP COLUMN a"_s, u"select 1; alter table s.t add b int, drop a"_s,
          u"ALTER TABLE t DROP \"default\""_s, u"ALTER TABLE t DROP PARTITION p0"_s})
        QTest::newRow(qPrintable(sql)) << Operation{.kind = Execute{textExpr(sql)}} << columnGoes;
    for (const QString &sql :
         {u"ALTER TABLE t DROP CONSTRAINT c, DROP INDEX i"_s,
          u"ALTER TABLE t ALTER COLUMN a DROP NOT NULL"_s, u"ALTER TABLE t ALTER a DROP DEFAULT"_s,
          u"ALTER TABLE t ADD a text DEFAULT 'DROP COLUMN x'"_s,
          u"ALTER TABLE t ADD b int; DROP VIEW v"_s})
        QTest::newRow(qPrintable(sql)) << Operation{.kind = Execute{textExpr(sql)}} << QString();
    QTest::newRow("quoted delete")
        << Operation{.kind = Execute{textExpr(u"select '; DELETE'"_s)}} << QString();
    QTest::newRow("inside a batch")
        << Operation{.kind = BatchAlterTable{.table = t,
                                             .operations = {{.kind = DropColumn{t, u"a"_s}}}}}
        << u"drops column"_s;
}

void PlanTest::losses()
{
    QFETCH(Operation, operation);
    QFETCH(QString, words);
    Planner planner({.backend = Backend::PostgreSql});
    planner.add({.revision = u"r"_s, .operations = {operation}});
    const QList<LossNote> notes = planner.take().steps.first().losses;
    QCOMPARE(notes.isEmpty(), words.isEmpty());
    if (!words.isEmpty())
        QVERIFY2(notes.first().message.contains(words), qPrintable(notes.first().message));
}

void PlanTest::tablesThatKeepWhatFails()
{
    Schema schema;
    for (const QString &name : {u"old"_s, u"older"_s, u"new"_s}) {
        Table table{.name = {{}, name}};
        table.options.insert(u"mariadb_engine"_s, name == u"new" ? u"InnoDB"_s : u"MyISAM"_s);
        schema.tables.insert(table.name, table);
    }
    const QList<Operation> operations{{.kind = Execute{textExpr(u"CREATE INDEX i ON older (a)"_s)}},
                                      {.kind = Execute{textExpr(u"INSERT INTO new VALUES (1)"_s)}},
                                      {.kind = Execute{textExpr(u"UPDATE `old` SET a = 1"_s)}}};
    for (const bool isOffline : {false, true}) {
        Planner planner({.backend = Backend::MariaDb, .offline = isOffline, .schema = schema});
        planner.add({.revision = u"r"_s, .operations = operations});
        const QList<LossNote> notes = planner.take().steps.first().warnings;
        QCOMPARE(notes.size(), isOffline ? 0 : 1); // offline nobody knows what is there
        if (!isOffline)
            QVERIFY(notes.first().message.startsWith(u"The table old is kept by MyISAM"_s));
    }
}

#include "tst_plan.moc"

/// PostgreSQL's drivers give the server whatever execute() has; a script holds it as it was written.
void PlanTest::textOfSeveralStatements()
{
    const QString text =
        u"CREATE TABLE a (b TEXT DEFAULT ';');\n-- two; of them\n"
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1; SELECT 2$$;"_s;
    const auto sqlOf = [&](Backend backend, bool isOffline) {
        Planner planner({.backend = backend, .offline = isOffline});
        planner.add(insertStep(u"v1"_s, text));
        QStringList sql;
        for (const Statement &statement : planner.take().steps.constFirst().statements)
            if (statement.kind == Statement::Kind::Script)
                sql.append(statement.sql);
        return sql;
    };
    const QStringList alone{
        u"CREATE TABLE a (b TEXT DEFAULT ';')"_s,
        u"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1; SELECT 2$$"_s};
    QCOMPARE(sqlOf(Backend::PostgreSql, false), alone);
    QCOMPARE(sqlOf(Backend::PostgreSql, true).size(), 1);
    QCOMPARE(sqlOf(Backend::MariaDb, false).size(), 1); // refused there, as by PyMySQL
}

int runPlanTest(int argc, char **argv)
{
    PlanTest test;
    return QTest::qExec(&test, argc, argv);
}
