#pragma once

#include "core/dialects/dialect.h"

#include <QHash>

namespace tribikos {

/// One operation while it is being spelled: the run's choices and the first thing that could not be
/// said. Spelling goes on after a failure with empty text; whoever started looks at \c error once,
/// at the end.
struct Rendering
{
    const RenderContext &context;
    bool literalBinds = true;   // DDL has literals always
    bool bindsRequired = false; // a :name without value is an error (online), not NULL
    std::optional<Error> error{};
    QStringList remarks{}; // sentences about what is written as Alembic writes it, but won't do

    void remark(const QString &message)
    {
        if (!remarks.contains(message))
            remarks += message;
    }
    QString fail(const QString &message, ErrorCode code = ErrorCode::Unsupported)
    {
        if (!error)
            error = Error{.code = code, .message = message};
        return {};
    }
    /// Appends \a sql unless something before or in it could not be said: half a statement is never
    /// shown.
    void say(QStringList &statements, const QString &sql) const
    {
        if (!error)
            statements += sql;
    }
};

/// Stands for the % of a bind marker until the statement is finished, for that one is never
/// doubled. A Unicode noncharacter: no SQL text contains it.
inline constexpr QChar bindPercent{0xfdd0};

} // namespace tribikos
