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

/// One section: the statements between its line and the next section's.
struct SqlSection
{
    bool isUpgrade = true;
    std::optional<Backend> backend{}; // nullopt: the plain section
    int line = 0;                     // of its head
    QString body{};                   // what stands between that line and the next section
    friend bool operator==(const SqlSection &, const SqlSection &) = default;
};

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
    QList<SqlSection> sections{};

    /// The operations for \a backend, one Execute per statement with its place in the file: of its
    /// own section, else of the plain one, else none. MySQL's section serves MariaDB when that has
    /// none of its own. "transaction: none" puts AutocommitBegin and AutocommitEnd around them.
    /// Error: Syntax, a quote or a trigger's body is left open.
    Result<Operations> operations(bool isUpgrade, Backend backend) const;
    bool hasSection(bool isUpgrade) const;
    friend bool operator==(const SqlScript &, const SqlScript &) = default;
};

/*!
    Reads a script's \a bytes (UTF-8); \a file goes into messages only. Errors: Unreadable (not
    UTF-8, a NUL, above 4 MiB), ProjectRefused (no revision line, a key or section twice, an unknown
    dialect or value, statements outside of a section); the line is set. Thread-safe.
*/
Result<SqlScript> readSqlScript(const QByteArray &bytes, const QString &file);

} // namespace tribikos
