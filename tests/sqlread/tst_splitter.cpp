#include "tests/sqlread/tst_splitter.h"

#include "core/base/sqltokenizer.h"
#include "core/sqlread/createtable.h"
#include "core/sqlread/rawsql.h"
#include "core/sqlread/splitter.h"

#include <QTest>
#include <sqlite3.h>

using namespace Qt::StringLiterals;
using namespace tribikos;

void tst_Splitter::tokens_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("expected"); // kind's initial and text
    const auto row = [](const char *name, Backend backend, const QString &sql,
                        const QString &expected) {
        QTest::newRow(name) << backend << sql << expected.split(u' ', Qt::SkipEmptyParts);
    };
    row("words", Backend::Sqlite, u"SELECT a_1,b$ FROM é"_s, u"Wselect Wa_1 S, Wb$ Wfrom Wé"_s);
    row("quotes", Backend::Sqlite, u"'a''b' \"c\"\"d\" `e``f` [g]"_s, u"'a'b Qc\"d Qe`f Qg"_s);
    row("numbers", Backend::Sqlite, u"1 2.5e-3 .5 0xFF 1-2"_s, u"N1 N2.5e-3 N.5 N0xff N1 S- N2"_s);
    row("symbols", Backend::Sqlite, u"a||b<=c::d->>e"_s, u"Wa S|| Wb S<= Wc S:: Wd S->> We"_s);
    row("parameters", Backend::Sqlite, u":a ? ?1 @b"_s, u"P:a P? P?1 P@b"_s);
    row("comments", Backend::Sqlite, u"a--b\nc/*d*/e"_s, u"Wa Wc We"_s);
    row("dollar", Backend::PostgreSql, u"$$a;b$$ $t$c$$d$t$ $1"_s, u"'a;b 'c$$d P$1"_s);
    row("escapes", Backend::PostgreSql, u"E'a\\'b' 'c\\'"_s, u"'a'b 'c\\"_s);
    row("array", Backend::PostgreSql, u"a[1]"_s, u"Wa S[ N1 S]"_s);
    row("mysql", Backend::MySql, u"\"a\" 'b\\'c' #d\n`e`"_s, u"'a 'b'c Qe"_s);
    row("open string", Backend::Sqlite, u"a 'bc"_s, u"Wa 'bc"_s);
    row("nothing", Backend::Sqlite, u" \n-- x"_s, {});
}

void tst_Splitter::tokens()
{
    QFETCH(Backend, backend);
    QFETCH(QString, sql);
    QFETCH(QStringList, expected);
    QStringList read;
    for (const SqlToken &token : sqlTokens(sql, backend)) {
        const char16_t initials[] = u"WQ'NPS";
        if (token.kind == SqlToken::Kind::End)
            continue;
        const QChar initial = initials[int(token.kind)];
        const bool isFolded = initial == u'W' || initial == u'N';
        read.append(initial + (isFolded ? token.text.toLower() : token.text));
    }
    QCOMPARE(read, expected);
}

void tst_Splitter::statements_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("script");
    QTest::addColumn<QStringList>("expected"); // line:text
    const auto row = [](const char *name, Backend backend, const QString &script,
                        const QStringList &expected) {
        QTest::newRow(name) << backend << script << expected;
    };
    row("two", Backend::Sqlite, u"a;\nb"_s, {u"1:a"_s, u"2:b"_s});
    row("empty ones", Backend::Sqlite, u";;\n-- x;\n; a ;"_s, {u"3:a"_s});
    row("in quotes", Backend::Sqlite, u"a ';' \";\" [;] `;` /* ; */ b; c"_s,
        {u"1:a ';' \";\" [;] `;` /* ; */ b"_s, u"1:c"_s});
    row("trigger", Backend::Sqlite,
        u"CREATE TRIGGER t AFTER INSERT ON x BEGIN UPDATE x SET a = CASE WHEN 1 THEN 2 END; END;\nSELECT 1;"_s,
        {u"1:CREATE TRIGGER t AFTER INSERT ON x BEGIN UPDATE x SET a = CASE WHEN 1 THEN 2 END; END"_s,
         u"2:SELECT 1"_s});
    row("trigger words as columns", Backend::Sqlite,
        u"CREATE TEMP TRIGGER t AFTER UPDATE OF \"begin\" ON x BEGIN SELECT \"end\"; SELECT 2; END; b"_s,
        {u"1:CREATE TEMP TRIGGER t AFTER UPDATE OF \"begin\" ON x BEGIN SELECT \"end\"; SELECT 2; END"_s,
         u"1:b"_s});
    row("transaction", Backend::Sqlite, u"BEGIN; a; END; COMMIT"_s,
        {u"1:BEGIN"_s, u"1:a"_s, u"1:END"_s, u"1:COMMIT"_s});
    row("table named trigger", Backend::Sqlite, u"CREATE TABLE trigger (begin INT); a"_s,
        {u"1:CREATE TABLE trigger (begin INT)"_s, u"1:a"_s});
    row("dollar body", Backend::PostgreSql,
        u"CREATE FUNCTION f() AS $$ BEGIN; END; $$ LANGUAGE sql; a"_s,
        {u"1:CREATE FUNCTION f() AS $$ BEGIN; END; $$ LANGUAGE sql"_s, u"1:a"_s});
    row("atomic body", Backend::PostgreSql,
        u"CREATE OR REPLACE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT 2; END; a"_s,
        {u"1:CREATE OR REPLACE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT 2; END"_s, u"1:a"_s});
    row("in parentheses", Backend::PostgreSql,
        u"CREATE RULE r AS ON INSERT TO a DO (DELETE FROM b; DELETE FROM c); d); e"_s,
        {u"1:CREATE RULE r AS ON INSERT TO a DO (DELETE FROM b; DELETE FROM c)"_s, u"1:d)"_s,
         u"1:e"_s});
    row("procedure", Backend::MySql,
        u"CREATE DEFINER=`a`@`b` PROCEDURE p() BEGIN IF 1 THEN SET a = IF(1,2,3); END IF; CASE x "
        u"WHEN 1 THEN SET b = 1; "
        "END CASE; WHILE 1 DO BEGIN END; END WHILE; END; SELECT 1"_s,
        {u"1:CREATE DEFINER=`a`@`b` PROCEDURE p() BEGIN IF 1 THEN SET a = IF(1,2,3); END IF; CASE "
         u"x WHEN 1 THEN SET b = 1; "
         "END CASE; WHILE 1 DO BEGIN END; END WHILE; END"_s,
         u"1:SELECT 1"_s});
    row("delimiter", Backend::MySql,
        u"DELIMITER $$\nCREATE PROCEDURE p() SELECT 1; SELECT 2; END$$\nA ';$$'; B $$\ndelimiter ;\nC; D"_s,
        {u"2:CREATE PROCEDURE p() SELECT 1; SELECT 2; END"_s, u"3:A ';$$'; B"_s, u"5:C"_s,
         u"5:D"_s});
    row("delimiter elsewhere is a name", Backend::Sqlite, u"DELIMITER //\nA; B"_s,
        {u"1:DELIMITER //\nA"_s, u"2:B"_s});
    row("executed comments", Backend::MySql,
        u"/*!40101 SET NAMES utf8 */;\n/* x; */ A /*!50100 ; B */ ;C /*M! ; */"_s,
        {u"1:/*!40101 SET NAMES utf8 */"_s, u"2:A /*!50100 ; B */"_s, u"2:C"_s});
    row("MariaDB's own", Backend::MariaDb, u"/*M!100100 A; B */; C"_s,
        {u"1:/*M!100100 A; B */"_s, u"1:C"_s});
    row("dump of a trigger", Backend::MySql,
        u"DELIMITER ;;\n/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET a = 1; END */;;\nDELIMITER ;\nA"_s,
        {u"2:/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET a = 1; END */"_s,
         u"4:A"_s});
    row("two minus signs", Backend::MySql, u"A 1--1; B"_s, {u"1:A 1--1"_s, u"1:B"_s});
    row("nested comments", Backend::PostgreSql, u"A /* /* ; */ ; */ B; C"_s,
        {u"1:A /* /* ; */ ; */ B"_s, u"1:C"_s});
}

/// UTF-8 is cut at the same places as UTF-16, whatever the text is.
void tst_Splitter::sameInUtf8_data()
{
    hostileTextEnds_data();
    QTest::newRow("letters")
        << u"\uFEFFSELECT 'é;\u4e2d' AS \U0001F600, é \uFEFF; \u00a0b; $\u0663$ ; $\u0663$"_s;
}

void tst_Splitter::sameInUtf8()
{
    QFETCH(QString, sql);
    const QByteArray utf8 = sql.toUtf8();
    for (const Backend backend : {Backend::Sqlite, Backend::PostgreSql, Backend::MySql}) {
        QStringList narrow;
        SqlSplitter<char> splitter({utf8.constData(), size_t(utf8.size())}, backend);
        while (const auto slice = splitter.next())
            narrow.append(QString::fromUtf8(utf8.mid(slice->start, slice->end - slice->start)));
        QStringList wide;
        for (const SqlStatement &statement : splitStatements(sql, backend))
            wide.append(statement.text);
        QCOMPARE(narrow, wide);
    }
}

void tst_Splitter::statements()
{
    QFETCH(Backend, backend);
    QFETCH(QString, script);
    QFETCH(QStringList, expected);
    QStringList read;
    for (const SqlStatement &statement : splitStatements(script, backend)) {
        read.append(u"%1:%2"_s.arg(statement.line).arg(statement.text));
        QVERIFY(statement.isComplete);
        QCOMPARE(script.mid(statement.start, statement.text.size()), statement.text);
    }
    QCOMPARE(read, expected);
}

void tst_Splitter::agreesWithSqlite_data()
{
    QTest::addColumn<QString>("script");
    for (const QString &script : {u"SELECT 1"_s, u"SELECT ';'"_s, u"SELECT ';"_s,
                                  u"CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1"_s,
                                  u"CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; END"_s,
                                  u"CREATE TEMPORARY TRIGGER t BEGIN SELECT 1; SELECT 2; END"_s,
                                  u"CREATE TRIGGER t BEGIN SELECT CASE WHEN 1 THEN 2 END"_s,
                                  u"SELECT \"a"_s, u"SELECT [a"_s, u"SELECT 1 /* ; */"_s})
        QTest::newRow(qPrintable(script)) << script;
}

/// A text is complete with a semicolon behind it exactly where SQLite's own shell would run it.
void tst_Splitter::agreesWithSqlite()
{
    QFETCH(QString, script);
    const QString ended = script + u';';
    const QList<SqlStatement> statements = splitStatements(ended);
    QVERIFY(!statements.isEmpty());
    QCOMPARE(statements.constLast().isComplete, sqlite3_complete(ended.toUtf8().constData()) != 0);
}

void tst_Splitter::single_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("one") << u"SELECT 1"_s << true;
    QTest::newRow("one with terminator") << u"SELECT 1; -- done"_s << true;
    QTest::newRow("two") << u"SELECT 1; DROP TABLE users"_s << false;
    QTest::newRow("none") << u" -- nothing\n;"_s << false;
    QTest::newRow("open") << u"SELECT 'a"_s << false;
    QTest::newRow("nul") << u"SELECT 1"_s + QChar::Null << false;
}

void tst_Splitter::single()
{
    QFETCH(QString, sql);
    QFETCH(bool, accepted);
    const Status status = checkSingleStatement(sql);
    QCOMPARE(bool(status), accepted);
    if (!accepted)
        QCOMPARE(status.error().code, ErrorCode::Syntax);
}

void tst_Splitter::hostileTextEnds_data()
{
    QTest::addColumn<QString>("sql");
    const auto many = [](const QString &part) { return part.repeated(5'000); };
    QTest::newRow("open parentheses") << u"CREATE TABLE t (a CHECK "_s + many(u"("_s);
    QTest::newRow("open groups in index") << u"CREATE INDEX i ON t ("_s + many(u"(,"_s);
    QTest::newRow("into after open groups") << u"SELECT "_s + many(u"(a "_s);
    QTest::newRow("commas") << u"CREATE TABLE t ("_s + many(u","_s);
    QTest::newRow("columns") << u"CREATE TABLE t ("_s + many(u"a INT UNIQUE,"_s) + u"b)"_s;
    QTest::newRow("dollar tags") << many(u"$a"_s);
    QTest::newRow("quotes") << many(u"'"_s);
    QTest::newRow("comment openers") << many(u"/*"_s);
    QTest::newRow("alter list") << u"ALTER TABLE t "_s + many(u"ADD "_s);
    QTest::newRow("default signs") << u"ALTER TABLE t ADD a DEFAULT "_s + many(u"- "_s);
    QTest::newRow("constraints") << u"CREATE TABLE t (a "_s + many(u"CONSTRAINT "_s);
}

void tst_Splitter::hostileTextEnds()
{
    QFETCH(QString, sql);
    for (const Backend backend : {Backend::Sqlite, Backend::PostgreSql, Backend::MySql}) {
        QCOMPARE(sqlTokens(sql, backend).constLast().kind, SqlToken::Kind::End);
        Schema schema;
        rawSqlReader(backend).apply(sql, schema);
        QVERIFY(schema.tables.size() <= 1);
    }
}
