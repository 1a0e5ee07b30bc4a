#include "tests/sample/tst_answers.h"

#include "core/project/usecases.h"
#include "tests/sample/samplecopy.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::sampletest;

namespace {

/// As autogenerate names it: "add_column users.language".
QString directive(const Difference &difference)
{
    const QString object = u"%1.%2"_s.arg(difference.table.name, difference.name);
    if (difference.kind == Difference::Kind::Column && difference.aspect == u"type")
        return u"modify_type "_s + object;
    const QString verb = difference.inModels ? u"add"_s : u"remove"_s;
    return u"%1_%2 %3"_s.arg(verb, differenceKindName(difference.kind), object)
           + (difference.aspect.isEmpty() ? QString() : u" "_s + difference.aspect);
}

ProjectPtr openSample(const SampleCopy &sample)
{
    const auto project = Project::open({.path = sample.folder()});
    if (!project)
        qFatal("%s", qPrintable(project.error().message));
    return *project;
}

} // namespace

void TestAnswers::listsAsAlembicDoes_data()
{
    QTest::addColumn<QString>("verb");
    for (const char *verb : {"history", "heads", "branches"})
        QTest::newRow(verb) << QString::fromLatin1(verb);
}

void TestAnswers::listsAsAlembicDoes()
{
    QFETCH(QString, verb);
    const SampleCopy sample;
    const Answer answer = sample.cli({verb});
    QCOMPARE(answer.out, golden(verb + u".txt"_s));
    QCOMPARE(answer.code, 0);
    QVERIFY2(!QFile::exists(sample.database()), "listing made a database");
}

void TestAnswers::writesAlembicsScript_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("file");
    for (const QString &dialect : {u"postgresql"_s, u"mysql"_s}) {
        QTest::addRow("upgrade %s", qPrintable(dialect))
            << QStringList{u"--dialect"_s, dialect, u"upgrade"_s, u"head"_s, u"--sql"_s}
            << u"upgrade-%1.sql"_s.arg(dialect);
        QTest::addRow("downgrade %s", qPrintable(dialect))
            << QStringList{u"--dialect"_s, dialect, u"downgrade"_s, u"e91b42d7f038:base"_s,
                           u"--sql"_s}
            << u"downgrade-%1.sql"_s.arg(dialect);
    }
}

void TestAnswers::writesAlembicsScript()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, file);
    const Answer answer = SampleCopy().cli(arguments);
    QCOMPARE(answer.err.contains(u"ERROR"_s), false);
    QCOMPARE(answer.out.split(u'\n'), golden(file).split(u'\n'));
    QCOMPARE(answer.code, 0);
}

void TestAnswers::findsWhatAlembicFinds()
{
    const SampleCopy sample;
    const auto found = compareProject(*openSample(sample), Backend::Sqlite, nullptr);
    QVERIFY2(found, found ? "" : qPrintable(found.error().message));
    QVERIFY(found->hasModels);
    QCOMPARE(found->notes, QStringList());

    QStringList directives;
    for (const Difference &difference : found->differences) {
        directives.append(directive(difference));
        QCOMPARE(difference.verdict, Verdict::NeedsRevision);
    }
    directives.sort();
    QCOMPARE(directives, golden(u"check.txt"_s).split(u'\n', Qt::SkipEmptyParts));
}

void TestAnswers::knowsWhatEachRevisionBrings()
{
    const SampleCopy sample;
    const ProjectPtr project = openSample(sample);
    for (const HistoryRow &row : project->history()) {
        const QString id = project->graph().revision(row.node).id;
        const RevisionDetails details = project->details(Backend::Sqlite, id);
        for (const Plan &plan : {details.upgrade, details.downgrade}) {
            QCOMPARE(plan.steps.size(), 1);
            QVERIFY2(plan.isWhole(), qPrintable(id + u": "_s + plan.steps.first().reason));
        }
        QVERIFY(details.script.contains(id));
    }
}

void TestAnswers::opensWithoutComplaint()
{
    const SampleCopy sample;
    const ProjectPtr project = openSample(sample);
    QStringList complaints;
    for (const Diagnostic &diagnostic : project->diagnostics())
        if (diagnostic.severity != Severity::Info)
            complaints.append(diagnostic.message);
    QCOMPARE(complaints, QStringList());
    QCOMPARE(project->environments().size(), 1);
    QCOMPARE(project->defaultBackend(), Backend::Sqlite);
    QVERIFY(project->hasModels());
}
