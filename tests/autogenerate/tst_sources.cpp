#include "tst_sources.h"

#include "modelproject.h"

#include "app/cli/cli.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// A project whose models are one column ahead of its only revision.
class SourceFolder
{
public:
    SourceFolder()
        : project(Backend::Sqlite)
    {
        project.writeModels(text(QString()));
        project.run({u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s, u"r1"_s});
        project.run({u"upgrade"_s, u"head"_s});
        project.run({u"snapshot"_s, u"models"_s});
        project.writeFile(u"before.json"_s, project.out());
        project.writeFile(
            u"before.sql"_s,
            u"CREATE TABLE t (id INTEGER NOT NULL, a VARCHAR(20), PRIMARY KEY (id));\n"
            "INSERT INTO t VALUES (1, 'x');\nCREATE INDEX ix_a ON t (a);\n"_s);
        project.writeModels(text(u", sa.Column(\"new\", sa.Integer)"_s));
    }
    static QString text(const QString &more)
    {
        return u"import sqlalchemy as sa\nmetadata = sa.MetaData()\nsa.Table(\"t\", metadata, "
               "sa.Column(\"id\", sa.Integer, primary_key=True), sa.Column(\"a\", sa.String(20), "
               "index=False)%1, sa.Index(\"ix_a\", \"a\"))\n"_s.arg(more);
    }
    ModelProject project;
};

void tst_Sources::init()
{
    m_folder = std::make_shared<SourceFolder>();
}

void tst_Sources::statementsLeaveNothing_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("scheme"); // in place of the URL's own
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::newRow("postgresql")
        << Backend::PostgreSql << u"postgresql"_s
        << u"CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int PRIMARY KEY, a int, b "
           u"text, m mood, "
           "r int4range, CONSTRAINT ck CHECK (a > 0), CONSTRAINT uq UNIQUE (b), "
           "CONSTRAINT ex EXCLUDE USING gist (r WITH &&)); CREATE INDEX ie ON t (lower(b)); "
           "CREATE INDEX ig ON t (lower(b)); CREATE VIEW gone AS SELECT 1; "
           "CREATE TABLE k (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a)); "
           "CREATE TABLE g1 (id int PRIMARY KEY, o int); CREATE TABLE g2 (id int PRIMARY KEY, o "
           "int, CONSTRAINT fg2 FOREIGN KEY (o) REFERENCES g1 (id)); ALTER TABLE g1 ADD CONSTRAINT "
           "fg1 FOREIGN KEY (o) REFERENCES g2 (id); CREATE TABLE u (id int PRIMARY KEY, o int, "
           "CONSTRAINT fu FOREIGN KEY (o) REFERENCES g1 (id));"_s
        << u"CREATE TYPE mood AS ENUM ('a', 'b', 'c'); CREATE TABLE t (id int PRIMARY KEY, a int, "
           u"b text, "
           "m mood, r int4range, CONSTRAINT ck CHECK (a > 5)); CREATE INDEX ie ON t (upper(b)); "
           "CREATE INDEX ih ON t ((a + 1)) WHERE a > 3; CREATE VIEW fresh AS SELECT 2 AS x; "
           "CREATE TABLE k (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b)); CREATE SEQUENCE "
           "sq; "
           "CREATE TABLE u (id int PRIMARY KEY, o int); CREATE TABLE n1 (id int PRIMARY KEY, o "
           "int); CREATE TABLE n2 (id int PRIMARY KEY, o int, CONSTRAINT fn2 FOREIGN KEY (o) "
           "REFERENCES n1 (id)); ALTER TABLE n1 ADD CONSTRAINT fn1 FOREIGN KEY (o) REFERENCES n2 "
           "(id);"_s;
    for (const QString &scheme : {u"mariadb"_s, u"mysql"_s})
        QTest::newRow(qPrintable(scheme))
            << Backend::MariaDb << scheme
            << u"CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), c int, x int DEFAULT 3, "
               "CONSTRAINT ck CHECK (a > 0), UNIQUE uq (b), UNIQUE two (a, b)) COMMENT 'x'; "
               "CREATE INDEX ix ON t (a); CREATE FULLTEXT INDEX ft ON t (b); "
               "CREATE TABLE k (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a)); "
               "CREATE TABLE g1 (id int PRIMARY KEY, o int); CREATE TABLE g2 (id int PRIMARY KEY, "
               "o int, CONSTRAINT fg2 FOREIGN KEY (o) REFERENCES g1 (id)); ALTER TABLE g1 ADD "
               "CONSTRAINT fg1 FOREIGN KEY (o) REFERENCES g2 (id);"_s
            << u"CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), c int, x int DEFAULT 4, "
               "CONSTRAINT ck CHECK (a > 5)); CREATE UNIQUE INDEX u2 ON t (c); "
               "CREATE TABLE k (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b)); "
               "CREATE TABLE n1 (id int PRIMARY KEY, o int); CREATE TABLE n2 (id int PRIMARY KEY, "
               "o int, CONSTRAINT fn2 FOREIGN KEY (o) REFERENCES n1 (id)); ALTER TABLE n1 ADD "
               "CONSTRAINT fn1 FOREIGN KEY (o) REFERENCES n2 (id);"_s;
}

/// What `diff --sql` prints makes one database of the other, with nothing left out.
void tst_Sources::statementsLeaveNothing()
{
    QFETCH(Backend, backend);
    QFETCH(QString, scheme);
    QFETCH(QString, before);
    QFETCH(QString, after);
    ModelProject one(backend, true);
    ModelProject other(backend, true);
    const QString script = u"-- revision: %1\n-- revises: %2\n-- upgrade\n%3\n-- downgrade\n"_s;
    const auto write = [&](const ModelProject &project, const QString &id, const QString &down,
                           const QString &sql) {
        QVERIFY(QDir().mkpath(project.file(u"versions"_s)));
        project.writeFile(u"versions/%1.sql"_s.arg(id), script.arg(id, down, sql));
    };
    write(one, u"r1"_s, {}, before);
    write(other, u"r1"_s, {}, after);
    for (ModelProject *project : {&one, &other})
        QVERIFY2(project->run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project->said()));
    const auto url = [&](const ModelProject &project) {
        return scheme + project.url().mid(project.url().indexOf(u':'));
    };
    QCOMPARE(one.run({u"diff"_s, url(one), url(other), u"--sql"_s}), int(cli::Differs));
    QVERIFY2(!one.out().contains(u"is not in the statements"), qPrintable(one.out()));
    write(one, u"r2"_s, u"r1"_s, one.out());
    QVERIFY2(one.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(one.said()));
    QVERIFY2(one.run({u"diff"_s, url(one), url(other)}) == cli::Done, qPrintable(one.said()));
}

void tst_Sources::kindsOfSources_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("line"); // empty: no difference
    const QString added = u"+ column t.new: INTEGER"_s;
    QTest::newRow("database, models") << u"db.sqlite3"_s << u"models"_s << added;
    QTest::newRow("models, database")
        << u"models"_s << u"db.sqlite3"_s << u"- column t.new: INTEGER"_s;
    QTest::newRow("revision, models") << u"head"_s << u"models"_s << added;
    QTest::newRow("revision by id, snapshot") << u"r1"_s << u"before.json"_s << QString();
    QTest::newRow("snapshot, script") << u"before.json"_s << u"before.sql"_s << QString();
    QTest::newRow("script, database") << u"file:before.sql"_s << u"file:db.sqlite3"_s << QString();
    QTest::newRow("base, revision") << u"base"_s << u"revision:r1"_s << u"+ table t: 2 columns"_s;
    QTest::newRow("environment, models") << u"env:command line"_s << u"models"_s << added;
}

void tst_Sources::kindsOfSources()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, line);
    ModelProject &project = m_folder->project;
    QCOMPARE(project.run({u"diff"_s, from, to}), int(line.isEmpty() ? cli::Done : cli::Differs));
    const QString expected = line.isEmpty() ? u"No differences."_s : line;
    QVERIFY2(project.out().startsWith(expected), qPrintable(project.said()));
}

void tst_Sources::forms()
{
    ModelProject &project = m_folder->project;
    QCOMPARE(project.run({u"--json"_s, u"diff"_s, u"r1"_s, u"models"_s}), int(cli::Differs));
    const QJsonObject answer = QJsonDocument::fromJson(project.out().toUtf8()).object();
    QCOMPARE(answer[u"from"_s].toString(), u"revision r1"_s);
    QCOMPARE(answer[u"to"_s].toString(), u"models"_s);
    const QJsonObject row = answer[u"differences"_s].toArray().at(0).toObject();
    QCOMPARE(row[u"kind"_s].toString(), u"column"_s);
    QCOMPARE(row[u"name"_s].toString(), u"new"_s);
    QCOMPARE(row[u"in_from"_s].toBool(), false);
    QCOMPARE(row[u"to"_s].toString(), u"INTEGER"_s);
    QCOMPARE(project.run({u"diff"_s, u"r1"_s, u"models"_s, u"--markdown"_s}), int(cli::Differs));
    QVERIFY2(project.out().contains(u"| column t.new | - | INTEGER |"), qPrintable(project.out()));
}

/// The statements, run, leave no difference.
void tst_Sources::statementsSettle()
{
    ModelProject &project = m_folder->project;
    project.writeModels(
        SourceFolder::text(u", sa.Column(\"n\", sa.Text), sa.UniqueConstraint(\"n\", "
                           "name=\"uq_n\")"_s)
            .replace(u"sa.String(20)"_s, u"sa.String(30)"_s));
    QCOMPARE(project.run({u"diff"_s, u"before.sql"_s, u"models"_s, u"--sql"_s}), int(cli::Differs));
    QVERIFY2(!project.err().contains(u"write it yourself"), qPrintable(project.err()));
    QFile before(project.file(u"before.sql"_s));
    QVERIFY(before.open(QIODevice::ReadOnly));
    project.writeFile(u"after.sql"_s, QString::fromUtf8(before.readAll()) + project.out());
    QVERIFY2(project.run({u"diff"_s, u"after.sql"_s, u"models"_s}) == cli::Done,
             qPrintable(project.said()));
}

void tst_Sources::refusals_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("code");
    QTest::newRow("one") << QStringList{u"models"_s} << int(cli::Misused);
    QTest::newRow("three") << QStringList{u"a"_s, u"b"_s, u"c"_s} << int(cli::Misused);
    QTest::newRow("nothing of that name") << QStringList{u"zz"_s, u"models"_s} << int(cli::Misused);
    QTest::newRow("no file") << QStringList{u"file:zz.sql"_s, u"models"_s} << int(cli::Misused);
    QTest::newRow("no snapshot") << QStringList{u"other.json"_s, u"models"_s} << int(cli::Refused);
    QTest::newRow("later snapshot")
        << QStringList{u"later.json"_s, u"models"_s} << int(cli::Refused);
    QTest::newRow("two databases")
        << QStringList{u"db.sqlite3"_s, u"postgresql://h/x"_s} << int(cli::Misused);
}

void tst_Sources::refusals()
{
    QFETCH(QStringList, words);
    QFETCH(int, code);
    ModelProject &project = m_folder->project;
    project.writeFile(u"other.json"_s, u"{\"a\": [1]}"_s);
    project.writeFile(u"later.json"_s, u"{\"tribikos_snapshot\": 99, \"dialect\": \"sqlite\"}"_s);
    QCOMPARE(project.run(QStringList{u"diff"_s} + words), code);
}

/// A script is run in memory, and of it what makes the schema: it reaches no other file.
void tst_Sources::scriptsRunNothingElse()
{
    ModelProject &project = m_folder->project;
    const QString other = project.file(u"other.sqlite3"_s);
    project.writeFile(
        u"evil.sql"_s,
        u"ATTACH DATABASE '%1' AS x;\nCREATE TABLE x.y (a);\nVACUUM INTO '%1';\n"
        "CREATE TABLE t (id INTEGER NOT NULL, a VARCHAR(20), PRIMARY KEY (id));\n"_s.arg(other));
    QCOMPARE(project.run({u"diff"_s, u"evil.sql"_s, u"models"_s}), int(cli::Differs));
    QVERIFY2(project.out().contains(u"+ column t.new"), qPrintable(project.said()));
    QVERIFY2(project.err().contains(u"line 2"), qPrintable(project.err()));
    QVERIFY(!QFile::exists(other));
}

/// A column of a class that can't be read is in the database for a reason.
void tst_Sources::unreadModelsDropNothing()
{
    ModelProject &project = m_folder->project;
    const QString models =
        u"from sqlalchemy.orm import *\nfrom sqlalchemy import Column, Integer, String, Index\n"
        "class Base(DeclarativeBase):\n    pass\nclass T(Base):\n    __tablename__ = 't'\n"
        "    id = Column(Integer, primary_key=True)\n%1class Child(%2):\n"
        "    a: Mapped[object]\n"_s;
    const QString own = u"    b = Column(Integer)\n"_s;
    const auto drops = [&](const QString &parent) {
        project.writeModels(models.arg(own, parent));
        const QString written =
            project.run({u"revision"_s, u"--autogenerate"_s, u"--preview"_s}) == cli::Done
                ? project.out().section(u"def downgrade"_s, 0, 0)
                : u"failed"_s;
        const bool isNoted = project.err().contains(u"can't be read whole");
        const bool isDropped = written.contains(u"drop_column");
        (void)project.run({u"diff"_s, u"db.sqlite3"_s, u"models"_s, u"--sql"_s});
        const bool isStatement =
            project.out().contains(u"DROP COLUMN") || project.out().contains(u"_alembic_tmp_");
        return !written.contains(u"def upgrade") || isDropped != isStatement || isDropped == isNoted
                   ? u"odd: "_s + written + project.said()
               : isDropped ? u"yes"_s
                           : u"no"_s;
    };
    QCOMPARE(drops(u"T"_s), u"no"_s);                // its columns are T's
    QCOMPARE(drops(u"min([T], key=id)"_s), u"no"_s); // whose they are can't be told
    QCOMPARE(drops(u"Base"_s), u"yes"_s);            // nobody's

    // a check that finds nothing is no answer then
    project.writeModels(models.arg(QString(), u"min([T], key=id)"_s));
    QCOMPARE(project.run({u"revision"_s, u"--autogenerate"_s, u"-m"_s, u"x"_s}), int(cli::Done));
    QCOMPARE(project.run({u"upgrade"_s, u"heads"_s}), int(cli::Done));
    QCOMPARE(project.run({u"check"_s}), int(cli::Refused));
    QVERIFY2(project.err().contains(u"in what could be read"), qPrintable(project.said()));
    QCOMPARE(project.run({u"check"_s, u"--json"_s}), int(cli::Refused));
    QVERIFY2(project.out().contains(u"\"is_whole\":false"), qPrintable(project.out()));
}

/// A partition's rows are its table's: it isn't dropped because no model names it, and no snapshot forgets it silently.
void tst_Sources::partitionsStay()
{
    ModelProject project(Backend::PostgreSql);
    project.writeModels(u"import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                        "sa.Table('ev', metadata, sa.Column('k', sa.Integer, nullable=False), "
                        "postgresql_partition_by='RANGE (k)')\n"_s);
    const QStringList write{u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s};
    QVERIFY2(project.run(write + QStringList{u"r1"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    project.writeFile(u"scripts/versions/r2.py"_s,
                      u"from alembic import op\nrevision = 'r2'\ndown_revision = 'r1'\n"
                      "def upgrade():\n    op.execute('create table ev_1 partition of ev for "
                      "values from (1) to (9)')\ndef downgrade():\n    pass\n"_s);
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"check"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.err().contains(u"ev_1"), qPrintable(project.err()));
    QVERIFY2(project.run({u"diff"_s, u"base"_s, project.url()}) == cli::Differs,
             qPrintable(project.said()));
    QVERIFY2(project.err().contains(u"partitions are not compared: ev_1"),
             qPrintable(project.said()));
    QVERIFY2(project.run({u"diff"_s, project.url(), u"r1"_s}) == cli::Done,
             qPrintable(project.said())); // nor does it go
    QVERIFY2(project.err().contains(u"partitions are not compared: ev_1"),
             qPrintable(project.said()));
    QVERIFY2(project.run({u"diff"_s, u"r2"_s, project.url()}) == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(project.run({u"snapshot"_s, project.url()}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.out().contains(u"\"partition ev_1 of ev\""), qPrintable(project.out()));
}

/// A database that holds a part of a revision only is no plain answer to anything.
void tst_Sources::halfARevisionIsSaid()
{
    ModelProject project(Backend::MariaDb);
    project.writeFile(u"scripts/versions/r1.py"_s,
                      u"from alembic import op\nrevision = 'r1'\ndown_revision = None\n"
                      "def downgrade():\n    pass\ndef upgrade():\n"
                      "    op.execute('CREATE TABLE a (x int)')\n"
                      "    op.execute('INSERT INTO nowhere VALUES (1)')\n"_s);
    QVERIFY(project.run({u"upgrade"_s, u"head"_s}) == cli::Failed);
    QVERIFY2(project.run({u"diff"_s, u"head"_s, project.url()}) == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(project.err().contains(u"broke off in the middle of the upgrade of revision r1"),
             qPrintable(project.said()));
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s, u"--plan"_s}) == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(project.out().contains(u"1 revision, 2 statements"), // the second, and its row
             qPrintable(project.out()));
}

void tst_Sources::renamesAreAsked_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("sqlite") << Backend::Sqlite;
    QTest::newRow("postgresql") << Backend::PostgreSql;
    QTest::newRow("mariadb") << Backend::MariaDb;
}

/// `diff FROM TO --rename`: what a person names is another name and no loss, in the answer and in the statements.
void tst_Sources::renamesAreAsked()
{
    QFETCH(Backend, backend);
    ModelProject project(backend);
    project.writeFile(u"to.sql"_s,
                      u"CREATE TABLE people (id int PRIMARY KEY, full_name varchar(20) NOT NULL "
                      "DEFAULT 'x', k bigint); CREATE INDEX ix ON people (full_name);\n"
                      "CREATE TABLE orders (id int PRIMARY KEY, uid int, FOREIGN KEY (uid) "
                      "REFERENCES people (id));\n"_s);
    const QString head = u"from alembic import op\nrevision = '%1'\ndown_revision = %2\n"
                         "def downgrade():\n    pass\ndef upgrade():\n"_s;
    project.writeFile(
        u"scripts/versions/r1.py"_s,
        head.arg(u"r1"_s, u"None"_s)
            + u"    op.execute(\"CREATE TABLE users (id int PRIMARY KEY, name varchar(20) NOT NULL "
              "DEFAULT 'x', k int)\")\n"
              "    op.execute('CREATE INDEX ix ON users (name)')\n"
              "    op.execute('CREATE TABLE orders (id int PRIMARY KEY, uid int, FOREIGN KEY (uid) "
              "REFERENCES users (id))')\n"
              "    op.execute('INSERT INTO users (id, k) VALUES (1, 2)')\n"
              "    op.execute('INSERT INTO orders (id, uid) VALUES (7, 1)')\n"_s);
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    const QStringList diff{u"diff"_s,
                           project.url(),
                           u"to.sql"_s,
                           u"--rename"_s,
                           u"users=people"_s,
                           u"--rename"_s,
                           u"people.name=full_name"_s};
    QVERIFY2(project.run(diff) == cli::Differs, qPrintable(project.said()));
    const QStringList lines = project.out().trimmed().split(u'\n');
    QVERIFY2(lines.size() == 3 && lines[0] == u"~ table renamed: users -> people"
                 && lines[1] == u"~ column renamed: people.name -> people.full_name"
                 && lines[2].startsWith(u"~ column people.k type: "),
             qPrintable(project.out()));
    QVERIFY2(project.run(diff + QStringList{u"--sql"_s}) == cli::Differs,
             qPrintable(project.said()));
    QString body;
    for (const QString &statement : project.out().split(u";\n\n"_s, Qt::SkipEmptyParts))
        if (statement != u"BEGIN" && statement != u"COMMIT") // the revision's own
            body += u"    op.execute(\"\"\"%1\"\"\")\n"_s.arg(statement);
    project.writeFile(u"scripts/versions/r2.py"_s, head.arg(u"r2"_s, u"'r1'"_s) + body);
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"diff"_s, project.url(), u"to.sql"_s}) == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(project.run({u"diff"_s, project.url(), u"to.sql"_s, u"--rename"_s, u"users=x"_s})
                 == cli::Misused,
             qPrintable(project.said()));
    QVERIFY2(project.run({u"diff"_s, u"--rename"_s, u"users=x"_s}) == cli::Misused,
             qPrintable(project.said()));
}

void tst_Sources::modelsInSqlForPython_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("types"); // of columns
    QTest::newRow("sqlite") << Backend::Sqlite << u"b varchar(20), c numeric(10, 2)"_s;
    QTest::newRow("postgresql")
        << Backend::PostgreSql
        << u"b varchar(20), c decimal(10), d timestamptz, e text[], f int8, g float(10), h bool, "
           "m mood DEFAULT 'a', n mood[]"_s;
    QTest::newRow("mariadb") << Backend::MariaDb
                             << u"b varchar(20), c decimal(10, 2), d int unsigned, "
                                "e enum('x', 'it''s'), f double precision, h datetime(3)"_s;
}

/// Models in SQL in a project of Python revisions: what is written can be applied, and leaves nothing to do.
void tst_Sources::modelsInSqlForPython()
{
    QFETCH(Backend, backend);
    QFETCH(QString, types);
    ModelProject project(backend);
    project.writeFile(u"tribikos.toml"_s,
                      u"[project]\nalembic = \"alembic.ini\"\nmodels = [\"schema.sql\"]\n"_s);
    project.writeFile(u"schema.sql"_s,
                      u"%3CREATE TABLE author (id int NOT NULL PRIMARY KEY);\n"
                      "CREATE TABLE book (id int NOT NULL PRIMARY KEY, %1, author_id int, "
                      "CONSTRAINT fk FOREIGN KEY (author_id) REFERENCES author%2);\n"_s.arg(
                          types, backend == Backend::MariaDb ? u" (id)"_s : QString(),
                          backend == Backend::PostgreSql
                              ? u"CREATE TYPE mood AS ENUM ('a', 'b');\n"_s
                              : QString()));
    QVERIFY2(project.run({u"revision"_s, u"--autogenerate"_s, u"-m"_s, u"x"_s}) == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(!project.err().contains(u"can't be said"), qPrintable(project.err()));
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"diff"_s, project.url(), u"models"_s}) == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(project.run({u"snapshot"_s, project.url()}) == cli::Done, qPrintable(project.said()));
    static const QRegularExpression counts(u"AUTO_INCREMENT|SERIAL|nextval"_s);
    QVERIFY2(project.out().contains(u"author") && !project.out().contains(counts),
             qPrintable(project.out()));
}

/// SQLite's columns may have no type: a snapshot holds them.
void tst_Sources::columnsWithoutTypes()
{
    ModelProject &project = m_folder->project;
    project.writeFile(u"bare.sql"_s, u"CREATE TABLE a (id INTEGER PRIMARY KEY);\n"
                                     "CREATE TABLE b (x, a_id REFERENCES a);\n"_s);
    QVERIFY2(project.run({u"snapshot"_s, u"bare.sql"_s}) == cli::Done, qPrintable(project.said()));
    project.writeFile(u"bare.json"_s, project.out());
    QVERIFY2(project.run({u"diff"_s, u"bare.json"_s, u"bare.sql"_s}) == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(project.run({u"diff"_s, u"base"_s, u"bare.sql"_s, u"--sql"_s}) == cli::Differs
                 && project.out().contains(u"a_id"),
             qPrintable(project.said()));
}
