#include "app/cli/cli.h"
#include "app/cli/completion.h"
#include "app/cli/verbtable.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// The commands that write files, and the texts that are made from the table of commands.
class tst_Writing : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void newProjectAndRevisions();
    void plainSql();
    void configurationIsNotOverwritten();
    void refuses_data();
    void refuses();
    void hooksAreShown();
    void ensureVersion();
    void editor();
    void json();
    void brokenProjectIsNotWrittenTo();
    void everyOptionIsInEveryForm_data();
    void everyOptionIsInEveryForm();
    void bashCompletes_data();
    void bashCompletes();
    void bashRunsNothingOfTheProject_data();
    void bashRunsNothingOfTheProject();
    void manPageIsWellFormed();

private:
    int run(const QStringList &words);
    QString text(const QString &name) const;
    void write(const QString &name, const QString &content) const;
    std::unique_ptr<QTemporaryDir> m_folder{};
    QString m_out{};
    QString m_err{};
};

void tst_Writing::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("SOURCE_DATE_EPOCH", "1736942400");
    for (const char *name : {"EDITOR", "VISUAL"})
        qunsetenv(name);
}

int tst_Writing::run(const QStringList &words)
{
    m_out.clear();
    m_err.clear();
    QTextStream out(&m_out);
    QTextStream err(&m_err);
    const int exitCode =
        cli::run(QStringList{u"tribikos-cli"_s} + words, out, err, m_folder->path());
    m_out.replace(m_folder->path(), u"{ROOT}"_s);
    return exitCode;
}

QString tst_Writing::text(const QString &name) const
{
    QFile file(m_folder->filePath(name));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : u"(no file)"_s;
}

void tst_Writing::write(const QString &name, const QString &content) const
{
    QDir().mkpath(QFileInfo(m_folder->filePath(name)).path());
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content.toUtf8());
}

/// From nothing to a merge.
void tst_Writing::newProjectAndRevisions()
{
    QCOMPARE(run({u"init"_s, u"scripts"_s}), int(cli::Done));
    QVERIFY2(m_out.startsWith(u"Creating directory {ROOT}/scripts ...  done\n"
                              "Creating directory {ROOT}/scripts/versions ...  done\n"_s),
             qPrintable(m_out));
    QVERIFY(m_out.contains(u"\nGenerating {ROOT}/scripts/env.py ...  done\n"));
    QVERIFY(m_out.endsWith(
        u"\nPlease edit configuration/connection/logging settings in {ROOT}/alembic.ini before "
        "proceeding.\n"_s));
    QCOMPARE(run({u"revision"_s, u"-m"_s, u"make goods"_s, u"--rev-id"_s, u"a1"_s}),
             int(cli::Done));
    QCOMPARE(m_out, u"Generating {ROOT}/scripts/versions/a1_make_goods.py ...  done\n"_s);
    QCOMPARE(m_err, QString());
    QCOMPARE(run({u"revision"_s, u"--head"_s, u"base"_s, u"--rev-id=b1"_s, u"--branch-label"_s,
                  u"side"_s, u"--depends-on"_s, u"a1"_s}),
             int(cli::Done));
    QCOMPARE(run({u"merge"_s, u"heads"_s, u"-m"_s, u"both"_s, u"--rev-id"_s, u"m1"_s}),
             int(cli::Done));
    QVERIFY2(m_out.contains(u"m1_both.py"),
             qPrintable(m_out)); // a1 is a dependency: one head alone
    QCOMPARE(run({u"merge"_s, u"a1"_s, u"m1"_s, u"--rev-id"_s, u"m2"_s}), int(cli::Done));
    QCOMPARE(run({u"history"_s}), int(cli::Done));
    QCOMPARE(m_out, u"a1, m1 -> m2 (side) (head) (mergepoint), empty message\n"
                    "b1 -> m1 (side), both\n<base> (a1) -> b1 (side), empty message\n"
                    "<base> -> a1, make goods\n"_s);
    QVERIFY(text(u"scripts/versions/m2_.py"_s).contains(u"Revises: a1, m1\n"));
    QVERIFY(text(u"scripts/versions/m2_.py"_s).contains(u"= ('a1', 'm1')\n"));
}

void tst_Writing::plainSql()
{
    QCOMPARE(run({u"init"_s, u"-t"_s, u"sql"_s, u"db"_s}), int(cli::Done));
    QCOMPARE(run({u"revision"_s, u"-m"_s, u"users"_s, u"--rev-id"_s, u"a1"_s}), int(cli::Done));
    QCOMPARE(run({u"revision"_s, u"--rev-id"_s, u"a2"_s}), int(cli::Done));
    QVERIFY(text(u"db/versions/a2_.sql"_s).startsWith(u"-- revision: a2\n-- revises: a1\n"));
    QCOMPARE(run({u"history"_s}), int(cli::Done));
    QCOMPARE(m_out, u"a1 -> a2 (head), empty message\n<base> -> a1, users\n"_s);
    QCOMPARE(run({u"upgrade"_s, u"head"_s}), int(cli::Done));
}

void tst_Writing::configurationIsNotOverwritten()
{
    write(u"alembic.ini"_s, u"[alembic]\nsqlalchemy.url = sqlite:///x.db\n"_s);
    write(u"pyproject.toml"_s, u"[project]\nname = \"x\"\n"_s);
    QCOMPARE(run({u"init"_s, u"-t"_s, u"pyproject"_s, u"s"_s}), int(cli::Done));
    QVERIFY(m_out.contains(u"File {ROOT}/alembic.ini already exists, skipping\n"));
    QVERIFY(m_out.contains(u"Appending to existing {ROOT}/pyproject.toml ...  done\n"));
    QCOMPARE(text(u"alembic.ini"_s), u"[alembic]\nsqlalchemy.url = sqlite:///x.db\n"_s);
    QVERIFY(text(u"pyproject.toml"_s).startsWith(u"[project]\nname = \"x\"\n\n\n[tool.alembic]\n"));
    QCOMPARE(run({u"revision"_s, u"--rev-id"_s, u"a1"_s}), int(cli::Done));
    QVERIFY(QFileInfo::exists(m_folder->filePath(u"s/versions/a1_.py"_s)));
    QVERIFY(QDir(m_folder->filePath(u"s"_s)).removeRecursively());
    QCOMPARE(run({u"init"_s, u"-t"_s, u"pyproject"_s, u"s"_s}), int(cli::Done));
    QVERIFY(m_out.contains(u"already has a [tool.alembic] section, skipping"));
}

void tst_Writing::refuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const QString &line, const QString &sentence) {
        QTest::newRow(name) << line.split(u' ') << u"FAILED: "_s + sentence;
    };
    row("no such template", u"init -t x y"_s, u"No such template x"_s);
    row("folder in use", u"init scripts"_s, u"Directory scripts already exists and is not empty"_s);
    row("autogenerate as SQL", u"revision --autogenerate --sql"_s,
        u"Using --sql with --autogenerate"_s);
    row("as SQL", u"revision --sql"_s,
        u"Using --sql with the revision command when revision_environment"_s);
    row("id", u"revision --rev-id a@b-c"_s,
        u"Character(s) '-, @' not allowed in revision identifier 'a@b-c'"_s);
    row("id taken", u"revision --rev-id a1"_s, u"Revision a1 exists already"_s);
    row("version path", u"revision --version-path x"_s,
        u"Path x is not represented in current version locations"_s);
    row("unknown head", u"revision --head zz"_s, u"Can't locate revision identified by 'zz'"_s);
    row("not a head", u"merge a1 a2"_s,
        u"Revision a1 is not a head revision; please specify --splice"_s);
    row("twice", u"merge a2 a2"_s, u"Duplicate head revisions specified"_s);
    row("dependency on base", u"revision --depends-on base"_s,
        u"A revision can't depend on 'base'."_s);
    row("edit base", u"edit base"_s, u"No revision files indicated by symbol 'base'"_s);
    row("shell", u"completion csh"_s, u"There is no completion for 'csh'"_s);
}

void tst_Writing::refuses()
{
    QFETCH(QStringList, words);
    QFETCH(QString, sentence);
    run({u"init"_s, u"scripts"_s});
    run({u"revision"_s, u"--rev-id"_s, u"a1"_s});
    run({u"revision"_s, u"--rev-id"_s, u"a2"_s});
    const QStringList before = QDir(m_folder->filePath(u"scripts/versions"_s)).entryList();
    QCOMPARE(run(words), int(cli::Misused));
    QVERIFY2(m_out.startsWith(sentence), qPrintable(m_out));
    QCOMPARE(QDir(m_folder->filePath(u"scripts/versions"_s)).entryList(), before);
    QCOMPARE(run(QStringList{u"--json"_s} + words), int(cli::Misused));
    QCOMPARE(QJsonDocument::fromJson(m_out.toUtf8()).object()[u"exit"_s].toInt(),
             int(cli::Misused));
}

/// What a project wants run is text for the user, never started.
void tst_Writing::hooksAreShown()
{
    run({u"init"_s, u"scripts"_s});
    write(u"alembic.ini"_s, text(u"alembic.ini"_s)
                                + u"\n[post_write_hooks]\nhooks = mark, tidy, odd\n"
                                  "mark.type = exec\nmark.executable = %(here)s/mark me.sh\n"
                                  "tidy.type = module\ntidy.module = ruff\ntidy.options = check "
                                  "REVISION_SCRIPT_FILENAME -q\n"
                                  "odd.type = exec\n"_s);
    write(u"mark me.sh"_s, u"#!/bin/sh\ntouch \"$(dirname \"$0\")/marked\"\n"_s);
    QVERIFY(QFile::setPermissions(m_folder->filePath(u"mark me.sh"_s),
                                  QFile::ReadOwner | QFile::ExeOwner | QFile::ReadUser
                                      | QFile::ExeUser));
    QCOMPARE(run({u"revision"_s, u"--rev-id"_s, u"a1"_s}), int(cli::Done));
    const QString file = m_folder->filePath(u"scripts/versions/a1_.py"_s);
    QVERIFY2(m_err.contains(
                 u"run it yourself: '%1' %2\n"_s.arg(m_folder->filePath(u"mark me.sh"_s), file)),
             qPrintable(m_err));
    QVERIFY2(m_err.contains(u"run it yourself: python -m ruff check %1 -q\n"_s.arg(file)),
             qPrintable(m_err));
    QVERIFY(!QFileInfo::exists(m_folder->filePath(u"marked"_s)));
    QCOMPARE(m_out, u"Generating {ROOT}/scripts/versions/a1_.py ...  done\n"_s);
}

void tst_Writing::ensureVersion()
{
    run({u"init"_s, u"-t"_s, u"sql"_s, u"db"_s});
    run({u"revision"_s, u"--rev-id"_s, u"a1"_s});
    QCOMPARE(run({u"--dialect"_s, u"postgresql"_s, u"ensure_version"_s, u"--sql"_s}),
             int(cli::Done));
    QCOMPARE(m_out,
             u"BEGIN;\n\nCREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL, \n"
             "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n);\n\nCOMMIT;\n\n"_s);
    for (int round = 0; round < 2; ++round) { // the second finds it there
        QCOMPARE(run({u"ensure_version"_s}), int(cli::Done));
        QCOMPARE(m_out, QString());
        QVERIFY2(!m_err.contains(u"Running") && !m_err.contains(u"copy"), qPrintable(m_err));
    }
    QCOMPARE(run({u"upgrade"_s, u"head"_s}), int(cli::Done));
    QCOMPARE(run({u"ensure_version"_s}), int(cli::Done));
    QCOMPARE(run({u"current"_s}), int(cli::Done));
    QCOMPARE(m_out, u"a1 (head)\n"_s);
}

void tst_Writing::editor()
{
    run({u"init"_s, u"scripts"_s});
    run({u"revision"_s, u"--rev-id"_s, u"a1"_s});
    write(u"ed.sh"_s, u"#!/bin/sh\necho edited >> \"$1\"\n"_s);
    const QString program = m_folder->filePath(u"ed.sh"_s);
    QVERIFY(QFile::setPermissions(program, QFile::ReadOwner | QFile::ExeOwner | QFile::ReadUser
                                               | QFile::ExeUser));
    qputenv("EDITOR", program.toUtf8());
    QCOMPARE(run({u"edit"_s, u"head"_s}), int(cli::Done));
    QVERIFY(text(u"scripts/versions/a1_.py"_s).endsWith(u"\nedited\n"));
    qputenv("EDITOR", "/bin/false");
    QCOMPARE(run({u"edit"_s, u"a1"_s}), int(cli::Failed));
    QVERIFY2(m_out.startsWith(u"FAILED: Error executing editor ("), qPrintable(m_out));
    // A program asks which files those are; nothing is opened.
    QCOMPARE(run({u"--json"_s, u"edit"_s, u"a1"_s}), int(cli::Done));
    const QJsonObject answer = QJsonDocument::fromJson(m_out.toUtf8()).object();
    QCOMPARE(answer[u"files"_s].toArray(), QJsonArray{u"{ROOT}/scripts/versions/a1_.py"_s});
}

void tst_Writing::json()
{
    QCOMPARE(run({u"--json"_s, u"init"_s, u"scripts"_s}), int(cli::Done));
    QVERIFY(QJsonDocument::fromJson(m_out.toUtf8()).object()[u"changes"_s].toArray().size() > 4);
    QCOMPARE(run({u"--json"_s, u"revision"_s, u"--rev-id"_s, u"a1"_s}), int(cli::Done));
    const QJsonObject made = QJsonDocument::fromJson(m_out.toUtf8()).object();
    QCOMPARE(made.keys(), QStringList({u"changes"_s, u"file"_s, u"hooks"_s, u"id"_s, u"notes"_s}));
    QCOMPARE(made[u"id"_s].toString(), u"a1"_s);
    QCOMPARE(made[u"file"_s].toString(), u"{ROOT}/scripts/versions/a1_.py"_s);
    QCOMPARE(made[u"changes"_s].toArray()[0].toObject()[u"action"_s].toString(), u"created"_s);
    QCOMPARE(run({u"--json"_s, u"list_templates"_s}), int(cli::Done));
    QVERIFY(QJsonDocument::fromJson(m_out.toUtf8()).array().size() >= 5);
    QCOMPARE(run({u"--json"_s, u"completion"_s, u"bash"_s}), int(cli::Done));
    QVERIFY(!QJsonDocument::fromJson(m_out.toUtf8()).object()[u"text"_s].toString().isEmpty());
}

void tst_Writing::brokenProjectIsNotWrittenTo()
{
    run({u"init"_s, u"scripts"_s});
    write(u"scripts/versions/a1.py"_s, u"revision = 'a1'\ndown_revision = 'gone'\n"_s);
    QCOMPARE(run({u"revision"_s, u"--rev-id"_s, u"a2"_s}), int(cli::Refused));
    QVERIFY2(m_out.contains(u"gone"), qPrintable(m_out));
    QVERIFY(QFile::remove(m_folder->filePath(u"scripts/script.py.mako"_s)));
    write(u"scripts/versions/a1.py"_s, u"revision = 'a1'\ndown_revision = None\n"_s);
    QCOMPARE(run({u"revision"_s, u"--rev-id"_s, u"a2"_s}), int(cli::Refused));
    QVERIFY2(m_out.startsWith(u"FAILED: There is no {ROOT}/scripts/script.py.mako"),
             qPrintable(m_out));
}

void tst_Writing::everyOptionIsInEveryForm_data()
{
    QTest::addColumn<QString>("form");
    for (const QString &form : cli::completionForms() + QStringList{u"help"_s})
        QTest::newRow(qPrintable(form)) << form;
}

/// Made from one table, and so nothing may be missing.
void tst_Writing::everyOptionIsInEveryForm()
{
    QFETCH(QString, form);
    const auto has = [&form](const QString &whole, const cli::OptionSpec &option) {
        QStringList spellings;
        const QString dash = form == u"man" ? u"\\-"_s : u"-"_s;
        const QString name =
            form == u"man" ? QString(option.name).replace(u"-"_s, dash) : option.name;
        if (option.name.size() > 1)
            spellings.append(form == u"fish" ? u" -l "_s + name : dash + dash + name);
        if (!option.letter.isNull())
            spellings.append(form == u"fish" ? u" -s "_s + option.letter : dash + option.letter);
        return std::ranges::all_of(spellings, [&](const QString &spelling) {
            const QRegularExpression word(QRegularExpression::escape(spelling) + u"(?![\\w-])"_s);
            return whole.contains(word);
        });
    };
    const QString whole = form == u"help" ? QString() : cli::completionText(form);
    if (form == u"help")
        QCOMPARE(run({u"--help"_s}), int(cli::Done));
    const QString top = form == u"help" ? m_out : whole;
    for (const cli::OptionSpec &option : cli::globalOptions())
        QVERIFY2(has(top, option), qPrintable(option.name));
    for (const cli::VerbSpec &verb : cli::verbs()) {
        const QString name = QString(verb.name).replace(u"-"_s, form == u"man" ? u"\\-"_s : u"-"_s);
        const QRegularExpression word(
            u"(\\b|\\\\fB)%1(\\b|\\\\fR)"_s.arg(QRegularExpression::escape(name)));
        QVERIFY2(top.contains(word), qPrintable(verb.name));
        if (form == u"help")
            QCOMPARE(run({verb.name, u"--help"_s}), int(cli::Done));
        for (const cli::OptionSpec &option : verb.options)
            QVERIFY2(has(form == u"help" ? m_out : whole, option),
                     qPrintable(verb.name + u' ' + option.name));
    }
}

void tst_Writing::bashCompletes_data()
{
    QTest::addColumn<QString>("words"); // the last one is being typed
    QTest::addColumn<QString>("offered");
    QTest::newRow("verbs") << u"he"_s << u"heads"_s;
    QTest::newRow("options of a verb") << u"merge --b"_s << u"--branch-label"_s;
    QTest::newRow("ours behind a verb") << u"heads --js"_s << u"--json"_s;
    QTest::newRow("global options") << u"--ra"_s << u"--raiseerr"_s;
    QTest::newRow("dialect") << u"--dialect my"_s << u"mysql"_s;
    QTest::newRow("template") << u"init -t pyp"_s << u"pyproject pyproject_async"_s;
    QTest::newRow("nothing for a message") << u"revision -m x"_s << QString();
    QTest::newRow("symbols") << u"upgrade bas"_s << u"base"_s;
    QTest::newRow("a flag takes none") << u"current -c --v"_s << u"--verbose --versions"_s;
}

void tst_Writing::bashCompletes()
{
    QFETCH(QString, words);
    QFETCH(QString, offered);
    QProcess bash;
    const QString script =
        cli::bashCompletion()
        + u"\nCOMP_WORDS=(tribikos-cli %1)\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
          "_tribikos_cli\necho \"${COMPREPLY[*]}\"\n"_s.arg(words);
    bash.start(u"bash"_s, {u"-c"_s, script});
    QVERIFY(bash.waitForFinished());
    QCOMPARE(QString::fromUtf8(bash.readAllStandardError()), QString());
    QCOMPARE(QString::fromUtf8(bash.readAllStandardOutput()).trimmed(), offered);
}

void tst_Writing::bashRunsNothingOfTheProject_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("offered"); // in any order
    QTest::newRow("every id") << u"upgrade ''"_s
                              << QStringList{u"head"_s,    u"heads"_s, u"base"_s,
                                             u"current"_s, u"a1"_s,    u"b.2_x"_s};
    QTest::newRow("an id") << u"upgrade b"_s << QStringList{u"base"_s, u"b.2_x"_s};
    QTest::newRow("of an option") << u"history -r a"_s << QStringList{u"a1"_s};
    QTest::newRow("files") << u"-c d"_s << QStringList{u"d $(touch ran).ini"_s, u"dir *"_s};
    QTest::newRow("folders") << u"init d"_s << QStringList{u"dir *"_s};
}

/// Ids, messages and file names are the project's; pressing TAB is no consent to run them.
void tst_Writing::bashRunsNothingOfTheProject()
{
    QFETCH(QString, typed);
    QFETCH(QStringList, offered);
    run({u"init"_s, u"scripts"_s});
    write(u"scripts/versions/1.py"_s,
          u"\"\"\"swap a -> zz, b\"\"\"\nrevision = 'a1'\ndown_revision = None\n"_s);
    write(u"scripts/versions/2.py"_s, u"revision = '$(touch${IFS}ran)'\ndown_revision = 'a1'\n"_s);
    write(u"scripts/versions/3.py"_s,
          u"revision = '`touch${IFS}ran`'\ndown_revision = '$(touch${IFS}ran)'\n"_s);
    write(u"scripts/versions/4.py"_s,
          u"revision = 'b.2_x'\ndown_revision = '`touch${IFS}ran`'\n"_s);
    write(u"d $(touch ran).ini"_s, {});
    QVERIFY(QDir(m_folder->path()).mkdir(u"dir *"_s));
    QCOMPARE(run({u"history"_s, u"--only-ids"_s}), int(cli::Done));
    QCOMPARE(m_out, u"b.2_x\n`touch${IFS}ran`\n$(touch${IFS}ran)\na1\n"_s);
    write(u"ids.txt"_s, m_out);
    QProcess bash;
    bash.setWorkingDirectory(m_folder->path());
    bash.start(
        u"bash"_s,
        {u"-c"_s, cli::bashCompletion()
                      + u"\ntribikos-cli() { [[ $* == 'history --only-ids' ]] && cat ids.txt; }\n"
                        "COMP_WORDS=(tribikos-cli %1)\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                        "_tribikos_cli\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"_s.arg(typed)});
    QVERIFY(bash.waitForFinished());
    QCOMPARE(QString::fromUtf8(bash.readAllStandardError()), QString());
    QStringList answer =
        QString::fromUtf8(bash.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    answer.sort();
    offered.sort();
    QCOMPARE(answer, offered);
    QVERIFY(!QFileInfo::exists(m_folder->filePath(u"ran"_s)));
}

void tst_Writing::manPageIsWellFormed()
{
    const QString page = cli::manPage();
    QVERIFY(page.startsWith(u".TH TRIBIKOS\\-CLI 1 "));
    const QStringList lines = page.split(u'\n');
    static const QRegularExpression request(u"^\\.(TH|SH|SS|TP|B|BR|I)( |$)"_s);
    for (const QString &line : lines) {
        QVERIFY2(!line.startsWith(u'\''), qPrintable(line));
        QVERIFY2(!line.startsWith(u'.') || request.match(line).hasMatch(), qPrintable(line));
        QCOMPARE(line.count(u"\\f") % 2, 0); // every font is switched back
    }
    QVERIFY(page.contains(u"\n.SH EXIT STATUS\n"));
}

int runWritingTest(int argc, char **argv)
{
    tst_Writing test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_writing.moc"
