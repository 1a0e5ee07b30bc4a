#include "tests/sqlread/tst_pgsql.h"
#include "tests/sqlread/tst_rawsql.h"
#include "tests/sqlread/tst_splitter.h"
#include "tests/sqlread/tst_sqlscript.h"

#include <QTest>

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    tst_Splitter splitter;
    tst_RawSql rawSql;
    tst_PgSql pgSql;
    tst_SqlScript script;
    return QTest::qExec(&splitter, argc, argv) + QTest::qExec(&rawSql, argc, argv)
           + QTest::qExec(&pgSql, argc, argv) + QTest::qExec(&script, argc, argv);
}
