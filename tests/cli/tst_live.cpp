#include "app/cli/cli.h"
#include "core/db/sqlitesession.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// Scripts that read rows of a SQLite file while they run: what the real Alembic made of tests/data/live is recorded
/// beside it (record.py there).
class tst_Live : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void asAlembic();
    void saysStatementsAsTheyCome();
    void failure_data();
    void failure();
    void laterStepsFollow();
    void offlineIsRefused();
    void triesAndTakesBack();
    void showsThePlan();
    void logOfRuns();

private:
    void copyData();
    void write(const QString &name, const QString &text) const;
    void revision(const QString &id, const QString &below, const QString &body,
                  const QString &head = {}) const;
    int run(const QString &line);
    QStringList rows(const QString &sql) const;
    QStringList told() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_out{};
    QString m_err{};
};

void tst_Live::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void tst_Live::copyData()
{
    const QDir data(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/data/live"));
    QDir(m_folder->path()).mkpath(u"versions"_s);
    for (const QString &name : {u"alembic.ini"_s, u"env.py"_s})
        QVERIFY(QFile::copy(data.filePath(name), m_folder->filePath(name)));
    for (const QString &name : QDir(data.filePath(u"versions"_s)).entryList({u"*.py"_s}))
        QVERIFY(QFile::copy(data.filePath(u"versions/"_s + name),
                            m_folder->filePath(u"versions/"_s + name)));
}

void tst_Live::write(const QString &name, const QString &text) const
{
    QDir(m_folder->path()).mkpath(QFileInfo(m_folder->filePath(name)).path());
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text.toUtf8());
}

void tst_Live::revision(const QString &id, const QString &below, const QString &body,
                        const QString &head) const
{
    QString indented = body;
    indented.replace(u'\n', u"\n    "_s);
    write(u"versions/%1.py"_s.arg(id),
          u"import sqlalchemy as sa\nfrom alembic import op\n%4\nrevision = '%1'\ndown_revision = "
          u"%2\n\n"
          u"def upgrade():\n    %3\n\ndef downgrade():\n    pass\n"_s.arg(
              id, below.isEmpty() ? u"None"_s : u'\'' + below + u'\'', indented, head));
}

int tst_Live::run(const QString &line)
{
    m_out.clear();
    m_err.clear();
    QTextStream out(&m_out);
    QTextStream err(&m_err);
    return cli::run(QStringList{u"tribikos-cli"_s, u"--url"_s, u"sqlite:///live.db"_s}
                        + line.split(u' ', Qt::SkipEmptyParts),
                    out, err, m_folder->path());
}

QStringList tst_Live::rows(const QString &sql) const
{
    const ConnectionSpec spec{.database = m_folder->filePath(u"live.db"_s)};
    const auto session = SqliteSession::open(spec, Access::Read, {});
    const auto found = session ? (*session)->query(sql) : Result<QList<Row>>(session.error());
    QStringList lines;
    for (const Row &row : found ? *found : QList<Row>{{found.error().message}}) {
        QStringList cells;
        for (const QVariant &cell : row)
            cells += cell.toString();
        lines += cells.join(u" | "_s);
    }
    return lines;
}

/// As record.py tells it.
QStringList tst_Live::told() const
{
    QStringList lines;
    for (const QString &table :
         rows(u"SELECT name FROM sqlite_master WHERE type = 'table' AND name <> "
              "'alembic_version' ORDER BY name"_s)) {
        QStringList columns;
        for (const QString &column :
             rows(u"SELECT name FROM pragma_table_info('%1') ORDER BY cid"_s.arg(table)))
            columns += u"quote(\"%1\")"_s.arg(column);
        QStringList own = rows(u"SELECT %1 FROM \"%2\""_s.arg(columns.join(u", "_s), table));
        own.sort();
        for (const QString &row : std::as_const(own))
            lines += table + u": "_s + row;
    }
    return lines;
}

void tst_Live::asAlembic()
{
    copyData();
    QVERIFY2(run(u"upgrade head --no-backup"_s) == cli::Done, qPrintable(m_err));
    QFile file(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/data/live/expected-sqlite.txt"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QStringList expected = QString::fromUtf8(file.readAll()).trimmed().split(u'\n');
    const QStringList found = told();
    for (qsizetype i = 0; i < expected.size(); ++i)
        QCOMPARE(found.value(i), expected.at(i));
    QCOMPARE(found.size(), expected.size());
    QCOMPARE(rows(u"SELECT version_num FROM alembic_version"_s), QStringList{u"r15"_s});
}

void tst_Live::saysStatementsAsTheyCome()
{
    copyData();
    QCOMPARE(run(u"--json upgrade r02 --no-backup"_s), int(cli::Done));
    QStringList statements;
    for (const QString &line : m_out.split(u'\n', Qt::SkipEmptyParts)) {
        const QJsonObject event = QJsonDocument::fromJson(line.toUtf8()).object();
        if (event[u"event"_s].toString() == u"statement"
            && event[u"revision"_s].toString() == u"r02")
            statements += event[u"statement"_s].toString();
    }
    QCOMPARE(statements.size(), 6);
    QCOMPARE(statements.at(1), u"SELECT id, name FROM users ORDER BY id"_s);
    QCOMPARE(statements.at(4), u"UPDATE users SET first = 'O''Hara' WHERE id = 3"_s);
}

void tst_Live::failure_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("said");
    QTest::newRow("database")
        << u"op.execute('INSERT INTO a VALUES (3)')\n"
           u"op.get_bind().execute(sa.text('SELECT * FROM nowhere')).all()"_s
        << u"Revision b2 (b2.py:9) failed at statement 2: no such table: nowhere"_s;
    QTest::newRow("script")
        << u"op.get_bind().execute(sa.text('DELETE FROM a'))\n"
           u"n = op.get_bind().execute(sa.text('SELECT max(n) FROM a')).scalar()\n"
           u"print(n + 1)"_s
        << u"b2.py:10"_s;
    QTest::newRow("limits of what is followed")
        << u"op.get_bind().execute(sa.text('DELETE FROM a'))\nop.get_bind().rollback()"_s
        << u"b2.py:9"_s;
    QTest::newRow("end of the transaction")
        << u"rows = op.get_bind().execute(sa.text('SELECT n FROM a')).all()\n"
           u"op.execute('DELETE FROM a')\nop.execute('COMMIT')"_s
        << u"is COMMIT"_s;
}

void tst_Live::failure()
{
    QFETCH(QString, body);
    QFETCH(QString, said);
    revision(
        u"b1"_s, {},
        u"op.execute('CREATE TABLE a (n INTEGER)')\nop.execute('INSERT INTO a VALUES (1), (2)')"_s);
    revision(u"b2"_s, u"b1"_s, body);
    QCOMPARE(run(u"--versions versions upgrade head --no-backup"_s), int(cli::Failed));
    QVERIFY2(m_err.contains(said), qPrintable(m_err));
    QVERIFY2(m_err.contains(u"stays at b1"_s), qPrintable(m_err));
    QCOMPARE(rows(u"SELECT n FROM a ORDER BY n"_s), (QStringList{u"1"_s, u"2"_s}));
    QCOMPARE(rows(u"SELECT version_num FROM alembic_version"_s), QStringList{u"b1"_s});
}

/// What a table looks like behind a step that nobody could foresee.
void tst_Live::laterStepsFollow()
{
    revision(
        u"b1"_s, {},
        u"op.execute('CREATE TABLE a (n INTEGER, t TEXT)')\nop.execute(\"INSERT INTO a VALUES (1, 'x')\")"_s);
    revision(u"b2"_s, u"b1"_s,
             u"for (n,) in op.get_bind().execute(sa.text('SELECT n FROM a')):\n"
             u"    op.add_column('a', sa.Column(f'c{n}', sa.Integer, server_default='7'))"_s);
    revision(u"b3"_s, u"b2"_s,
             u"with op.batch_alter_table('a') as batch:\n"
             u"    batch.alter_column('t', existing_type=sa.Text, nullable=False)"_s);
    revision(u"b4"_s, u"b3"_s,
             u"if 'c1' in [c['name'] for c in sa.inspect(op.get_bind()).get_columns('a')]:\n"
             u"    op.execute('UPDATE a SET c1 = c1 + 1')"_s);
    QVERIFY2(run(u"--versions versions upgrade head --no-backup"_s) == cli::Done,
             qPrintable(m_err));
    QCOMPARE(rows(u"SELECT n, t, c1 FROM a"_s), QStringList{u"1 | x | 8"_s});
}

void tst_Live::offlineIsRefused()
{
    copyData();
    QCOMPARE(run(u"--dialect sqlite upgrade r01:r02 --sql"_s), int(cli::NeedsConnection));
    QVERIFY2(m_err.contains(u"r02.py:11"_s), qPrintable(m_err));
    QCOMPARE(run(u"upgrade r01 --no-backup"_s), int(cli::Done));
}

void tst_Live::triesAndTakesBack()
{
    copyData();
    QCOMPARE(run(u"upgrade r08 --no-backup"_s), int(cli::Done));
    const QStringList before = told();
    const QStringList files = QDir(m_folder->path()).entryList(QDir::Files);
    QCOMPARE(run(u"--json upgrade head --dry-run"_s), int(cli::Done));
    QCOMPARE(told(), before);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), files);
    QCOMPARE(rows(u"SELECT version_num FROM alembic_version"_s), QStringList{u"r08"_s});
    const QJsonObject answer = QJsonDocument::fromJson(m_out.toUtf8()).object();
    QCOMPARE(answer[u"revisions"_s].toArray(), QJsonArray{u"r08"_s});
    QVERIFY(answer[u"statements"_s].toArray().size() > 30);
    QStringList changes;
    for (const QJsonValue &change : answer[u"changes"_s].toArray())
        changes += change[u"kind"_s].toString() + u' ' + change[u"table"_s].toString()
                   + change[u"name"_s].toString();
    QVERIFY2(changes.contains(u"table domains"_s), qPrintable(changes.join(u", "_s)));
    QVERIFY2(changes.contains(u"column usersfirst"_s), qPrintable(changes.join(u", "_s)));
    revision(u"bad"_s, u"r08"_s, u"op.execute('DELETE FROM nowhere')"_s);
    QCOMPARE(run(u"upgrade bad --dry-run"_s), int(cli::Failed));
    QVERIFY2(m_err.contains(u"no such table: nowhere"_s), qPrintable(m_err));
    QCOMPARE(told(), before);
    QCOMPARE(run(u"upgrade r08:head --sql --dry-run"_s), int(cli::Misused));
}

void tst_Live::showsThePlan()
{
    copyData();
    revision(u"p1"_s, u""_s,
             u"op.execute('CREATE TABLE p (n int)')\n"
             u"with op.get_context().autocommit_block():\n"
             u"    op.execute('PRAGMA optimize')"_s);
    revision(u"p2"_s, u"p1"_s, u"op.drop_table('p')"_s);
    const QStringList before = told();
    QCOMPARE(run(u"--versions versions upgrade p2 --plan"_s), int(cli::Done));
    const QString text = m_out;
    QCOMPARE(told(), before);
    qsizetype at = 0;
    for (const QString &part :
         {u"Running upgrade  -> p1"_s, u"  BEGIN\n"_s, u"CREATE TABLE alembic_version"_s, u"       1  CREATE TABLE p (n int)"_s,
          u"  COMMIT\n"_s, u"       2  PRAGMA optimize"_s, u"-- outside of any transaction"_s, u"  BEGIN\n"_s,
          u"INSERT INTO alembic_version"_s, u"  COMMIT\n"_s, u"Running upgrade p1 -> p2"_s, u"  BEGIN\n"_s,
          u"       1  DROP TABLE p"_s, u"  COMMIT\n"_s,
          u"2 revisions, 6 statements: one transaction per revision, but for 1 statement outside of any."_s,
          u"Stays if a later one fails: p1: statement 2 of 2 runs outside"_s, u"Can't be taken back: p2 drops table p"_s,
          u"Nothing was run."_s}) {
        const qsizetype found = text.indexOf(part, at);
        QVERIFY2(found >= at, qPrintable(part + u" is not behind the others in\n"_s + text));
        at = found + part.size();
    }
    QCOMPARE(run(u"--json --versions versions upgrade p2 --plan"_s), int(cli::Done));
    const QJsonObject answer = QJsonDocument::fromJson(m_out.toUtf8()).object();
    QCOMPARE(answer[u"to"_s].toArray(), QJsonArray{u"p2"_s});
    const QJsonObject first = answer[u"steps"_s].toArray().at(0).toObject();
    QCOMPARE(first[u"statements"_s].toArray(), (QJsonArray{u"CREATE TABLE p (n int)"_s, u"PRAGMA optimize"_s}));
    QStringList kinds;
    for (const QJsonValue &one : first[u"transactions"_s].toArray())
        kinds += u"%1 %2-%3"_s.arg(one[u"kind"_s].toString())
                     .arg(one[u"first"_s].toInt())
                     .arg(one[u"last"_s].toInt());
    QCOMPARE(kinds, (QStringList{u"transaction 1-1"_s, u"outside 2-2"_s, u"transaction 3-2"_s}));
    QCOMPARE(told(), before);
    for (const QString &odd : {u"upgrade head --plan --dry-run"_s, u"upgrade head --plan --sql"_s})
        QCOMPARE(run(odd), int(cli::Misused));
}

void tst_Live::logOfRuns()
{
    qputenv("XDG_STATE_HOME", m_folder->filePath(u"state"_s).toUtf8());
    QCOMPARE(run(u"runs"_s), int(cli::Done));
    QCOMPARE(m_out, QString());
    copyData();
    QCOMPARE(run(u"upgrade r02 --no-backup"_s), int(cli::Done));
    revision(u"bad"_s, u"r02"_s, u"op.execute(\"DELETE FROM nowhere WHERE a = 'private'\")"_s);
    QCOMPARE(run(u"upgrade bad --no-backup"_s), int(cli::Failed));
    QCOMPARE(run(u"runs"_s), int(cli::Done));
    QVERIFY2(m_out.startsWith(u"  1  "_s) && m_out.contains(u"r02 -> bad"_s), qPrintable(m_out));
    QVERIFY2(m_out.contains(u"base -> r02"_s), qPrintable(m_out));
    QCOMPARE(run(u"runs show 2"_s), int(cli::Done));
    QVERIFY2(m_out.contains(u"UPDATE users SET first = 'Ann' WHERE id = 1"_s), qPrintable(m_out));
    QCOMPARE(run(u"runs diagnostics"_s), int(cli::Done));
    QVERIFY2(m_out.contains(u"DELETE FROM nowhere WHERE a = '…'"_s), qPrintable(m_out));
    QVERIFY2(!m_out.contains(u"private"_s), qPrintable(m_out));
    QCOMPARE(run(u"--json runs show 1"_s), int(cli::Done));
    QCOMPARE(QJsonDocument::fromJson(m_out.toUtf8()).object()[u"outcome"_s].toString(),
             u"failed"_s);
    QCOMPARE(run(u"runs show 9"_s), int(cli::Misused));
    QCOMPARE(run(u"runs forget"_s), int(cli::Misused));
    qunsetenv("XDG_STATE_HOME");
}

int runLiveTest(int argc, char **argv)
{
    tst_Live test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_live.moc"
