#include "tst_roundtrips.h"

#include "modelproject.h"

#include "app/cli/cli.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

const QString models = uR"(import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table("parent", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), nullable=False))
sa.Table("child", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", name="fk_parent")),
    sa.Column("a", sa.String(20)),
    sa.Column("b", sa.Integer, server_default="5"),
    sa.Column("c", sa.Numeric(10, 2)),
    sa.Column("d", sa.DateTime),
    sa.Column("e", sa.Boolean),
    sa.Column("f", sa.Text),
    sa.Column("g", sa.Integer),
    sa.UniqueConstraint("a", name="uq_a"),
    sa.CheckConstraint("b > 0", name="ck_b"),
    sa.Index("ix_b", "b"),
)
)"_s;

struct Mutation
{
    const char *name;
    const char *from; // a piece of the models
    const char *to;
    const char *kinds;
    bool isServers = false;           // SQLite has no comments
    const char *mariaKinds = nullptr; // where a unique key is an index
    bool leavesIndex = false;         // MariaDB: the index of a foreign key stays when the key goes
};

constexpr Mutation mutations[] = {
    {"nothing", "", "", ""},
    {"add column", "sa.Column(\"g\"", "sa.Column(\"h\", sa.Date), sa.Column(\"g\"", "add_column"},
    {"add column with default", "sa.Column(\"g\"",
     "sa.Column(\"h\", sa.String(9), nullable=False, server_default=\"it's\"), sa.Column(\"g\"",
     "add_column"},
    {"add computed column", "sa.Column(\"g\"",
     "sa.Column(\"h\", sa.Integer, sa.Computed(\"b + 1\", persisted=True)), sa.Column(\"g\"",
     "add_column"},
    {"remove column", "    sa.Column(\"f\", sa.Text),\n", "", "remove_column"},
    {"rename column", "sa.Column(\"f\"", "sa.Column(\"ff\"", "add_column remove_column"},
    {"longer", "sa.Column(\"a\", sa.String(20))", "sa.Column(\"a\", sa.String(50))", "modify_type"},
    {"number to bigger", "sa.Column(\"g\", sa.Integer)", "sa.Column(\"g\", sa.BigInteger)",
     "modify_type"},
    {"scale", "sa.Numeric(10, 2)", "sa.Numeric(12, 3)", "modify_type"},
    {"text to string", "sa.Column(\"f\", sa.Text)", "sa.Column(\"f\", sa.String(99))",
     "modify_type"},
    {"time to date", "sa.Column(\"d\", sa.DateTime)", "sa.Column(\"d\", sa.Date)", "modify_type"},
    {"not null", "sa.Column(\"e\", sa.Boolean)", "sa.Column(\"e\", sa.Boolean, nullable=False)",
     "modify_nullable"},
    {"null", "sa.String(20), nullable=False", "sa.String(20)", "modify_nullable"},
    {"two of one column", "sa.Column(\"a\", sa.String(20))",
     "sa.Column(\"a\", sa.String(30), nullable=False)", "modify_nullable modify_type"},
    {"other default", "server_default=\"5\"", "server_default=\"7\"", "modify_default"},
    {"no default", ", server_default=\"5\"", "", "modify_default"},
    {"new default", "sa.Column(\"a\", sa.String(20))",
     "sa.Column(\"a\", sa.String(20), server_default=\"x\")", "modify_default"},
    {"add unique", "sa.Index(\"ix_b\"",
     "sa.UniqueConstraint(\"g\", \"b\", name=\"uq_g\"), sa.Index(\"ix_b\"", "add_constraint"},
    {"remove unique", "    sa.UniqueConstraint(\"a\", name=\"uq_a\"),\n", "", "remove_constraint",
     false, "remove_index"},
    {"other unique", "sa.UniqueConstraint(\"a\"", "sa.UniqueConstraint(\"a\", \"g\"",
     "add_constraint remove_constraint"},
    {"add index", "sa.Index(\"ix_b\"", "sa.Index(\"ix_g\", \"g\", \"b\"), sa.Index(\"ix_b\"",
     "add_index"},
    {"remove index", "    sa.Index(\"ix_b\", \"b\"),\n", "", "remove_index"},
    {"other index", "sa.Index(\"ix_b\", \"b\")", "sa.Index(\"ix_b\", \"b\", \"g\")",
     "add_index remove_index"},
    {"unique index", "sa.Index(\"ix_b\", \"b\")", "sa.Index(\"ix_b\", \"b\", unique=True)",
     "add_index remove_index"},
    {"add foreign key", "sa.Column(\"g\", sa.Integer)",
     "sa.Column(\"g\", sa.Integer, sa.ForeignKey(\"parent.id\", name=\"fk_g\"))", "add_fk", false,
     nullptr, true},
    {"remove foreign key", ", sa.ForeignKey(\"parent.id\", name=\"fk_parent\")", "", "remove_fk",
     false, nullptr, true},
    {"other action", "name=\"fk_parent\"", "name=\"fk_parent\", ondelete=\"CASCADE\"",
     "add_fk remove_fk"},
    {"add check", "sa.Index(\"ix_b\"",
     "sa.CheckConstraint(\"g <> 4\", name=\"ck_g\"), sa.Index(\"ix_b\"", "add_constraint"},
    {"remove check", "    sa.CheckConstraint(\"b > 0\", name=\"ck_b\"),\n", "",
     "remove_constraint"},
    {"add table", "sa.Table(\"child\"",
     "sa.Table(\"third\", metadata, sa.Column(\"id\", sa.Integer, primary_key=True), "
     "sa.Column(\"child_id\", sa.Integer, sa.ForeignKey(\"child.id\")), sa.Column(\"k\", "
     "sa.String(5), index=True))\nsa.Table(\"child\"",
     "add_index add_table"},
    {"remove table", "sa.Table(\"child\", metadata", "0 and sa.Table(\"child\", metadata",
     "remove_index remove_table", false, "remove_index remove_index remove_table"},
    {"table comment", "sa.Index(\"ix_b\", \"b\"),\n",
     "sa.Index(\"ix_b\", \"b\"), comment=\"it's\",\n", "add_table_comment", true},
    {"column comment", "sa.Column(\"g\", sa.Integer)",
     "sa.Column(\"g\", sa.Integer, comment=\"c\")", "modify_comment", true}};

QString mutated(const Mutation &mutation)
{
    QString text = models;
    const QString from = QString::fromUtf8(mutation.from);
    if (!from.isEmpty())
        text.replace(from, QString::fromUtf8(mutation.to));
    return text;
}

} // namespace

void tst_RoundTrips::oneChange_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QStringList>("kinds");
    QTest::addColumn<bool>("leavesIndex");
    for (const Backend backend : {Backend::Sqlite, Backend::PostgreSql, Backend::MariaDb})
        for (const Mutation &mutation : mutations) {
            if (mutation.isServers && backend == Backend::Sqlite)
                continue;
            const QString name = backendName(backend) + u' ' + QLatin1String(mutation.name);
            const bool isMaria = backend == Backend::MariaDb;
            const char *kinds =
                isMaria && mutation.mariaKinds ? mutation.mariaKinds : mutation.kinds;
            QTest::newRow(qPrintable(name))
                << backend << mutated(mutation)
                << QString::fromLatin1(kinds).split(u' ', Qt::SkipEmptyParts)
                << (isMaria && mutation.leavesIndex);
        }
}

/// Found as exactly that, settled by the written revision, and taken back by its downgrade.
void tst_RoundTrips::oneChange()
{
    QFETCH(Backend, backend);
    QFETCH(QString, after);
    QFETCH(QStringList, kinds);
    QFETCH(bool, leavesIndex);
    ModelProject project(backend);
    const auto agrees = [&] {
        if (project.run({u"check"_s}) != cli::Done)
            return leavesIndex && project.kinds() == QStringList{u"remove_index"_s};
        return project.run({u"diff"_s, project.url(), u"models"_s}) == cli::Done;
    };
    project.writeModels(models);
    const QStringList write{u"revision"_s, u"--autogenerate"_s, u"-m"_s, u"x"_s, u"--rev-id"_s};
    QVERIFY2(project.run(write + QStringList{u"r1"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(agrees(), qPrintable(project.said()));

    project.writeModels(after);
    QCOMPARE(project.run({u"check"_s}), int(kinds.isEmpty() ? cli::Done : cli::Differs));
    QCOMPARE(project.kinds(), kinds);
    QVERIFY2(project.run(write + QStringList{u"r2"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(agrees(), qPrintable(project.said()));

    QVERIFY2(project.run({u"downgrade"_s, u"r1"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY(QFile::remove(project.file(u"scripts/versions/r2_x.py"_s)));
    project.writeModels(models);
    QVERIFY2(agrees(), qPrintable(project.said()));
}

void tst_RoundTrips::renames_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<bool>("isSql");
    for (const Backend backend : {Backend::Sqlite, Backend::PostgreSql, Backend::MariaDb})
        for (const bool isSql : {false, true})
            QTest::addRow("%s%s", qPrintable(backendName(backend)), isSql ? " sql" : "")
                << backend << isSql;
}

/// Offered, not assumed; asked for, nothing is dropped, and the rows are there under the new names.
void tst_RoundTrips::renames()
{
    QFETCH(Backend, backend);
    QFETCH(bool, isSql);
    ModelProject project(backend, isSql);
    QVERIFY(QDir().mkpath(project.file(isSql ? u"versions"_s : u"scripts/versions"_s)));
    const QString folder = isSql ? u"versions/"_s : u"scripts/versions/"_s;
    const auto done = [&](const QStringList &words) { return project.run(words) == cli::Done; };
    const QStringList write{u"revision"_s, u"--autogenerate"_s, u"-m"_s, u"x"_s, u"--rev-id"_s};
    project.writeModels(models);
    QVERIFY2(done(write + QStringList{u"r1"_s}), qPrintable(project.said()));
    const QString rows = u"INSERT INTO parent (id, name) VALUES (7, 'Ann')"_s;
    const QString more = u"INSERT INTO child (id, parent_id, b, f) VALUES (3, 7, 9, 'x')"_s;
    const QString script =
        u"from alembic import op\nimport sqlalchemy as sa\nrevision = '%1'\n"
        "down_revision = '%2'\ndef upgrade():\n%3\ndef downgrade():\n    pass\n"_s;
    const QString sql = u"-- revision: %1\n-- revises: %2\n-- upgrade\n%3\n-- downgrade\n"_s;
    project.writeFile(
        folder + (isSql ? u"r2.sql"_s : u"r2.py"_s),
        isSql ? sql.arg(u"r2"_s, u"r1"_s, rows + u";\n"_s + more + u';')
              : script.arg(u"r2"_s, u"r1"_s,
                           u"    op.execute(\"%1\")\n    op.execute(\"%2\")"_s.arg(rows, more)));
    QVERIFY2(done({u"upgrade"_s, u"head"_s}), qPrintable(project.said()));

    project.writeModels(QString(models)
                            .replace(u"\"name\""_s, u"\"full_name\""_s)
                            .replace(u"sa.Table(\"child\""_s, u"sa.Table(\"kid\""_s));
    QVERIFY2(done(write + QStringList{u"r3"_s, u"--preview"_s}), qPrintable(project.said()));
    QVERIFY2(project.err().contains(u"--rename parent.name=parent.full_name"),
             qPrintable(project.said()));
    QVERIFY2(project.err().contains(u"--rename child=kid"), qPrintable(project.said()));
    QVERIFY2(project.out().contains(u"drop_table('child')"_s)
                 || project.out().contains(u"DROP TABLE child"),
             qPrintable(project.out()));
    QCOMPARE(project.run({u"--json"_s, u"diff"_s}), int(cli::Differs));
    QCOMPARE(
        QJsonDocument::fromJson(project.out().toUtf8()).object()[u"renames"_s].toArray().size(), 2);

    const QStringList asked{u"--rename"_s, u"parent.name=parent.full_name"_s, u"--rename"_s,
                            u"child=kid"_s};
    QVERIFY2(done(write + QStringList{u"r3"_s} + asked), qPrintable(project.said()));
    QFile file(project.file(folder + (isSql ? u"r3_x.sql"_s : u"r3_x.py"_s)));
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(project.said()));
    const QString text = QString::fromUtf8(file.readAll());
    for (const QString &lost : {u"drop_"_s, u"add_column"_s, u"create_table"_s, u"DROP TABLE"_s})
        QVERIFY2(!text.contains(lost), qPrintable(text));
    QVERIFY2(isSql || text.contains(u"op.rename_table('child', 'kid')"), qPrintable(text));
    if (!isSql) {
        const QString looks =
            u"    assert op.get_bind().scalar(sa.text('SELECT full_name FROM parent')) == 'Ann'\n"
            "    assert op.get_bind().scalar(sa.text('SELECT f FROM kid WHERE parent_id = 7')) == 'x'"_s;
        project.writeFile(folder + u"r4.py"_s, script.arg(u"r4"_s, u"r3"_s, looks));
    }
    QVERIFY2(done({u"upgrade"_s, u"head"_s}), qPrintable(project.said()));
    QVERIFY2(done({u"check"_s}), qPrintable(project.said()));
    QVERIFY2(done({u"diff"_s, project.url(), u"models"_s}), qPrintable(project.said()));
    QVERIFY2(done({u"downgrade"_s, u"r2"_s}), qPrintable(project.said()));
    QFile::remove(project.file(folder + u"r4.py"_s));
    QVERIFY(file.remove());
    project.writeModels(models);
    QVERIFY2(done({u"check"_s}), qPrintable(project.said()));
}

/// A name that is nobody's is refused with a word, and nothing is written.
void tst_RoundTrips::renamesOfNothing()
{
    ModelProject project(Backend::Sqlite);
    project.writeModels(models);
    QCOMPARE(project.run({u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s, u"r1"_s}),
             int(cli::Done));
    QCOMPARE(project.run({u"upgrade"_s, u"head"_s}), int(cli::Done));
    const std::pair<QString, QString> refused[] = {
        {u"parent.nobody=parent.x"_s, u"there is no parent.nobody"_s},
        {u"parent.name=parent.x"_s, u"the models have no column parent.x"_s},
        {u"parent.name=child.a"_s, u"a column stays in its table"_s},
        {u"parent.name=id"_s, u"there is a column id already"_s},
        {u"parent=child"_s, u"there is a table child already"_s},
        {u"parent=kid"_s, u"the models have no table kid"_s},
        {u"parent"_s, u"that is no pair of names"_s}};
    for (const auto &[rename, why] : refused) {
        QCOMPARE(project.run(
                     {u"revision"_s, u"--autogenerate"_s, u"--preview"_s, u"--rename"_s, rename}),
                 int(cli::Misused));
        QVERIFY2(project.err().contains(why), qPrintable(project.said()));
    }
    QCOMPARE(project.run({u"revision"_s, u"--rename"_s, u"a=b"_s}), int(cli::Misused));
}

/// The rows of product's shape, with what each of the three has.
void tst_RoundTrips::checkAsJson()
{
    ModelProject project(Backend::Sqlite);
    project.writeModels(models);
    QCOMPARE(project.run({u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s, u"r1"_s}),
             int(cli::Done));
    QCOMPARE(project.run({u"upgrade"_s, u"head"_s}), int(cli::Done));
    QCOMPARE(project.run({u"--json"_s, u"check"_s}), int(cli::Done));
    project.writeModels(QString(models).replace(u"sa.Numeric(10, 2)"_s, u"sa.Numeric(12, 3)"_s));
    QCOMPARE(project.run({u"--json"_s, u"check"_s}), int(cli::Differs));
    const QJsonArray rows =
        QJsonDocument::fromJson(project.out().toUtf8()).object()[u"differences"_s].toArray();
    QCOMPARE(rows.size(), 1);
    const QJsonObject row = rows.at(0).toObject();
    QCOMPARE(row[u"name"_s].toString(), u"c"_s);
    QCOMPARE(row[u"models"_s].toString(), u"NUMERIC(12, 3)"_s);
    QCOMPARE(row[u"database"_s].toString(), u"NUMERIC(10, 2)"_s);
    QCOMPARE(row[u"migrations"_s].toString(), u"NUMERIC(10, 2)"_s);
    QCOMPARE(row[u"revision"_s].toString(), u"r1"_s);
}

/// What only Alembic takes for a difference is written all the same, with a word; check passes.
void tst_RoundTrips::alembicsFalseAlarms()
{
    ModelProject project(Backend::PostgreSql);
    project.writeModels(uR"(import sqlalchemy as sa
metadata = sa.MetaData()
sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer),
    sa.CheckConstraint("a > 1"))
)"_s);
    const QStringList write{u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s};
    QCOMPARE(project.run(write + QStringList{u"r1"_s}), int(cli::Done));
    QCOMPARE(project.run({u"upgrade"_s, u"head"_s}), int(cli::Done));
    QCOMPARE(project.run({u"check"_s}), int(cli::Done));
    QCOMPARE(project.run(write + QStringList{u"r2"_s, u"--preview"_s}), int(cli::Done));
    QVERIFY2(project.out().contains(u"op.drop_constraint(op.f('t_a_check'), 't', type_='check')"),
             qPrintable(project.out()));
    QVERIFY2(project.err().contains(u"think before you keep it"), qPrintable(project.err()));
}

void tst_RoundTrips::unreadableModelsDropNothing()
{
    ModelProject project(Backend::Sqlite);
    project.writeModels(models);
    QCOMPARE(project.run({u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s, u"r1"_s}),
             int(cli::Done));
    QCOMPARE(project.run({u"upgrade"_s, u"head"_s}), int(cli::Done));
    project.writeModels(u"import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                        "parent = 1 // 0\n"_s);
    QCOMPARE(
        project.run({u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s, u"r2"_s, u"--preview"_s}),
        int(cli::Done));
    QVERIFY2(!project.out().contains(u"drop_table"), qPrintable(project.said()));
    QVERIFY2(project.err().contains(u"so no table is dropped: child, parent"),
             qPrintable(project.err()));
}

void tst_RoundTrips::sqlProject()
{
    ModelProject project(Backend::Sqlite, true);
    QVERIFY(QDir().mkpath(project.file(u"versions"_s)));
    project.writeModels(models);
    QVERIFY2(project.run(
                 {u"revision"_s, u"--autogenerate"_s, u"-m"_s, u"first"_s, u"--rev-id"_s, u"r1"_s})
                 == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"check"_s}) == cli::Done, qPrintable(project.said()));
    project.writeModels(QString(models).replace(u"sa.String(20))"_s, u"sa.String(50))"_s));
    QVERIFY2(project.run({u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s, u"r2"_s}) == cli::Done,
             qPrintable(project.said()));
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"check"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.run({u"downgrade"_s, u"base"_s}) == cli::Done, qPrintable(project.said()));
}

/// What Alembic would leave out by env.py's own functions is left out, unless they can't be known.
void tst_RoundTrips::hooksOfEnvPy()
{
    const QString env = uR"(from alembic import context
from models import metadata
import os
PREFIXES = ("celery_",)
config = context.config
fileConfig(config.config_file_name)

def include_object(object, name, type_, reflected, compare_to):
    if type_ == "table" and reflected and name.startswith(PREFIXES):
        return %1
    return not (type_ == "column" and object.table.name == "parent" and name == "name")

def include_name(name, type_, parent_names):
    return type_ != "table" or name != "spatial_ref_sys"

def run_migrations_online():
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata,
                          include_object=include_object, include_name=include_name)

run_migrations_online()
)"_s;
    ModelProject project(Backend::Sqlite);
    project.writeModels(models);
    QVERIFY2(project.run({u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s, u"r1"_s}) == cli::Done,
             qPrintable(project.said()));
    project.writeFile(u"scripts/versions/r2.py"_s,
                      u"from alembic import op\nrevision = 'r2'\ndown_revision = 'r1'\n"
                      "def upgrade():\n    op.execute('CREATE TABLE celery_task (id INTEGER)')\n"
                      "    op.execute('CREATE TABLE spatial_ref_sys (id INTEGER)')\n"
                      "def downgrade():\n    pass\n"_s);
    QVERIFY2(project.run({u"upgrade"_s, u"head"_s}) == cli::Done, qPrintable(project.said()));
    QCOMPARE(project.run({u"check"_s}), int(cli::Differs));
    QCOMPARE(project.kinds(), (QStringList{u"remove_table"_s, u"remove_table"_s}));
    project.writeFile(u"scripts/env.py"_s, env.arg(u"False"_s));
    project.writeModels(
        QString(models).replace(u"sa.String(20), nullable=False"_s, u"sa.String(20)"_s));
    QVERIFY2(project.run({u"check"_s}) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.err().contains(u"leaves 2 of the changes out"), qPrintable(project.err()));
    project.writeFile(u"scripts/env.py"_s, env.arg(u"os.stat(name).st_size > 5"_s));
    QCOMPARE(project.run({u"check"_s}), int(cli::Differs));
    QVERIFY2(project.err().contains(u"can't be known without running it"),
             qPrintable(project.err()));
}

/// A project whose hook wants no empty revision gets none, and hears so; any other gets Alembic's.
void tst_RoundTrips::emptyRevisionIsNotWritten()
{
    const QString env = u"from alembic import context\nfrom models import metadata\n"
                        "def hook(context, revision, directives):\n%1"
                        "def run_migrations_online():\n    context.configure(connection=c, "
                        "target_metadata=metadata, process_revision_directives=hook)\n"_s;
    ModelProject project(Backend::Sqlite);
    project.writeModels(u"import sqlalchemy as sa\nmetadata = sa.MetaData()\n"_s);
    const QStringList words{u"revision"_s, u"--autogenerate"_s, u"-m"_s, u"x"_s};
    project.writeFile(u"scripts/env.py"_s, env.arg(u"    if directives[0].upgrade_ops.is_empty():\n"
                                                   "        directives[:] = []\n"_s));
    QVERIFY2(project.run(words) == cli::Done, qPrintable(project.said()));
    QVERIFY2(!project.said().contains(u"Generating") && !project.said().contains(u"gives process"),
             qPrintable(project.said()));
    project.writeFile(u"scripts/env.py"_s, env.arg(u"    number(directives)\n"_s));
    QVERIFY2(project.run(words) == cli::Done, qPrintable(project.said()));
    QVERIFY2(project.said().contains(u"Generating")
                 && project.said().contains(u"gives process_revision_directives"),
             qPrintable(project.said()));
}

void tst_RoundTrips::preview()
{
    ModelProject project(Backend::Sqlite);
    project.writeModels(models);
    QCOMPARE(
        project.run({u"revision"_s, u"--autogenerate"_s, u"--rev-id"_s, u"r1"_s, u"--preview"_s}),
        int(cli::Done));
    QVERIFY(project.out().contains(u"op.create_table('child',"));
    QVERIFY(!QFile::exists(project.file(u"scripts/versions/r1_.py"_s)));
    QCOMPARE(project.run({u"heads"_s}), int(cli::Done));
    QVERIFY(project.out().isEmpty());
}
