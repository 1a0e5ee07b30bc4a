#pragma once

#include "core/pyread/scriptreader.h"

/// Scripts of the tests, and what comes of them.
namespace tribikos {

using namespace Qt::StringLiterals;

/// A whole script around the body of upgrade().
inline QByteArray scriptOf(const QString &body)
{
    QString text = u"from alembic import op\nimport sqlalchemy as sa\n"
                   "from sqlalchemy.dialects import postgresql, mysql\n"
                   "revision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n"_s;
    for (const QString &line : body.split(u'\n'))
        text += u"    "_s + line + u'\n';
    return (text + u"\n\ndef downgrade():\n    pass\n"_s).toUtf8();
}
inline constexpr int bodyLine = 9; // the first line of the body

/// What upgrade() with \a body as its body gives.
inline EvalResult evaluate(const QString &body, EvalRequest request = {})
{
    const auto script = Script::load(scriptOf(body), u"/versions/a1.py"_s);
    if (!script)
        return {.status = EvalResult::Status::Error, .reason = script.error().message};
    return (*script)->evaluate(request);
}

inline QStringList summaries(const EvalResult &result)
{
    QStringList lines;
    for (const Operation &operation : result.operations)
        lines.append(operationSummary(operation));
    return lines;
}

} // namespace tribikos
