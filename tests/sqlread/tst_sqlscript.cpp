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
    QTest::newRow("unknown dialect")
        << QByteArray("-- revision: a\n-- upgrade: oracle\n") << ErrorCode::ProjectRefused << 2;
    QTest::newRow("section twice")
        << QByteArray("-- revision: a\n-- upgrade\n-- upgrade\n") << ErrorCode::ProjectRefused << 3;
    QTest::newRow("transaction") << QByteArray("-- revision: a\n-- transaction: maybe\n")
                                 << ErrorCode::ProjectRefused << 2;
    QTest::newRow("statement outside")
        << QByteArray("-- revision: a\n\nDROP TABLE x;\n-- upgrade\n") << ErrorCode::ProjectRefused
        << 3;
    QTest::newRow("latin-1") << QByteArray("-- revision: a\n-- message: caf\xe9\n")
                             << ErrorCode::Unreadable << 0;
    QTest::newRow("nul") << QByteArray("-- revision: a\n\0", 16) << ErrorCode::Unreadable << 0;
    QTest::newRow("huge") << QByteArray(5 << 20, ' ') << ErrorCode::Unreadable << 0;
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

void tst_SqlScript::openQuote()
{
    const SqlScript script = read("-- revision: a\n-- upgrade\nA;\nB 'x;\n");
    const Result<Operations> operations = script.operations(true, Backend::Sqlite);
    QVERIFY(!operations);
    QCOMPARE(operations.error().code, ErrorCode::Syntax);
    QCOMPARE(operations.error().line, 4);
}
