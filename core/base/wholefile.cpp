#include "core/base/wholefile.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace tribikos {

namespace {

std::unique_ptr<QFileDevice> deviceFor(const QString &path)
{
    const QFileInfo info(path); // of what a link points to
    if (info.exists() && !info.isFile() && !info.isDir())
        return std::make_unique<QFile>(path);
    return std::make_unique<QSaveFile>(path);
}

} // namespace

WholeFile::WholeFile(const QString &path)
    : m_file(deviceFor(path))
{}

WholeFile::~WholeFile() = default;

bool WholeFile::open()
{
    m_isWhole = m_file->open(QIODevice::WriteOnly);
    return m_isWhole;
}

bool WholeFile::write(const QByteArray &bytes)
{
    m_isWhole = m_isWhole && m_file->write(bytes) == bytes.size();
    return m_isWhole;
}

bool WholeFile::commit()
{
    if (auto *saved = qobject_cast<QSaveFile *>(m_file.get()))
        return m_isWhole && saved->commit();
    m_isWhole = m_isWhole && m_file->flush();
    m_file->close();
    return m_isWhole;
}

QString WholeFile::errorString() const
{
    return m_file->errorString();
}

bool writeWholeFile(const QString &path, const QByteArray &bytes)
{
    WholeFile file(path);
    return file.open() && file.write(bytes) && file.commit();
}

} // namespace tribikos
