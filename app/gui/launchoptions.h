#pragma once

#include "core/base/result.h"
#include "ui/shell/theme.h"

#include <QString>
#include <QStringList>
#include <optional>

namespace tribikos {

/// What the command line asks of the window.
struct LaunchOptions
{
    enum class Mode { Window, Version, Help, StartupTrace, Screenshots };
    Mode mode = Mode::Window;
    QString project{}; // empty: the welcome page
    QString screenshotFolder{};
    QString configFolder{};             // empty: the desktop's
    std::optional<ThemeChoice> theme{}; // wins over the settings, for this run
};

/// \a arguments as argv has them, the program's name first. An Error (Usage) says what is wrong.
Result<LaunchOptions> parseLaunchOptions(const QStringList &arguments);
QString launchHelp();

} // namespace tribikos
