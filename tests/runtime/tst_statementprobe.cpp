#include "tests/runtime/tst_statementprobe.h"

#include "core/runtime/statementprobe.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

void tst_StatementProbe::natures_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("version");
    QTest::addColumn<StatementNature>("expected");
    const auto row = [](Backend backend, const QString &sql, StatementNature expected, int version = 150004) {
        QTest::addRow("%s %d: %s", qPrintable(backendName(backend)), version, qPrintable(sql))
            << backend << sql << version << expected;
    };
    const auto pg = Backend::PostgreSql;
    const auto my = Backend::MariaDb;
    row(pg, u"CREATE TABLE t (a int)"_s, StatementNature::Transactional);
    row(pg, u"CREATE INDEX i ON t (a)"_s, StatementNature::Transactional);
    row(pg, u"-- soon\n create unique index concurrently i on t (a)"_s, StatementNature::Outside);
    row(pg, u"DROP INDEX CONCURRENTLY IF EXISTS i"_s, StatementNature::Outside);
    row(pg, u"REINDEX TABLE CONCURRENTLY t"_s, StatementNature::Outside);
    row(pg, u"REINDEX TABLE t"_s, StatementNature::Transactional);
    row(pg, u"REINDEX (VERBOSE) DATABASE d"_s, StatementNature::Outside);
    row(pg, u"VACUUM FULL t"_s, StatementNature::Outside);
    row(pg, u"ALTER TABLE t DETACH PARTITION p CONCURRENTLY"_s, StatementNature::Outside);
    row(pg, u"ALTER TYPE e ADD VALUE 'x'"_s, StatementNature::Transactional);
    row(pg, u"ALTER TYPE e ADD VALUE 'x'"_s, StatementNature::Outside, 110000);
    row(pg, u"ALTER SYSTEM SET x = 1"_s, StatementNature::Outside);
    row(my, u"INSERT INTO t VALUES (1)"_s, StatementNature::Transactional);
    row(my, u"WITH a AS (SELECT 1) SELECT * FROM a"_s, StatementNature::Transactional);
    row(my, u"/* a */ ALTER TABLE t ADD b int"_s, StatementNature::Committing);
    row(my, u"CALL p()"_s, StatementNature::Committing); // whatever it does
    row(my, u"TRUNCATE t"_s, StatementNature::Committing);
    row(my, u"GRANT SELECT ON t TO u"_s, StatementNature::Committing);
}

void tst_StatementProbe::natures()
{
    QFETCH(Backend, backend);
    QFETCH(QString, sql);
    QFETCH(int, version);
    QFETCH(StatementNature, expected);
    QCOMPARE(natureOf(sql, backend, version), expected);
}

void tst_StatementProbe::removesRemains()
{
    QCOMPARE(removalOfRemains(u"CREATE INDEX CONCURRENTLY \"odd name\" ON s.t (a)"_s),
             u"DROP INDEX CONCURRENTLY IF EXISTS s.\"odd name\""_s);
    QCOMPARE(removalOfRemains(u"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t USING btree (a)"_s),
             u"DROP INDEX CONCURRENTLY IF EXISTS i"_s);
}
