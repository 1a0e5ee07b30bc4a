#include "core/project/project.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// Two files with one id: the later one counts, as in Alembic, and no other revision is mistaken for it.
class tst_Duplicates final : public QObject
{
    Q_OBJECT
private slots:
    void runsEachRevisionsOwnScript_data();
    void runsEachRevisionsOwnScript();
};

namespace {

void write(const QString &path, int number, const QString &mark)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QString text = u"-- revision: r%1\n"_s.arg(number);
    if (number > 1)
        text += u"-- revises: r%1\n"_s.arg(number - 1);
    text +=
        u"-- message: %2\n\n-- upgrade\nCREATE TABLE t%1 (%2 INTEGER);\n\n-- downgrade\nDROP TABLE t%1;\n"_s
            .arg(QString::number(number), mark);
    file.write(text.toUtf8());
}

} // namespace

void tst_Duplicates::runsEachRevisionsOwnScript_data()
{
    QTest::addColumn<int>("twice");
    for (const int twice : {1, 2, 3, 4, 5})
        QTest::addRow("r%d", twice) << twice;
}

void tst_Duplicates::runsEachRevisionsOwnScript()
{
    QFETCH(int, twice);
    constexpr int count = 5;
    const QTemporaryDir folder;
    for (int number = 1; number <= count; ++number)
        write(folder.filePath(u"r%1.sql"_s.arg(number)), number, u"first"_s);
    write(folder.filePath(u"r%1_copy.sql"_s.arg(twice)), twice, u"second"_s);
    const auto project =
        Project::open({.versionFolders = {folder.path()}, .workingFolder = folder.path()});
    QVERIFY2(project, qPrintable(project ? QString() : project.error().message));
    const auto plan = (*project)->planUpgrade(Backend::Sqlite, {}, u"r5"_s);
    QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().message));
    QCOMPARE(plan->steps.size(), count);
    for (const PlanStep &step : plan->steps) {
        const QString table = u"t"_s + step.revision.mid(1);
        QVERIFY2(step.statements.constFirst().sql.contains(u"CREATE TABLE %1 ("_s.arg(table)),
                 qPrintable(step.statements.constFirst().sql));
        const RevisionDetails details = (*project)->details(Backend::Sqlite, step.revision);
        QVERIFY2(details.script.contains(u"revision: "_s + step.revision),
                 qPrintable(details.script));
    }
    const auto back = (*project)->planDowngrade(Backend::Sqlite, {.rows = {u"r5"_s}}, u"base"_s);
    QVERIFY(back);
    for (const PlanStep &step : back->steps)
        QCOMPARE(step.statements.constFirst().sql, u"DROP TABLE t"_s + step.revision.mid(1));
}

int runDuplicates(int argc, char **argv)
{
    tst_Duplicates test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_duplicates.moc"
