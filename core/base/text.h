#pragma once

#include <QString>

namespace tribikos {

/// \a text with control characters (C0, C1, DEL) and bidi overrides shown as escapes such as \x1b:
/// for terminals, logs and comments, whose reader must not be steered by a project's text.
/// Newlines and tabs are kept when \a keepLines is true, escaped otherwise.
QString visibleText(const QString &text, bool keepLines = true);

/// \a url with the password replaced by *** (SQLAlchemy's way), wherever one is to be shown.
QString redactedUrl(const QString &url);

/// Masks the password of every URL inside \a text. Every sink (log, stderr, dialog) goes through it.
QString redactedText(const QString &text);

} // namespace tribikos
