#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/// What a revision's file is to say anew; nullopt: what it says now.
struct HeaderChange
{
    std::optional<QStringList> downRevisions{};
    std::optional<QStringList> labels{};
    std::optional<QStringList> dependsOn{};
    std::optional<QString> message{};
};

/*!
    The text of the script \a bytes with \a change in it and everything else as it was: the values alone
    are replaced, between the assignment's own annotation and comment, and in the docstring the message and the
    line "Revises:". Line ends, mark, encoding and quotes stay what they are.
    Errors (with file and line): what can't be read as a revision, values that are computed rather
    than written, comments that would be lost, a message that can't stand there.
*/
Result<QByteArray> changedPythonHeader(const QByteArray &bytes, const QString &file, const HeaderChange &change);
/// The same for a plain SQL script, whose facts are "-- key: value" lines.
Result<QByteArray> changedSqlHeader(const QByteArray &bytes, const QString &file, const HeaderChange &change);

/// A Python literal: 'it''s' in Python's repr() spelling, or in double quotes.
QString pythonString(const QString &text, QChar quote = u'\'');

} // namespace tribikos
