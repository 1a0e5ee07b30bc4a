#include "tests/servers/plainplan.h"

using namespace Qt::StringLiterals;

namespace tribikos::lab {

namespace {

constexpr auto kCreateVersions =
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, PRIMARY KEY (version_num))";

} // namespace

Plan planOf(Backend backend, const QList<QStringList> &revisions)
{
    Plan plan{.backend = backend,
              .createVersionTable = QString::fromLatin1(kCreateVersions),
              .offline = false};
    QString below;
    for (const QStringList &statements : revisions) {
        PlanStep step{.revision = u"r%1"_s.arg(plan.steps.size() + 1)};
        for (const QString &sql : statements)
            step.statements.append({.sql = sql});
        const bool isFirst = below.isEmpty();
        step.versionChanges = {
            {.kind = isFirst ? VersionChange::Kind::Insert : VersionChange::Kind::Update,
             .from = below,
             .to = step.revision}};
        step.versionStatements = {
            {.sql =
                 isFirst
                     ? u"INSERT INTO alembic_version VALUES ('%1')"_s.arg(step.revision)
                     : u"UPDATE alembic_version SET version_num = '%1' WHERE version_num = '%2'"_s
                           .arg(step.revision, below),
             .kind = Statement::Kind::VersionTable}};
        below = step.revision;
        plan.steps.append(step);
        plan.endRows = {below};
    }
    return plan;
}

RunOptions quietly()
{
    RunOptions options;
    options.log = false;
    return options;
}

} // namespace tribikos::lab
