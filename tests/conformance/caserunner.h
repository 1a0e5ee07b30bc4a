#pragma once

#include <QJsonObject>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>

namespace tribikos {

namespace lab {
class Database;
}

/// What one command of a case did.
struct Outcome
{
    int exitCode = 0;
    QStringList out{}; // standard output, lines; {ROOT} for the project's folder
    QStringList err{};
    QStringList rows{}; // of alembic_version, sorted, when there is such a table
    QStringList before{}; // dump of the database before and after: definitions and "-- row TABLE: [json]"
    QStringList after{};
    QMap<QString, QStringList> files{}; // Python files that the command created or changed, by relative path
};

/// A case of the conformance suite, laid out in a folder of its own; commands run in process.
class CaseRunner
{
public:
    explicit CaseRunner(const QString &caseFolder);
    ~CaseRunner();

    const QJsonObject &description() const { return m_case; }
    const QJsonObject &expected() const { return m_expected; }
    /// Runs \a command, once for \a dialect when that is not empty.
    Outcome run(const QJsonObject &command, const QString &dialect);
    void seed(const QString &sqlFile, bool isFresh);

private:
    void layOut(const QString &folder);
    void seedServer(const QString &script) const;
    QString url(const QJsonObject &command, const QString &dialect) const;
    void writeOptions();
    QStringList versionRows(const QString &table) const;
    QStringList dump() const;
    QMap<QString, QStringList> pythonFiles() const;
    QString database() const { return m_folder.filePath(QStringLiteral("db.sqlite3")); }

    QTemporaryDir m_folder;
    std::unique_ptr<lab::Database> m_server{}; // of cases that name a server
    QString m_caseFolder;
    QJsonObject m_case{};
    QJsonObject m_expected{};
};

} // namespace tribikos
