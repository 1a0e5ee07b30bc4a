#include "app/cli/cli.h"

#include "app/cli/commands.h"
#include "core/base/text.h"

#include <QHash>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

using Command = int (*)(CommandContext &);

const QHash<QString, Command> &commands()
{
    static const QHash<QString, Command> all{{u"branches"_s, branches},
                                             {u"check"_s, check},
                                             {u"completion"_s, completion},
                                             {u"current"_s, current},
                                             {u"diff"_s, diff},
                                             {u"downgrade"_s, downgrade},
                                             {u"edit"_s, edit},
                                             {u"ensure_version"_s, ensureVersion},
                                             {u"undo"_s, undo},
                                             {u"heads"_s, heads},
                                             {u"history"_s, history},
                                             {u"init"_s, init},
                                             {u"list_templates"_s, listTemplates},
                                             {u"merge"_s, merge},
                                             {u"rescue"_s, rescue},
                                             {u"restore"_s, restore},
                                             {u"revision"_s, revision},
                                             {u"runs"_s, runs},
                                             {u"show"_s, show},
                                             {u"snapshot"_s, snapshot},
                                             {u"stamp"_s, stamp},
                                             {u"upgrade"_s, upgrade}};
    return all;
}

/// \a message repeats words as they were typed, and one of them may be a URL that stands at the wrong place.
QString withoutPasswords(const QStringList &arguments, const QString &message)
{
    QString safe = message;
    for (const QString &word : arguments)
        safe = redactedText(safe, MistypedUrl{word});
    return redactedText(safe);
}

int misuse(const QStringList &arguments, const QString &typed, QTextStream &out, QTextStream &err)
{
    const QString message = withoutPasswords(arguments, typed);
    if (arguments.contains(u"--json"_s)) {
        const QJsonObject answer{{u"error"_s, message}, {u"exit"_s, int(Misused)}};
        out << QString::fromUtf8(QJsonDocument(answer).toJson(QJsonDocument::Compact)) << u'\n';
    }
    err << usageText() << u"tribikos-cli: error: "_s << message << u'\n';
    return Misused;
}

} // namespace

int run(const QStringList &arguments, QTextStream &out, QTextStream &err,
        const QString &workingFolder, const std::stop_token &stop, Leftovers *leftovers)
{
    const auto parsed = parseArguments(arguments);
    if (!parsed)
        return misuse(arguments, parsed.error().message, out, err);
    if (parsed->wantsHelp) {
        out << usageText(parsed->verb);
        return Done;
    }
    if (parsed->wantsVersion) {
        out << u"tribikos-cli "_s << QStringLiteral(TRIBIKOS_VERSION) << u'\n';
        return Done;
    }
    CommandContext context(*parsed, out, err, workingFolder, stop, leftovers);
    if (findVerb(parsed->verb)->needsProject) {
        if (const auto refused = context.open())
            return *refused;
    }
    return commands().value(parsed->verb)(context);
}

} // namespace tribikos::cli
