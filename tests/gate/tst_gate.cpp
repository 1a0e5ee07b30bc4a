#include "tests/gate/events.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

/// A project of which every line would do harm, and beside it what the harm would be done to.
class HostileProject
{
public:
    HostileProject();
    QString project() const { return m_folder.filePath(u"project"_s); }
    QString outside() const { return m_folder.filePath(u"outside"_s); }
    QString state() const { return m_folder.filePath(u"state"_s); }
    QString file(const QString &name) const { return m_folder.filePath(name); }

private:
    void write(const QString &name, QByteArray text) const;
    void revision(int number, const QByteArray &atTop, const QByteArray &inUpgrade) const;
    QTemporaryDir m_folder{};
};

void HostileProject::write(const QString &name, QByteArray text) const
{
    QFile file(m_folder.filePath(name));
    QDir().mkpath(QFileInfo(file).path());
    text.replace("OUTSIDE", QFile::encodeName(outside()));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("%s can't be written", qPrintable(file.fileName()));
}

void HostileProject::revision(int number, const QByteArray &atTop, const QByteArray &inUpgrade) const
{
    const QByteArray id = "r" + QByteArray::number(number);
    const QByteArray down = number == 1 ? "None" : "'r" + QByteArray::number(number - 1) + "'";
    write(u"project/alembic/versions/%1.py"_s.arg(QString::fromLatin1(id)),
          "import os, sys, subprocess, socket, pathlib, shutil, urllib.request\n"
          "from alembic import op\nimport sqlalchemy as sa\nrevision = '" + id + "'\ndown_revision = "
              + down + "\n" + atTop + "\ndef upgrade():\n    op.execute('SELECT 1')\n    " + inUpgrade
              + "\ndef downgrade():\n    " + inUpgrade + "\n");
}

HostileProject::HostileProject()
{
    const QList<QByteArray> harms{
        "open('OUTSIDE/made.txt', 'w').write('x')",
        "x = open('OUTSIDE/secret.txt').read()",
        "os.system('touch OUTSIDE/made.txt')",
        "subprocess.run(['touch', 'OUTSIDE/made.txt'], check=True)",
        "subprocess.Popen('touch OUTSIDE/made.txt', shell=True)",
        "socket.create_connection(('127.0.0.1', 9))",
        "urllib.request.urlopen('http://127.0.0.1:9/')",
        "pathlib.Path('OUTSIDE/made.txt').write_text('x')",
        "x = pathlib.Path('OUTSIDE/secret.txt').read_text()",
        "shutil.rmtree('OUTSIDE')",
        "os.remove('OUTSIDE/secret.txt')",
        "os.rename('OUTSIDE/secret.txt', 'OUTSIDE/made.txt')",
        "__import__('os').execv('/bin/true', ['true'])",
        "eval(\"open('OUTSIDE/made.txt', 'w')\")",
        "exec(\"import os; os.mkdir('OUTSIDE/made')\")",
        "sa.create_engine('sqlite:///OUTSIDE/made.txt').connect()",
        "op.get_bind().execute(sa.text(\"ATTACH 'OUTSIDE/made.txt' AS x\"))",
        "os._exit(0)",
        "sys.exit(0)",
        "os.fork()",
        "import ctypes; ctypes.CDLL(None).system(b'touch OUTSIDE/made.txt')",
        "x = [c for c in ().__class__.__bases__[0].__subclasses__()]",
        "import importlib; importlib.import_module('os').mkdir('OUTSIDE/made')"};
    write(u"outside/secret.txt"_s, "the canary\n");
    write(u"outside/secret.py"_s, "revision = 'stolen'\ndown_revision = None\n");
    write(u"project/alembic.ini"_s,
          "[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///own.db\n"
          "prepend_sys_path = .\nrecursive_version_locations = true\n[post_write_hooks]\nhooks = bad\nbad.type = exec\n"
          "bad.executable = /bin/sh\nbad.options = -c 'touch OUTSIDE/made.txt'\n");
    write(u"project/models.py"_s,
          "from sqlalchemy.orm import DeclarativeBase\nimport os\nos.system('touch OUTSIDE/made.txt')\n"
          "class Base(DeclarativeBase): pass\nopen('OUTSIDE/made.txt', 'w')\n");
    write(u"project/alembic/env.py"_s,
          "import os, subprocess\nfrom alembic import context\nfrom models import Base\n"
          "os.system('touch OUTSIDE/made.txt')\nsecret = open('OUTSIDE/secret.txt').read()\n"
          "subprocess.run(['touch', 'OUTSIDE/made.txt'])\ntarget_metadata = Base.metadata\n"
          "context.configure(url='sqlite:///own.db', target_metadata=target_metadata)\n");
    int number = 0;
    for (const QByteArray &harm : harms) {
        revision(++number, harm, "pass");
        revision(++number, "", harm);
    }
    QFile::link(project(), project() + u"/alembic/versions/ring"_s);
    QFile::link(u"/"_s, project() + u"/alembic/versions/everything"_s);
}

} // namespace

/// Nothing of a project runs, and nothing outside of it is touched, whatever it says.
class tst_Gate : public QObject
{
    Q_OBJECT
private slots:
    void watcherSees();
    void nothingRuns_data();
    void nothingRuns();

private:
    int run(const HostileProject &project, QStringList command, const QStringList &variables);
    QByteArray m_said{};
};

/// \a command in the project's folder, with its state and cache below the temporary one.
int tst_Gate::run(const HostileProject &project, QStringList command, const QStringList &variables)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"HOME"_s, u"XDG_STATE_HOME"_s, u"XDG_CACHE_HOME"_s, u"XDG_CONFIG_HOME"_s})
        environment.insert(name, project.state());
    // Under the sanitizers: a library may come before theirs, and leaks can't be looked for under ptrace.
    environment.insert(u"ASAN_OPTIONS"_s, u"verify_asan_link_order=0:detect_leaks=0"_s);
    for (const QString &variable : variables)
        environment.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(project.project());
    process.setProcessChannelMode(QProcess::MergedChannels);
    const QString program = command.takeFirst();
    process.start(program, command, QIODevice::ReadOnly);
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
        return -1;
    m_said = process.readAll();
    return process.exitCode();
}

static QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The gate itself can fail: a program that does harm is seen by both watchers.
void tst_Gate::watcherSees()
{
    const HostileProject project;
    const QString log = project.file(u"watch.log"_s);
    QCOMPARE(run(project, {u"/bin/sh"_s, u"-c"_s, u"/bin/cat ../outside/secret.txt; echo x > ../outside/made.txt"_s},
                 {u"LD_PRELOAD="_s + QStringLiteral(TRIBIKOS_WATCH), u"TRIBIKOS_WATCH_LOG="_s + log}),
             0);
    const QStringList found =
        forbiddenCalls(watchedCalls(contents(log), project.project()), {project.state()}, project.outside());
    QVERIFY2(found.filter(u"execve /bin/cat"_s).size() == 1, qPrintable(found.join(u'\n')));
    QVERIFY2(found.contains(u"open reads "_s + project.outside() + u"/secret.txt"_s), qPrintable(found.join(u'\n')));
    QVERIFY2(found.contains(u"open writes "_s + project.outside() + u"/made.txt"_s), qPrintable(found.join(u'\n')));
    const QString traced = u"7 openat(AT_FDCWD</p>, \"../outside/a\", O_WRONLY|O_CREAT, 0666) = 3\n"
                           "7 vfork( <unfinished ...>\n7 clone3({flags=CLONE_VM|CLONE_THREAD}) = 8\n"
                           "8 execve(\"/bin/true\", [\"true\", \"/x\"], 0x7) = 0\n7 connect(3, {sa}) = 0\n"_s;
    QCOMPARE(forbiddenCalls(tracedCalls(traced.toUtf8(), u"/p"_s), {u"/p"_s}, u"/none"_s),
             QStringList({u"open writes /outside/a"_s, u"fork "_s, u"execve /bin/true"_s, u"connect "_s}));
}

void tst_Gate::nothingRuns_data()
{
    QTest::addColumn<QStringList>("verb");
    QTest::newRow("history") << QStringList{u"history"_s, u"--verbose"_s};
    QTest::newRow("heads") << QStringList{u"heads"_s};
    QTest::newRow("show") << QStringList{u"show"_s, u"r2"_s};
    QTest::newRow("script") << QStringList{u"upgrade"_s, u"head"_s, u"--sql"_s};
    QTest::newRow("script as JSON") << QStringList{u"--json"_s, u"upgrade"_s, u"head"_s, u"--sql"_s};
    QTest::newRow("script down") << QStringList{u"downgrade"_s, u"head:base"_s, u"--sql"_s};
    QTest::newRow("check") << QStringList{u"check"_s};
    QTest::newRow("diff") << QStringList{u"diff"_s};
    QTest::newRow("upgrade") << QStringList{u"upgrade"_s, u"head"_s};
}

void tst_Gate::nothingRuns()
{
    QFETCH(QStringList, verb);
    const HostileProject project;
    const QStringList writable{project.project(), project.state()};
    const QString log = project.file(u"watch.log"_s);
    const QStringList command = QStringList{QStringLiteral(TRIBIKOS_CLI)} + verb;
    QVERIFY(run(project, command,
                {u"LD_PRELOAD="_s + QStringLiteral(TRIBIKOS_WATCH), u"TRIBIKOS_WATCH_LOG="_s + log}) >= 0);
    const QList<SystemCall> watched = watchedCalls(contents(log), project.project());
    QVERIFY2(std::any_of(watched.cbegin(), watched.cend(),
                         [](const SystemCall &call) { return call.path.endsWith(u"/r1.py"); }),
             "the watching library has seen nothing: " + m_said.left(500));
    QCOMPARE(forbiddenCalls(watched, writable, project.outside()), QStringList());
    QVERIFY(!m_said.contains("canary"));
    QCOMPARE(QDir(project.outside()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
             QStringList({u"secret.py"_s, u"secret.txt"_s}));

    const QString strace = QStandardPaths::findExecutable(u"strace"_s);
    const QString trace = project.file(u"trace.log"_s);
    const QStringList options{u"-f"_s, u"-qq"_s, u"-y"_s, u"-s"_s, u"4096"_s, u"-o"_s, trace, u"-e"_s,
                              u"trace=process,network,open,openat,openat2,creat,unlink,unlinkat,rename,renameat,"
                              "renameat2,mkdir,mkdirat,rmdir,symlink,symlinkat,link,linkat,chmod,fchmodat,truncate,"
                              "mknod,mknodat"_s};
    const bool isThere = !strace.isEmpty() && run(project, QStringList{strace} + options + command, {}) >= 0;
    QList<SystemCall> traced = tracedCalls(contents(trace), project.project());
    if (!isThere || traced.isEmpty()) {
        qWarning("NOT TRACED: strace is missing or may not trace on this machine (%s); the watching "
                 "library alone has looked.", m_said.left(200).trimmed().constData());
        return;
    }
    QCOMPARE(traced.first().call, u"execve"_s); // our own start
    traced.removeFirst();
    QCOMPARE(forbiddenCalls(traced, writable, project.outside()), QStringList());
}

QTEST_GUILESS_MAIN(tst_Gate)
#include "tst_gate.moc"
