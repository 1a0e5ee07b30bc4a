#include "core/project/editreach.h"

namespace tribikos {

EditReach editReach(const QStringList &revisions, const QList<KnownStates> &environments)
{
    EditReach reach;
    for (const KnownStates &one : environments) {
        QStringList applied;
        for (const QString &id : revisions) {
            const RevisionState state = one.states.value(id);
            if (state == RevisionState::Applied || state == RevisionState::Current)
                applied.append(id);
        }
        if (!applied.isEmpty())
            reach.applied.append({one.environment, applied});
        else if (!one.isKnown)
            reach.unknown.append(one.environment);
    }
    return reach;
}

} // namespace tribikos
