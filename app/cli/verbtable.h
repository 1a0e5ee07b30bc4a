#pragma once

#include <QChar>
#include <QList>
#include <QString>

/*!
    The command line as a table: the parser, --help, the shells' completions and the man page are made
    from it, so that they agree.
*/
namespace tribikos::cli {

/// What an argument names: the completions offer it.
enum class ArgumentKind { Text, Revision, File, Folder, Dialect, Template, Shell };

struct OptionSpec
{
    QString name{};   // long, without dashes
    QChar letter{};   // short; null: none
    QString value{};  // "REV", as help shows it; empty: the option takes none
    QString help{};   // one clause, small letter, no full stop
    ArgumentKind kind = ArgumentKind::Text;
    bool isRepeatable = false;
    bool isOurs = false; // of a global option: Alembic has none of that name, so it may follow the verb
};

struct VerbSpec
{
    QString name{};
    QString positionals{}; // "", "REV", "REV..."
    ArgumentKind kind = ArgumentKind::Text; // of the positionals
    QList<OptionSpec> options{};
    QString help{};
    bool needsProject = true;

    const OptionSpec *option(const QString &longName) const;
    const OptionSpec *option(QChar letter) const;
};

const QList<VerbSpec> &verbs();
const VerbSpec *findVerb(const QString &name);
const QList<OptionSpec> &globalOptions();
const OptionSpec *findOption(const QList<OptionSpec> &options, const QString &longName);
const OptionSpec *findOption(const QList<OptionSpec> &options, QChar letter);

struct ExitMeaning
{
    int code = 0;
    QString meaning{};
};
const QList<ExitMeaning> &exitMeanings();

} // namespace tribikos::cli
