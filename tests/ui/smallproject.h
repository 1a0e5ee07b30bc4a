#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace tribikos {

class MainWindow;

/// A real project in a folder of its own, with a SQLite database that does not exist yet: a - b - c, and d on b.
class SmallProject
{
public:
    SmallProject();

    QString path() const { return m_folder.filePath(QStringLiteral("shop")); }
    QString configFolder() const { return m_folder.filePath(QStringLiteral("config")); }
    QString script(const QString &id) const;
    void addRevision(const QString &id, const QString &downRevision,
                     const QString &message = {}) const;
    void write(const QString &file, const QByteArray &bytes) const; // below path()
    /// Every script, by name.
    QMap<QString, QByteArray> files() const;
    /// Runs the upgrade to \a target on the project's database.
    void upgrade(const QString &target) const { upgradeAt(path(), target); }
    static void upgradeAt(const QString &path, const QString &target);
    QByteArray read(const QString &file) const; // below path()

    /// Opens it in \a window and waits until nothing runs any more.
    void openIn(MainWindow &window) const { openPath(window, path()); }
    static void openPath(MainWindow &window, const QString &path);
    /// "a: b:a c:b" of what the window shows.
    static QString shape(const MainWindow &window);

private:
    QTemporaryDir m_folder;
};

} // namespace tribikos
