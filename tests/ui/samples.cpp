#include "samples.h"

namespace tribikos::samples {

using namespace Qt::StringLiterals;

HistoryData history(const QString &edges)
{
    QList<Revision> revisions;
    for (const QString &line : edges.split(u'\n', Qt::SkipEmptyParts)) {
        Revision revision;
        revision.id = line.section(u':', 0, 0).trimmed();
        revision.downRevisions = line.section(u':', 1).split(u' ', Qt::SkipEmptyParts);
        revision.message = u"message of "_s + revision.id;
        revision.longDoc = revision.message;
        revision.createDate = u"2024-12-20 10:59:00.000001"_s;
        revisions << revision;
    }
    HistoryData data;
    data.graph = RevisionGraph::build(revisions);
    data.rows = layoutHistory(data.graph, data.graph.historyOrder());
    return data;
}

HistoryData branchedHistory()
{
    return history(u"a:\nb: a\nc: b\nd: a\ne: c d"_s);
}

Plan plan(int steps)
{
    Plan plan;
    for (int i = 1; i <= steps; ++i) {
        PlanStep step;
        step.revision = u"r%1"_s.arg(i);
        step.from = i > 1 ? QStringList{u"r%1"_s.arg(i - 1)} : QStringList{};
        step.to = {step.revision};
        step.message = u"step %1"_s.arg(i);
        step.statements = {Statement{.sql = u"CREATE TABLE t%1 (id INTEGER)"_s.arg(i)},
                           Statement{.sql = u"CREATE INDEX i%1 ON t%1 (id)"_s.arg(i)}};
        step.versionStatements = {
            Statement{.sql = u"UPDATE alembic_version SET version_num='r%1'"_s.arg(i),
                      .kind = Statement::Kind::VersionTable}};
        plan.steps << step;
        plan.endRows = {step.revision};
    }
    return plan;
}

Difference difference(Difference::Kind kind, const QString &table, const QString &name,
                      Verdict verdict)
{
    Difference difference;
    difference.kind = kind;
    difference.table = {{}, table};
    difference.name = name;
    difference.inModels = verdict != Verdict::Drift;
    difference.inMigrations = verdict == Verdict::Pending;
    difference.inDatabase = verdict == Verdict::Drift;
    difference.models = difference.inModels ? u"INTEGER"_s : QString();
    difference.migrations = difference.inMigrations ? u"INTEGER"_s : QString();
    difference.database = difference.inDatabase ? u"INTEGER"_s : QString();
    difference.verdict = verdict;
    difference.explanation = u"because of <b>this</b>"_s;
    return difference;
}

} // namespace tribikos::samples
