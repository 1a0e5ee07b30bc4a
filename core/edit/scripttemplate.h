#pragma once

#include "core/base/result.h"
#include "core/edit/createdate.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/// What script.py.mako is told about the new revision: Alembic's variables.
struct TemplateVariables
{
    QString upRevision{};
    QStringList downRevisions{}; // none: None, one: a text, several: a tuple
    QStringList branchLabels{};  // none: None, else a tuple
    QStringList dependsOn{};     // none: None, one: a text, several: a list
    CreateDate createDate{};
    QString message{};
    std::optional<QString> upgrades{};   // nullopt: the template isn't given the variable
    std::optional<QString> downgrades{};
    std::optional<QString> imports{};
    bool mayHaveMore = false; // env.py, which is not run, would have a say: an unknown name is refused
    QMap<QString, QString> mainOptions{}; // config.get_main_option()
    QString configFile{};                 // config.config_file_name
    QString configSection{};
};

/*!
    Renders the template \a bytes (a file of Mako's, see makonodes.h) with our own evaluator: nothing of
    it is executed, and the result is what Mako makes, byte for byte. Errors name the template's file
    and line: Syntax, Unreadable, and Unsupported or ProjectRefused for what the template wants beyond that.
*/
Result<QString> renderScript(const QByteArray &bytes, const QString &file, const TemplateVariables &variables);

} // namespace tribikos
