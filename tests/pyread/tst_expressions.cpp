#include "tst_expressions.h"

#include "core/dialects/dialect.h"
#include "core/pyread/scriptreader.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

void addRows(const QJsonObject &recorded)
{
    QString start = u"import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a1'\n"
                    "down_revision = None\n"_s;
    for (const QJsonValue line : recorded.value("setup"_L1).toArray())
        start += line.toString() + u'\n';
    for (const QJsonValue value : recorded.value("expressions"_L1).toArray()) {
        const QJsonObject row = value.toObject();
        const QString code = row.value("code"_L1).toString();
        for (const Backend backend : {Backend::Sqlite, Backend::PostgreSql, Backend::MySql}) {
            const QString name = backendName(backend);
            const QJsonValue sql = row.value(row.contains("all"_L1) ? u"all"_s : name);
            QTest::addRow("%s %s", qPrintable(name), qPrintable(code))
                << start + u"def upgrade():\n    op.execute(%1)\n"_s.arg(code) << backend
                << (sql.isNull() ? QString() : sql.toString());
        }
    }
}

} // namespace

void tst_Expressions::compile_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("sql");
    for (const QString &name : {u"expressions"_s, u"core"_s}) {
        QFile file(TRIBIKOS_SOURCE_DIR "/tests/pyread/data/"_L1 + name + ".json"_L1);
        QVERIFY(file.open(QIODevice::ReadOnly));
        addRows(QJsonDocument::fromJson(file.readAll()).object());
    }
}

void tst_Expressions::compile()
{
    QFETCH(const QString, script);
    QFETCH(const Backend, backend);
    QFETCH(const QString, sql);
    const auto read = Script::load(script.toUtf8(), u"a1.py"_s);
    QVERIFY(read);
    const EvalResult result = (*read)->evaluate({.backend = backend});
    if (sql.isNull()) { // refused: SQLAlchemy does, or its script would lose a value
        RenderContext context;
        QStringList statements;
        QVERIFY(!result.reason.isEmpty()
                || (result.operations.size() == 1
                    && !dialectFor(backend).renderInto(result.operations.first(), context,
                                                            statements)));
        return;
    }
    QCOMPARE(result.reason, QString());
    QCOMPARE(result.operations.size(), 1);
    RenderContext context;
    QStringList statements;
    QVERIFY(dialectFor(backend).renderInto(result.operations.first(), context, statements));
    QCOMPARE(statements, QStringList{sql});
}
