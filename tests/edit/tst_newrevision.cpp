#include "core/edit/createdate.h"
#include "core/edit/newrevision.h"
#include "core/edit/projecttemplates.h"
#include "core/edit/revisionname.h"
#include "projectfolder.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// What tests/conformance doesn't show of new revisions: the recorded cases are there.
class tst_NewRevision : public QObject
{
    Q_OBJECT
private slots:
    void slugs_data();
    void slugs();
    void dates_data();
    void dates();
    void names_data();
    void names();
    void insertsBetween();
    void mergesSeveral();
    void writesSql();
    void encodings_data();
    void encodings();
    void refuses_data();
    void refuses();
    void undoTakesFoldersBack();
    void templatesLeaveNothingOut();
    void foldersOfAnyName_data();
    void foldersOfAnyName();
};

namespace {

constexpr qint64 noon = 1736942400LL * 1'000'000; // 2025-01-15 12:00:00 UTC

ProjectConfig withTemplate(const ProjectFolder &project, const QByteArray &text = {})
{
    project.write(u"script.py.mako"_s,
                  text.isEmpty() ? templateFile(u"generic"_s, u"script.py.mako"_s) : text);
    ProjectConfig config = project.config();
    config.scriptLocation = config.root;
    return config;
}

} // namespace

void tst_NewRevision::slugs_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QString>("slug");
    QTest::newRow("words") << u"Add user's e-mail & phone (v2)"_s << 40
                           << u"add_user_s_e_mail_phone_v2"_s;
    QTest::newRow("cut") << u"Make the first table"_s << 12 << u"make_the_"_s;
    QTest::newRow("one word") << u"abcdefgh"_s << 4 << u"abcd_"_s;
    QTest::newRow("fits") << u"abcd"_s << 4 << u"abcd"_s;
    QTest::newRow("empty") << QString() << 40 << QString();
    QTest::newRow("beyond the plane") << u"\U0001D7D8 \U00010400x"_s << 3 << u"\U0001D7D8_"_s;
}

void tst_NewRevision::slugs()
{
    QFETCH(QString, message);
    QFETCH(int, limit);
    QFETCH(QString, slug);
    QCOMPARE(slugOf(message, limit), slug);
}

void tst_NewRevision::dates_data()
{
    QTest::addColumn<qint64>("now");
    QTest::addColumn<QString>("zone");
    QTest::addColumn<QString>("text");
    QTest::newRow("winter") << noon << u"Europe/Berlin"_s << u"2025-01-15 13:00:00+01:00"_s;
    QTest::newRow("upper case") << noon + 1 << u"utc"_s << u"2025-01-15 12:00:00.000001+00:00"_s;
    QTest::newRow("west") << noon << u"America/St_Johns"_s << u"2025-01-15 08:30:00-03:30"_s;
    QTest::newRow("before 1970") << qint64(-1) << u"UTC"_s << u"1969-12-31 23:59:59.999999+00:00"_s;
    QTest::newRow("unknown") << noon << u"Nowhere/City"_s
                             << u"Can't locate timezone: Nowhere/City"_s;
}

void tst_NewRevision::dates()
{
    QFETCH(qint64, now);
    QFETCH(QString, zone);
    QFETCH(QString, text);
    const auto date = createDate(now, zone);
    QCOMPARE(date ? date->text() : date.error().message, text);
}

void tst_NewRevision::names_data()
{
    QTest::addColumn<QString>("fileTemplate");
    QTest::addColumn<QString>("name");
    QTest::newRow("usual") << u"%(rev)s_%(slug)s"_s << u"a1_x"_s;
    QTest::newRow("numbers") << u"%(year)d%(month).2d%(day)02d-%(hour)d_%(epoch)s%%"_s
                             << u"20250115-12_1736942400%"_s;
    QTest::newRow("unknown token") << u"%(who)s"_s << QString();
    QTest::newRow("lone sign") << u"%"_s << QString();
}

void tst_NewRevision::names()
{
    QFETCH(QString, fileTemplate);
    QFETCH(QString, name);
    const auto date = createDate(noon, u"UTC"_s);
    const auto made = revisionFileName(fileTemplate, u"a1"_s, u"x"_s, *date);
    QCOMPARE(made ? *made : QString(), name);
    if (!made)
        QVERIFY(made.error().message.contains(fileTemplate));
}

void tst_NewRevision::insertsBetween()
{
    const ProjectFolder project;
    project.revision(u"a"_s, u"None"_s);
    project.revision(u"b"_s, u"'a'"_s);
    project.revision(u"c"_s, u"'a'"_s);
    project.revision(u"m"_s, u"('b', 'a')"_s);
    const auto before = project.files();
    const ProjectConfig config = withTemplate(project);
    const auto made =
        newRevision(config, project.graph(),
                    {.heads = {u"a"_s}, .id = u"n"_s, .before = {u"b"_s, u"m"_s}, .now = noon});
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    QVERIFY(apply(made->edit));
    const RevisionGraph graph = project.graph();
    QCOMPARE(graph.revision(graph.find(u"n"_s)).downRevisions, QStringList{u"a"_s});
    QCOMPARE(graph.revision(graph.find(u"b"_s)).downRevisions, QStringList{u"n"_s});
    QCOMPARE(graph.revision(graph.find(u"c"_s)).downRevisions, QStringList{u"a"_s});
    QCOMPARE(graph.revision(graph.find(u"m"_s)).downRevisions, QStringList({u"b"_s, u"n"_s}));
    QVERIFY(apply(made->edit.inverted()));
    QCOMPARE(project.files(), before);
    const auto wrong =
        newRevision(config, project.graph(), {.heads = {u"b"_s}, .before = {u"c"_s}, .now = noon});
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().message, u"c revises none of b, so nothing can come between them."_s);
}

void tst_NewRevision::mergesSeveral()
{
    const ProjectFolder project;
    for (const QString &id : {u"a"_s, u"b"_s, u"c"_s})
        project.revision(id, u"None"_s);
    const auto made = newRevision(withTemplate(project), project.graph(),
                                  {.heads = {u"heads"_s}, .isMerge = true, .now = noon});
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    QCOMPARE(made->edit.title, u"Merge a, b, c"_s);
    static const QRegularExpression randomId(u"^[0-9a-f]{12}$"_s);
    QVERIFY(randomId.match(made->id).hasMatch());
    QVERIFY(made->file.endsWith(u'/' + made->id + u"_.py"_s));
    QVERIFY(apply(made->edit));
    QVERIFY(project.read(u"versions/%1_.py"_s.arg(made->id)).contains("Revises: a, b, c\n"));
}

void tst_NewRevision::writesSql()
{
    const ProjectFolder project;
    project.write(u"versions/a.sql"_s, "-- revision: a\n\n-- upgrade\n");
    const auto made =
        newRevision(project.config(), project.graph(),
                    {.message = u"add goods"_s, .labels = {u"shop"_s}, .id = u"b"_s, .now = noon});
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    QVERIFY(apply(made->edit));
    const QByteArray text = project.read(u"versions/b_add_goods.sql"_s);
    QVERIFY2(text.startsWith("-- revision: b\n-- revises: a\n-- message: add goods\n-- label: "
                             "shop\n-- created: 2025-"),
             text.constData());
    QVERIFY(text.endsWith("\n\n-- upgrade\n\n-- downgrade\n"));
    const RevisionGraph graph = project.graph();
    QCOMPARE(graph.revision(graph.find(u"b"_s)).labels, QStringList{u"shop"_s});
}

void tst_NewRevision::encodings_data()
{
    QTest::addColumn<QString>("encoding");
    QTest::addColumn<QByteArray>("text"); // empty: refused
    QTest::newRow("utf-8") << u"utf-8"_s << QByteArray("\"\"\"N\xC3\xA4me\n");
    QTest::newRow("with mark") << u"UTF_8_sig"_s << QByteArray("\xEF\xBB\xBF\"\"\"N\xC3\xA4me\n");
    QTest::newRow("ascii") << u"ascii"_s << QByteArray();
    QTest::newRow("unknown") << u"ebcdic"_s << QByteArray();
}

void tst_NewRevision::encodings()
{
    QFETCH(QString, encoding);
    QFETCH(QByteArray, text);
    const ProjectFolder project;
    ProjectConfig config = withTemplate(project);
    config.outputEncoding = encoding;
    const auto made = newRevision(config, project.graph(),
                                  {.message = u"N\u00e4me"_s, .id = u"a"_s, .now = noon});
    QCOMPARE(bool(made), !text.isEmpty());
    if (made)
        QVERIFY(made->edit.changes.last().after->startsWith(text));
    else
        QVERIFY2(made.error().message.contains(encoding), qPrintable(made.error().message));
}

void tst_NewRevision::refuses_data()
{
    QTest::addColumn<QByteArray>("scriptTemplate");
    QTest::addColumn<QString>("fileTemplate");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("sentence");
    const QByteArray usual = templateFile(u"generic"_s, u"script.py.mako"_s);
    const QString name = u"%(rev)s_%(slug)s"_s;
    QTest::newRow("out of the folder") << usual << u"../../%(rev)s"_s << u"x"_s << u"outside of"_s;
    QTest::newRow("message ends the docstring")
        << usual << name << u"a \"\"\" b"_s << u"no revision script"_s;
    QTest::newRow("message ends in a backslash") << usual << name << u"a \\"_s << u"ok"_s;
    QTest::newRow("no labels in the template")
        << QByteArray("revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n")
        << name << u"x"_s << u"does not have them; have you upgraded your script.py.mako"_s;
    QTest::newRow("no parents in the template")
        << QByteArray("revision = ${repr(up_revision)}\ndown_revision = None\n"
                      "branch_labels = ${repr(branch_labels)}\n")
        << name << u"x"_s << u"doesn't set down_revision"_s;
    QTest::newRow("template with an error")
        << QByteArray("x\n\n${1/0}\n") << name << u"x"_s << u"script.py.mako:3"_s;
}

void tst_NewRevision::refuses()
{
    QFETCH(QByteArray, scriptTemplate);
    QFETCH(QString, fileTemplate);
    QFETCH(QString, message);
    QFETCH(QString, sentence);
    const ProjectFolder project;
    project.revision(u"a"_s, u"None"_s);
    ProjectConfig config = withTemplate(project, scriptTemplate);
    config.fileTemplate = fileTemplate;
    const auto made =
        newRevision(config, project.graph(),
                    {.message = message, .labels = {u"new"_s}, .id = u"b"_s, .now = noon});
    QCOMPARE(bool(made), sentence == u"ok");
    if (!made)
        QVERIFY2(made.error().message.contains(sentence), qPrintable(made.error().message));
}

void tst_NewRevision::undoTakesFoldersBack()
{
    const ProjectFolder project;
    ProjectConfig config = withTemplate(project);
    config.fileTemplate = u"%(year)d/%(month).2d/%(rev)s"_s;
    QVERIFY(QDir(project.path(u"versions"_s)).removeRecursively());
    const auto made = newRevision(config, project.graph(), {.id = u"a"_s, .now = noon});
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    QCOMPARE(made->folders, QStringList{project.path(u"versions/2025/01"_s)});
    QVERIFY(apply(made->edit));
    QVERIFY(QFileInfo::exists(project.path(u"versions/2025/01/a.py"_s)));
    QVERIFY(apply(made->edit.inverted()));
    QVERIFY(!QFileInfo::exists(project.path(u"versions"_s)));
}

void tst_NewRevision::templatesLeaveNothingOut()
{
    for (const ProjectTemplate &each : projectTemplates()) {
        const ProjectFolder project;
        const auto made = newProject({.folder = u"scripts"_s,
                                      .templateName = each.name,
                                      .isPackage = true,
                                      .workingFolder = project.path(u"."_s)});
        QVERIFY2(made, qPrintable(each.name));
        QCOMPARE(made->doing.size(), made->edit.changes.size());
        QVERIFY(apply(made->edit));
        QVERIFY(QFileInfo::exists(project.path(u"scripts/versions/__init__.py"_s)));
        QCOMPARE(QFileInfo::exists(project.path(u"alembic.ini"_s)), !each.isSql);
        QCOMPARE(QFileInfo::exists(project.path(u"pyproject.toml"_s)), each.usesPyproject);
        QCOMPARE(QFileInfo::exists(project.path(u"tribikos.toml"_s)), each.isSql);
        const auto config = loadProjectConfig({.path = project.path(u"."_s)});
        QVERIFY2(config, config ? "" : qPrintable(config.error().message));
        QCOMPARE(config->versionLocations,
                 QStringList{QDir::cleanPath(project.path(u"scripts/versions"_s))});
        const auto again =
            newProject({.folder = u"scripts"_s, .workingFolder = project.path(u"."_s)});
        QCOMPARE(again.error().message, u"Directory scripts already exists and is not empty"_s);
        QVERIFY(apply(made->edit.inverted()));
        QVERIFY(!QFileInfo::exists(project.path(u"scripts"_s)));
    }
}

void tst_NewRevision::foldersOfAnyName_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("templateName");
    QTest::addColumn<bool>("isMade");
    const QList<std::pair<const char *, QString>> folders{
        {"percent", u"my%mig"_s},      {"percent twice", u"a%%b%(here)s"_s},
        {"quotes", u"a\"b'c"_s},       {"backslash", u"a\\nb"_s},
        {"dollar", u"$HOME ${x}"_s},   {"blank", u"my migrations"_s},
        {"signs", u"a#b;c=d[e]"_s},    {"letters", u"Übergänge"_s},
        {"new line", u"a\nb"_s},       {"section", u"a\n[x]\ny = \"z"_s},
        {"escape", u"a\x1b\x7f\tb"_s}, {"blank at its end", u"a "_s}};
    for (const auto &[name, folder] : folders) {
        for (const ProjectTemplate &each : projectTemplates()) {
            const bool isIni = !each.usesPyproject && !each.isSql;
            const bool hasLines = folder.contains(u'\n') || folder.endsWith(u' ');
            QTest::addRow("%s, %s", name, qPrintable(each.name))
                << folder << each.name << !(isIni && hasLines);
        }
    }
}

/// The folder is found again by what was written, or nothing is written.
void tst_NewRevision::foldersOfAnyName()
{
    QFETCH(QString, folder);
    QFETCH(QString, templateName);
    QFETCH(bool, isMade);
    const ProjectFolder project;
    const QByteArray theirs = "[project]\nname = \"shop\"\n";
    project.write(u"pyproject.toml"_s, theirs);
    const auto made = newProject(
        {.folder = folder, .templateName = templateName, .workingFolder = project.path(u"."_s)});
    if (!isMade) {
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::Usage);
        QVERIFY2(made.error().message.contains(u"choose another name"_s),
                 qPrintable(made.error().message));
        return;
    }
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    const Status applied = apply(made->edit);
    QVERIFY2(applied, applied ? "" : qPrintable(applied.error().message));
    const auto config = loadProjectConfig({.path = project.path(u"."_s)});
    QVERIFY2(config, config ? "" : qPrintable(config.error().message));
    QCOMPARE(config->versionLocations,
             QStringList{QDir::cleanPath(project.path(folder + u"/versions"_s))});
    QVERIFY(apply(made->edit.inverted()));
    QCOMPARE(project.read(u"pyproject.toml"_s), theirs);
}

int runNewRevisionTest(int argc, char **argv)
{
    tst_NewRevision test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_newrevision.moc"
