#pragma once

#include "core/project/project.h"

#include <QList>
#include <QMap>
#include <QStringList>

namespace tribikos {

/// What is known of where one environment's database stands.
struct KnownStates
{
    QString environment{};
    bool isKnown = false; // it was read, and every row of it has a file
    QMap<QString, RevisionState> states{}; // by revision id
};

/// What a change of some revisions' files would be at odds with.
struct EditReach
{
    struct Applied
    {
        QString environment{};
        QStringList revisions{};
        friend bool operator==(const Applied &, const Applied &) = default;
    };
    QList<Applied> applied{};
    QStringList unknown{}; // environments that may have them: nobody knows where they stand
    friend bool operator==(const EditReach &, const EditReach &) = default;
};

/// Which environments have which of \a revisions.
EditReach editReach(const QStringList &revisions, const QList<KnownStates> &environments);

} // namespace tribikos
