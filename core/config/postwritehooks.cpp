#include "core/config/postwritehooks.h"

#include <QMap>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

const QString hookSection = u"post_write_hooks"_s;
const QString fileToken = u"REVISION_SCRIPT_FILENAME"_s;

using Settings = QMap<QString, QString>;

QString shellWord(const QString &text)
{
    static const QRegularExpression plain(u"^[\\w@%+=:,./-]+$"_s);
    return plain.match(text).hasMatch() ? text
                                        : u'\'' + QString(text).replace(u"'"_s, u"'\\''"_s) + u'\'';
}

std::optional<PostWriteHook> hookOf(const QString &name, const Settings &settings,
                                    const QString &file, Diagnostics *diagnostics)
{
    static const QMap<QString, QString> programKeys{{u"console_scripts"_s, u"entrypoint"_s},
                                                    {u"exec"_s, u"executable"_s},
                                                    {u"module"_s, u"module"_s}};
    const QString type = settings.value(u"type"_s);
    const QString program = settings.value(programKeys.value(type));
    if (program.isEmpty()) {
        const QString why = programKeys.contains(type)
                                ? u"it names no %1"_s.arg(programKeys.value(type))
                            : type.isEmpty() ? u"it has no type"_s
                                             : u"its type '%1' is not known"_s.arg(type);
        diagnostics->append(
            {.severity = Severity::Info,
             .code = u"unusable-hook"_s,
             .message = u"The post_write_hook '%1' can't be shown: %2."_s.arg(name, why),
             .file = file});
        return std::nullopt;
    }
    QString options = settings.value(u"options"_s);
    if (!options.contains(fileToken))
        options = fileToken + (options.isEmpty() ? QString() : u' ' + options);
    const QString command =
        type == u"module" ? u"python -m "_s + shellWord(program) : shellWord(program);
    return PostWriteHook{
        .name = name, .program = command, .options = options, .folder = settings.value(u"cwd"_s)};
}

QString iniValue(const IniFile &ini, const QString &key)
{
    const auto value = ini.value(hookSection, key);
    return value && *value ? **value : QString();
}

} // namespace

QString PostWriteHook::commandFor(const QString &file) const
{
    const QString command = program + u' ' + QString(options).replace(fileToken, shellWord(file));
    return folder.isEmpty() ? command : u"cd %1 && %2"_s.arg(shellWord(folder), command);
}

QList<PostWriteHook> readPostWriteHooks(const MainOptions &options, Diagnostics *diagnostics)
{
    QList<PostWriteHook> hooks;
    const auto take = [&](const QString &name, const Settings &settings, const QString &file) {
        if (const auto hook = hookOf(name, settings, file, diagnostics))
            hooks.append(*hook);
    };
    if (!options.hasIni() || !options.ini().hasSection(hookSection)) {
        for (const TomlValue &table : options.toml(hookSection).items) {
            Settings settings;
            for (const auto &[key, value] : table.entries)
                settings.insert(key, value.text);
            take(settings.value(u"name"_s), settings, options.tomlFile());
        }
        return hooks;
    }
    const IniFile &ini = options.ini();
    static const QRegularExpression separator(u"[,\\s]+"_s);
    for (const QString &name : iniValue(ini, u"hooks"_s).split(separator, Qt::SkipEmptyParts)) {
        Settings settings;
        for (const QString &key : ini.keys(hookSection)) {
            if (key.startsWith(name.toLower() + u'.'))
                settings.insert(key.mid(name.size() + 1), iniValue(ini, key));
        }
        take(name, settings, ini.file());
    }
    return hooks;
}

} // namespace tribikos
