#include "tests/sqlread/tst_sqlscript.h"

#include "core/sqlread/sqlscript.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

static SqlScript read(const QByteArray &text)
{
    const Result<SqlScript> script = readSqlScript(text, u"x.sql"_s);
    if (!script) {
        qWarning("%s", qPrintable(script.error().message));
        return {};
    }
    return *script;
}

static QStringList statements(const SqlScript &script, bool isUpgrade, Backend backend)
{
    const Result<Operations> operations = script.operations(isUpgrade, backend);
    if (!operations)
        return {operations.error().message};
    QStringList texts;
    for (const Operation &operation : *operations) {
        const auto *execute = operation.as<Execute>();
        texts.append(execute ? execute->statement->text : operationName(operation));
    }
    return texts;
}

void tst_SqlScript::header()
{
    const SqlScript script =
        read("\xef\xbb\xbf-- Revision: 3f2a9c1d7e40\r\n-- revises: 10c4, 20d5\r\n-- message: add: "
             "refunds\r\n"
             "-- label: reports\r\n-- depends_on: aaa bbb\r\n-- created: 2026-01-02\r\n-- "
             "transaction: none\r\n"
             "-- Note: a comment\r\n-- upgrade\r\nSELECT 1;\r\n-- downgrade\r\n");
    QCOMPARE(script.revision, u"3f2a9c1d7e40"_s);
    QCOMPARE(script.downRevisions, (QStringList{u"10c4"_s, u"20d5"_s}));
    QCOMPARE(script.message, u"add: refunds"_s);
    QCOMPARE(script.labels, QStringList{u"reports"_s});
    QCOMPARE(script.dependsOn, (QStringList{u"aaa"_s, u"bbb"_s}));
    QCOMPARE(script.created, u"2026-01-02"_s);
    QVERIFY(!script.hasTransaction);
    QCOMPARE(script.revisionLine, 1);
    QCOMPARE(statements(script, true, Backend::Sqlite), QStringList({u"autocommit_begin"_s, u"SELECT 1"_s, u"autocommit_end"_s}));
    QCOMPARE(statements(script, false, Backend::Sqlite), QStringList());
}

void tst_SqlScript::base()
{
    const SqlScript script = read("-- revision: a\n-- revises: none\n-- upgrade\n");
    QCOMPARE(script.downRevisions, QStringList());
    QVERIFY(script.hasTransaction);
    QVERIFY(!script.operations(false, Backend::Sqlite));
}

void tst_SqlScript::sections_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QStringList>("up");
    QTest::addColumn<QStringList>("down");
    QTest::newRow("plain") << Backend::Sqlite << QStringList{u"A"_s, u"B ';\n-- x: y\n'"_s}
                           << QStringList{u"D"_s};
    QTest::newRow("own section") << Backend::PostgreSql << QStringList{u"P $$ ; $$"_s}
                                 << QStringList{u"D"_s};
    QTest::newRow("mysql") << Backend::MySql << QStringList{u"M 'a\\';'"_s} << QStringList{u"D"_s};
    QTest::newRow("mariadb uses mysql's")
        << Backend::MariaDb << QStringList{u"M 'a\\';'"_s} << QStringList{u"E"_s};
}

void tst_SqlScript::sections()
{
    QFETCH(Backend, backend);
    QFETCH(QStringList, up);
    QFETCH(QStringList, down);
    const SqlScript script = read(
        "-- revision: a\n-- upgrade\nA; B ';\n-- x: y\n';\n-- UPGRADE : postgresql\nP $$ ; $$;\n"
        "--downgrade\nD\n-- downgrade: mariadb\nE;\n-- upgrade: mysql\nM 'a\\';';\n");
    QCOMPARE(statements(script, true, backend), up);
    QCOMPARE(statements(script, false, backend), down);
}

/// A script that has SQL for other databases only does nothing, which it says.
void tst_SqlScript::missingSection()
{
    const SqlScript script = read("-- revision: a\n-- upgrade: postgresql\nA;\n-- upgrade: mysql\n"
                                  "B;\n-- downgrade\nC;\n-- downgrade: mysql\nD;\n");
    QVERIFY(script.missingSection(true, Backend::Sqlite).contains(u"PostgreSQL and MySQL only"));
    QCOMPARE(script.missingSection(true, Backend::MariaDb), QString());
    QCOMPARE(script.missingSection(false, Backend::Sqlite), QString());
    QCOMPARE(read("-- revision: a\n-- upgrade\n").missingSection(true, Backend::Sqlite), QString());
}

void tst_SqlScript::places()
{
    const SqlScript script = read("-- revision: a\n\n-- upgrade\n\nA\n(1);\n -- why\nB;\n");
    const Result<Operations> operations = script.operations(true, Backend::Sqlite);
    QVERIFY(operations);
    QCOMPARE(operations->size(), 2);
    QCOMPARE(operations->at(0).span.line, 5);
    QCOMPARE(operations->at(0).span.endLine, 6);
    QCOMPARE(operations->at(1).span.line, 8);
}

void tst_SqlScript::refusals_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<int>("line");
    QTest::newRow("no revision") << QByteArray("-- upgrade\n") << ErrorCode::ProjectRefused << 0;
    QTest::newRow("two ids") << QByteArray("-- revision: a b\n") << ErrorCode::ProjectRefused << 1;
    QTest::newRow("key twice") << QByteArray("-- revision: a\n-- message: x\n-- message: y\n")
                               << ErrorCode::ProjectRefused << 3;
    QTest::newRow("transaction") << QByteArray("-- revision: a\n-- transaction: maybe\n")
                                 << ErrorCode::ProjectRefused << 2;
    QTest::newRow("statement outside")
        << QByteArray("-- revision: a\n\nDROP TABLE x;\n-- upgrade\n") << ErrorCode::ProjectRefused
        << 3;
    QTest::newRow("latin-1") << QByteArray("-- revision: a\n-- message: caf\xe9\n")
                             << ErrorCode::Unreadable << 0;
    QTest::newRow("nul") << QByteArray("-- revision: a\n\0", 16) << ErrorCode::Unreadable << 0;
    QTest::newRow("blanks") << QByteArray(5 << 20, ' ') << ErrorCode::ProjectRefused << 0;
}

void tst_SqlScript::refusals()
{
    QFETCH(QByteArray, text);
    QFETCH(ErrorCode, code);
    QFETCH(int, line);
    const Result<SqlScript> script = readSqlScript(text, u"x.sql"_s);
    QVERIFY(!script);
    QCOMPARE(script.error().code, code);
    QCOMPARE(script.error().line, line);
    QCOMPARE(script.error().file, u"x.sql"_s);
    QVERIFY(script.error().message.startsWith(u"x.sql"));
}

void tst_SqlScript::refusedSections_data()
{
    QTest::addColumn<QByteArray>("sections"); // from line 2 on
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<int>("line");
    const auto row = [](const char *name, const QByteArray &sections, Backend backend,
                        ErrorCode code, int line) {
        QTest::newRow(name) << sections << backend << code << line;
    };
    row("unknown dialect", "-- upgrade: oracle\n", Backend::Sqlite, ErrorCode::ProjectRefused, 2);
    row("section twice", "-- upgrade\n-- upgrade\n", Backend::Sqlite, ErrorCode::ProjectRefused, 3);
    row("open quote", "-- upgrade\nA;\nB 'x;\n", Backend::Sqlite, ErrorCode::Syntax, 4);
    row("open comment", "-- upgrade\nA;\n/* B;\n", Backend::Sqlite, ErrorCode::Syntax, 2);
    row("open quote in another section", "-- upgrade: mysql\nA 'x\n-- upgrade\nB;\n",
        Backend::Sqlite, ErrorCode::Syntax, 3);
    row("open trigger", "-- upgrade\nCREATE TRIGGER t BEGIN SELECT 1;\n", Backend::Sqlite,
        ErrorCode::Syntax, 3);
    row("psql command", "-- upgrade\nA;\n\\! ls\n;", Backend::PostgreSql,
        ErrorCode::ProjectRefused, 4);
    row("mysql command", "-- upgrade\nA \\! ls\n;", Backend::MySql, ErrorCode::ProjectRefused, 3);
    row("shell command", "-- upgrade\nA;\n.shell ls\n", Backend::Sqlite, ErrorCode::ProjectRefused, 4);
    row("rows of psql", "-- upgrade\nCOPY t (a) FROM stdin;\n1\n\\.\n", Backend::PostgreSql,
        ErrorCode::ProjectRefused, 3);
    row("large statement", "-- upgrade\nCREATE TABLE t (a " + QByteArray(5 << 20, ' ') + ");\n",
        Backend::Sqlite, ErrorCode::ProjectRefused, 3);
    row("very many statements", "-- upgrade\n" + QByteArray("DROP TABLE t;\n").repeated(110'000),
        Backend::Sqlite, ErrorCode::ProjectRefused, 100'003);
}

void tst_SqlScript::refusedSections()
{
    QFETCH(QByteArray, sections);
    QFETCH(Backend, backend);
    QFETCH(ErrorCode, code);
    QFETCH(int, line);
    const Result<Operations> operations = read("-- revision: a\n" + sections).operations(true, backend);
    QVERIFY(!operations);
    QCOMPARE(operations.error().code, code);
    QCOMPARE(operations.error().line, line);
    QVERIFY(operations.error().message.startsWith(u"x.sql:%1: "_s.arg(line)));
}

/// Whether a section's line is in a string is for the dialect to say.
void tst_SqlScript::sectionLineInText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("expected");
    QTest::newRow("string") << QByteArray("A '\n-- downgrade\n'") << Backend::Sqlite
                            << u"A '\n-- downgrade\n'"_s;
    QTest::newRow("dollars") << QByteArray("A $$\n-- downgrade\n$$") << Backend::PostgreSql
                             << u"A $$\n-- downgrade\n$$"_s;
    QTest::newRow("escaped quote")
        << QByteArray("A '\\'\n-- downgrade\n'") << Backend::MySql << u"A '\\'\n-- downgrade\n'"_s;
    QTest::newRow("comment") << QByteArray("A /*\n-- downgrade\n*/ B") << Backend::Sqlite
                             << u"A /*\n-- downgrade\n*/ B"_s;
    QTest::newRow("behind a statement") << QByteArray("A; -- downgrade\n") << Backend::Sqlite << u"A"_s;
}

void tst_SqlScript::sectionLineInText()
{
    QFETCH(QByteArray, text);
    QFETCH(Backend, backend);
    QFETCH(QString, expected);
    const SqlScript script = read("-- revision: a\n-- upgrade\n" + text + "\n-- downgrade\nC;\n");
    QCOMPARE(statements(script, true, backend), QStringList{expected});
    QCOMPARE(statements(script, false, backend), QStringList{u"C"_s});
}

/// Data statements of a large section are one operation between those of the others.
void tst_SqlScript::stretches()
{
    const QByteArray insert("INSERT INTO t VALUES ('a;\tb');\n");
    const SqlScript script =
        read("-- revision: a\n-- upgrade\nCREATE TABLE t (a);\n" + insert.repeated(40'000)
             + "CREATE INDEX i ON t (a);\nDELETE FROM t;\nDELETE FROM u;\n-- downgrade\nDROP TABLE t;\n");
    const Result<Operations> operations = script.operations(true, Backend::Sqlite);
    QVERIFY(operations);
    QCOMPARE(operations->size(), 5);
    const auto *many = operations->at(1).as<ExecuteMany>();
    QVERIFY(many);
    QCOMPARE(many->stretch->count, 40'000);
    QCOMPARE(many->stretch->line, 4);
    QCOMPARE(many->stretch->lastLine, 40'003);
    QCOMPARE(many->stretch->text().size(), insert.size() * 40'000 - 2);
    QCOMPARE(operations->at(2).span.line, 40'004);
    QVERIFY(operations->at(3).as<Execute>()); // two are few enough to be shown
}

/// The catalogue of SQLite can be written to: whoever replays must see it.
void tst_SqlScript::catalogueIsNoData()
{
    const QByteArray insert("INSERT INTO t VALUES ('a');\n");
    const SqlScript script = read("-- revision: a\n-- upgrade\n" + insert.repeated(40'000)
                                  + "UPDATE \"SQLite_Master\" SET sql = 'x';\n");
    const Result<Operations> operations = script.operations(true, Backend::Sqlite);
    QVERIFY(operations);
    QCOMPARE(operations->size(), 2);
    QVERIFY(operations->at(1).as<Execute>());
}

/// The header of a script of which no more was read.
void tst_SqlScript::headerAlone()
{
    const QByteArray head("-- revision: b\n-- revises: a\n-- message: caf\u00e9\n-- upgrade\nINSERT 'caf\xc3");
    const auto script = readSqlHeader(head, u"x.sql"_s);
    QVERIFY(script);
    QCOMPARE(script->revision, u"b"_s);
    QCOMPARE(script->downRevisions, QStringList{u"a"_s});
    QVERIFY(!readSqlHeader("-- revision: b\n" + QByteArray(100, '-') + "\n-- x", u"x.sql"_s));
}
