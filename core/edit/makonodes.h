#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>

namespace tribikos::mako {

/// A piece of a template, in order. Nested only by its control lines, which close one another.
struct Node
{
    enum class Kind {
        Text,
        Expression, // ${text | filters}
        Control,    // % if …:
        ControlEnd, // % endif
        Code,       // <% text %>
        ModuleCode  // <%! text %>
    };
    Kind kind = Kind::Text;
    QString text{};
    QString filters{};
    QString keyword{}; // of a control line: "if", "else", "for" …
    int line = 1;      // 1-based, where text begins
};

/// Mako's grammar as far as templates of revision scripts use it: text, ${}, % lines, ## and <%doc>
/// comments, <% %> and <%! %>, <%text>, a backslash at a line's end. Tags that reach for other
/// templates (<%def>, <%include>, <%inherit> …) are refused. Errors: Syntax, Unsupported, with the line.
Result<QList<Node>> readNodes(const QString &text, const QString &file);

/// "file:line what": every error of a template.
Error templateError(ErrorCode code, const QString &file, int line, const QString &what);

} // namespace tribikos::mako
