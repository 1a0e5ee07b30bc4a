#include "tests/servers/tst_liveservers.h"

#include "core/db/sqltext.h"
#include "tests/servers/lab.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::lab;

namespace {

const QString kData = QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/data/live");

void addServers()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("PostgreSQL") << Backend::PostgreSql;
    QTest::newRow("MariaDB") << Backend::MariaDb;
}

/// Every row of every table, as tests/data/live/record.py tells them.
QStringList told(const Database &database, Backend backend)
{
    const bool isPostgres = backend == Backend::PostgreSql;
    QMap<QString, QStringList> tables;
    for (const Row &row : database.rows(
             u"SELECT table_name, column_name, data_type FROM information_schema.columns WHERE "
             "table_schema = %1 AND table_name NOT IN ('alembic_version', 'tribikos_journal') "
             "ORDER BY table_name, ordinal_position"_s.arg(isPostgres ? u"current_schema()"_s
                                                                      : u"database()"_s))) {
        const QString column = quotedIdentifier(row.at(1).toString(), backend);
        const bool isBlob = row.at(2).toString().contains(u"blob"_s);
        tables[row.at(0).toString()].append((isPostgres ? u"coalesce(%1::text, 'NULL')"_s
                                             : isBlob   ? u"coalesce(hex(%1), 'NULL')"_s
                                                        : u"coalesce(CAST(%1 AS CHAR), 'NULL')"_s)
                                                .arg(column));
    }
    QStringList lines;
    for (auto table = tables.cbegin(); table != tables.cend(); ++table) {
        QStringList own;
        for (const Row &row : database.rows(u"SELECT %1 FROM %2"_s.arg(
                 table->join(u", "_s), quotedIdentifier(table.key(), backend)))) {
            QStringList cells;
            for (const QVariant &cell : row)
                cells += cell.toString();
            own += table.key() + u": "_s + cells.join(u" | "_s);
        }
        own.sort();
        lines += own;
    }
    lines.sort();
    return lines;
}

QStringList expected(Backend backend)
{
    QFile file(kData
               + (backend == Backend::PostgreSql ? u"/expected-postgresql.txt"_s
                                                 : u"/expected-mariadb.txt"_s));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s can't be read", qPrintable(file.fileName()));
    QStringList lines = QString::fromUtf8(file.readAll()).trimmed().split(u'\n');
    lines.sort();
    return lines;
}

/// Revisions b1, b2 … of a few lines each.
class Scripts
{
public:
    void write(int number, const QString &body) const
    {
        QString indented = body;
        indented.replace(u'\n', u"\n    "_s);
        QFile file(m_folder.filePath(u"b%1.py"_s.arg(number)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(u"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = 'b%1'\n"
                   "down_revision = %2\n\ndef upgrade():\n    bind = op.get_bind()\n    %3\n"
                   "\ndef downgrade():\n    pass\n"_s
                       .arg(QString::number(number),
                            number == 1 ? u"None"_s : u"'b%1'"_s.arg(number - 1), indented)
                       .toUtf8());
    }
    QString folder() const { return m_folder.path(); }

private:
    QTemporaryDir m_folder;
};

class Run
{
public:
    Run(const QStringList &project, const Database &database, const QStringList &options = {})
    {
        m_process.setProgram(QStringLiteral(TRIBIKOS_CLI));
        m_process.setArguments(
            project + QStringList{u"--url"_s, database.url(), u"upgrade"_s, u"heads"_s} + options);
        m_process.start();
    }
    int end()
    {
        if (!m_process.waitForFinished(120000))
            return -2;
        said = QString::fromUtf8(m_process.readAllStandardError());
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    QProcess &process() { return m_process; }

    QString said{};

private:
    QProcess m_process;
};

QStringList versions(const Scripts &scripts)
{
    return {u"--versions"_s, scripts.folder()};
}

constexpr auto kFirst =
    "op.execute('CREATE TABLE a (n INTEGER NOT NULL PRIMARY KEY, t VARCHAR(20))')\n"
    "op.execute(\"INSERT INTO a VALUES (1, 'x'), (2, 'y'), (3, 'z')\")";

/// A table of its own for each row, with DDL and data in turns.
constexpr auto kMixed =
    "op.add_column('a', sa.Column('u', sa.String(20)))\n"
    "for n, t in bind.execute(sa.text('SELECT n, t FROM a ORDER BY n')).all():\n"
    "    op.create_table(f'a{n}', sa.Column('n', sa.Integer))\n"
    "    bind.execute(sa.text('UPDATE a SET u = :u WHERE n = :n'), "
    "{'u': t + t, 'n': n})\n"
    "    bind.execute(sa.text(f'INSERT INTO a{n} VALUES (:n)'), {'n': n})";

constexpr auto kCatching =
    "for (n,) in bind.execute(sa.text('SELECT n FROM a WHERE n < 3 ORDER BY n')).all():\n"
    "    try:\n"
    "        bind.execute(sa.text(\"UPDATE a SET t = 'mine' WHERE n = :n\"), {'n': n})\n"
    "    except Exception:\n"
    "        pass";

} // namespace

void tst_LiveServers::asAlembic_data()
{
    addServers();
}

void tst_LiveServers::asAlembic()
{
    QFETCH(Backend, backend);
    const Database database(backend);
    Run run({u"-c"_s, kData + u"/alembic.ini"_s}, database);
    QVERIFY2(run.end() == 0, qPrintable(run.said));
    const QStringList found = told(database, backend);
    const QStringList wanted = expected(backend);
    for (qsizetype i = 0; i < wanted.size(); ++i)
        QCOMPARE(found.value(i), wanted.at(i));
    QCOMPARE(found.size(), wanted.size());
    QCOMPARE(database.position(), QStringList{u"r15"_s});
}

void tst_LiveServers::failureLeavesNothing()
{
    const Database database(Backend::PostgreSql);
    const Scripts scripts;
    scripts.write(1, QString::fromLatin1(kFirst));
    scripts.write(2, QString::fromLatin1(kMixed)
                         + u"\nbind.execute(sa.text('SELECT 1 FROM nowhere'))"_s);
    Run run(versions(scripts), database);
    QCOMPARE(run.end(), 3);
    QVERIFY2(run.said.contains(u"Revision b2 (b2.py:14) failed at statement 12"_s),
             qPrintable(run.said));
    QVERIFY2(run.said.contains(u"stays at b1"_s), qPrintable(run.said));
    QCOMPARE(database.rows(u"SELECT * FROM pg_tables WHERE schemaname = 'public'"_s).size(), 2);
}

void tst_LiveServers::goesOnAfterFailure()
{
    const Database database(Backend::MariaDb);
    const Scripts scripts;
    scripts.write(1, QString::fromLatin1(kFirst));
    scripts.write(2, QString::fromLatin1(kMixed) + u"\nop.execute('SELECT 1 FROM nowhere')"_s);
    Run broken(versions(scripts), database);
    QCOMPARE(broken.end(), 3);
    QVERIFY2(broken.said.contains(u"it goes on from there"_s), qPrintable(broken.said));
    scripts.write(2, QString::fromLatin1(kMixed));
    Run run(versions(scripts), database);
    QVERIFY2(run.end() == 0, qPrintable(run.said));
    QVERIFY2(run.said.contains(u"goes on where it ended"_s), qPrintable(run.said));
    QCOMPARE(database.position(), QStringList{u"b2"_s});
    QCOMPARE(told(database, Backend::MariaDb),
             (QStringList{u"a1: 1"_s, u"a2: 2"_s, u"a3: 3"_s, u"a: 1 | x | xx"_s,
                          u"a: 2 | y | yy"_s, u"a: 3 | z | zz"_s}));
}

void tst_LiveServers::deadlockEndsNoCatchingScript_data()
{
    QTest::addColumn<QString>("before");
    QTest::newRow("alone") << QString();
    QTest::newRow("behind what no catalogue shows")
        << u"op.execute('ALTER DATABASE DEFAULT CHARACTER SET utf8mb4')\n"_s;
}

/// The deadlock took back the first UPDATE as well, which the script can't know: it runs anew.
void tst_LiveServers::deadlockEndsNoCatchingScript()
{
    QFETCH(QString, before);
    const Database database(Backend::MariaDb);
    const Scripts scripts;
    scripts.write(1, QString::fromLatin1(kFirst));
    QCOMPARE(Run(versions(scripts), database).end(), 0);
    scripts.write(2, before + QString::fromLatin1(kCatching));
    const auto other = database.open();
    QVERIFY(other->begin());
    QVERIFY(other->execute(u"UPDATE a SET t = 'other' WHERE n > 1"_s));
    for (int n = 10; n < 60; ++n) // who has written less is sacrificed
        QVERIFY(other->execute(u"INSERT INTO a VALUES (%1, 'other')"_s.arg(n)));
    Run run(versions(scripts), database);
    QTRY_VERIFY_WITH_TIMEOUT(
        !database
             .rows(u"SELECT 1 FROM information_schema.PROCESSLIST WHERE db = database() "
                   "AND INFO LIKE 'UPDATE a SET t%'"_s)
             .isEmpty(),
        60000);
    QVERIFY(other->execute(u"UPDATE a SET t = 'other' WHERE n = 1"_s));
    QVERIFY(other->commit());
    QVERIFY2(run.end() == 0, qPrintable(run.said));
    QCOMPARE(database.position(), QStringList{u"b2"_s});
    QCOMPARE(database.rows(u"SELECT n FROM a WHERE t = 'mine' ORDER BY n"_s),
             (QList<Row>{{1}, {2}}));
}

void tst_LiveServers::waitingEndsNoCatchingScript()
{
    const Database database(Backend::MariaDb);
    const Scripts scripts;
    scripts.write(1, QString::fromLatin1(kFirst));
    QCOMPARE(Run(versions(scripts), database).end(), 0);
    scripts.write(2, QString::fromLatin1(kCatching));
    const auto other = database.open();
    QVERIFY(other->begin());
    QVERIFY(other->execute(u"UPDATE a SET t = 'other' WHERE n = 2"_s));
    Run run(versions(scripts), database, {u"--lock-wait"_s, u"1"_s});
    QVERIFY2(run.end() == 4, qPrintable(run.said));
    QVERIFY2(run.said.contains(u"held a lock for longer than 1 s"_s), qPrintable(run.said));
    QCOMPARE(database.position(), QStringList{u"b1"_s});
    QCOMPARE(told(database, Backend::MariaDb).constFirst(), u"a: 1 | x"_s);
}

/// What was done has changed what is read: nobody but the author can tell where to go on.
void tst_LiveServers::changedPathIsRefused()
{
    const Database database(Backend::MariaDb);
    const Scripts scripts;
    scripts.write(1, QString::fromLatin1(kFirst));
    const QString body =
        u"for (n,) in bind.execute(sa.text(\"SELECT n FROM a WHERE t <> 'done' ORDER BY "
        u"n\")).all():\n"
        "    bind.execute(sa.text(\"UPDATE a SET t = 'done' WHERE n = :n\"), {'n': n})\n"
        "    op.create_table(f'a{n}', sa.Column('n', sa.Integer))\n"
        "    if n == 2:\n        op.execute('SELECT 1 FROM nowhere')"_s;
    scripts.write(2, body);
    QCOMPARE(Run(versions(scripts), database).end(), 3);
    Run again(versions(scripts), database);
    QVERIFY(again.end() != 0);
    QVERIFY2(again.said.contains(u"leads to another one there"_s)
                 && again.said.contains(u"stamp b2 --interrupted done"_s),
             qPrintable(again.said));
    QCOMPARE(database.position(), QStringList{u"b1"_s});
    // The script looks for what is left: somebody who knows that says so.
    Run onwards(versions(scripts), database, {u"--interrupted"_s, u"again"_s});
    QVERIFY2(onwards.end() == 0, qPrintable(onwards.said));
    QCOMPARE(database.position(), QStringList{u"b2"_s});
    QCOMPARE(database.rows(u"SHOW TABLES LIKE 'a_'"_s).size(), 3);
}

void tst_LiveServers::killedAtRandomMoments_data()
{
    addServers();
}

void tst_LiveServers::killedAtRandomMoments()
{
    QFETCH(Backend, backend);
    const Scripts scripts;
    scripts.write(1, QString::fromLatin1(kFirst));
    scripts.write(2, QString::fromLatin1(kMixed));
    const int asked = qEnvironmentVariableIntValue("TRIBIKOS_FAULT_ROUNDS");
    for (int round = 0; round < (asked > 0 ? asked : 20); ++round) {
        const Database database(backend);
        Run killed(versions(scripts), database);
        killed.process().waitForFinished(int(QRandomGenerator::global()->bounded(20, 200)));
        killed.process().kill();
        killed.end();
        Run run(versions(scripts), database);
        QVERIFY2(run.end() == 0, qPrintable(run.said));
        QCOMPARE(database.position(), QStringList{u"b2"_s});
        QCOMPARE(told(database, backend),
                 (QStringList{u"a1: 1"_s, u"a2: 2"_s, u"a3: 3"_s, u"a: 1 | x | xx"_s,
                              u"a: 2 | y | yy"_s, u"a: 3 | z | zz"_s}));
    }
}
