#pragma once

#include <QString>
#include <QStringList>

namespace tribikos {

/// One step of history, as its file declares it. What it does (its operations) is known elsewhere.
/// Ids are compared as they stand: case counts, and nothing is trimmed.
struct Revision
{
    QString id{};
    QStringList downRevisions{}; // in the file's order; empty: a base, several: a merge
    QStringList labels{};        // declared in this file only
    QStringList dependsOn{};     // as written: full ids or branch labels
    QString message{};           // longDoc up to its first empty line; may hold single newlines
    QString longDoc{};           // stripped at both ends
    QString createDate{};        // as written, not interpreted
    QString file{};              // absolute path
    int line = 0;                // of the id's declaration, 1-based; 0 is "unknown"
    bool isSql = false;          // a plain SQL script
    friend bool operator==(const Revision &, const Revision &) = default;
};

} // namespace tribikos
