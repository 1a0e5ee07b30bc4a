#pragma once

#include "app/cli/verbtable.h"
#include "core/base/backend.h"
#include "core/base/result.h"

#include <QHash>
#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos::cli {

/// A command line taken apart.
struct Invocation
{
    QStringList configFiles{}; // -c, in order
    QString section{};         // -n
    QStringList xArguments{};  // -x
    QString url{};
    QString environment{};
    QString passwordVariable{}; // names the environment variable that holds the password
    bool readsPassword = false; // from standard input
    QStringList versionFolders{};
    std::optional<Backend> dialect{};
    QString diagnosticsFile{}; // "-": standard output
    bool raisesErrors = false;
    bool isQuiet = false;
    bool isJson = false;
    bool wantsVersion = false;
    bool wantsHelp = false;

    QString verb{};
    QStringList positionals{};
    QHash<QString, QString> values{};
    QHash<QString, QStringList> lists{}; // of options that may be given several times
    QStringList flags{};

    bool has(const QString &flag) const { return flags.contains(flag); }
};

/// Alembic's grammar: global options, a verb, its own options. A long option may be shortened as long as
/// it stays the only one. Tribikos' own global options (--json,
/// --url, --versions, --dialect, --diagnostics, --env) may stand after the verb as well. A word such
/// as -1 is a value, not an option; what begins with "-" else must be glued: -r=-2:. Errors: Usage.
Result<Invocation> parseArguments(const QStringList &arguments);

QString usageText(const QString &verb = {});

} // namespace tribikos::cli
