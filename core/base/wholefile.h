#pragma once

#include <QByteArray>
#include <QString>
#include <memory>

class QFileDevice;

namespace tribikos {

/// A file that is written whole or stays as it was (QSaveFile). What is no file, a pipe or /dev/null, is written to as
/// it is: QSaveFile would put a file in its place.
class WholeFile
{
public:
    explicit WholeFile(const QString &path);
    ~WholeFile();

    /// Whether all went well so far; errorString() says what didn't.
    bool open();
    bool write(const QByteArray &bytes);
    bool commit();
    QString errorString() const;

private:
    std::unique_ptr<QFileDevice> m_file{};
    bool m_isWhole = true;
};

/// The three in one.
bool writeWholeFile(const QString &path, const QByteArray &bytes);

} // namespace tribikos
