#pragma once

#include "core/base/result.h"
#include "core/pyread/token.h"

namespace tribikos::py {

/// A Python file's text with the line ends that it has, and how to write it back.
struct SourceText
{
    QString text{}; // without the mark
    bool hasMark = false;
    bool isLatin1 = false; // else UTF-8
};
Result<SourceText> decodeExactly(const QByteArray &bytes, const QString &file);

/// The text of a Python file: a BOM and the coding line obeyed, line ends turned into '\n'.
/// Unreadable when it is too long, has NULs or isn't in its encoding.
Result<QString> decodeSource(const QByteArray &bytes, const QString &file);

Error syntaxError(const SyntaxFailure &failure, const QString &file);

} // namespace tribikos::py
