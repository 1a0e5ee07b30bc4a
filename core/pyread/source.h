#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <memory>

namespace tribikos::py {

namespace ast {
struct Module;
}

/// A Python file, parsed. Immutable: evaluate it as often as needed, on any thread.
struct Source
{
    QString file{};
    std::shared_ptr<const ast::Module> tree{};
};

/// Files above this are refused unread (reliability.md §2).
inline constexpr qsizetype maxSourceBytes = 4 << 20;

/// Parses the bytes of a file (UTF-8, or what its coding line says). The Error has code Syntax or
/// Unreadable, with the line; \a file is only for messages.
Result<std::shared_ptr<const Source>> parse(const QByteArray &bytes, const QString &file);

/// Parses Python that was made from another text, such as a template: line i of \a text came from line
/// lineOf[i - 1] of \a file, which is what errors and locations name.
Result<std::shared_ptr<const Source>> parseMade(const QString &text, const QList<int> &lineOf,
                                                const QString &file);

} // namespace tribikos::py
