#include "app/cli/cli.h"
#include "testrepository.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// heads --with and rescue, as the command line has them.
class tst_GitCommands : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void headsWith();
    void headsWithJson();
    void cleanMergeIsZero();
    void rescueShowsAndRestores();
    void rescueJson();
    void databaseAtALostRevision();
    void withoutRepository();
    void steeringTextIsShown();

private:
    int run(const QStringList &words, const QString &folder = {});
    QJsonObject json() const { return QJsonDocument::fromJson(m_out.toUtf8()).object(); }
    void lose() const;
    std::unique_ptr<TestRepository> m_git{};
    QString m_out{};
    QString m_err{};
};

void tst_GitCommands::init()
{
    m_git = std::make_unique<TestRepository>();
    m_git->write(u"alembic.ini"_s, "[alembic]\nscript_location = .\nversion_locations = versions\n"
                                   "sqlalchemy.url = sqlite:///x.sqlite\n");
    m_git->write(u".gitignore"_s, "x.sqlite*\n");
    m_git->revision(u"a"_s, u"None"_s, "op.create_table('users', sa.Column('id', sa.Integer))");
    m_git->commit(u"begin"_s);
    m_git->git({u"checkout"_s, u"-q"_s, u"-b"_s, u"side"_s});
    m_git->revision(u"b"_s, u"'a'"_s, "op.add_column('users', sa.Column('email', sa.Text))");
    m_git->commit(u"add b"_s, u"Ada"_s);
    m_git->git({u"checkout"_s, u"-q"_s, u"main"_s});
}

int tst_GitCommands::run(const QStringList &words, const QString &folder)
{
    m_out.clear();
    m_err.clear();
    QTextStream out(&m_out);
    QTextStream err(&m_err);
    const int exitCode = cli::run(QStringList{u"tribikos-cli"_s} + words, out, err,
                                  folder.isEmpty() ? m_git->path() : folder);
    m_out.replace(m_git->path(), u"{ROOT}"_s);
    m_err.replace(m_git->path(), u"{ROOT}"_s);
    return exitCode;
}

void tst_GitCommands::headsWith()
{
    m_git->revision(u"c"_s, u"'a'"_s, "op.drop_column('users', 'email')");
    QCOMPARE(run({u"heads"_s, u"--with"_s, u"side"_s}), int(cli::Differs));
    QCOMPARE(m_out,
             u"b (head), only on side\n"
             "c (head), only here\n"
             "1 revision only here, 1 revision only on side\n"
             "Both sides touch users (email): c here, b there\n"
             "After merging the branches, join the heads: tribikos-cli merge b c -m 'merge side'\n"
             "Or let c revise b: change down_revision in {ROOT}/versions/c.py\n"_s);
    QCOMPARE(m_err, QString());
}

void tst_GitCommands::headsWithJson()
{
    m_git->revision(u"c"_s, u"'a'"_s, "op.drop_column('users', 'email')");
    QCOMPARE(run({u"heads"_s, u"--with"_s, u"side"_s, u"--json"_s}), int(cli::Differs));
    const QJsonObject answer = json();
    QCOMPARE(answer[u"needs_merge"_s].toBool(), true);
    QCOMPARE(answer[u"heads"_s].toArray().size(), 2);
    QCOMPARE(answer[u"heads"_s][0][u"id"_s].toString(), u"b"_s);
    QCOMPARE(answer[u"heads"_s][0][u"side"_s].toString(), u"there"_s);
    QCOMPARE(answer[u"split"_s].toArray(), (QJsonArray{u"b"_s, u"c"_s}));
    QCOMPARE(answer[u"merge_command"_s].toString(), u"tribikos-cli merge b c -m 'merge side'"_s);
    QCOMPARE(answer[u"reparent"_s][u"revision"_s].toString(), u"c"_s);
    QCOMPARE(answer[u"overlaps"_s][0][u"columns"_s].toArray(), QJsonArray{u"email"_s});
    QCOMPARE(answer[u"exit"_s].toInt(), int(cli::Differs));
}

void tst_GitCommands::cleanMergeIsZero()
{
    QCOMPARE(run({u"heads"_s, u"--with"_s, u"side"_s}), int(cli::Done));
    QCOMPARE(m_out, u"b (head), only on side\n0 revisions only here, 1 revision only on side\n"_s);
    QCOMPARE(run({u"heads"_s, u"--with"_s, u"nope"_s}), int(cli::Misused));
    QVERIFY2(m_out.startsWith(u"FAILED: The repository has no branch"), qPrintable(m_out));
    QCOMPARE(run({u"heads"_s, u"--with=--output=x"_s}), int(cli::Misused));
    QVERIFY(!QFile::exists(m_git->path(u"x"_s)));
}

void tst_GitCommands::rescueShowsAndRestores()
{
    QCOMPARE(run({u"rescue"_s, u"b"_s}), int(cli::Done));
    QVERIFY2(m_out.startsWith(u"Rev: b, make b\nCommit: "), qPrintable(m_out));
    QVERIFY(m_out.contains(u" by Ada <ada@example.org>, 2026-01-01T03:00:00+01:00, on side\n"
                           "Path: {ROOT}/versions/b.py\n"));
    QVERIFY(m_out.contains(u"op.add_column('users'"));
    QVERIFY(m_out.endsWith(
        u"\nBring it back: tribikos-cli rescue b --restore\n"
        "Or say where the database really is: tribikos-cli stamp --purge REVISION\n"));
    QVERIFY(!QFile::exists(m_git->path(u"versions/b.py"_s)));
    QCOMPARE(run({u"rescue"_s, u"b"_s, u"--restore"_s}), int(cli::Done));
    QCOMPARE(m_out, u"Restoring {ROOT}/versions/b.py ...  done\n"_s);
    QCOMPARE(run({u"heads"_s}), int(cli::Done));
    QCOMPARE(m_out, u"b (head)\n"_s);
    QCOMPARE(run({u"rescue"_s, u"b"_s}), int(cli::Misused));
    QCOMPARE(m_out, u"FAILED: Revision b is not lost: {ROOT}/versions/b.py has it.\n"_s);
    QCOMPARE(run({u"rescue"_s, u"zz"_s}), int(cli::Misused));
    QVERIFY(m_out.startsWith(u"FAILED: No branch, stash or reflog entry has a revision zz."));
}

void tst_GitCommands::rescueJson()
{
    QCOMPARE(run({u"rescue"_s, u"b"_s, u"--restore"_s, u"--json"_s}), int(cli::Done));
    const QJsonObject answer = json();
    QCOMPARE(answer[u"found"_s][0][u"author"_s].toString(), u"Ada"_s);
    QCOMPARE(answer[u"found"_s][0][u"refs"_s].toArray(), QJsonArray{u"side"_s});
    QCOMPARE(answer[u"restored"_s].toArray(), QJsonArray{u"{ROOT}/versions/b.py"_s});
    QCOMPARE(answer[u"is_whole"_s].toBool(), true);
}

/// The database is at b, the files are those of main.
void tst_GitCommands::lose() const
{
    m_git->git({u"checkout"_s, u"-q"_s, u"side"_s});
    QString out;
    QTextStream stream(&out);
    QCOMPARE(cli::run({u"tribikos-cli"_s, u"upgrade"_s, u"head"_s}, stream, stream, m_git->path()),
             int(cli::Done));
    m_git->git({u"checkout"_s, u"-q"_s, u"main"_s});
}

void tst_GitCommands::databaseAtALostRevision()
{
    lose();
    const QString hint =
        u" by Ada, on side; look at it with 'tribikos-cli rescue b', bring it back with --restore"_s;
    QCOMPARE(run({u"current"_s}), int(cli::Failed));
    QVERIFY2(m_err.contains(u"warning: Revision b is in commit ")
                 && m_err.contains(hint + u".\n"_s),
             qPrintable(m_err));
    QCOMPARE(run({u"upgrade"_s, u"head"_s}), int(cli::Failed));
    QVERIFY2(
        m_err.contains(hint + u", or say where the database really is: stamp --purge REVISION."_s),
        qPrintable(m_err));
    QCOMPARE(run({u"rescue"_s, u"b"_s, u"--restore"_s}), int(cli::Done));
    QCOMPARE(run({u"current"_s}), int(cli::Done));
    QCOMPARE(m_out, u"b (head)\n"_s);
}

/// No git, no feature, and an answer only to who asks for it.
void tst_GitCommands::withoutRepository()
{
    lose();
    QVERIFY(QDir(m_git->path(u".git"_s)).removeRecursively());
    QCOMPARE(run({u"current"_s}), int(cli::Failed));
    QVERIFY2(!m_err.contains(u"git") && !m_err.contains(u"warning"), qPrintable(m_err));
    for (const QStringList &words :
         {QStringList{u"heads"_s, u"--with"_s, u"side"_s}, QStringList{u"rescue"_s, u"b"_s}}) {
        QCOMPARE(run(words), int(cli::Misused));
        QCOMPARE(m_out, u"FAILED: {ROOT}/versions lies in no git repository.\n"_s);
    }
}

void tst_GitCommands::steeringTextIsShown()
{
    m_git->git({u"checkout"_s, u"-q"_s, u"side"_s});
    m_git->revision(u"c"_s, u"'b'"_s, "return '\x1b[2J'");
    m_git->commit(u"odd"_s, u"Eve\x1b[2J\u202e"_s);
    m_git->git({u"checkout"_s, u"-q"_s, u"main"_s});
    QCOMPARE(run({u"rescue"_s, u"c"_s}), int(cli::Done));
    QVERIFY(m_out.contains(u"by Eve"));
    QVERIFY(!m_out.contains(u'\x1b') && !m_out.contains(u'\u202e'));
}

int runGitCommandsTest(int argc, char **argv)
{
    tst_GitCommands test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_gitcommands.moc"
