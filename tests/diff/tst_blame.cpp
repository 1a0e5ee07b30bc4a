#include "tests/diff/tst_blame.h"

#include "core/diff/diff.h"
#include "core/sqlread/rawsql.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

Operation sql(const QString &text)
{
    return {Execute{.statement = textExpr(text)}};
}

const TableName t{{}, u"t"_s};

QList<std::pair<QString, Operations>> history()
{
    AlterColumn renamed{.table = t, .column = u"b"_s, .newName = u"c"_s};
    return {
        {u"r1"_s, {sql(u"CREATE TABLE t (a INT, b INT, CONSTRAINT u UNIQUE (a))"_s)}},
        {u"r2"_s,
         {sql(
             u"CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT 1; INSERT INTO t VALUES (1, 2)"_s)}},
        {u"r3"_s, {{renamed}}},
        {u"r4"_s, {sql(u"ALTER TABLE t ADD d INT"_s)}},
        {u"r5"_s, {{DropColumn{t, u"d"_s}}, {DropIndex{.name = {u"i"_s}}}}}};
}

} // namespace

void tst_Blame::lastTouched_data()
{
    QTest::addColumn<Difference::Kind>("kind");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    using K = Difference::Kind;
    QTest::newRow("table") << K::Table << QString() << u"r1"_s;
    QTest::newRow("column") << K::Column << u"A"_s << u"r1"_s;
    QTest::newRow("old name") << K::Column << u"b"_s << u"r3"_s;
    QTest::newRow("new name") << K::Column << u"c"_s << u"r3"_s;
    QTest::newRow("dropped") << K::Column << u"d"_s << u"r5"_s;
    QTest::newRow("constraint") << K::UniqueConstraint << u"u"_s << u"r1"_s;
    QTest::newRow("index") << K::Index << u"i"_s << u"r5"_s;
    QTest::newRow("unknown part: the table's") << K::Index << u"none"_s << u"r1"_s;
}

void tst_Blame::lastTouched()
{
    QFETCH(Difference::Kind, kind);
    QFETCH(QString, name);
    QFETCH(QString, expected);
    const Blame found = blame(history(), &rawSqlReader(Backend::Sqlite));
    QCOMPARE(found.revision(kind, t, name), expected);
    QCOMPARE(found.revision(Difference::Kind::Object, {}, u"v"_s), u"r2"_s);
    QCOMPARE(found.revision(Difference::Kind::Table, {{}, u"other"_s}, {}), QString());
}

void tst_Blame::namedInDifference()
{
    Schema migrations;
    for (const auto &[revision, operations] : history())
        replay(operations, migrations, &rawSqlReader(Backend::Sqlite));
    const Schema empty;
    const Blame known = blame(history(), &rawSqlReader(Backend::Sqlite));
    const QList<Difference> found = compare({.migrations = &migrations,
                                             .database = &empty,
                                             .migrationsAtDatabase = &empty,
                                             .blame = &known});
    QCOMPARE(found.size(), 2);
    QCOMPARE(found[0].revision, u"r2"_s);
    QCOMPARE(found[1].revision, u"r1"_s);
    QCOMPARE(found[1].explanation, u"revision r1 is not applied here"_s);
}
