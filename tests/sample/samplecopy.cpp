#include "tests/sample/samplecopy.h"

#include "app/cli/cli.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTextStream>

using namespace Qt::StringLiterals;

namespace tribikos::sampletest {

namespace {

const QString sourceFolder = QStringLiteral(TRIBIKOS_SOURCE_DIR);

} // namespace

QString golden(const QString &name)
{
    QFile file(u"%1/tests/data/sample/%2"_s.arg(sourceFolder, name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s can't be read", qPrintable(file.fileName()));
    return QString::fromUtf8(file.readAll());
}

SampleCopy::SampleCopy()
{
    const QString sample = sourceFolder + u"/migrations"_s;
    QDirIterator walk(sample, {u"*.py"_s, u"*.ini"_s, u"*.mako"_s}, QDir::Files,
                      QDirIterator::Subdirectories);
    int copied = 0;
    while (walk.hasNext()) {
        const QString from = walk.next();
        const QString to = m_folder.filePath(QDir(sample).relativeFilePath(from));
        if (!QDir().mkpath(QFileInfo(to).path()) || !QFile::copy(from, to))
            qFatal("%s can't be copied", qPrintable(from));
        ++copied;
    }
    if (copied == 0)
        qFatal("there is no sample project in %s", qPrintable(sample));
}

Answer SampleCopy::cli(const QStringList &arguments) const
{
    Answer answer;
    QTextStream out(&answer.out);
    QTextStream err(&answer.err);
    answer.code = cli::run(QStringList{u"tribikos-cli"_s} + arguments, out, err, folder());
    out.flush();
    err.flush();
    return answer;
}

} // namespace tribikos::sampletest
