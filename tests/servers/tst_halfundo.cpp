#include "tests/servers/tst_halfundo.h"

#include "tests/servers/lab.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::lab;

namespace {

const QString kFailing = u"op.execute('ALTER TABLE none ADD x INTEGER')"_s;

QString indented(const QString &body)
{
    return u"    "_s + QString(body).replace(u'\n', u"\n    "_s) + u'\n';
}

/// The revisions a1, which makes two tables with rows, and a2, which a test writes.
class Project
{
public:
    Project()
    {
        write(
            u"a1"_s, u"None"_s,
            u"op.create_table('parents', sa.Column('id', sa.Integer, primary_key=True), "
            "sa.Column('note', sa.String(10)))\n"
            "op.create_table('people', sa.Column('id', sa.Integer, primary_key=True), "
            "sa.Column('name', sa.String(20), nullable=False, server_default='x', comment='who'), "
            "sa.Column('age', sa.Integer), sa.UniqueConstraint('name', name='uq_people_name'))\n"
            "op.create_index('ix_people_age', 'people', ['age'])\n"
            "op.create_table('children', sa.Column('id', sa.Integer), sa.Column('parent', "
            "sa.Integer), sa.ForeignKeyConstraint(['parent'], ['parents.id'], name='fk_child'))\n"
            "op.execute(\"INSERT INTO people (id, name, age) VALUES (1, 'a', 10), (2, 'b', 20)\")"_s,
            u"op.drop_table('children')\nop.drop_table('people')\nop.drop_table('parents')"_s);
    }
    void writeSecond(const QString &up, const QString &down) const
    {
        write(u"a2"_s, u"'a1'"_s, up, down);
    }
    int run(const Database &database, const QStringList &words)
    {
        QProcess process;
        process.start(QStringLiteral(TRIBIKOS_CLI), command(database, words));
        if (!process.waitForFinished(60000))
            return -2;
        m_said =
            QString::fromUtf8(process.readAllStandardError() + process.readAllStandardOutput());
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }
    QStringList command(const Database &database, const QStringList &words) const
    {
        return QStringList{u"--versions"_s, m_folder.path(), u"--url"_s, database.url()} + words;
    }
    const QString &said() const { return m_said; }

private:
    void write(const QString &id, const QString &down, const QString &up, const QString &back) const
    {
        QFile file(m_folder.filePath(id + u".py"_s));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("%s", qPrintable(file.errorString()));
        file.write(
            u"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '%1'\ndown_revision = "
            "%2\n\n\ndef upgrade():\n%3\n\ndef downgrade():\n%4"_s
                .arg(id, down, indented(up), indented(back))
                .toUtf8());
    }

    QTemporaryDir m_folder;
    QString m_said{};
};

bool hasJournal(const Database &database)
{
    return bool(database.open()->query(u"SELECT * FROM tribikos_journal"_s));
}

} // namespace

void tst_HalfUndo::takesBack_data()
{
    QTest::addColumn<QString>("up");
    QTest::addColumn<QString>("down");
    QTest::newRow("a table, its index and its rows")
        << u"op.create_table('late', sa.Column('id', sa.Integer, primary_key=True), "
           "sa.Column('n', sa.Integer, index=True))\n"
           "op.execute('INSERT INTO late (id, n) SELECT id, age FROM people')\n"
           "op.bulk_insert(sa.table('late', sa.column('id')), [{'id': 7}])"_s
        << u"pass"_s;
    QTest::newRow("columns, in a batch")
        << u"with op.batch_alter_table('people') as batch:\n"
           "    batch.add_column(sa.Column('parent', sa.Integer))\n"
           "    batch.create_foreign_key('fk_parent', 'parents', "
           "['parent'], ['id'])\n"
           "    batch.create_index('ix_parent', ['parent'])"_s
        << u"pass"_s;
    QTest::newRow("the index of a key that stays")
        << u"op.create_index('ix_child', 'children', ['parent', 'id'])"_s << u"pass"_s;
    QTest::newRow("a column with an unnamed key")
        << u"op.add_column('people', sa.Column('parent', sa.Integer, "
           "sa.ForeignKey('parents.id')))"_s
        << u"pass"_s;
    QTest::newRow("a new column's values")
        << u"op.add_column('people', sa.Column('double', sa.Integer))\n"
           "op.execute('UPDATE people SET `double` = IF(age > 1, 2 * age, 0) WHERE age > 5')"_s
        << u"pass"_s;
    QTest::newRow("names")
        << u"op.rename_table('people', 'persons')\n"
           "op.alter_column('persons', 'age', new_column_name='years', existing_type=sa.Integer())"_s
        << u"pass"_s;
    QTest::newRow("a column")
        << u"op.alter_column('people', 'name', type_=sa.String(50), nullable=True, "
           "server_default=None, comment='whose', existing_type=sa.String(20), "
           "existing_nullable=False, existing_server_default='x', existing_comment='who')"_s
        << u"pass"_s;
    QTest::newRow("a column that counts")
        << u"op.alter_column('parents', 'id', autoincrement=True, existing_type=sa.Integer(), "
           "existing_nullable=False)"_s
        << u"pass"_s;
    QTest::newRow("what was dropped and holds no data")
        << u"op.drop_index('ix_people_age', 'people')\n"
           "op.drop_constraint('uq_people_name', 'people', type_='unique')"_s
        << u"pass"_s;
    QTest::newRow("raw SQL") << u"op.execute('CREATE TABLE raw (id INTEGER)')\n"
                                "op.execute('ALTER TABLE people ADD COLUMN r1 INTEGER, ADD COLUMN "
                                "r2 INTEGER, ADD INDEX ix_r (r1)')"_s
                             << u"pass"_s;
    QTest::newRow("the author's way")
        << u"op.execute('CREATE VIEW ages AS SELECT age FROM people')"_s
        << u"op.execute('DROP VIEW ages')"_s;
}

void tst_HalfUndo::takesBack()
{
    QFETCH(QString, up);
    QFETCH(QString, down);
    Project project;
    const Database database(Backend::MariaDb);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"a1"_s}), 0);
    const QString before = database.dump();
    project.writeSecond(up + u'\n' + kFailing, down);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3);
    QVERIFY2(project.said().contains(u"undo takes back what is in"_s), qPrintable(project.said()));
    QVERIFY(hasJournal(database));
    QVERIFY2(project.run(database, {u"undo"_s}) == 0, qPrintable(project.said()));
    QVERIFY(project.said().contains(u"Taking back what is in of the upgrade of revision a2"_s));
    QCOMPARE(database.dump(), before);
    QCOMPARE(database.position(), QStringList{u"a1"_s});
    QVERIFY(!hasJournal(database));
    project.writeSecond(up, down);
    QVERIFY2(project.run(database, {u"upgrade"_s, u"heads"_s}) == 0, qPrintable(project.said()));
    QCOMPARE(database.position(), QStringList{u"a2"_s});
}

void tst_HalfUndo::takesBackADowngrade_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("up");
    QTest::addColumn<QString>("down");
    QTest::newRow("what holds no data")
        << Backend::MariaDb << u"op.create_index('ix_both', 'people', ['age', 'name'])"_s
        << u"op.drop_index('ix_both', 'people')\n"
           "op.drop_constraint('uq_people_name', 'people', type_='unique')"_s;
    QTest::newRow("names and types")
        << Backend::MariaDb
        << u"op.rename_table('people', 'persons')\n"
           "op.alter_column('persons', 'age', new_column_name='years', "
           "existing_type=sa.Integer())\n"
           "op.alter_column('persons', 'years', type_=sa.BigInteger(), existing_type=sa.Integer())"_s
        << u"op.alter_column('persons', 'years', type_=sa.Integer(), "
           "existing_type=sa.BigInteger())\n"
           "op.alter_column('persons', 'years', new_column_name='age', "
           "existing_type=sa.Integer())\n"
           "op.rename_table('persons', 'people')"_s;
    QTest::newRow("tables and columns that the upgrade makes")
        << Backend::MariaDb
        << u"op.create_table('late', sa.Column('id', sa.Integer, primary_key=True))\n"
           "op.add_column('parents', sa.Column('late', sa.Integer, index=True))"_s
        << u"op.drop_column('parents', 'late')\nop.drop_table('late')"_s;
    QTest::newRow("raw SQL, the author's way")
        << Backend::MariaDb << u"op.execute('CREATE VIEW ages AS SELECT age FROM people')"_s
        << u"op.execute('DROP VIEW ages')"_s;
    QTest::newRow("a statement outside a transaction")
        << Backend::PostgreSql
        << u"op.create_index('ix_both', 'people', ['age', 'name'])\n"
           "op.add_column('children', sa.Column('late', sa.Integer))"_s
        << u"op.drop_column('children', 'late')\n"
           "with op.get_context().autocommit_block():\n"
           "    op.drop_index('ix_both', 'people', postgresql_concurrently=True)"_s;
}

/// What a downgrade that broke off has taken away comes back, as far as it held no data.
void tst_HalfUndo::takesBackADowngrade()
{
    QFETCH(Backend, backend);
    QFETCH(QString, up);
    QFETCH(QString, down);
    Project project;
    const Database database(backend);
    project.writeSecond(up, down + u'\n' + kFailing);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 0);
    const QString whole = database.dump();
    QCOMPARE(project.run(database, {u"downgrade"_s, u"a1"_s}), 3);
    QVERIFY2(project.said().contains(u"of the downgrade of revision a2"_s)
                 && project.said().contains(u"undo takes back what is in"_s),
             qPrintable(project.said()));
    QCOMPARE(database.position(), QStringList{u"a2"_s});
    QVERIFY(database.dump() != whole);
    QCOMPARE(project.run(database, {u"current"_s}), 0);
    QVERIFY2(project.said().contains(u"in the middle of the downgrade of revision a2"_s),
             qPrintable(project.said()));
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3); // not over half of it
    QVERIFY2(project.run(database, {u"undo"_s}) == 0, qPrintable(project.said()));
    QVERIFY2(project.said().contains(u"Taking back what is in of the downgrade of revision a2"_s),
             qPrintable(project.said()));
    QCOMPARE(database.dump(), whole);
    QCOMPARE(database.position(), QStringList{u"a2"_s});
    QVERIFY(!hasJournal(database));

    // it breaks off once more, and with the script corrected goes on to its end
    QCOMPARE(project.run(database, {u"downgrade"_s, u"a1"_s}), 3);
    project.writeSecond(up, down);
    QVERIFY2(project.run(database, {u"downgrade"_s, u"a1"_s}) == 0, qPrintable(project.said()));
    QCOMPARE(database.position(), QStringList{u"a1"_s});
    QVERIFY(!hasJournal(database));
}

/// lower_case_table_names: what the catalogue has under another name must not be taken for gone.
void tst_HalfUndo::takesBackWhatIsKeptInSmallLetters()
{
    qputenv("MYSQL_EXTRA", "--lower-case-table-names=1");
    const PrivateServer server(Backend::MariaDb);
    qunsetenv("MYSQL_EXTRA");
    const Database database(server.url());
    Project project;
    QCOMPARE(project.run(database, {u"upgrade"_s, u"a1"_s}), 0);
    const QString before = database.dump();
    const QString up =
        u"op.create_table('MixedCase', sa.Column('Id', sa.Integer, primary_key=True))\n"
        "op.create_table('Other', sa.Column('m', sa.Integer, sa.ForeignKey('MixedCase.Id')))\n"
        "op.add_column('MixedCase', sa.Column('More', sa.Integer, index=True))\n"
        "op.rename_table('people', 'Persons')"_s;
    project.writeSecond(up + u'\n' + kFailing, u"pass"_s);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3);
    QVERIFY2(project.run(database, {u"undo"_s}) == 0, qPrintable(project.said()));
    QCOMPARE(database.dump(), before);
    project.writeSecond(up, u"pass"_s);
    QVERIFY2(project.run(database, {u"upgrade"_s, u"heads"_s}) == 0, qPrintable(project.said()));
}

void tst_HalfUndo::refuses_data()
{
    QTest::addColumn<QString>("up");
    QTest::addColumn<QString>("down");
    QTest::addColumn<QString>("why");
    const QString index = u"op.create_index('ix_late', 'people', ['name', 'age'])\n"_s;
    QTest::newRow("rows that were there")
        << index + u"op.execute(\"UPDATE people SET name = upper(name)\")\n"_s
               + u"op.drop_index('ix_people_age', 'people')"_s
        << u"pass"_s
        << u"Statement 2 of the upgrade of revision a2 (a2.py:10) can't be taken back: it changed rows"_s;
    QTest::newRow("rows of a table that stays")
        << index + u"op.execute(\"INSERT INTO people (id, name) VALUES (9, 'z')\")\n"_s
               + u"op.drop_index('ix_people_age', 'people')"_s
        << u"pass"_s << u"it changed rows"_s;
    QTest::newRow("a dropped column") << index + u"op.drop_column('people', 'name')"_s << u"pass"_s
                                      << u"it dropped column people.name"_s;
    QTest::newRow("what can't be followed")
        << index + u"op.execute('CREATE PROCEDURE p() SELECT 1')"_s << u"pass"_s
        << u"can't be taken back"_s;
    QTest::newRow("how a table is kept")
        << index + u"op.execute('ALTER TABLE parents ADD COLUMN x INTEGER, ROW_FORMAT=COMPACT')"_s
        << u"pass"_s << u"what it changed can't be followed"_s;
    QTest::newRow("another script") << index + u"op.drop_index('ix_people_age', 'people')"_s
                                    << QString() << u"has another one there now"_s;
}

void tst_HalfUndo::refuses()
{
    QFETCH(QString, up);
    QFETCH(QString, down);
    QFETCH(QString, why);
    Project project;
    const Database database(Backend::MariaDb);
    project.writeSecond(up + u'\n' + kFailing, down.isEmpty() ? u"pass"_s : down);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3);
    const QString half = database.dump();
    if (down.isEmpty())
        project.writeSecond(u"op.create_index('ix_other', 'people', ['age'])\n"_s + kFailing,
                            u"pass"_s);
    QCOMPARE(project.run(database, {u"undo"_s}), 3);
    QVERIFY2(project.said().contains(why), qPrintable(project.said()));
    QCOMPARE(project.said().count(u"FAILED:"_s), 1);
    QCOMPARE(database.dump(), half);
    QVERIFY(hasJournal(database));
}

/// --plan shows and does nothing; what doesn't come back is said.
void tst_HalfUndo::isShownFirst()
{
    Project project;
    const Database database(Backend::MariaDb);
    QVERIFY2(project.run(database, {u"undo"_s}) == 0, qPrintable(project.said()));
    QVERIFY(project.said().contains(u"there is nothing to take back"_s));
    QCOMPARE(project.run(database, {u"upgrade"_s, u"a1"_s}), 0);
    const QString before = database.dump();
    project.writeSecond(u"op.create_table('late', sa.Column('id', sa.Integer))\n"
                        "op.drop_column('parents', 'note')\n"_s
                            + kFailing,
                        u"op.add_column('parents', sa.Column('note', sa.String(10)))"_s);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3);
    QCOMPARE(project.run(database, {u"current"_s}), 0);
    QVERIFY2(project.said().contains(u"undo takes back what is in"_s), qPrintable(project.said()));
    const QString half = database.dump();
    QVERIFY2(project.run(database, {u"upgrade"_s, u"heads"_s, u"--plan"_s}) == 0,
             qPrintable(project.said()));
    QVERIFY2(project.said().count(u"in already, as the run that broke off has left it"_s) == 2
                 && project.said().contains(u"1 revision, 2 statements:"_s),
             qPrintable(project.said()));
    QVERIFY2(project.run(database, {u"undo"_s, u"--plan"_s}) == 0, qPrintable(project.said()));
    QVERIFY2(project.said().contains(u"DROP TABLE late"_s)
                 && project.said().contains(u"which statement 2 dropped, does not come back"_s)
                 && project.said().contains(u"drops table late"_s),
             qPrintable(project.said()));
    QCOMPARE(database.dump(), half);
    QVERIFY2(project.run(database, {u"undo"_s}) == 0, qPrintable(project.said()));
    QCOMPARE(database.dump(), before);
}

/// Killed at random moments; the same command again finishes, and nothing is taken back twice.
void tst_HalfUndo::survivesKills()
{
    QString up;
    for (int i = 0; i < 12; ++i)
        up += u"op.create_table('late%1', sa.Column('id', sa.Integer, index=True))\n"
              "op.add_column('people', sa.Column('c%1', sa.Integer, sa.ForeignKey('parents.id')))\n"
              "op.rename_table('late%1', 'later%1')\n"_s.arg(i);
    int interrupted = 0;
    for (int trial = 0; trial < 8; ++trial) {
        Project project;
        const Database database(Backend::MariaDb);
        QCOMPARE(project.run(database, {u"upgrade"_s, u"a1"_s}), 0);
        const QString before = database.dump();
        project.writeSecond(up + kFailing, u"pass"_s);
        QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3);
        for (int kills = 0; kills < 3; ++kills) {
            QProcess process;
            process.start(QStringLiteral(TRIBIKOS_CLI), project.command(database, {u"undo"_s}));
            QVERIFY(process.waitForStarted());
            QTest::qWait(20 + int(QRandomGenerator::global()->bounded(150)));
            process.kill();
            process.waitForFinished(); // it may have been quicker
            interrupted += hasJournal(database) ? 1 : 0;
        }
        QVERIFY2(project.run(database, {u"undo"_s}) == 0, qPrintable(project.said()));
        QCOMPARE(database.dump(), before);
        QVERIFY(!hasJournal(database)
                || database.rows(u"SELECT * FROM tribikos_journal"_s).isEmpty());
        QCOMPARE(database.position(), QStringList{u"a1"_s});
    }
    QVERIFY2(interrupted >= 4, qPrintable(QString::number(interrupted)));
}

void tst_HalfUndo::downgradeSurvivesKills_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("PostgreSQL") << Backend::PostgreSql;
    QTest::newRow("MariaDB") << Backend::MariaDb;
}

/// A downgrade that is killed at random moments is finished by the same command.
void tst_HalfUndo::downgradeSurvivesKills()
{
    QFETCH(Backend, backend);
    const Story story(20);
    for (int trial = 0; trial < 5; ++trial) {
        const Database database(backend);
        const auto command = [&](const QStringList &words) {
            return QStringList{u"--quiet"_s, u"--versions"_s, story.folder(), u"--url"_s,
                               database.url()}
                   + words;
        };
        const QStringList down = command({u"downgrade"_s, u"base"_s});
        QCOMPARE(
            QProcess::execute(QStringLiteral(TRIBIKOS_CLI), command({u"upgrade"_s, u"heads"_s})),
            0);
        for (int kills = 0; kills < 4; ++kills) {
            QProcess process;
            process.start(QStringLiteral(TRIBIKOS_CLI), down);
            QVERIFY(process.waitForStarted());
            QTest::qWait(20 + int(QRandomGenerator::global()->bounded(100)));
            process.kill();
            process.waitForFinished(); // it may have been quicker
        }
        QCOMPARE(QProcess::execute(QStringLiteral(TRIBIKOS_CLI), down), 0);
        QCOMPARE(database.position(), QStringList());
        QCOMPARE(database.dump(), QString());
        QVERIFY(!hasJournal(database));
    }
}

/// What is being taken back can't be gone on with, and says so.
void tst_HalfUndo::isNotMixedWithGoingOn()
{
    Project project;
    const Database database(Backend::MariaDb);
    const QString up = u"op.create_table('late', sa.Column('id', sa.Integer))\n"
                       "op.create_index('ix_late', 'late', ['id'])\n"_s;
    QCOMPARE(project.run(database, {u"upgrade"_s, u"a1"_s}), 0);
    const QString before = database.dump();
    project.writeSecond(up + kFailing, u"pass"_s);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3);
    database.exec(u"UPDATE tribikos_journal SET state = 'undoing' WHERE n = 1"_s);
    database.exec(u"DROP INDEX ix_late ON late"_s);
    project.writeSecond(up, u"pass"_s);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3);
    QVERIFY2(project.said().contains(u"Taking back the upgrade of revision a2 broke off"_s),
             qPrintable(project.said()));
    QCOMPARE(project.run(database, {u"current"_s}), 0);
    QVERIFY2(project.said().contains(u"Statement 2 of the upgrade of revision a2 was being taken "
                                     "back. undo goes on with it"_s),
             qPrintable(project.said()));
    QVERIFY2(project.run(database, {u"undo"_s}) == 0, qPrintable(project.said()));
    QCOMPARE(database.dump(), before);
}

/// A revision that CREATE INDEX CONCURRENTLY has cut.
void tst_HalfUndo::postgres()
{
    const Story story(2);
    const Database database(Backend::PostgreSql);
    const auto run = [&](const QStringList &words) {
        return QProcess::execute(
            QStringLiteral(TRIBIKOS_CLI),
            QStringList{u"--quiet"_s, u"--versions"_s, story.folder(), u"--url"_s, database.url()}
                + words);
    };
    QCOMPARE(run({u"upgrade"_s, u"r001"_s}), 0);
    const QString before = database.dump();
    story.write(2,
                {u"CREATE TABLE late (id INTEGER)"_s, u"ALTER TABLE t1 ADD COLUMN late INTEGER"_s,
                 u"CREATE INDEX CONCURRENTLY one ON t1 (late)"_s,
                 u"ALTER TABLE none ADD COLUMN x INTEGER"_s});
    QCOMPARE(run({u"upgrade"_s, u"heads"_s}), 3);
    QVERIFY(hasJournal(database));
    QCOMPARE(run({u"undo"_s}), 0);
    QCOMPARE(database.dump(), before);
    QVERIFY(!hasJournal(database));
    QCOMPARE(database.position(), QStringList{u"r001"_s});
}

/// An index that a foreign key can't do without: the plan says what the server will, and undo knows it.
void tst_HalfUndo::saysWhichIndexAKeyHolds()
{
    Project project;
    const Database database(Backend::MariaDb);
    project.writeSecond(u"op.create_index('ix_child', 'children', ['parent', 'id'])\n"
                        "op.drop_index('ix_child', 'children')"_s,
                        u"pass"_s);
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s, u"--plan"_s}), 0);
    QVERIFY2(project.said().contains(u"the server won't drop index ix_child, which the foreign key "
                                     "on parent of children needs"_s),
             qPrintable(project.said()));
    QCOMPARE(project.run(database, {u"upgrade"_s, u"a1"_s}), 0);
    const QString before = database.dump();
    QCOMPARE(project.run(database, {u"upgrade"_s, u"heads"_s}), 3);
    QVERIFY2(project.run(database, {u"undo"_s}) == 0, qPrintable(project.said()));
    QCOMPARE(database.dump(), before);
}
