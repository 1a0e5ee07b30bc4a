#include "core/diff/verdict.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// What a revision has to say where the models and the migrations do not agree.
Verdict wanted(const Agreement &a)
{
    return a.inModels ? Verdict::NeedsRevision : Verdict::NeedsRemoval;
}

QString byHand(const Agreement &a, const QString &revision)
{
    if (a.inDatabase && !a.inMigrations)
        return u"made by hand: no revision has it"_s;
    const QString maker =
        revision.isEmpty() ? u"the migrations have it"_s : u"revision %1 has it"_s.arg(revision);
    if (!a.inDatabase)
        return u"missing from the database, though %1"_s.arg(maker);
    return u"changed by hand: %1 otherwise"_s.arg(maker);
}

QString pending(const Agreement &a, const QString &revision)
{
    if (revision.isEmpty())
        return a.inMigrations ? u"the migrations have it, the database does not yet"_s
                              : u"the migrations removed it, the database still has it"_s;
    if (a.inMigrations)
        return u"revision %1 is not applied here"_s.arg(revision);
    return u"revision %1 removes it and is not applied here"_s.arg(revision);
}

} // namespace

std::optional<Verdict> verdictOf(const Agreement &a)
{
    if (!a.hasMigrations) { // models and database alone
        if (a.modelsDatabase)
            return std::nullopt;
        return a.inModels ? Verdict::NeedsRevision : Verdict::Drift;
    }
    if (a.migrationsDatabase) { // also: there is no database
        if (a.modelsMigrations)
            return std::nullopt;
        return wanted(a);
    }
    if (a.modelsMigrations) // also: there are no models
        return a.databasePosition ? Verdict::Pending : Verdict::Drift;
    if (a.databasePosition) // the database is only behind; the models are further on than head
        return wanted(a);
    return a.modelsDatabase ? Verdict::AdoptableDrift : Verdict::Conflict;
}

QString explanationOf(Verdict verdict, const Agreement &a, const QString &revision)
{
    switch (verdict) {
    case Verdict::Pending: return pending(a, revision);
    case Verdict::Drift: return byHand(a, revision);
    case Verdict::NeedsRevision:
    case Verdict::NeedsRemoval: break;
    case Verdict::AdoptableDrift:
        return byHand(a, revision) + u"; the models agree: adopt it by a revision, and stamp"_s;
    case Verdict::Conflict: return u"models, migrations and database all differ"_s;
    }
    QString text = u"the model changed"_s;
    if (!a.inModels)
        text = u"the models no longer have it"_s;
    else if (!a.inMigrations)
        text = u"new in the models"_s;
    if (a.hasDatabase && !a.migrationsDatabase)
        text += u"; the database is also behind"_s;
    return text;
}

QString verdictText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pending: return u"pending"_s;
    case Verdict::NeedsRevision: return u"needs a revision"_s;
    case Verdict::NeedsRemoval: return u"needs a removal"_s;
    case Verdict::Drift: return u"drift"_s;
    case Verdict::AdoptableDrift: return u"adoptable drift"_s;
    case Verdict::Conflict: return u"conflict"_s;
    }
    return {};
}

} // namespace tribikos
