#include "tests/sample/tst_market.h"

#include "tests/sample/databasefacts.h"
#include "tests/sample/samplecopy.h"

#include <QRegularExpression>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace tribikos::sampletest;

namespace {

const QString seededAt = u"84f0b6d2c1e9"_s; // the revision that seed.sql is written for
const QString head = u"e91b42d7f038"_s;

/// Runs a command line that has to succeed.
void must(const SampleCopy &sample, const QStringList &arguments)
{
    const Answer answer = sample.cli(arguments);
    if (answer.code != 0)
        qFatal("%s: %s%s", qPrintable(arguments.join(u' ')), qPrintable(answer.out),
               qPrintable(answer.err));
}

/// A sample whose database stands at seededAt with the seed's rows.
class SeededSample : public SampleCopy
{
public:
    SeededSample()
    {
        must(*this, {u"upgrade"_s, seededAt});
        runScript(database(), golden(u"seed.sql"_s));
    }
};

/// The database of alembic-end.sql, for SQLite's own word on it.
class AlembicsDatabase
{
public:
    AlembicsDatabase() { runScript(path(), golden(u"alembic-end.sql"_s)); }
    QString path() const { return m_folder.filePath(u"alembic.sqlite"_s); }

private:
    QTemporaryDir m_folder;
};

/// \a facts without the reports' branch, which a downgrade to seededAt leaves where it forked, as
/// Alembic does.
QStringList marketOnly(const QStringList &facts)
{
    return facts.filter(QRegularExpression(u"^(?!reports|alembic_version)"_s));
}

} // namespace

void TestMarket::upgradeEndsWhereAlembicEnds_data()
{
    QTest::addColumn<QStringList>("targets");
    QTest::newRow("at once") << QStringList{u"head"_s};
    QTest::newRow("one by one") << QStringList{
        u"a5e31c90d7b2"_s, u"77aa10c3f2be"_s, u"b8d05f1e6a90"_s, u"9c41e07b2d55"_s,
        u"d20b7c58e4a1"_s, u"c6f3a9e81d27"_s, u"e91b42d7f038"_s};
    QTest::newRow("the reports first") << QStringList{u"b8d05f1e6a90"_s, u"heads"_s};
}

void TestMarket::upgradeEndsWhereAlembicEnds()
{
    QFETCH(QStringList, targets);
    const SeededSample sample;
    for (const QString &target : targets)
        must(sample, {u"upgrade"_s, target});

    const AlembicsDatabase alembics;
    QCOMPARE(schemaFacts(sample.database()), schemaFacts(alembics.path()));
    QCOMPARE(rowFacts(sample.database()), rowFacts(alembics.path()));
}

void TestMarket::offlineScriptEndsThereToo()
{
    const SeededSample sample;
    const Answer script = sample.cli({u"upgrade"_s, seededAt + u":head"_s, u"--sql"_s});
    QCOMPARE(script.code, 0);
    runScript(sample.database(), script.out);

    const AlembicsDatabase alembics;
    QCOMPARE(schemaFacts(sample.database()), schemaFacts(alembics.path()));
    QCOMPARE(rowFacts(sample.database()), rowFacts(alembics.path()));
}

void TestMarket::downgradeGivesTheSeedBack()
{
    const SeededSample sample;
    const QStringList schema = marketOnly(schemaFacts(sample.database()));
    const QStringList rows = marketOnly(rowFacts(sample.database()));
    must(sample, {u"upgrade"_s, u"head"_s});
    QVERIFY(marketOnly(rowFacts(sample.database())) != rows);
    must(sample, {u"downgrade"_s, seededAt});
    QCOMPARE(marketOnly(schemaFacts(sample.database())), schema);
    QCOMPARE(marketOnly(rowFacts(sample.database())), rows);
}

void TestMarket::everyRevisionGoesUpDownAndUp()
{
    const SeededSample sample;
    must(sample, {u"upgrade"_s, u"head"_s});
    const QStringList schema = schemaFacts(sample.database());
    for (const QString &target :
         {u"c6f3a9e81d27"_s, u"9c41e07b2d55"_s, u"61d7e2a94f03"_s, u"base"_s}) {
        must(sample, {u"downgrade"_s, target});
        must(sample, {u"upgrade"_s, u"head"_s});
        QCOMPARE(schemaFacts(sample.database()), schema);
    }
}

void TestMarket::baseLeavesOnlyTheVersionTable()
{
    const SampleCopy sample;
    must(sample, {u"upgrade"_s, u"head"_s});
    must(sample, {u"downgrade"_s, u"base"_s});
    for (const QString &fact : schemaFacts(sample.database()))
        QVERIFY2(fact.startsWith(u"alembic_version "_s), qPrintable(fact));
    QCOMPARE(rowFacts(sample.database()), QStringList());
}

/// What no revision knows of is in the way of a rebuild from scripts alone.
void TestMarket::handMadeThingsSurviveARebuild()
{
    const SeededSample sample;
    runScript(
        sample.database(),
        u"ALTER TABLE purchases ADD COLUMN note TEXT DEFAULT 'by hand';"
        "UPDATE purchases SET note = 'kept ' || id;"
        "CREATE INDEX by_hand ON purchases (note);"
        "CREATE TABLE trail (what TEXT);"
        "CREATE TRIGGER watch AFTER DELETE ON purchases BEGIN INSERT INTO trail VALUES ('x'); END;"
        "CREATE VIEW notes AS SELECT note FROM purchases;"_s);
    const qsizetype notes = rowFacts(sample.database()).filter(u"kept "_s).size();
    QVERIFY(notes > 0);
    must(sample, {u"upgrade"_s, u"head"_s});
    must(sample, {u"downgrade"_s, seededAt});
    must(sample, {u"upgrade"_s, u"head"_s});
    QCOMPARE(rowFacts(sample.database()).filter(u"kept "_s).size(), notes);
    QCOMPARE(rowFacts(sample.database()).filter(u"trail"_s), QStringList());
    runScript(sample.database(),
              u"DELETE FROM purchases WHERE note IN (SELECT note FROM notes);"_s);
    QVERIFY(!rowFacts(sample.database()).filter(u"trail"_s).isEmpty());
    QVERIFY(!schemaFacts(sample.database()).filter(u"by_hand"_s).isEmpty());
}

void TestMarket::positionIsTold()
{
    const SeededSample sample;
    QCOMPARE(sample.cli({u"current"_s}).out, seededAt + u'\n');
    must(sample, {u"upgrade"_s, u"head"_s});
    QCOMPARE(sample.cli({u"current"_s}).out, head + u" (head)\n"_s);
    must(sample, {u"downgrade"_s, u"-1"_s});
    QCOMPARE(sample.cli({u"current"_s}).out, u"c6f3a9e81d27 (mergepoint)\n"_s);
}
