#include "app/cli/cli.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>
#include <functional>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

using Spoil = std::function<void(const QDir &project)>;

void write(const QDir &folder, const QString &name, const QByteArray &bytes)
{
    QFile file(folder.filePath(name));
    QVERIFY(folder.mkpath(QFileInfo(file).path()) && file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QByteArray script(const QByteArray &id, const QByteArray &down)
{
    return "revision = '" + id + "'\ndown_revision = " + down
           + "\ndef upgrade(): pass\ndef downgrade(): pass\n";
}

QByteArray manyNames(int count)
{
    QByteArray names;
    for (int i = 0; i < count; ++i)
        names += "'b" + QByteArray::number(i) + "',";
    return names;
}

Spoil versions(const QString &name, const QByteArray &bytes)
{
    return [=](const QDir &project) { write(project, u"alembic/versions/"_s + name, bytes); };
}

} // namespace
Q_DECLARE_METATYPE(Spoil)

/// Projects that are broken in one way each: one sentence that says what and where, and the rest stays.
class tst_BadProjects : public QObject
{
    Q_OBJECT
private slots:
    void broken_data();
    void broken();
    void unusable_data();
    void unusable();
    void bombs_data();
    void bombs();

private:
    int run(const QDir &project, const QStringList &words);
    QString m_out{};
    QString m_err{};
};

int tst_BadProjects::run(const QDir &project, const QStringList &words)
{
    m_out.clear();
    m_err.clear();
    QTextStream out(&m_out);
    QTextStream err(&m_err);
    return cli::run(QStringList{u"tribikos-cli"_s} + words, out, err, project.path());
}

void tst_BadProjects::broken_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<QString>("sentence");

    QTest::newRow("no header") << versions(u"x.py"_s, "def upgrade(:\n") << u"x.py"_s;
    QTest::newRow("body that is no Python")
        << versions(u"x.py"_s, script("x", "'a2'") + "def f(\n") << u"x.py:"_s;
    QTest::newRow("duplicate id") << versions(u"x.py"_s, script("a2", "'a1'"))
                                  << u"a2 is present more than once"_s;
    QTest::newRow("missing parent")
        << versions(u"x.py"_s, script("x", "'gone'")) << u"Revision gone referenced from x"_s;
    QTest::newRow("own parent") << versions(u"x.py"_s, script("x", "'x'"))
                                << u"Self-loop is detected in revisions (x)"_s;
    QTest::newRow("cycle") << Spoil([](const QDir &project) {
        versions(u"x.py"_s, script("x", "'y'"))(project);
        versions(u"y.py"_s, script("y", "'x'"))(project);
    }) << u"own ancestor"_s;
    QTest::newRow("binary") << versions(u"x.py"_s, QByteArray("\x7f"
                                                              "ELF\0\1\2\xff\xfe",
                                                              9))
                            << u"x.py"_s;
    QTest::newRow("not UTF-8") << versions(u"x.py"_s, "revision = 'caf\xe9'\n") << u"x.py"_s;
    QTest::newRow("50 MB") << Spoil([](const QDir &project) {
        QFile file(project.filePath(u"alembic/versions/x.py"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(50 << 20));
    }) << u"x.py has 50 MiB"_s;
    QTest::newRow("pipe") << Spoil([](const QDir &project) {
        const QByteArray path = QFile::encodeName(project.filePath(u"alembic/versions/x.py"_s));
        QCOMPARE(::mkfifo(path.constData(), 0600), 0);
    }) << u"x.py is not a regular file"_s; // and never waited for
    QTest::newRow("very many parents")
        << versions(u"x.py"_s, script("x", "(" + manyNames(20'000) + ")"))
        << u"x.py:1: The revision names 20000 others"_s;
    QTest::newRow("very long id") << versions(u"x.py"_s, script(QByteArray(100'000, 'x'), "'a2'"))
                                  << u"x.py:1: The revision has an id or label of 100000 characters"_s;
    QTest::newRow("nested brackets")
        << versions(u"x.py"_s, script("x", "'a2'") + QByteArray(100'000, '(')) << u"x.py"_s;
}

void tst_BadProjects::broken()
{
    QFETCH(Spoil, spoil);
    QFETCH(QString, sentence);
    const QTemporaryDir folder;
    const QDir project(folder.path());
    write(project, u"alembic.ini"_s,
          "[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///x.db\n");
    versions(u"a1.py"_s, script("a1", "None"))(project);
    versions(u"a2.py"_s, script("a2", "'a1'"))(project);
    spoil(project);

    run(project, {u"history"_s});
    QVERIFY2((m_out + m_err).contains(sentence), qPrintable(m_out + m_err));
    QCOMPARE(run(project, {u"--json"_s, u"--diagnostics"_s, u"said.json"_s, u"history"_s}),
             int(cli::Done));
    QStringList rest;
    for (const QJsonValue &row : QJsonDocument::fromJson(m_out.toUtf8()).array())
        rest.append(row[u"id"_s].toString());
    QVERIFY2(rest.contains(u"a1"_s) && rest.contains(u"a2"_s), qPrintable(m_out));
    // A run is refused and writes nothing, or ends where it was asked to.
    const bool ran = run(project, {u"upgrade"_s, u"a1"_s}) == cli::Done;
    QCOMPARE(QFile::exists(project.filePath(u"x.db"_s)), ran);
    if (ran) {
        QCOMPARE(run(project, {u"current"_s}), int(cli::Done));
        QVERIFY2(m_out.startsWith(u"a1"_s), qPrintable(m_out));
    }
}

void tst_BadProjects::unusable_data()
{
    QTest::addColumn<QByteArray>("ini");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("none") << QByteArray() << u"alembic.ini"_s;
    QTest::newRow("no section") << QByteArray("script_location = alembic\n") << u"alembic.ini:1"_s;
    QTest::newRow("not a pair") << QByteArray("[alembic]\nnonsense\n") << u"alembic.ini:2"_s;
    QTest::newRow("key twice") << QByteArray(
        "[alembic]\nscript_location = a\nscript_location = b\n")
                               << u"alembic.ini:3"_s;
    QTest::newRow("interpolation")
        << QByteArray("[alembic]\nscript_location = %(nope)s\n") << u"nope"_s;
    QTest::newRow("no folder") << QByteArray("[alembic]\nscript_location = gone\n") << u"gone"_s;
    QTest::newRow("binary") << QByteArray("\x7f"
                                          "ELF\0\1\2\xff\xfe",
                                          9)
                            << u"alembic.ini"_s;
    QTest::newRow("blanks") << "[alembic]\n" + QByteArray(500'000, ' ') + "x" << u"alembic.ini"_s;
}

void tst_BadProjects::unusable()
{
    QFETCH(QByteArray, ini);
    QFETCH(QString, sentence);
    const QTemporaryDir folder;
    const QDir project(folder.path());
    if (!ini.isEmpty())
        write(project, u"alembic.ini"_s, ini);
    QCOMPARE(run(project, {u"history"_s}), int(cli::Refused));
    QVERIFY2(m_out.startsWith(u"FAILED: "_s) && m_out.contains(sentence), qPrintable(m_out));
    QCOMPARE(m_out.count(u'\n'), 1);
}

void tst_BadProjects::bombs_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const QByteArray &body, const QString &sentence) {
        QTest::newRow(name) << body << sentence;
    };
    const QString parts = u"makes an SQL expression of more than 1000000 parts"_s;
    row("and_", "e = sa.column('a') == 1\n  for i in range(99): e = sa.and_(e, e)", parts);
    row("sum", "e = sa.column('a')\n  for i in range(99): e = e + e", parts);
    row("case", "e = sa.column('a')\n  for i in range(99): e = sa.case((e == 1, e), else_=e)", parts);
    row("union", "q = sa.select(sa.column('a'))\n  for i in range(50): q = sa.union(q, q)\n  op.execute(q)",
        parts);
    row("long text", "for i in range(10**7): op.execute('x' * 1000)", u"MiB of values"_s);
    row("bound texts", "op.execute(sa.text(':a ' * 10**5).bindparams(a='x' * 10**4))",
        u"longer than 16 million characters"_s);
    row("variants", "t = sa.Integer()\n  for i in range(10**4): t = t.with_variant(t, 'sqlite')",
        u"MiB of values"_s);
    row("long value", "op.bulk_insert(sa.table('t', sa.column('a')), [{'a': 'x' * 10**6}])",
        u"has no column type"_s);
    row("long exception", "int('f' * 10**5, 16)", u"raises ValueError"_s);
}

/// A script that would take all memory or time ends in a sentence of bearable length.
void tst_BadProjects::bombs()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, sentence);
    const QTemporaryDir folder;
    const QDir project(folder.path());
    write(project, u"alembic.ini"_s,
          "[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///x.db\n");
    versions(u"x.py"_s, "from alembic import op\nimport sqlalchemy as sa\nrevision = 'x'\n"
                        "down_revision = None\ndef upgrade():\n  " + body + "\n")(project);
    QCOMPARE(run(project, {u"upgrade"_s, u"head"_s, u"--sql"_s}), int(cli::NeedsConnection));
    QVERIFY2((m_out + m_err).contains(sentence), qPrintable((m_out + m_err).left(2000)));
    QVERIFY((m_out + m_err).size() < 2000);
}

int runBadProjectsTest(int argc, char **argv)
{
    tst_BadProjects test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_badprojects.moc"
