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

void tst_Expressions::compile_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("sql");
    QFile file(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/pyread/data/expressions.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject recorded = QJsonDocument::fromJson(file.readAll()).object();
    QString start = u"import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a1'\n"
                    "down_revision = None\n"_s;
    for (const QJsonValue line : recorded.value("setup"_L1).toArray())
        start += line.toString() + u'\n';
    for (const QJsonValue value : recorded.value("expressions"_L1).toArray()) {
        const QJsonObject row = value.toObject();
        const QString code = row.value("code"_L1).toString();
        for (const Backend backend : {Backend::Sqlite, Backend::PostgreSql, Backend::MySql}) {
            const QString name = backendName(backend);
            QTest::addRow("%s %s", qPrintable(name), qPrintable(code))
                << start + u"def upgrade():\n    op.execute(%1)\n"_s.arg(code) << backend
                << (row.value(name).isNull() ? QString() : row.value(name).toString());
        }
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
