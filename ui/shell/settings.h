#pragma once

#include "core/project/project.h"
#include "ui/shell/theme.h"

#include <QByteArray>
#include <QList>
#include <QStringList>
#include <memory>
#include <optional>

class QSettings;

namespace tribikos {

/// The person's settings, in one ini file. Per-project things are keyed by the project's path.
/// Never holds a password: URLs are stored without theirs.
class Settings
{
public:
    /// \a folder: where the file lives; empty: the desktop's configuration folder.
    explicit Settings(const QString &folder = {});
    ~Settings();

    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);

    /// Most recent first, at most ten.
    QStringList recentProjects() const;
    void addRecentProject(const QString &path);
    void forgetRecentProject(const QString &path);

    /// Window layout pieces by name ("geometry", "sidebar", "history-columns").
    QByteArray layout(const QString &name) const;
    void setLayout(const QString &name, const QByteArray &state);
    void resetLayouts();

    /// Environments that the person added to the project at \a project.
    QList<Environment> environments(const QString &project) const;
    void setEnvironments(const QString &project, const QList<Environment> &environments);
    /// Whether the project's long straight runs are folded; nullopt: never said.
    std::optional<bool> foldsHistory(const QString &project) const;
    void setFoldsHistory(const QString &project, bool folds);
    bool mutesApplied(const QString &project) const;
    void setMutesApplied(const QString &project, bool mutes);
    QString lastEnvironment(const QString &project) const;
    void setLastEnvironment(const QString &project, const QString &name);

private:
    std::unique_ptr<QSettings> m_settings;
};

} // namespace tribikos
