#include "smallproject.h"

#include "core/project/usecases.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/projectcontroller.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

namespace tribikos {

using namespace Qt::StringLiterals;

SmallProject::SmallProject()
{
    write(u"alembic.ini"_s, "[alembic]\nscript_location = %(here)s/migrations\n"
                            "sqlalchemy.url = sqlite:///shop.sqlite\n");
    write(u"migrations/script.py.mako"_s,
          "\"\"\"${message}\n\nRevision ID: ${up_revision}\nRevises: ${down_revision | comma,n}\n"
          "Create Date: ${create_date}\n\n\"\"\"\nfrom alembic import op\n\n"
          "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n"
          "branch_labels = ${repr(branch_labels)}\ndepends_on = ${repr(depends_on)}\n\n\n"
          "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n");
    addRevision(u"a"_s, u"None"_s);
    addRevision(u"b"_s, u"'a'"_s);
    addRevision(u"c"_s, u"'b'"_s);
    addRevision(u"d"_s, u"'b'"_s);
}

QString SmallProject::script(const QString &id) const
{
    return path() + u"/migrations/versions/%1.py"_s.arg(id);
}

void SmallProject::write(const QString &file, const QByteArray &bytes) const
{
    const QString name = path() + u'/' + file;
    QVERIFY(QDir().mkpath(QFileInfo(name).path()));
    QFile target(name);
    QVERIFY(target.open(QIODevice::WriteOnly));
    QCOMPARE(target.write(bytes), bytes.size());
}

void SmallProject::addRevision(const QString &id, const QString &downRevision,
                               const QString &message) const
{
    const QString text = message.isEmpty() ? u"message of "_s + id : message;
    write(u"migrations/versions/%1.py"_s.arg(id),
          u"\"\"\"%3\n\nRevises: x\n\"\"\"\nfrom alembic import op\n\nrevision = '%1'  # mine\n"
          "down_revision = %2\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n"
          "    op.execute('CREATE TABLE t_%1 (id INTEGER)')\n\n\ndef downgrade():\n"
          "    op.execute('DROP TABLE t_%1')\n"_s.arg(id, downRevision, text)
              .toUtf8());
}

QMap<QString, QByteArray> SmallProject::files() const
{
    const QDir folder(path() + u"/migrations/versions"_s);
    QMap<QString, QByteArray> files;
    for (const QString &name : folder.entryList({u"*.py"_s}, QDir::Files)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            files.insert(name, file.readAll());
    }
    return files;
}

QByteArray SmallProject::read(const QString &file) const
{
    QFile source(path() + u'/' + file);
    return source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
}

void SmallProject::upgradeAt(const QString &path, const QString &target)
{
    const auto project = Project::open({.path = path});
    QVERIFY(project);
    const Environment environment = (*project)->environments().constFirst();
    const auto state = readEnvironment(**project, environment);
    QVERIFY(state);
    const auto plan =
        (*project)->planUpgrade(environment.backend, PlanStart::online(*state), target);
    QVERIFY(plan);
    const RunReport report = applyPlan(*plan, environment, {}, {}, {});
    QVERIFY2(!report.error, qPrintable(report.error ? report.error->message : QString()));
}

void SmallProject::openPath(MainWindow &window, const QString &path)
{
    QSignalSpy opened(window.controller(), &ProjectController::opened);
    window.openProject({.path = path});
    QVERIFY(opened.wait(20'000));
    QTRY_VERIFY_WITH_TIMEOUT(!window.controller()->isBusy(), 20'000);
}

QString SmallProject::shape(const MainWindow &window)
{
    QStringList parts;
    const RevisionGraph &graph = window.controller()->project()->graph();
    for (int node = 0; node < graph.revisionCount(); ++node)
        parts << graph.revision(node).id + u':' + graph.revision(node).downRevisions.join(u',');
    return parts.join(u' ');
}

} // namespace tribikos
