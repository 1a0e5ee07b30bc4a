#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace tribikos::sampletest {

/// The text of a file of tests/data/sample; fails the program when it can't be read.
QString golden(const QString &name);

/// What one command line said and how it ended.
struct Answer
{
    int code = -1;
    QString out{};
    QString err{};
};

/// A writable copy of migrations/ in a folder of its own, with no database yet.
class SampleCopy
{
public:
    SampleCopy();
    QString folder() const { return m_folder.path(); }
    QString database() const { return m_folder.filePath(QStringLiteral("market.sqlite")); }
    /// Runs tribikos-cli in the folder, in this process.
    Answer cli(const QStringList &arguments) const;

private:
    QTemporaryDir m_folder;
};

} // namespace tribikos::sampletest
