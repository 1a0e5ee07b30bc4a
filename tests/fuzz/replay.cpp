#include <QDirIterator>
#include <QFile>
#include <QTextStream>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/// Feeds a fuzz target with the files of the folder that is named, without a fuzzer: what was found
/// once stays found, in every build.
int main(int argc, char **argv)
{
    QTextStream out(stdout);
    int count = 0;
    for (int i = 1; i < argc; ++i) {
        QDirIterator files(QString::fromLocal8Bit(argv[i]), QDir::Files);
        for (; files.hasNext(); ++count) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly)) {
                out << file.fileName() << ": can't be read\n";
                return 1;
            }
            const QByteArray bytes = file.readAll();
            out << file.fileName() << Qt::endl; // before: the last line says which one it died on
            LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(bytes.constData()),
                                   size_t(bytes.size()));
        }
    }
    out << count << " files\n";
    return count > 0 ? 0 : 1;
}
