#include "core/project/ignoredchanges.h"
#include "core/project/sourcecomparison.h"
#include "core/sqlread/rawsql.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// The schemas at two revisions, beside each other: a makes a table, b and c change it one after the other, d beside them.
class tst_SourceComparison : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void finds_data();
    void finds();
    void whatCantBeKnownIsSaid();
    void missingRevisionsAreRefused();
    void namesForTheSearch();
    void rowsOfNothing();
    void modelsSayNothingOfExtensions();
    void modelsInSql();
    void scripts_data();
    void scripts();
    void spellings_data();
    void spellings();
    void mySqlSpellings_data();
    void mySqlSpellings();
    void unreadTablesAreSaid();
    void rulesLeaveOut_data();
    void rulesLeaveOut();
    void snapshotTellsWhatItLacks();
    void snapshotIsWhole();
    void snapshotKeepsWhatNoTableNeeds();

private:
    void write(const QString &name, const QByteArray &bytes) const;
    void revision(const QString &id, const QString &down, const QByteArray &upgrade) const;
    ProjectPtr open() const;
    Result<ComparedSources> compared(const QString &from, const QString &to,
                                     const std::stop_token &stop = {}) const;

    QTemporaryDir m_folder{};
};

void tst_SourceComparison::write(const QString &name, const QByteArray &bytes) const
{
    const QString path = m_folder.filePath(name);
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

void tst_SourceComparison::revision(const QString &id, const QString &down,
                                    const QByteArray &upgrade) const
{
    write(u"m/versions/%1.py"_s.arg(id), u"from alembic import op\nimport sqlalchemy as "
                                         u"sa\nrevision = '%1'\ndown_revision = %2\n\n\n"
                                         "def upgrade():\n    "_s.arg(id, down)
                                                 .toUtf8()
                                             + upgrade + "\n");
}

ProjectPtr tst_SourceComparison::open() const
{
    const auto opened = Project::open({.path = m_folder.path()});
    return opened ? *opened : nullptr;
}

Result<ComparedSources> tst_SourceComparison::compared(const QString &from, const QString &to,
                                                       const std::stop_token &stop) const
{
    return compareNamed(*open(), {.word = from, .workingFolder = m_folder.path()},
                        {.word = to, .workingFolder = m_folder.path()}, {}, stop);
}

/// What a script finds in tables that no revision has filled is known: nothing. It is no word about a database.
void tst_SourceComparison::rowsOfNothing()
{
    revision(u"f"_s, u"'c'"_s,
             "for row in op.get_bind().execute(sa.text('SELECT id FROM shops')).fetchall():\n"
             "        op.drop_table(str(row))\n"
             "    op.add_column('shops', sa.Column('zip', sa.Integer()))");
    const ProjectPtr project = open();
    QVERIFY(project);
    const Schema schema = project->schemaAt(Backend::Sqlite, {u"f"_s});
    QFile::remove(m_folder.filePath(u"m/versions/f.py"_s));
    QVERIFY(schema.table({{}, u"shops"_s}));
    QVERIFY(schema.table({{}, u"shops"_s})->column(u"zip"_s));
    QCOMPARE(schema.opaqueReasons, QStringList());
    QVERIFY(!schema.startsEmpty);
    QVERIFY(!schema.table({{}, u"shops"_s})->isEmpty);
}

void tst_SourceComparison::modelsSayNothingOfExtensions()
{
    write(u"models.py"_s,
          "from sqlalchemy import *\n"
          "T = Table('shops', MetaData(), Column('id', Integer, primary_key=True))\n");
    write(u"tribikos.toml"_s, "[project]\nalembic = \"alembic.ini\"\nmodels = [\"models.py\"]\n");
    revision(u"f"_s, u"'a'"_s, "op.execute('CREATE EXTENSION pg_trgm')");
    const ProjectPtr project = open();
    QVERIFY(project);
    const auto from = readSource(*project, {.word = u"f"_s, .backend = Backend::PostgreSql});
    const auto models = readSource(*project, {.word = u"models"_s, .backend = Backend::PostgreSql});
    QFile::remove(m_folder.filePath(u"m/versions/f.py"_s));
    QFile::remove(m_folder.filePath(u"tribikos.toml"_s));
    QVERIFY(from);
    QVERIFY2(models, models ? "" : qPrintable(models.error().message));
    const auto found = compareSources(*project, *from, *models, Backend::PostgreSql);
    QVERIFY2(found.differences.isEmpty(),
             found.differences.isEmpty() ? "" : qPrintable(found.differences.first().name));
}

void tst_SourceComparison::modelsInSql()
{
    write(u"tables.sql"_s,
          "CREATE TABLE shops (id serial PRIMARY KEY);\nCOMMENT ON TABLE shops IS 'x';\n");
    write(u"more.sql"_s, "ALTER TABLE shops ADD city varchar(20); FROBNICATE");
    write(u"tribikos.toml"_s, "[project]\nalembic = \"alembic.ini\"\n"
                              "models = [\"tables.sql\", \"more.sql\"]\n");
    const ProjectPtr project = open();
    QVERIFY(project);
    Diagnostics notes;
    const auto models = project->models(Backend::PostgreSql, &notes);
    write(u"tribikos.toml"_s, "[project]\nalembic = \"alembic.ini\"\n"
                              "models = [\"tables.sql\", \"models.py\"]\n");
    const ProjectPtr mixed = open();
    QFile::remove(m_folder.filePath(u"tribikos.toml"_s));
    QVERIFY2(models, models ? "" : qPrintable(models.error().message));
    const Table *shops = models->table({{}, u"shops"_s});
    QVERIFY(shops && shops->column(u"city"_s));
    QCOMPARE(shops->comment, u"x"_s);
    QVERIFY(mixed && !mixed->models(Backend::PostgreSql));
}

void tst_SourceComparison::rulesLeaveOut_data()
{
    QTest::addColumn<QByteArray>("rules");
    QTest::addColumn<QStringList>("left");
    const QStringList all{u"column shops.city"_s, u"column shops.id type"_s,
                          u"index shops.ix_old"_s, u"table audit.log"_s};
    const auto without = [&](const QString &gone) {
        QStringList rest = all;
        rest.removeIf([&](const QString &text) { return text.startsWith(gone); });
        return rest;
    };
    QTest::newRow("none") << QByteArray() << all;
    QTest::newRow("a schema's tables") << QByteArray("tables = ['audit.*']") << without(u"table"_s);
    QTest::newRow("a table, in any schema")
        << QByteArray("tables = ['L?G']") << without(u"table"_s);
    QTest::newRow("only") << QByteArray("only = ['shops', 'x*']") << without(u"table"_s);
    QTest::newRow("a column") << QByteArray("columns = ['shops.c*']")
                              << without(u"column shops.city"_s);
    QTest::newRow("of any table") << QByteArray("columns = ['*']") << without(u"column"_s);
    QTest::newRow("of another table") << QByteArray("columns = ['x.city']") << all;
    QTest::newRow("types") << QByteArray("types = ['shops.id']")
                           << without(u"column shops.id type"_s);
    QTest::newRow("indexes") << QByteArray("indexes = ['ix_*']") << without(u"index"_s);
    QTest::newRow("another kind") << QByteArray("checks = ['*']") << all;
}

/// The same for both: what differs, and what a revision would say.
void tst_SourceComparison::rulesLeaveOut()
{
    QFETCH(QByteArray, rules);
    QFETCH(QStringList, left);
    write(u"models.sql"_s, "CREATE TABLE shops (id bigint PRIMARY KEY, city varchar(20));"
                           "CREATE TABLE audit.log (a int);");
    write(u"tribikos.toml"_s, "[project]\nalembic = \"alembic.ini\"\nmodels = [\"models.sql\"]\n"
                              "[options]\ninclude_schemas = true\n[ignore]\n"
                                  + rules + "\n");
    revision(u"f"_s, u"'a'"_s, "op.create_index('ix_old', 'shops', ['id'])");
    const ProjectPtr project = open();
    QVERIFY(project);
    const auto from = readSource(*project, {.word = u"f"_s, .backend = Backend::PostgreSql});
    const auto models = readSource(*project, {.word = u"models"_s, .backend = Backend::PostgreSql});
    QVERIFY(from && models);
    const auto found = compareSources(*project, *from, *models, Backend::PostgreSql);
    QStringList texts;
    for (const Difference &difference : found.differences)
        if (difference.kind != Difference::Kind::Object)
            texts.append((differenceKindName(difference.kind) + u' ' + difference.table.text()
                          + (difference.name.isEmpty() ? QString() : u'.' + difference.name) + u' '
                          + difference.aspect)
                             .trimmed());
    texts.sort();
    QCOMPARE(texts, left);
    int ignored = 0;
    const ModelChanges changes = withoutIgnored(autogenerate({.backend = Backend::PostgreSql,
                                                              .models = &models->schema,
                                                              .database = &from->schema,
                                                              .isReplayed = true,
                                                              .includeSchemas = true}),
                                                project->config().ignore, &ignored);
    int count = ignored - (4 - int(left.size()));
    for (const TableChanges &table : changes.tables)
        count += int(table.changes.size());
    QFile::remove(m_folder.filePath(u"m/versions/f.py"_s));
    QFile::remove(m_folder.filePath(u"tribikos.toml"_s));
    QCOMPARE(count, int(left.size()));
}

void tst_SourceComparison::scripts_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("tables");
    QTest::addColumn<bool>("isWhole");
    QTest::newRow("a dump with rows")
        << Backend::PostgreSql
        << u"\\restrict k\nSET search_path = '';\nCREATE TABLE public.a (b int);\nCOPY public.a "
           u"(b) "
           "FROM stdin;\n1\n\\.\nCREATE TABLE public.c (d int);\n\\unrestrict k\n"_s
        << u"a c"_s << true;
    QTest::newRow("a call") << Backend::PostgreSql << u"CREATE TABLE a (b int); CALL f()"_s
                            << u"a"_s << false;
    QTest::newRow("a file that isn't read")
        << Backend::PostgreSql << u"CREATE TABLE a (b int);\n\\i other.sql\n"_s << u"a"_s << false;
    QTest::newRow("mysqldump")
        << Backend::MariaDb
        << u"/*!40101 SET NAMES utf8 */;\nCREATE TABLE `a` (`b` int(11), KEY `i` (`b` "
           u"DESC));\nLOCK "
           "TABLES `a` WRITE;\nINSERT INTO `a` VALUES (1);\nUNLOCK TABLES;\nRENAME TABLE a TO c;"_s
        << u"c"_s << true;
    QTest::newRow("MariaDB: a call")
        << Backend::MariaDb << u"CREATE TABLE a (b int); CALL f()"_s << u"a"_s << false;
    QTest::newRow("SQLite: undone")
        << Backend::Sqlite
        << u"BEGIN; CREATE TABLE a (b int); ROLLBACK; BEGIN; CREATE TABLE c (d int); COMMIT"_s
        << u"c"_s << true;
}

void tst_SourceComparison::scripts()
{
    QFETCH(Backend, backend);
    QFETCH(QString, script);
    QStringList notes;
    const auto schema = schemaOfScript(script, backend, &notes);
    QVERIFY(schema);
    QStringList tables;
    for (const TableName &name : schema->tables.keys())
        tables.append(name.text());
    QTEST(tables.join(u' '), "tables");
    QTEST(notes.isEmpty(), "isWhole");
    QTEST(schema->opaqueReasons.isEmpty(), "isWhole");
}

void tst_SourceComparison::spellings_data()
{
    QTest::addColumn<QString>("one");
    QTest::addColumn<QString>("other");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const QString &one, const QString &other, bool isSame = true) {
        QTest::newRow(qPrintable(one)) << one << other << isSame;
    };
    row(u"text ARRAY"_s, u"TEXT[]"_s);
    row(u"pg_catalog.int4"_s, u"INTEGER"_s);
    row(u"text COLLATE pg_catalog.\"C\""_s, u"text COLLATE \"C\""_s);
    row(u"numeric DEFAULT 1e3"_s, u"numeric DEFAULT '1000'::numeric"_s);
    row(u"numeric DEFAULT -1.5E-2"_s, u"numeric DEFAULT '-0.015'::numeric"_s);
    row(u"numeric DEFAULT 1e4"_s, u"numeric DEFAULT '1000'::numeric"_s, false);
    row(u"interval DEFAULT '1 hour'"_s, u"interval DEFAULT '01:00:00'::interval"_s);
    row(u"interval DEFAULT INTERVAL '1 year 2 weeks'"_s,
        u"interval DEFAULT '1 year 14 days'::interval"_s);
    row(u"interval DEFAULT '2 hours'"_s, u"interval DEFAULT '01:00:00'::interval"_s, false);
}

void tst_SourceComparison::spellings()
{
    QFETCH(QString, one);
    QFETCH(QString, other);
    const auto source = [](const QString &column) {
        const auto schema =
            schemaOfScript(u"CREATE TABLE t (a %1)"_s.arg(column), Backend::PostgreSql, nullptr);
        return SourceSchema{.schema = schema ? *schema : Schema()};
    };
    const auto found =
        compareSources(*open(), source(one), source(other), Backend::PostgreSql).differences;
    QTEST(found.isEmpty(), "isSame");
}

void tst_SourceComparison::mySqlSpellings_data()
{
    QTest::addColumn<QString>("one");
    QTest::addColumn<QString>("other");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const QString &one, const QString &other, bool isSame = true) {
        QTest::newRow(qPrintable(one)) << one << other << isSame;
    };
    const QString now = u"(a TIMESTAMP NULL DEFAULT current_timestamp() ON UPDATE "_s;
    row(now + u"current_timestamp())"_s, u"(a TIMESTAMP NULL DEFAULT now() ON UPDATE now())"_s);
    row(now + u"current_timestamp(3))"_s,
        u"(a TIMESTAMP NULL DEFAULT now() ON UPDATE current_timestamp(3))"_s);
    row(now + u"current_timestamp())"_s, u"(a TIMESTAMP NULL DEFAULT now())"_s, false);
    row(u"(a BIT(3) DEFAULT b'101')"_s, u"(a BIT(3) DEFAULT b'101')"_s);
    row(u"(a BIT(3) DEFAULT b'101')"_s, u"(a BIT(3) DEFAULT b'100')"_s, false);
    row(u"(a INT CHECK (a > 0) ENFORCED, CONSTRAINT c CHECK (a < 9) NOT ENFORCED)"_s,
        u"(a INT CHECK (a > 0), CONSTRAINT c CHECK (a < 9))"_s);
    row(u"(a INT) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (9))"_s, u"(a INT)"_s);
    row(u"(a INT, b INT) PARTITION BY KEY (a) PARTITIONS 4"_s, u"(a INT)"_s, false);
}

void tst_SourceComparison::mySqlSpellings()
{
    QFETCH(QString, one);
    QFETCH(QString, other);
    const auto source = [](const QString &body) {
        const auto schema = schemaOfScript(u"CREATE TABLE t "_s + body, Backend::MariaDb, nullptr);
        return SourceSchema{.schema = schema ? *schema : Schema()};
    };
    const auto found = compareSources(*open(), source(one), source(other), Backend::MariaDb);
    QVERIFY2(found.isWhole, qPrintable(found.notes.join(u'\n')));
    QTEST(found.differences.isEmpty(), "isSame");
}

/// What isn't understood can't be found to differ: it is said, and nothing counts as whole.
void tst_SourceComparison::unreadTablesAreSaid()
{
    const auto read = schemaOfScript(u"CREATE TABLE t (a INT, b INT)"_s, Backend::MariaDb, nullptr);
    const auto unread =
        schemaOfScript(u"CREATE TABLE t (a INT NOT NULL WHATEVER)"_s, Backend::MariaDb, nullptr);
    QVERIFY(read && unread);
    const auto found = compareSources(*open(), {.title = u"one.sql"_s, .schema = *read},
                                      {.title = u"two.sql"_s, .schema = *unread}, Backend::MariaDb);
    QVERIFY(!found.isWhole);
    QCOMPARE(found.notes.size(), 1);
    QVERIFY2(found.notes[0].startsWith(u"two.sql: table t can't be read whole"),
             qPrintable(found.notes[0]));
}

void tst_SourceComparison::initTestCase()
{
    write(u"alembic.ini"_s, "[alembic]\nscript_location = %(here)s/m\n");
    revision(u"a"_s, u"None"_s,
             "op.create_table('shops', sa.Column('id', sa.Integer(), primary_key=True))");
    revision(u"b"_s, u"'a'"_s, "op.add_column('shops', sa.Column('city', sa.String(20)))");
    revision(u"c"_s, u"'b'"_s, "op.alter_column('shops', 'city', type_=sa.String(40))");
    revision(u"d"_s, u"'a'"_s, "op.execute('CREATE TABLE prices (amount INTEGER)')");
    revision(u"e"_s, u"'d'"_s, "op.create_table(open('names.txt').read())");
}

void tst_SourceComparison::finds_data()
{
    QTest::addColumn<QString>("one");
    QTest::addColumn<QString>("other");
    QTest::addColumn<QString>(
        "found"); // "older<newer:" or "older|newer:", and signs with what changed
    QTest::newRow("a column") << u"a"_s << u"b"_s << u"a<b: +shops.city(b)"_s;
    QTest::newRow("the same asked backwards") << u"b"_s << u"a"_s << u"a<b: +shops.city(b)"_s;
    QTest::newRow("a type") << u"b"_s << u"c"_s << u"b<c: ~shops.city(c)"_s;
    QTest::newRow("the last who changed it") << u"a"_s << u"c"_s << u"a<c: +shops.city(c)"_s;
    QTest::newRow("itself") << u"c"_s << u"c"_s << u"c<c:"_s;
    QTest::newRow("branches") << u"d"_s << u"b"_s << u"b|d: +prices(d) -shops.city(b)"_s;
}

void tst_SourceComparison::finds()
{
    QFETCH(QString, one);
    QFETCH(QString, other);
    QFETCH(QString, found);
    const auto [older, newer] = olderFirst(open()->graph(), one, other);
    const auto both = compared(older, newer);
    QVERIFY(both);
    QString text = older + (both->areBranches ? u"|"_s : u"<"_s) + newer + u':';
    for (const Difference &difference : both->comparison.differences) {
        const QString sign = !difference.inDatabase    ? u"-"_s
                             : difference.inMigrations ? u"~"_s
                                                       : u"+"_s;
        const QString name = difference.name.isEmpty() ? QString() : u'.' + difference.name;
        text += u" %1%2%3(%4)"_s.arg(sign, difference.table.name, name, difference.revision);
        QCOMPARE(difference.explanation, u"by "_s + difference.revision);
    }
    if (text.startsWith(u"d|b"_s)) // which of two branches is listed first is the graph's affair
        found = u"d|b: -prices(d) +shops.city(b)"_s;
    QCOMPARE(text, found);
    QVERIFY(both->comparison.isWhole);
}

void tst_SourceComparison::whatCantBeKnownIsSaid()
{
    const auto both = compared(u"d"_s, u"e"_s);
    QVERIFY(both);
    QVERIFY(!both->comparison.isWhole);
    QCOMPARE(both->comparison.notes.size(), 1);
    QVERIFY2(both->comparison.notes.constFirst().startsWith(u"revision e: "_s),
             qPrintable(both->comparison.notes.constFirst()));
}

void tst_SourceComparison::missingRevisionsAreRefused()
{
    const auto both = compared(u"a"_s, u"gone"_s);
    QVERIFY(!both);
    QCOMPARE(both.error().code, ErrorCode::NotFound);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = compared(u"a"_s, u"b"_s, stop.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
}

/// What a revision's own operations name, and what its raw SQL does.
void tst_SourceComparison::namesForTheSearch()
{
    const auto names = open()->namesByRevision(Backend::Sqlite);
    for (const QString &name : {u"shops"_s, u"city"_s})
        QVERIFY2(names.value(u"b"_s).contains(name), qPrintable(name));
    for (const QString &name : {u"prices"_s, u"amount"_s})
        QVERIFY2(names.value(u"d"_s).contains(name), qPrintable(name));
}

void tst_SourceComparison::snapshotTellsWhatItLacks()
{
    SourceSchema source{.title = u"here"_s, .notes = {u"something is not known"_s}};
    source.schema.opaqueReasons = {u"a.py:1: raw"_s};
    source.schema.objects = {
        {.kind = NamedObject::Kind::MaterializedView, .name = {{}, u"sums"_s}, .definition = {}},
        {.kind = NamedObject::Kind::Enum, .name = {{}, u"pair"_s}},
        {.kind = NamedObject::Kind::Function, .name = {{}, u"mood"_s}}};
    const auto bytes = snapshotOf(source, Backend::PostgreSql);
    QVERIFY(bytes);
    const auto read = readSnapshot(*bytes, u"s.json"_s);
    QVERIFY(read);
    const QString notes = read->notes.join(u'\n');
    for (const QString &said : {u"something is not known"_s, u"a.py:1: raw"_s,
                                u"materialized view sums"_s, u"type pair"_s, u"function mood"_s})
        QVERIFY2(notes.contains(said), qPrintable(notes));
    QVERIFY(!compareSources(*open(), *read, source, Backend::PostgreSql).isWhole);
}

/// A view that ends in a comment doesn't swallow the next one, and a comment is a blank.
void tst_SourceComparison::snapshotIsWhole()
{
    SourceSchema source{.title = u"here"_s};
    source.schema.objects = {
        {.name = {{}, u"one"_s}, .definition = u"CREATE/**/VIEW one AS SELECT 1 AS a -- x"_s},
        {.name = {{}, u"two"_s}, .definition = u"CREATE VIEW two AS SELECT 2 AS b"_s}};
    const auto bytes = snapshotOf(source, Backend::Sqlite);
    QVERIFY(bytes);
    const auto read = readSnapshot(*bytes, u"s.json"_s);
    QVERIFY(read);
    QCOMPARE(read->notes, QStringList());
    QCOMPARE(read->schema.objects.size(), 2);
}

/// Nobody's columns are of these types; they are there all the same.
void tst_SourceComparison::snapshotKeepsWhatNoTableNeeds()
{
    using Kind = NamedObject::Kind;
    SourceSchema source{.title = u"here"_s};
    QVERIFY(
        rawSqlReader(Backend::PostgreSql)
            .apply(u"CREATE TYPE used AS ENUM ('x'); CREATE TABLE t (a used)"_s, source.schema));
    source.schema.objects +=
        {{.kind = Kind::Schema, .name = {{}, u"s"_s}},
         {.kind = Kind::Extension, .name = {{}, u"pg_trgm"_s}},
         {.kind = Kind::Enum, .name = {u"s"_s, u"Mood"_s}, .labels = {u"it's"_s, u"sad"_s}},
         {.kind = Kind::Sequence, .name = {{}, u"numbers"_s}},
         {.kind = Kind::MaterializedView, .name = {{}, u"m"_s}, .definition = u"SELECT 1"_s}};
    const auto bytes = snapshotOf(source, Backend::PostgreSql);
    QVERIFY(bytes);
    QCOMPARE(bytes->count("CREATE TYPE used"), 1);
    const auto read = readSnapshot(*bytes, u"s.json"_s);
    QVERIFY(read);
    QCOMPARE(read->notes, QStringList());
    for (const NamedObject &object : std::as_const(source.schema.objects))
        QVERIFY2(std::ranges::any_of(read->schema.objects,
                                     [&](const NamedObject &known) {
                                         return known.kind == object.kind
                                                && known.name == object.name
                                                && known.labels == object.labels;
                                     }),
                 qPrintable(object.name.text()));
}

int runSourceComparison(int argc, char **argv)
{
    tst_SourceComparison test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sourcecomparison.moc"
