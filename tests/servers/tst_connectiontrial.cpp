#include "tests/servers/tst_connectiontrial.h"

#include "core/project/connectiontest.h"
#include "tests/servers/lab.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

const TableName versionTable{.name = u"alembic_version"_s};

Environment at(const QString &url)
{
    Environment environment{.name = u"trial"_s, .url = url};
    environment.backend = *backendFromName(url.section(u':', 0, 0));
    return environment;
}

} // namespace

void tst_ConnectionTrial::reportsServers_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("server");
    QTest::addColumn<bool>("rollsBack");
    QTest::newRow("PostgreSQL") << Backend::PostgreSql << u"PostgreSQL "_s << true;
    QTest::newRow("MariaDB") << Backend::MariaDb << u"MariaDB "_s << false;
}

void tst_ConnectionTrial::reportsServers()
{
    QFETCH(Backend, backend);
    QFETCH(QString, server);
    QFETCH(bool, rollsBack);
    const lab::Database database(backend);
    const Result<ConnectionReport> report = testConnection(at(database.url()), versionTable);
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY2(report->server.startsWith(server), qPrintable(report->server));
    QCOMPARE(report->rollsBackDdl, rollsBack);
    QCOMPARE(report->canCreate, std::optional(true));
    QCOMPARE(report->hasVersionTable, std::optional(false));
    QVERIFY(!report->user.isEmpty());
    QVERIFY(report->isLocal);
    QVERIFY(report->answerMilliseconds > 0);
    QVERIFY2(report->warnings.isEmpty(), qPrintable(report->warnings.join(u' ')));
    database.exec(u"CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"_s);
    QCOMPARE(testConnection(at(database.url()), versionTable)->hasVersionTable,
             std::optional(true));
}

void tst_ConnectionTrial::tellsRightsApart()
{
    const lab::Database database(Backend::PostgreSql);
    database.exec(u"REVOKE CREATE ON SCHEMA public FROM PUBLIC"_s);
    database.exec(u"DROP ROLE IF EXISTS trial_reader"_s);
    database.exec(u"CREATE ROLE trial_reader"_s);
    const QString separator = database.url().contains(u'?') ? u"&"_s : u"?"_s;
    const auto report = testConnection(
        at(database.url() + separator + u"options=-c%20role%3Dtrial_reader"_s), versionTable);
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QCOMPARE(report->user, u"trial_reader"_s);
    QCOMPARE(report->canCreate, std::optional(false));
    database.exec(u"DROP ROLE trial_reader"_s);
}

void tst_ConnectionTrial::readsGrants_data()
{
    QTest::addColumn<QString>("grant");
    QTest::addColumn<bool>("isEnough");
    const QString to = u" TO `me`@`%`"_s;
    for (const QString &enough :
         {u"GRANT ALL PRIVILEGES ON *.*"_s, u"GRANT SELECT, CREATE, DROP ON *.*"_s,
          u"GRANT CREATE ON `my_shop`.*"_s, u"GRANT ALL PRIVILEGES ON `my\\_shop`.*"_s,
          u"GRANT SELECT (`a`, `b`), CREATE ON `my%`.*"_s})
        QTest::newRow(qPrintable(enough)) << enough + to << true;
    for (const QString &little :
         {u"GRANT CREATE VIEW ON *.*"_s, u"GRANT SELECT, CREATE USER ON *.*"_s,
          u"GRANT CREATE TEMPORARY TABLES ON `my_shop`.*"_s, u"GRANT CREATE ON `shop`.*"_s,
          u"GRANT ALL PRIVILEGES ON `my\\_shops`.*"_s, u"GRANT CREATE ON `my_shop`.`t`"_s,
          u"GRANT USAGE ON *.*"_s, u"GRANT `CREATE ON *.*`"_s, u"GRANT SELECT (`CREATE`) ON *.*"_s,
          u"REVOKE CREATE ON `my_shop`.*"_s, u""_s})
        QTest::newRow(qPrintable(u"too little: "_s + little)) << little + to << false;
}

void tst_ConnectionTrial::readsGrants()
{
    QFETCH(QString, grant);
    QFETCH(bool, isEnough);
    QCOMPARE(grantsTables(grant, u"my_shop"_s), isEnough);
}

void tst_ConnectionTrial::beginsWithSql()
{
    const lab::Database database(Backend::MariaDb);
    const QString separator = database.url().contains(u'?') ? u"&"_s : u"?"_s;
    const auto session = openServer(
        lab::specOf(database.url() + separator + u"init_command=SET%20%40started%20%3D%207"_s),
        Access::Read);
    QVERIFY2(session, session ? "" : qPrintable(session.error().message));
    QCOMPARE((*session)->query(u"SELECT @started"_s)->first().value(0).toInt(), 7);
    QVERIFY(!openServer(lab::specOf(database.url() + separator + u"init_command=NO%20SUCH"_s),
                        Access::Read));
}

void tst_ConnectionTrial::saysWhatIsWrong()
{
    Environment environment = at(u"postgresql://nobody@127.0.0.1:1/market"_s);
    environment.password = u"canary-7731"_s;
    const auto refused = testConnection(environment, versionTable);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Connection);
    QVERIFY(!(refused.error().message + refused.error().detail).contains(u"canary"_s));
    QVERIFY(!testConnection(at(u"postgresql://db/market?no_such=1"_s), versionTable));
}

void tst_ConnectionTrial::reportsFiles()
{
    const QTemporaryDir folder;
    Environment environment = at(u"sqlite:///shop.sqlite"_s);
    environment.folder = folder.path();
    const auto missing = testConnection(environment, versionTable);
    QVERIFY(missing);
    QVERIFY(!missing->exists);
    QVERIFY2(!QFile::exists(folder.filePath(u"shop.sqlite"_s)), "looking made the file");
    QFile file(folder.filePath(u"shop.sqlite"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto empty = testConnection(environment, versionTable);
    QVERIFY(empty);
    QVERIFY(empty->server.startsWith(u"SQLite 3"_s));
    QCOMPARE(empty->hasVersionTable, std::optional(false));
    file.write("this is no database, but a text that is long enough to be taken for one's header "
               "and more");
    file.close();
    QVERIFY(!testConnection(environment, versionTable));
    environment.folder = folder.filePath(u"nowhere"_s);
    QVERIFY(testConnection(environment, versionTable).error().message.contains(u"doesn't exist"_s));
}

void tst_ConnectionTrial::isCancelled()
{
    std::stop_source stopped;
    stopped.request_stop();
    const lab::Database database(Backend::MariaDb);
    const auto report = testConnection(at(database.url()), versionTable, stopped.get_token());
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Cancelled);
}
