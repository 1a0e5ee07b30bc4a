#pragma once

#include <QString>

namespace tribikos {

/// \a text with control characters (C0, C1, DEL) and bidi overrides shown as escapes such as \x1b:
/// for terminals, logs and comments, whose reader must not be steered by a project's text.
/// Newlines and tabs are kept when \a keepLines is true, escaped otherwise.
QString visibleText(const QString &text, bool keepLines = true);

/// \a url with the password replaced by *** (SQLAlchemy's way), wherever one is to be shown.
QString redactedUrl(const QString &url);

/// Masks the password of every URL inside \a text, and those that SQL sets (PASSWORD '…', IDENTIFIED BY '…', OPTIONS
/// (password '…'), CONNECTION 'password=…'). Every sink (log, stderr, dialog) goes through it; a script that was asked for
/// does not, for it must be whole.
QString redactedText(const QString &text);

/// A word of the command line.
struct MistypedUrl
{
    QString text{};
};

/// Masks in \a text the password that stands in \a typed, something that was meant as a URL and isn't one:
/// "postgresql:/ann:secret@host/shop". The text may hold a part of it only.
QString redactedText(const QString &text, const MistypedUrl &typed);

/// Masks in what a server said about \a statement the passwords that stand in that, too: servers quote what they complain
/// of.
QString redactedText(const QString &text, const QString &statement);

} // namespace tribikos
