#include "core/project/includehooks.h"

#include "core/pyread/envpyhooks.h"

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// Alembic's word for what a change is about; empty: it asks nobody.
QString hookType(const ModelChange &change)
{
    using What = ModelChange::Kind;
    const auto *added = std::get_if<AddConstraint>(&change.upgrade.kind);
    if (!added)
        added = std::get_if<AddConstraint>(&change.downgrade.kind);
    switch (change.kind) {
    case What::AddColumn:
    case What::RemoveColumn:
    case What::ModifyColumn: return u"column"_s;
    case What::AddIndex:
    case What::RemoveIndex: return u"index"_s;
    case What::AddConstraint:
    case What::RemoveConstraint:
        return added && std::holds_alternative<UniqueConstraint>(added->constraint)
                   ? u"unique_constraint"_s
                   : QString();
    case What::AddForeignKey:
    case What::RemoveForeignKey: return u"foreign_key_constraint"_s;
    default: return {};
    }
}

bool isRemoval(const ModelChange &change)
{
    using What = ModelChange::Kind;
    return change.kind == What::RemoveColumn || change.kind == What::RemoveIndex
           || change.kind == What::RemoveConstraint || change.kind == What::RemoveForeignKey;
}

IncludeQuestion ofTable(const TableName &name, const Schema &models, const Schema &database)
{
    const Table *modelled = models.table(name);
    const bool isInDatabase = database.table(name);
    return {.type = u"table"_s,
            .name = name.name,
            .schema = name.schema,
            .info = modelled ? modelled->info : QString(),
            .isReflected = !modelled,
            .hasOther = modelled && isInDatabase};
}

QString cannotAsk(const EnvHooks &hooks, const QString &hook, const Error &why)
{
    return u"%1:%2 gives %3, which can't be known without running it, so what it would leave out is not left out: %4"_s
        .arg(hooks.file, QString::number(hooks.line), hook, why.message);
}

} // namespace

Schema asIncludeNameSees(const Schema &database, const ProjectData &project, QStringList *notes,
                         const std::stop_token &stop)
{
    const EnvHooks &hooks = project.hooks;
    if (hooks.includeName.isEmpty())
        return database;
    const QList<TableName> names = database.tables.keys();
    QStringList texts;
    for (const TableName &name : names)
        texts.append(name.text());
    const auto answers =
        askIncludeName(hooks.file, hooks.includeName, texts, project.searchPath, stop);
    if (!answers) {
        notes->append(cannotAsk(hooks, u"include_name"_s, answers.error()));
        return database;
    }
    Schema seen = database;
    for (qsizetype i = 0; i < names.size(); ++i)
        if (!(*answers)[i])
            seen.tables.remove(names[i]);
    return seen;
}

ModelChanges asIncludeObjectWants(const ModelChanges &changes, const Schema &models,
                                  const Schema &database, const ProjectData &project,
                                  QStringList *notes, const std::stop_token &stop)
{
    const EnvHooks &hooks = project.hooks;
    if (hooks.includeObject.isEmpty() || changes.isEmpty())
        return changes;
    QList<IncludeQuestion> questions;
    QList<std::pair<qsizetype, qsizetype>> ofChange; // its table's question, and its own or -1
    for (const TableChanges &table : changes.tables)
        for (const ModelChange &change : table.changes) {
            const IncludeQuestion owner = ofTable(change.table, models, database);
            questions.append(owner);
            ofChange.append({questions.size() - 1, -1});
            const QString type = hookType(change);
            if (type.isEmpty())
                continue;
            questions.append({.type = type,
                              .name = change.name,
                              .schema = change.table.schema,
                              .table = change.table.name,
                              .info = owner.info,
                              .isReflected = isRemoval(change),
                              .hasOther = change.kind == ModelChange::Kind::ModifyColumn});
            ofChange.last().second = questions.size() - 1;
        }
    const auto answers =
        askIncludeObject(hooks.file, hooks.includeObject, questions, project.searchPath, stop);
    if (!answers) {
        notes->append(cannotAsk(hooks, u"include_object"_s, answers.error()));
        return changes;
    }
    qsizetype at = 0;
    int left = 0;
    const ModelChanges wanted = changes.only([&](const ModelChange &) {
        const auto [table, own] = ofChange[at++];
        const bool isWanted = (*answers)[table] && (own < 0 || (*answers)[own]);
        left += isWanted ? 0 : 1;
        return isWanted;
    });
    if (left > 0)
        notes->append(
            u"include_object in %1 leaves %2 of the changes out."_s.arg(hooks.file).arg(left));
    return wanted;
}

} // namespace tribikos
