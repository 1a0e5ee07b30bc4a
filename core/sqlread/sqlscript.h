#pragma once

#include "core/base/backend.h"
#include "core/base/result.h"
#include "core/ops/operation.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

/*!
    A revision written as plain SQL, with its facts in comments:

        -- revision: 3f2a9c1d7e40
        -- revises: 10c4a8f7be55            several: a merge; none: a base
        -- message: add refunds
        -- label: reports                   also: depends-on, created, transaction: none

        -- upgrade
        CREATE TABLE refunds (...);
        -- upgrade: postgresql              only there, in place of the plain section
        -- downgrade
        DROP TABLE refunds;

    Keys and section names are read without case; several values are parted by commas or blanks. The
    header ends where the first section or statement begins; any other comment is a comment.
*/
namespace tribikos {

inline constexpr qint64 largestSqlScriptBytes = 256LL << 20;
/// What is read of a large script for its header, which must end in there.
inline constexpr qint64 largestSqlHeaderBytes = 64 << 10;

struct SqlScript
{
    QString revision{};
    QStringList downRevisions{}; // empty: a base
    QStringList labels{};
    QStringList dependsOn{};
    QString message{};
    QString created{};          // as written
    bool hasTransaction = true; // false: "transaction: none"
    int revisionLine = 0;
    QString file{};
    QByteArray text{};         // the whole script, UTF-8
    qsizetype headerEnd = 0;   // where the first section's line begins
    int headerLines = 0;

    /// The operations for \a backend, one Execute per statement with its place in the file: of its
    /// own section, else of the plain one, else none. MySQL's section serves MariaDB when that has
    /// none of its own. In a section above 1 MiB, statements on data that stand together are one
    /// ExecuteMany. "transaction: none" puts AutocommitBegin and AutocommitEnd around them.
    /// A section's line inside of a string or comment is none; the dialect decides what is one.
    /// Errors, with their line: Syntax, a quote, comment or trigger's body is left open;
    /// ProjectRefused, a section twice or of an unknown dialect, a command of psql or another
    /// client, more than can be held, no downgrade section where one is asked for.
    Result<Operations> operations(bool isUpgrade, Backend backend) const;
    /// Why operations() is empty although the script has sections of that direction: they are for other
    /// databases. Empty: it isn't so.
    QString missingSection(bool isUpgrade, Backend backend) const;
    friend bool operator==(const SqlScript &, const SqlScript &) = default;
};

/*!
    Reads a script's \a bytes (UTF-8); \a file goes into messages only. Errors: Unreadable (not
    UTF-8, a NUL, above 256 MiB), ProjectRefused (no revision line, a key twice, an unknown value,
    statements outside of a section); the line is set. Thread-safe.
*/
Result<SqlScript> readSqlScript(const QByteArray &bytes, const QString &file);

/// The same for the first bytes of a script of which the rest is not read: the header alone.
/// ProjectRefused too when no section begins in them.
Result<SqlScript> readSqlHeader(QByteArray bytes, const QString &file);

} // namespace tribikos
