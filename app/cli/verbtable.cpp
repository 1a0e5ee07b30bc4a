#include "app/cli/verbtable.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

OptionSpec flag(const QString &name, const QString &help, QChar letter = {})
{
    return {.name = name, .letter = letter, .help = help};
}

OptionSpec valued(const QString &name, const QString &value, const QString &help,
                  ArgumentKind kind = ArgumentKind::Text, QChar letter = {})
{
    return {.name = name, .letter = letter, .value = value, .help = help, .kind = kind};
}

OptionSpec repeatable(OptionSpec option)
{
    option.isRepeatable = true;
    return option;
}

OptionSpec ours(OptionSpec option)
{
    option.isOurs = true;
    return option;
}

OptionSpec verbose()
{
    return flag(u"verbose"_s, u"say everything that is known of a revision"_s, u'v');
}

OptionSpec sql(const QString &help)
{
    return flag(u"sql"_s, help);
}

OptionSpec confirm()
{
    return valued(u"confirm"_s, u"NAME"_s,
                  u"the protected environment's name, for what can lose data"_s);
}

OptionSpec lockWait()
{
    return valued(u"lock-wait"_s, u"SECONDS"_s,
                  u"how long to wait for others' locks in all; 60 otherwise"_s);
}

OptionSpec pooler()
{
    return valued(u"pooler"_s, u"session"_s, u"the pooler or proxy between keeps sessions apart"_s);
}

/// The options of whatever runs on a database.
QList<OptionSpec> runOptions(const QList<OptionSpec> &more = {})
{
    return QList<OptionSpec>{
               sql(u"print the SQL instead of running it"_s),
               flag(u"no-backup"_s, u"copy no SQLite file before it is changed"_s),
               valued(u"tag"_s, u"TAG"_s, u"taken for Alembic's sake; env.py scripts read it"_s),
               confirm(),
               lockWait(),
               flag(u"no-journal"_s,
                    u"MySQL: keep no journal, from which a broken run could go on"_s),
               valued(
                   u"interrupted"_s, u"done|again"_s,
                   u"what to do about the statement of a broken run whose effect can't be told"_s),
               pooler()}
           + more;
}

OptionSpec dryRun()
{
    return ours(
        flag(u"dry-run"_s, u"try it, show times, locks and what would change, and take it back"_s));
}

OptionSpec plan()
{
    return ours(
        flag(u"plan"_s,
             u"show what would run, where BEGIN and COMMIT fall and what can't be taken back"_s));
}

OptionSpec message()
{
    return valued(u"message"_s, u"TEXT"_s, u"the new revision's message"_s, {}, u'm');
}

OptionSpec splice()
{
    return flag(u"splice"_s, u"build on revisions that are not heads, too"_s);
}

OptionSpec branchLabel()
{
    return valued(u"branch-label"_s, u"LABEL"_s, u"a branch label for the new revision"_s);
}

OptionSpec revisionId()
{
    return valued(u"rev-id"_s, u"ID"_s, u"the new revision's id, instead of a random one"_s);
}

QList<VerbSpec> readingVerbs()
{
    return {
        {.name = u"branches"_s, .options = {verbose()}, .help = u"show the branch points"_s},
        {.name = u"check"_s, .help = u"do the models and the database agree?"_s},
        {.name = u"current"_s,
         .options = {verbose(),
                     flag(u"check-heads"_s, u"fail unless the database is at every head"_s, u'c')},
         .help = u"where the database stands"_s},
        {.name = u"diff"_s,
         .positionals = u"[FROM TO]"_s,
         .options = {sql(u"print the statements that make TO of FROM"_s),
                     flag(u"markdown"_s, u"answer as a Markdown table"_s),
                     repeatable(valued(u"rename"_s, u"OLD=NEW"_s,
                                       u"with FROM TO: users.name=users.full_name, or "
                                       "users=people, is but another name"_s))},
         .help = u"compare models, migrations and database; or any two of models, a revision, an "
                 "environment, a URL, a SQLite file, a .sql script and a snapshot"_s},
        {.name = u"heads"_s,
         .options = {verbose(),
                     flag(u"resolve-dependencies"_s,
                          u"leave out heads that another revision depends on"_s),
                     valued(
                         u"with"_s, u"REF"_s,
                         u"what a merge with that git branch would have; 1 unless it is clean"_s)},
         .help = u"show the heads"_s},
        {.name = u"history"_s,
         .options = {verbose(),
                     flag(u"indicate-current"_s, u"mark the revisions that the database is at"_s,
                          u'i'),
                     flag(u"only-ids"_s, u"print the ids alone, one a line"_s),
                     valued(u"rev-range"_s, u"FROM:TO"_s, u"only these; an end may be left out"_s,
                            ArgumentKind::Revision, u'r')},
         .help = u"list the revisions, newest first"_s},
        {.name = u"snapshot"_s,
         .positionals = u"SOURCE"_s,
         .help = u"print the schema of models, a revision, an environment or a file as JSON, to "
                 "compare with later"_s},
        {.name = u"show"_s,
         .positionals = u"REV"_s,
         .kind = ArgumentKind::Revision,
         .help = u"show one revision"_s}};
}

QList<VerbSpec> runningVerbs()
{
    return {{.name = u"downgrade"_s,
             .positionals = u"REV"_s,
             .kind = ArgumentKind::Revision,
             .options = runOptions({dryRun(), plan()}),
             .help = u"undo down to a revision; with --sql FROM:TO"_s},
            {.name = u"ensure_version"_s,
             .options = {sql(u"print the SQL instead of running it"_s)},
             .help = u"create the version table where it is missing"_s},
            {.name = u"stamp"_s,
             .positionals = u"REV..."_s,
             .kind = ArgumentKind::Revision,
             .options = runOptions(
                 {flag(u"purge"_s, u"empty the version table first, whatever it names"_s)}),
             .help = u"write revisions into the version table, run nothing"_s},
            {.name = u"undo"_s,
             .options = {plan(), confirm(), lockWait(), pooler()},
             .help = u"take back what a run that broke off has left of a revision; MySQL, MariaDB, PostgreSQL"_s},
            {.name = u"upgrade"_s,
             .positionals = u"REV"_s,
             .kind = ArgumentKind::Revision,
             .options = runOptions({dryRun(), plan()}),
             .help = u"apply revisions up to one; with --sql FROM:TO"_s}};
}

QList<VerbSpec> writingVerbs()
{
    return {
        {.name = u"edit"_s,
         .positionals = u"REV"_s,
         .kind = ArgumentKind::Revision,
         .help = u"open revision files in your $EDITOR"_s},
        {.name = u"init"_s,
         .positionals = u"FOLDER"_s,
         .kind = ArgumentKind::Folder,
         .options = {valued(u"template"_s, u"NAME"_s,
                            u"the layout, see list_templates; generic otherwise"_s,
                            ArgumentKind::Template, u't'),
                     flag(u"package"_s, u"make the folders Python packages"_s)},
         .help = u"make a new project"_s,
         .needsProject = false},
        {.name = u"list_templates"_s, .help = u"list the layouts of init"_s, .needsProject = false},
        {.name = u"merge"_s,
         .positionals = u"REV..."_s,
         .kind = ArgumentKind::Revision,
         .options = {message(), branchLabel(), revisionId(), splice()},
         .help = u"make a revision that joins several; \"heads\" names all"_s},
        {.name = u"rescue"_s,
         .positionals = u"ID"_s,
         .options = {flag(u"restore"_s, u"write its file back, and those that it needs"_s)},
         .help = u"look for a revision that no file has in git's branches, stashes and reflog"_s},
        {.name = u"revision"_s,
         .options =
             {message(),
              flag(u"autogenerate"_s, u"write what the models have and the database has not"_s),
              repeatable(valued(
                  u"rename"_s, u"OLD=NEW"_s,
                  u"with --autogenerate: users.name=users.full_name, or users=people, is a rename "
                  "and nothing is dropped"_s)),
              flag(u"preview"_s, u"print the new file instead of writing it"_s),
              sql(u"refused: Tribikos doesn't run env.py for a new revision"_s),
              valued(u"head"_s, u"REV"_s, u"what the new revision revises; head otherwise"_s,
                     ArgumentKind::Revision),
              splice(), branchLabel(),
              valued(u"version-path"_s, u"FOLDER"_s,
                     u"which of the version locations it goes into"_s, ArgumentKind::Folder),
              revisionId(),
              repeatable(valued(u"depends-on"_s, u"REV"_s,
                                u"a revision or label that it depends on"_s,
                                ArgumentKind::Revision))},
         .help = u"make a new revision"_s}};
}

} // namespace

const OptionSpec *findOption(const QList<OptionSpec> &options, const QString &longName)
{
    const auto found = std::ranges::find(options, longName, &OptionSpec::name);
    return found == options.cend() ? nullptr : &*found;
}

const OptionSpec *findOption(const QList<OptionSpec> &options, QChar letter)
{
    const auto found = std::ranges::find(options, letter, &OptionSpec::letter);
    return found == options.cend() || letter.isNull() ? nullptr : &*found;
}

const OptionSpec *VerbSpec::option(const QString &longName) const
{
    return findOption(options, longName);
}

const OptionSpec *VerbSpec::option(QChar letter) const
{
    return findOption(options, letter);
}

const QList<VerbSpec> &verbs()
{
    static const QList<VerbSpec> all = [] {
        QList<VerbSpec> list = readingVerbs() + runningVerbs() + writingVerbs();
        list.append(
            {.name = u"restore"_s,
             .positionals = u"COPY [DATABASE]"_s,
             .kind = ArgumentKind::File,
             .help = u"put the copy of a SQLite file that a run has made in its place again"_s,
             .needsProject = false});
        list.append(
            {.name = u"runs"_s,
             .positionals = u"[WORD]..."_s,
             .help = u"the log of past runs: list, show N, diagnostics N; 1 is the newest"_s,
             .needsProject = false});
        list.append({.name = u"completion"_s,
                     .positionals = u"SHELL"_s,
                     .kind = ArgumentKind::Shell,
                     .help = u"print completions for bash, zsh or fish, or the man page (man)"_s,
                     .needsProject = false});
        std::ranges::sort(list, {}, &VerbSpec::name);
        return list;
    }();
    return all;
}

const VerbSpec *findVerb(const QString &name)
{
    const auto found = std::ranges::find(verbs(), name, &VerbSpec::name);
    return found == verbs().cend() ? nullptr : &*found;
}

const QList<OptionSpec> &globalOptions()
{
    static const QList<OptionSpec> all{
        ours(flag(u"help"_s, u"show help, of a command when one is named"_s, u'h')),
        flag(u"version"_s, u"say the version"_s, u'V'),
        repeatable(valued(u"config"_s, u"FILE"_s,
                          u"the configuration file; ALEMBIC_CONFIG names it, too"_s,
                          ArgumentKind::File, u'c')),
        valued(u"name"_s, u"SECTION"_s, u"the section of the ini file; alembic otherwise"_s, {},
               u'n'),
        repeatable(valued(u"x"_s, u"KEY=VALUE"_s, u"an argument for env.py"_s, {}, u'x')),
        flag(u"quiet"_s, u"print nothing but scripts that were asked for"_s, u'q'),
        flag(u"raiseerr"_s, u"say more of an error than its sentence"_s),
        ours(valued(u"env"_s, u"NAME"_s, u"the database of that name in tribikos.toml"_s)),
        ours(valued(u"url"_s, u"URL"_s, u"the database"_s)),
        ours(flag(u"password-stdin"_s,
                  u"read the database's password from the first line of standard input"_s)),
        ours(valued(u"password-env"_s, u"NAME"_s,
                    u"the environment variable that holds the database's password"_s)),
        ours(repeatable(valued(u"versions"_s, u"FOLDER"_s,
                               u"a folder with revisions; needs no configuration"_s,
                               ArgumentKind::Folder))),
        ours(valued(u"dialect"_s, u"NAME"_s,
                    u"sqlite, postgresql, mysql or mariadb, for offline SQL"_s,
                    ArgumentKind::Dialect)),
        ours(flag(u"json"_s, u"answer as JSON"_s)),
        ours(valued(u"diagnostics"_s, u"FILE"_s,
                    u"the project's problems as JSON; - is standard output"_s,
                    ArgumentKind::File))};
    return all;
}

const QList<ExitMeaning> &exitMeanings()
{
    static const QList<ExitMeaning> all{
        {0, u"done, or nothing to do"_s},
        {1, u"differences, not up to date, or a merge that leaves work to do"_s},
        {2, u"usage: the command line makes no sense for this project"_s},
        {3, u"failed: a statement or file failed"_s},
        {4, u"busy: another run held the lock"_s},
        {5, u"no connection, or lost"_s},
        {6, u"project refused: its files can't be used as they are"_s},
        {7, u"needs a connection: an offline script can't be whole"_s}};
    return all;
}

} // namespace tribikos::cli
