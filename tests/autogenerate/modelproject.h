#pragma once

#include "core/base/backend.h"

#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>

namespace tribikos {

namespace lab {
class Database;
}

/// A project with models in models.py and a database of its own, driven by the command line in process.
class ModelProject
{
public:
    explicit ModelProject(Backend backend, bool isSql = false);
    ~ModelProject();

    void writeModels(const QString &text) const;
    void writeFile(const QString &name, const QString &text) const;
    /// Runs one command on the project's database; the exit code.
    int run(const QStringList &words);
    const QString &out() const { return m_out; }
    const QString &err() const { return m_err; }
    QString said() const { return m_out + m_err; }
    const QString &url() const { return m_url; }
    QString file(const QString &name) const;
    /// "add_column", … of the last check, sorted.
    QStringList kinds() const;

private:
    QTemporaryDir m_folder{};
    std::unique_ptr<lab::Database> m_server{};
    QString m_url{};
    QString m_out{};
    QString m_err{};
};

} // namespace tribikos
