#include "app/cli/cli.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// The command line over a small project of plain SQL revisions.
class tst_Cli : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void historyAsText();
    void historyAsJson();
    void offlineAsJson();
    void offlineReasons();
    void emptyTables();
    void upAndDown();
    void eventsOfARun();
    void exitCodes_data();
    void exitCodes();
    void brokenProject();
    void largeSeed();
    void quietSaysNothing();
    void protectedEnvironment();
    void controlCharactersAreShown();
    void whatEnvPyHidesIsRefused_data();
    void whatEnvPyHidesIsRefused();
    void positionThatNoFileHas();
    void rowsAreExactIds_data();
    void rowsAreExactIds();
    void stepsThatCannotRun();
    void usageErrorsMaskPasswords_data();
    void usageErrorsMaskPasswords();
    void sqliteParameters_data();
    void sqliteParameters();
    void readOnlyUrl();
    void rowsOnOneLine();
    void transactionsThatSqliteHasNot();
    void tablesOfNoRevision();

private:
    void write(const QString &name, const QString &text);
    int run(const QString &line);
    QJsonValue json() const { return QJsonDocument::fromJson(m_out.toUtf8()).array(); }
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_out{};
    QString m_err{};
};

void tst_Cli::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    write(u"tribikos.toml"_s, u"[project]\nversions = [\"sql\"]\n[environments.local]\n"
                              "url = \"sqlite:///market.db\"\n[environments.production]\n"
                              "url = \"sqlite:///production.db\"\nprotected = true\n"_s);
    write(u"sql/1_users.sql"_s, u"-- revision: a1\n-- message: users\n\n-- upgrade\n"
                                "CREATE TABLE users (id INTEGER PRIMARY KEY);\n-- downgrade\n"
                                "DROP TABLE users;\n"_s);
    write(u"sql/2_goods.sql"_s, u"-- revision: a2\n-- revises: a1\n-- message: goods\n"
                                "-- label: shop\n\n-- upgrade\nCREATE TABLE goods (id INTEGER "
                                "PRIMARY KEY);\n-- downgrade\nDROP TABLE goods;\n"_s);
}

void tst_Cli::write(const QString &name, const QString &text)
{
    QDir(m_folder->path()).mkpath(QFileInfo(m_folder->filePath(name)).path());
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text.toUtf8());
}

int tst_Cli::run(const QString &line)
{
    m_out.clear();
    m_err.clear();
    QTextStream out(&m_out);
    QTextStream err(&m_err);
    return cli::run(QStringList{u"tribikos-cli"_s} + line.split(u' ', Qt::SkipEmptyParts), out, err,
                    m_folder->path());
}

void tst_Cli::historyAsText()
{
    QCOMPARE(run(u"history"_s), int(cli::Done));
    QCOMPARE(m_out, u"a1 -> a2 (shop) (head), goods\n<base> -> a1 (shop), users\n"_s);
}

void tst_Cli::historyAsJson()
{
    QCOMPARE(run(u"--json history"_s), int(cli::Done));
    const QJsonArray rows = json().toArray();
    QCOMPARE(rows.size(), 2);
    const QJsonObject first = rows[0].toObject();
    QCOMPARE(first[u"id"_s].toString(), u"a2"_s);
    QCOMPARE(first[u"down"_s].toArray(), QJsonArray{u"a1"_s});
    QCOMPARE(first[u"labels"_s].toArray(), QJsonArray{u"shop"_s});
    QVERIFY(first[u"is_head"_s].toBool());
    QVERIFY(first[u"file"_s].toString().endsWith(u"/sql/2_goods.sql"));
    const QStringList keys{u"created"_s, u"depends_on"_s,     u"down"_s,    u"file"_s,
                           u"id"_s,      u"is_branchpoint"_s, u"is_head"_s, u"is_mergepoint"_s,
                           u"labels"_s,  u"message"_s};
    QCOMPARE(first.keys(), keys);
}

void tst_Cli::offlineAsJson()
{
    QCOMPARE(run(u"--json upgrade head --sql"_s), int(cli::Done));
    const QJsonArray steps = json().toArray();
    QCOMPARE(steps.size(), 2);
    const QJsonObject first = steps[0].toObject();
    QCOMPARE(first[u"revision"_s].toString(), u"a1"_s);
    QCOMPARE(first[u"direction"_s].toString(), u"upgrade"_s);
    QCOMPARE(first[u"status"_s].toString(), u"ok"_s);
    QCOMPARE(first[u"statements"_s].toArray(),
             QJsonArray{u"CREATE TABLE users (id INTEGER PRIMARY KEY)"_s});
    QVERIFY(!first[u"version_statements"_s].toArray().isEmpty());
}

/// Rows can't be known offline, but for those of tables that the script itself makes.
void tst_Cli::emptyTables()
{
    const auto script = [&](const QString &id, const QString &down, const QString &body) {
        write(u"alembic/%1.py"_s.arg(id),
              u"from alembic import op\nimport sqlalchemy as sa\n"
              "revision = '%1'\ndown_revision = %2\ndef upgrade():\n    %3\n"
              "def downgrade():\n    pass\n"_s.arg(id, down, body));
    };
    script(u"r1"_s, u"None"_s, u"op.create_table('t', sa.Column('a', sa.Integer))"_s);
    script(u"r2"_s, u"'r1'"_s,
           u"for row in op.get_bind().execute(sa.text('select a from t')):\n"
           "        op.execute('never')\n    op.execute('INSERT INTO t VALUES (1)')"_s);
    const QString line = u"--versions alembic --dialect postgresql upgrade %1"_s;
    QCOMPARE(run(line.arg(u"base:heads --sql"_s)), int(cli::Done));
    QVERIFY(m_out.contains(u"INSERT INTO t VALUES (1)"));
    QVERIFY(!m_out.contains(u"never") && !m_out.contains(u"select a"));
    QCOMPARE(run(line.arg(u"heads --sql"_s)), int(cli::Done));
    QCOMPARE(run(line.arg(u"r1:heads --sql"_s)),
             int(cli::NeedsConnection)); // who knows what is in t
    script(u"r3"_s, u"'r2'"_s, u"op.get_bind().execute(sa.text('select a from t')).fetchall()"_s);
    QCOMPARE(run(line.arg(u"base:heads --sql"_s)), int(cli::NeedsConnection)); // t is filled
}

/// Scripts in Alembic's format: every direction has its status, and a reason with its place.
void tst_Cli::offlineReasons()
{
    const auto script = [&](const QString &id, const QString &down, const QString &body) {
        write(u"pkg/versions/%1.py"_s.arg(id),
              u"from alembic import op\nimport sqlalchemy as sa\nfrom pkg.kinds import Key\n"
              "revision = '%1'\ndown_revision = %2\ndef upgrade():\n    %3\n"
              "def downgrade():\n    raise Exception('no way back')\n"_s.arg(id, down, body));
    };
    write(u"pyproject.toml"_s, u"[project]\nname = 'x'\n"_s);
    write(u"pkg/__init__.py"_s, {});
    write(u"pkg/kinds.py"_s, u"import sqlalchemy as sa\nclass Key(sa.TypeDecorator):\n"
                             "    impl = sa.String(9)\n"_s);
    script(u"r1"_s, u"None"_s, u"op.create_table('t', sa.Column('a', Key()))"_s);
    script(u"r2"_s, u"'r1'"_s,
           u"with op.get_context().autocommit_block():\n        op.execute('VACUUM')"_s);
    script(u"r3"_s, u"'r2'"_s, u"op.get_bind().execute(sa.text('select 1')).fetchall()"_s);
    script(u"r4"_s, u"'r3'"_s, u"op.add_column('t', sa.Column('b', sa.Nothing()))"_s);
    script(u"r5"_s, u"'r4'"_s, u"op.add_column('t')"_s);
    run(u"--versions pkg/versions --dialect postgresql upgrade base:heads --sql --json"_s);
    QJsonArray steps = json().toArray();
    QCOMPARE(steps.size(), 5);
    const auto text = [&](int at, const QString &key) {
        return steps[at].toObject()[key].toString();
    };
    QCOMPARE(text(0, u"status"_s), u"ok"_s);
    QVERIFY(steps[0].toObject()[u"statements"_s].toArray()[0].toString().contains(u"VARCHAR(9)"));
    QCOMPARE(steps[1].toObject()[u"statements"_s].toArray(),
             QJsonArray({u"COMMIT"_s, u"VACUUM"_s, u"BEGIN"_s}));
    QCOMPARE(text(2, u"status"_s), u"needs-connection"_s);
    QCOMPARE(text(3, u"status"_s), u"unsupported"_s);
    QCOMPARE(text(4, u"status"_s), u"error"_s);
    for (int at = 2; at < 5; ++at) {
        QVERIFY2(text(at, u"file"_s).endsWith(u"/r%1.py"_s.arg(at + 1)),
                 qPrintable(text(at, u"file"_s)));
        QCOMPARE(steps[at].toObject()[u"line"_s].toInt(), 7);
        QVERIFY(!text(at, u"reason"_s).isEmpty());
    }
    run(u"--versions pkg/versions --dialect postgresql downgrade heads:base --sql --json"_s);
    steps = json().toArray();
    QCOMPARE(steps.size(), 5);
    QCOMPARE(text(0, u"status"_s), u"error"_s);
    QVERIFY(text(0, u"reason"_s).contains(u"no way back"));
}

void tst_Cli::upAndDown()
{
    QCOMPARE(run(u"current"_s), int(cli::Done));
    QCOMPARE(m_out, QString());
    QCOMPARE(run(u"upgrade +1"_s), int(cli::Done));
    QVERIFY2(m_err.contains(u"Running upgrade  -> a1, users"), qPrintable(m_err));
    QCOMPARE(run(u"current --check-heads"_s), int(cli::Differs));
    QCOMPARE(run(u"upgrade head"_s), int(cli::Done));
    QCOMPARE(run(u"current"_s), int(cli::Done));
    QCOMPARE(m_out, u"a2 (head)\n"_s);
    QCOMPARE(run(u"history -i"_s), int(cli::Done));
    QVERIFY(m_out.startsWith(u"a1 -> a2 (shop) (head) (current), goods"));
    QCOMPARE(run(u"downgrade -1"_s), int(cli::Done));
    QCOMPARE(run(u"--json current"_s), int(cli::Done));
    const QJsonObject position = QJsonDocument::fromJson(m_out.toUtf8()).object();
    QCOMPARE(position[u"revisions"_s].toArray(), QJsonArray{u"a1"_s});
    QCOMPARE(position[u"heads"_s].toArray(), QJsonArray{u"a2"_s});
    QVERIFY(!position[u"at_head"_s].toBool());
    QCOMPARE(run(u"stamp base"_s), int(cli::Done));
    QCOMPARE(run(u"current"_s), int(cli::Done));
    QCOMPARE(m_out, QString());
}

void tst_Cli::eventsOfARun()
{
    QCOMPARE(run(u"--json upgrade head"_s), int(cli::Done));
    const QStringList lines = m_out.split(u'\n', Qt::SkipEmptyParts);
    QStringList events;
    QJsonObject last;
    for (const QString &line : lines) {
        last = QJsonDocument::fromJson(line.toUtf8()).object();
        events.append(last[u"event"_s].toString());
    }
    QCOMPARE(events.count(u"step"_s), 2);
    QVERIFY(events.count(u"statement"_s) >= 4);
    QCOMPARE(events.constLast(), u"done"_s);
    QCOMPARE(last[u"revisions"_s].toArray(), QJsonArray{u"a2"_s});
    QCOMPARE(last[u"exit"_s].toInt(), 0);
}

void tst_Cli::exitCodes_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("code");
    QTest::newRow("unknown target") << u"upgrade nope"_s << int(cli::Misused);
    QTest::newRow("range online") << u"upgrade a1:a2"_s << int(cli::Misused);
    QTest::newRow("downgrade without start") << u"downgrade a1 --sql"_s << int(cli::Misused);
    QTest::newRow("unknown environment") << u"--env x current"_s << int(cli::Misused);
    QTest::newRow("no configuration") << u"-c none.ini history"_s << int(cli::Refused);
    QTest::newRow("memory") << u"--url sqlite:// upgrade head"_s << int(cli::Unconnected);
    QTest::newRow("not a database")
        << u"--url sqlite:///tribikos.toml current"_s << int(cli::Unconnected);
    QTest::newRow("version folder alone")
        << u"--versions sql --dialect sqlite history"_s << int(cli::Done);
    QTest::newRow("check without models") << u"check"_s << int(cli::Refused);
}

void tst_Cli::exitCodes()
{
    QFETCH(QString, line);
    QFETCH(int, code);
    QCOMPARE(run(line), code);
    QCOMPARE(m_out.startsWith(u"FAILED: "), code != cli::Done);
    QCOMPARE(run(u"--json "_s + line), code);
    if (code == cli::Done)
        return;
    const QJsonObject answer = QJsonDocument::fromJson(m_out.toUtf8()).object();
    QCOMPARE(answer[u"exit"_s].toInt(), code);
    QVERIFY(!answer[u"error"_s].toString().isEmpty());
}

void tst_Cli::brokenProject()
{
    write(u"sql/3_lost.sql"_s, u"-- revision: a3\n-- revises: gone\n\n-- upgrade\nSELECT 1;\n"_s);
    QCOMPARE(run(u"history"_s), int(cli::Refused));
    QVERIFY2(m_out.startsWith(u"FAILED: Revision gone referenced from a3 is not present"),
             qPrintable(m_out));
    QCOMPARE(run(u"upgrade heads"_s), int(cli::Refused));
    // Who asks for the problems by name gets the rest of the history beside them.
    QCOMPARE(run(u"--json --diagnostics problems.json history"_s), int(cli::Done));
    QCOMPARE(json().toArray().size(), 3);
    QFile problems(m_folder->filePath(u"problems.json"_s));
    QVERIFY(problems.open(QIODevice::ReadOnly));
    const QJsonArray list = QJsonDocument::fromJson(problems.readAll()).array();
    QCOMPARE(list.size(), 1);
    QCOMPARE(list[0][u"code"_s].toString(), u"missing-parent"_s);
    QCOMPARE(list[0][u"revision"_s].toString(), u"a3"_s);
}

/// Rows by the thousand go from the file to the script and the database as they are.
void tst_Cli::largeSeed()
{
    const QString insert = u"INSERT INTO users VALUES (NULL, 'a;\tb');\n"_s;
    write(
        u"sql/1_users.sql"_s,
        u"-- revision: a1\n-- upgrade\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n"_s
            + insert.repeated(30'000)
            + u"CREATE INDEX i ON users (name);\n-- downgrade\nDROP TABLE users;\n"_s);
    QCOMPARE(run(u"upgrade a1 --sql"_s), int(cli::Done));
    QCOMPARE(m_out.count(insert.trimmed()), 30'000);
    QVERIFY(m_out.indexOf(u"CREATE INDEX"_s) > m_out.lastIndexOf(u"INSERT INTO users"_s));
    QCOMPARE(run(u"--json upgrade a1 --sql"_s), int(cli::Done));
    const QJsonArray statements = json()[0][u"statements"_s].toArray();
    QCOMPARE(statements.size(), 3);
    QCOMPARE(statements[1][u"statements"_s].toInt(), 30'000);
    QCOMPARE(statements[1][u"line"_s].toInt(), 4);
    QCOMPARE(run(u"upgrade a1"_s), int(cli::Done));
    QCOMPARE(run(u"current"_s), int(cli::Done));
    QVERIFY2(m_out.startsWith(u"a1"_s), qPrintable(m_out));

    write(u"sql/2_goods.sql"_s, u"-- revision: a2\n-- revises: a1\n-- upgrade\n"_s
                                    + insert.repeated(30'000)
                                    + u"INSERT INTO users VALUES (1, 'twice');\n"_s);
    QCOMPARE(run(u"upgrade a2"_s), int(cli::Failed));
    QVERIFY2((m_out + m_err).contains(u"2_goods.sql:30004"_s), qPrintable(m_out + m_err));
    QCOMPARE(run(u"current"_s), int(cli::Done));
    QVERIFY2(m_out.startsWith(u"a1"_s), qPrintable(m_out));
}

void tst_Cli::quietSaysNothing()
{
    QCOMPARE(run(u"-q history"_s), int(cli::Done));
    QCOMPARE(m_out + m_err, QString());
    QCOMPARE(run(u"-q upgrade nope"_s), int(cli::Misused));
    QCOMPARE(m_out, QString());
    QVERIFY2(m_err.startsWith(u"FAILED: "_s), qPrintable(m_err));
    QCOMPARE(run(u"-q --dialect sqlite upgrade head --sql"_s), int(cli::Done));
    QVERIFY2(m_out.contains(u"CREATE TABLE users"_s), qPrintable(m_out));
}

void tst_Cli::protectedEnvironment()
{
    QCOMPARE(run(u"--env production upgrade head"_s), int(cli::Done));
    QCOMPARE(run(u"--env production downgrade -1"_s), int(cli::Misused));
    QVERIFY2(m_out.contains(u"--confirm production"), qPrintable(m_out));
    QCOMPARE(run(u"--env production downgrade -1 --confirm production"_s), int(cli::Done));
}

void tst_Cli::controlCharactersAreShown()
{
    write(u"sql/3_odd.sql"_s, u"-- revision: a3\n-- revises: a2\n-- message: red \x1b[31m\n\n"
                              "-- upgrade\nSELECT 1;\n"_s);
    QCOMPARE(run(u"history"_s), int(cli::Done));
    QVERIFY2(m_out.contains(u"red \\x1b[31m"), qPrintable(m_out));
    QVERIFY(!m_out.contains(QChar(0x1b)));
}

void tst_Cli::whatEnvPyHidesIsRefused_data()
{
    QTest::addColumn<QString>("env");
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("sentence");
    const QString engine = u"engine = engine_from_config(config.get_section('alembic'))\n"_s;
    const QString url = u"config.set_main_option('sqlalchemy.url', settings.url)\n"_s + engine;
    const QString table =
        engine + u"context.configure(connection=engine, version_table=NAME + '_v')\n"_s;
    QTest::newRow("URL, online") << url << u"upgrade head"_s
                                 << u"env.py:1 puts the database's URL"_s;
    QTest::newRow("URL, position") << url << u"current"_s << u"env.py:1 puts the database's URL"_s;
    QTest::newRow("URL, offline") << url << u"upgrade head --sql"_s << u"--dialect"_s;
    QTest::newRow("table, online")
        << table << u"upgrade head"_s << u"env.py:2 says in code which version table"_s;
    QTest::newRow("table, offline") << table << u"upgrade head --sql"_s << u"[options]"_s;
}

/// A guess would migrate another database, or migrate this one twice.
void tst_Cli::whatEnvPyHidesIsRefused()
{
    QFETCH(QString, env);
    QFETCH(QString, line);
    QFETCH(QString, sentence);
    QVERIFY(QFile::remove(m_folder->filePath(u"tribikos.toml"_s)));
    write(u"alembic.ini"_s,
          u"[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///wrong.db\n"_s);
    write(u"alembic/env.py"_s, env);
    write(u"alembic/versions/a1.py"_s,
          u"revision = 'a1'\ndown_revision = None\ndef upgrade(): pass\n"_s);
    QVERIFY(run(line) != cli::Done);
    QVERIFY2(m_out.startsWith(u"FAILED: "_s) && m_out.contains(sentence), qPrintable(m_out));
    QVERIFY(!QFile::exists(m_folder->filePath(u"wrong.db"_s)));
    QCOMPARE(run(u"history"_s), int(cli::Done));
    if (sentence.contains(u"URL"_s))
        QCOMPARE(run(u"--url sqlite:///right.db "_s + line), int(cli::Done));
}

void tst_Cli::positionThatNoFileHas()
{
    QCOMPARE(run(u"upgrade head"_s), int(cli::Done));
    QVERIFY(QFile::remove(m_folder->filePath(u"sql/2_goods.sql"_s)));
    for (const QString &line : {u"upgrade head"_s, u"downgrade -1"_s, u"stamp a1"_s}) {
        QVERIFY(run(line) != cli::Done);
        QVERIFY2(m_out.contains(u"Can't locate revision identified by 'a2'"_s), qPrintable(m_out));
        QVERIFY2(m_err.contains(u"The database is at a2, which no file in"_s), qPrintable(m_err));
    }
    QCOMPARE(run(u"current"_s), int(cli::Failed));
    QCOMPARE(run(u"--json current"_s), int(cli::Failed));
    QCOMPARE(run(u"diff"_s), int(cli::Refused)); // no models, and the database can't be compared
    QCOMPARE(run(u"stamp --purge a1"_s), int(cli::Done));
    QCOMPARE(run(u"current"_s), int(cli::Done));
}

void tst_Cli::rowsAreExactIds_data()
{
    QTest::addColumn<QString>("row");
    for (const char *row :
         {"base", "a2-1", "a1-1", "-9", "head", "heads", "shop", "shop@head", "a"})
        QTest::newRow(row) << QString::fromLatin1(row);
}

/// What a command line may say for a revision means nothing in a version table.
void tst_Cli::rowsAreExactIds()
{
    QFETCH(QString, row);
    const QString config = u"[project]\nversions = [\"sql\"]\n[environments.local]\n"
                           "url = \"sqlite:///market.db\"\n"_s;
    write(u"tribikos.toml"_s, config + u"[options]\nversion_table = \"another\"\n"_s);
    const QString users = u"-- revision: a1\n\n-- upgrade\n"_s;
    write(u"sql/1_users.sql"_s,
          users
              + u"CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);\n"
                "INSERT INTO alembic_version VALUES ('%1');\n"_s.arg(row));
    QCOMPARE(run(u"upgrade a1"_s), int(cli::Done));
    write(u"tribikos.toml"_s, config);
    for (const QString &line : {u"show current"_s, u"edit current"_s}) {
        QCOMPARE(run(line), int(cli::Failed));
        QVERIFY2(
            m_out.startsWith(
                u"FAILED: Can't locate revision identified by '%1', where the database is"_s.arg(
                    row)),
            qPrintable(m_out));
        QCOMPARE(run(u"--json "_s + line), int(cli::Failed));
        const QJsonObject answer = QJsonDocument::fromJson(m_out.toUtf8()).object();
        QCOMPARE(answer[u"exit"_s].toInt(), int(cli::Failed));
    }
    QCOMPARE(run(u"stamp --purge a2"_s), int(cli::Done));
    QCOMPARE(run(u"show current"_s), int(cli::Done));
    QVERIFY2(m_out.startsWith(u"Rev: a2"_s), qPrintable(m_out));
    QCOMPARE(run(u"--json edit current"_s), int(cli::Done));
    QVERIFY2(m_out.contains(u"2_goods.sql"_s), qPrintable(m_out));
}

void tst_Cli::stepsThatCannotRun()
{
    write(u"sql/3_bad.sql"_s,
          u"-- revision: a3\n-- revises: a2\n\n-- upgrade\nSELECT nothing FROM nowhere;\n"_s);
    QCOMPARE(run(u"upgrade head"_s), int(cli::Failed));
    QVERIFY2(m_out.contains(u"a3 (3_bad.sql:5)"_s), qPrintable(m_out));
    QVERIFY2(m_out.contains(u"stays at a2"_s), qPrintable(m_out));
    write(u"sql/3_bad.sql"_s, u"-- revision: a3\n-- revises: a2\n\n-- upgrade\nSELECT 1;\n"_s);
    QCOMPARE(run(u"upgrade head"_s), int(cli::Done));
    QVERIFY(run(u"downgrade -1"_s) != cli::Done); // no downgrade section
    QVERIFY2(m_out.contains(u"3_bad.sql"_s) && m_out.contains(u"Nothing was changed."_s),
             qPrintable(m_out));
    QCOMPARE(run(u"current"_s), int(cli::Done));
    QCOMPARE(m_out, u"a3 (head)\n"_s);
}

void tst_Cli::usageErrorsMaskPasswords_data()
{
    QTest::addColumn<QString>("line");
    for (const QString &line :
         {u"--dialect mysql://u:SECRET@h/x heads"_s, u"--dialect=postgresql:/u:SECRET@h/x heads"_s,
          u"mysql://u:SECRET@h/x"_s, u"heads mysql://u:SECRET@h/x"_s,
          u"heads --mysql://u:SECRET@h/x"_s, u"-mysql:/u:SECRET@h/x"_s,
          u"current a mysql://u:SECRET"_s})
        QTest::newRow(qPrintable(line)) << line;
}

void tst_Cli::usageErrorsMaskPasswords()
{
    QFETCH(QString, line);
    for (const QString &words : {line, u"--json "_s + line}) {
        QCOMPARE(run(words), int(cli::Misused));
        QVERIFY2(!(m_out + m_err).contains(u"SECRET"_s), qPrintable(m_out + m_err));
        QVERIFY2(m_err.contains(u"***"_s), qPrintable(m_err));
    }
}

void tst_Cli::sqliteParameters_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("said");
    QTest::newRow("a driver's own")
        << u"timeout=30&check_same_thread=false&immutable=0"_s << QString();
    QTest::newRow("mode=rwc") << u"mode=rwc"_s << QString();
    QTest::newRow("mode=rw") << u"mode=rw"_s << u"is not to be created"_s;
    QTest::newRow("immutable") << u"immutable=1"_s << u"The parameter immutable"_s;
    QTest::newRow("nolock") << u"nolock=1"_s << u"The parameter nolock"_s;
    QTest::newRow("no mode") << u"mode=bogus"_s << u"has the value \"bogus\""_s;
    QTest::newRow("unknown") << u"vfs=unix-none"_s << u"The parameter vfs"_s;
}

void tst_Cli::sqliteParameters()
{
    QFETCH(QString, query);
    QFETCH(QString, said);
    const int code = run(u"--url sqlite:///new.db?%1 upgrade head"_s.arg(query));
    QCOMPARE(code, int(said.isEmpty() ? cli::Done : cli::Unconnected));
    QVERIFY2(m_out.contains(said), qPrintable(m_out));
    QCOMPARE(QFile::exists(m_folder->filePath(u"new.db"_s)), said.isEmpty());
}

void tst_Cli::readOnlyUrl()
{
    QCOMPARE(run(u"upgrade a1"_s), int(cli::Done));
    for (const QString &url :
         {u"sqlite:///market.db?mode=ro"_s, u"sqlite:///file:market.db?mode=ro&uri=true"_s}) {
        for (const QString &line : {u"upgrade head"_s, u"stamp a2"_s}) {
            QCOMPARE(run(u"--url %1 %2"_s.arg(url, line)), int(cli::Unconnected));
            QVERIFY2(m_out.contains(u"mode=ro"_s), qPrintable(m_out));
        }
        QCOMPARE(run(u"--url %1 upgrade head --dry-run"_s.arg(url)), int(cli::Done));
        QCOMPARE(run(u"--url %1 current"_s.arg(url)), int(cli::Done));
        QCOMPARE(m_out, u"a1\n"_s);
    }
}

/// No run leaves an ancestor beside its descendant: what would be done from there is anybody's guess.
void tst_Cli::rowsOnOneLine()
{
    const QString config = u"[project]\nversions = [\"sql\"]\n[environments.local]\n"
                           "url = \"sqlite:///market.db\"\n"_s;
    write(u"tribikos.toml"_s, config + u"[options]\nversion_table = \"another\"\n"_s);
    write(u"sql/1_users.sql"_s, u"-- revision: a1\n\n-- upgrade\n"
                                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);\n"
                                "INSERT INTO alembic_version VALUES ('a1'), ('a2');\n"_s);
    QCOMPARE(run(u"upgrade a1"_s), int(cli::Done));
    write(u"tribikos.toml"_s, config);
    QCOMPARE(run(u"--json current"_s), int(cli::Done));
    QCOMPARE(QJsonDocument::fromJson(m_out.toUtf8()).object()[u"overlap"_s].toString().isEmpty(),
             false);
    const QString said = u"The version table alembic_version has the rows a1 and a2"_s;
    QCOMPARE(run(u"current"_s), int(cli::Done));
    QVERIFY2(m_err.contains(said), qPrintable(m_err));
    for (const QString &line : {u"upgrade head"_s, u"downgrade base"_s, u"stamp a2"_s}) {
        QVERIFY(run(line) != cli::Done);
        const QString all = m_out + m_err;
        QVERIFY2(all.contains(said) && all.contains(u"stamp --purge a2"_s), qPrintable(all));
    }
    QCOMPARE(run(u"downgrade a1 --plan"_s), int(cli::Done)); // which Alembic does
    QVERIFY2(m_err.contains(said), qPrintable(m_err));
    QCOMPARE(run(u"stamp --purge a2"_s), int(cli::Done));
    QCOMPARE(run(u"current"_s), int(cli::Done));
    QVERIFY2(!m_err.contains(said), qPrintable(m_err));
}

void tst_Cli::transactionsThatSqliteHasNot()
{
    const QString config = u"[project]\nversions = [\"sql\"]\n[environments.local]\n"
                           "url = \"sqlite:///market.db\"\n[options]\ntransaction = \"%1\"\n"_s;
    const QString said = u"on SQLite each revision has its own"_s;
    for (const QString &mode : {u"all"_s, u"none"_s, u"per-revision"_s}) {
        write(u"tribikos.toml"_s, config.arg(mode));
        for (const QString &line :
             {u"upgrade head --plan"_s, u"upgrade head"_s, u"downgrade base"_s}) {
            QCOMPARE(run(line), int(cli::Done));
            QCOMPARE(m_err.contains(said), mode != u"per-revision");
        }
    }
}

void tst_Cli::tablesOfNoRevision()
{
    QCOMPARE(run(u"upgrade head"_s), int(cli::Done));
    QCOMPARE(run(u"stamp base"_s), int(cli::Done));
    QVERIFY(run(u"upgrade head"_s) != cli::Done);
    QVERIFY2(m_out.contains(u"say which revision it is at, by stamp REVISION, and run again."_s),
             qPrintable(m_out));
}

int runCliTest(int argc, char **argv)
{
    tst_Cli test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_cli.moc"
