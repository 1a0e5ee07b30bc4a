#include "ui/shell/settings.h"

#include "core/config/databaseurl.h"

#include <QCryptographicHash>
#include <QSettings>
#include <QStandardPaths>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int recentLimit = 10;

QString settingsFile(const QString &folder)
{
    const QString base = folder.isEmpty()
                             ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation)
                             : folder;
    return base + u"/tribikos.ini"_s;
}

// A path as a settings key would be cut at its slashes.
QString projectKey(const QString &project)
{
    const QByteArray hash = QCryptographicHash::hash(project.toUtf8(), QCryptographicHash::Sha1);
    return u"projects/"_s + QString::fromLatin1(hash.toHex().left(16));
}

/// What may be written down of \a url; nothing of one that can't be read, it may hide a password anywhere.
QString keepable(const QString &url)
{
    const Result<DatabaseUrl> parsed = parseDatabaseUrl(url);
    return parsed ? parsed->withoutSecrets() : QString();
}

} // namespace

Settings::Settings(const QString &folder)
    : m_settings(std::make_unique<QSettings>(settingsFile(folder), QSettings::IniFormat))
{}

Settings::~Settings() = default;

ThemeChoice Settings::theme() const
{
    return themeChoiceFromName(m_settings->value(u"theme"_s).toString());
}

void Settings::setTheme(ThemeChoice choice)
{
    m_settings->setValue(u"theme"_s, themeChoiceName(choice));
}

QStringList Settings::recentProjects() const
{
    return m_settings->value(u"recent"_s).toStringList();
}

void Settings::addRecentProject(const QString &path)
{
    QStringList recent = recentProjects();
    recent.removeAll(path);
    recent.prepend(path);
    m_settings->setValue(u"recent"_s, QStringList(recent.mid(0, recentLimit)));
}

void Settings::forgetRecentProject(const QString &path)
{
    QStringList recent = recentProjects();
    recent.removeAll(path);
    m_settings->setValue(u"recent"_s, recent);
}

QByteArray Settings::layout(const QString &name) const
{
    return m_settings->value(u"layout/"_s + name).toByteArray();
}

void Settings::setLayout(const QString &name, const QByteArray &state)
{
    m_settings->setValue(u"layout/"_s + name, state);
}

void Settings::resetLayouts()
{
    m_settings->remove(u"layout"_s);
}

QList<Environment> Settings::environments(const QString &project) const
{
    QList<Environment> environments;
    const int count = m_settings->beginReadArray(projectKey(project) + u"/environments"_s);
    for (int i = 0; i < count; ++i) {
        m_settings->setArrayIndex(i);
        Environment environment;
        environment.name = m_settings->value(u"name"_s).toString();
        environment.url = m_settings->value(u"url"_s).toString();
        environment.isProtected = m_settings->value(u"protected"_s).toBool();
        const auto backend = backendFromName(environment.url.section(u':', 0, 0));
        if (environment.name.isEmpty() || !backend)
            continue; // edited by hand into something else
        environment.backend = *backend;
        environments << environment;
    }
    m_settings->endArray();
    return environments;
}

void Settings::setEnvironments(const QString &project, const QList<Environment> &environments)
{
    m_settings->remove(projectKey(project) + u"/environments"_s);
    m_settings->beginWriteArray(projectKey(project) + u"/environments"_s, int(environments.size()));
    for (int i = 0; i < environments.size(); ++i) {
        m_settings->setArrayIndex(i);
        m_settings->setValue(u"name"_s, environments[i].name);
        m_settings->setValue(u"url"_s, keepable(environments[i].url));
        m_settings->setValue(u"protected"_s, environments[i].isProtected);
    }
    m_settings->endArray();
}

std::optional<bool> Settings::foldsHistory(const QString &project) const
{
    const QVariant folds = m_settings->value(projectKey(project) + u"/folds"_s);
    return folds.isValid() ? std::optional(folds.toBool()) : std::nullopt;
}

void Settings::setFoldsHistory(const QString &project, bool folds)
{
    m_settings->setValue(projectKey(project) + u"/folds"_s, folds);
}

bool Settings::mutesApplied(const QString &project) const
{
    return m_settings->value(projectKey(project) + u"/mutesApplied"_s).toBool();
}

void Settings::setMutesApplied(const QString &project, bool mutes)
{
    m_settings->setValue(projectKey(project) + u"/mutesApplied"_s, mutes);
}

QString Settings::lastEnvironment(const QString &project) const
{
    return m_settings->value(projectKey(project) + u"/environment"_s).toString();
}

void Settings::setLastEnvironment(const QString &project, const QString &name)
{
    m_settings->setValue(projectKey(project) + u"/environment"_s, name);
}

} // namespace tribikos
