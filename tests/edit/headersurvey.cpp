// Changes the header of every revision script below some folders, in memory, and counts what comes of it: how many can
// be edited, whether the text is the same again once the old values are back, and why the others are refused. Not a test.
//
//   tribikos-header-survey FOLDER…
#include "core/edit/headerchange.h"
#include "core/pyread/header.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QTextStream>
#include <QVector>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

struct Kind
{
    int tried = 0;
    int refused = 0;
    int same = 0;                         // once the old values are back
    int similar = 0;                      // the values are, their spelling isn't
    int wrong = 0;                        // read back, something else stands there
    QMap<QString, QStringList> reasons{}; // with the files
};

using Make = std::function<HeaderChange(const py::ScriptHeader &)>;

/// The reason without the file's name in it, so that equal ones are counted together.
QString reasonOf(const Error &error)
{
    QString text = error.message;
    const qsizetype blank = text.indexOf(u' ');
    return text.left(blank).contains(u".py"_s) ? text.mid(blank + 1) : text;
}

void tryChange(const QByteArray &bytes, const QString &file, const py::ScriptHeader &header,
               const Make &forth, const Make &back, Kind *kind)
{
    ++kind->tried;
    const auto changed = changedPythonHeader(bytes, file, forth(header));
    if (!changed) {
        ++kind->refused;
        kind->reasons[reasonOf(changed.error())].append(file);
        return;
    }
    const auto again = changedPythonHeader(*changed, file, back(header));
    if (again && *again == bytes) {
        ++kind->same;
        return;
    }
    const auto read = again ? py::readHeader(*again, file) : Result<py::ScriptHeader>(again.error());
    py::ScriptHeader values = read ? *read : py::ScriptHeader();
    values.revisionLine = header.revisionLine; // a longer message moves it
    values.longDoc = header.longDoc;           // its "Revises:" line says now what is true
    if (values.doc.contains(u"Revises:"_s))
        values.doc = header.doc;
    if (read && values == header) {
        ++kind->similar;
        return;
    }
    ++kind->wrong;
    kind->reasons[u"WRONG: "_s + (again ? u"reads differently"_s : again.error().message)].append(
        file);
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QList<std::tuple<QString, Make, Make>> changes{
        {u"down_revision"_s,
         [](const py::ScriptHeader &) {
             return HeaderChange{.downRevisions = QStringList{u"0a1b2c3d4e5f"_s}};
         },
         [](const py::ScriptHeader &h) { return HeaderChange{.downRevisions = h.downRevisions}; }},
        {u"two parents"_s,
         [](const py::ScriptHeader &) {
             return HeaderChange{.downRevisions =
                                     QStringList{u"0a1b2c3d4e5f"_s, u"1b2c3d4e5f6a"_s}};
         },
         [](const py::ScriptHeader &h) { return HeaderChange{.downRevisions = h.downRevisions}; }},
        {u"branch_labels"_s,
         [](const py::ScriptHeader &) {
             return HeaderChange{.labels = QStringList{u"surveyed"_s}};
         },
         [](const py::ScriptHeader &h) { return HeaderChange{.labels = h.labels}; }},
        {u"depends_on"_s,
         [](const py::ScriptHeader &) {
             return HeaderChange{.dependsOn = QStringList{u"0a1b2c3d4e5f"_s}};
         },
         [](const py::ScriptHeader &h) { return HeaderChange{.dependsOn = h.dependsOn}; }},
        {u"message"_s,
         [](const py::ScriptHeader &) {
             return HeaderChange{.message = u"a message of the survey"_s};
         },
         [](const py::ScriptHeader &h) { return HeaderChange{.message = h.doc}; }},
    };
    QTextStream out(stdout);
    QVector<Kind> kinds(changes.size());
    int scripts = 0;
    for (const QString &folder : app.arguments().mid(1)) {
        QDirIterator files(folder, {u"*.py"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly) || file.size() > 1'000'000)
                continue;
            const QByteArray bytes = file.readAll();
            if (!bytes.contains("down_revision"))
                continue;
            const auto header = py::readHeader(bytes, file.fileName());
            if (!header || header->revision.isEmpty() || !header->hasUpgrade)
                continue;
            ++scripts;
            for (qsizetype i = 0; i < changes.size(); ++i)
                tryChange(bytes, file.fileName(), *header, std::get<1>(changes[i]),
                          std::get<2>(changes[i]), &kinds[i]);
        }
    }
    out << scripts << " scripts\n";
    for (qsizetype i = 0; i < changes.size(); ++i) {
        const Kind &kind = kinds[i];
        out << u"%1: %2 edited and the same again, %3 with other spelling, %4 refused, %5 wrong\n"_s
                   .arg(std::get<0>(changes[i]))
                   .arg(kind.same)
                   .arg(kind.similar)
                   .arg(kind.refused)
                   .arg(kind.wrong);
        for (auto it = kind.reasons.cbegin(); it != kind.reasons.cend(); ++it)
            out << u"    %1 times: %2\n        %3\n"_s.arg(it->size()).arg(it.key(), it->first());
    }
    return 0;
}
