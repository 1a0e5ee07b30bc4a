#include "core/ops/operationarchive.h"
#include "core/project/cachefile.h"
#include "core/project/operationcache.h"
#include "core/project/project.h"
#include "core/project/revisioncache.h"
#include "core/project/revisionfiles.h"
#include "core/pyread/scriptreader.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <map>
#include <memory>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace tribikos;

using Texts = std::map<QString, QByteArray>; // by path in the project

/// A project of enough revisions to be cached, the last of which is the test's own.
class tst_OperationCache : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void archiveGivesBackWhatScriptsSay();
    void archiveRefusesRubbish();
    void archiveKeepsIdentity();
    void archiveRefusesWhatIsTooDeep();
    void foundForTheSameAlone();
    void damagedFileIsNone();
    void unkeepableIsTriedOnce();
    void filesThatAreGoneGo();
    void largeHistoriesAreKeptInPart();
    void requestsKeepTheirOwn();
    void secondPlanComesFromTheCache();
    void changesOutsideAreSeen_data();
    void changesOutsideAreSeen();
    void otherStartIsSeen();
    void changedScriptIsSeen();
    void nowIsNow();
    void shortHistoryHasNone();
    void oldFilesGo();
    void linksAreNotFollowed();
    void threadsShareIt();

private:
    static constexpr int fillers = 55;
    QString path(const QString &name) const { return m_folder->filePath(name); }
    QString cacheFolder() const { return path(u"cache"_s); }
    OpenRequest request(bool cached) const;
    void write(const Texts &files) const;
    void writeLast(const QByteArray &head, const QByteArray &body) const;
    void see() const;
    QStringList said(bool cached, const QString &range = u"base:heads"_s) const;
    QStringList cacheFiles() const;

    std::unique_ptr<QTemporaryDir> m_folder{};
};

namespace {

constexpr FileStamp stamp{.size = 7, .modifiedNs = 8, .changedNs = 9, .inode = 10, .device = 11};

Operations executing(const QString &sql)
{
    return {{.kind = Execute{.statement = textExpr(sql)}, .span = {.line = 4, .column = 2}}};
}

QStringList dataScripts()
{
    QStringList scripts;
    QDirIterator it(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/data"), {u"*.py"_s}, QDir::Files,
                    QDirIterator::Subdirectories);
    while (it.hasNext())
        scripts.append(it.next());
    return scripts;
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void tst_OperationCache::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    Texts files{{u"alembic.ini"_s,
                 "[alembic]\nscript_location = %(here)s\nprepend_sys_path = %(here)s\n"
                 "prefix = one\n"},
                {u"env.py"_s, "target_metadata = None\n"}};
    for (int i = 0; i < fillers; ++i) {
        const QByteArray number = QByteArray::number(i);
        files.emplace(u"versions/r%1.py"_s.arg(i, 3, 10, QChar(u'0')),
                      "from alembic import op\nimport sqlalchemy as sa\nrevision = 'r" + number
                          + "'\ndown_revision = "
                          + (i == 0 ? "None" : "'r" + QByteArray::number(i - 1) + "'")
                          + "\ndef upgrade():\n    op.create_table('t" + number
                          + "', sa.Column('id', sa.Integer(), primary_key=True),"
                            " sa.Column('name', sa.String(20), server_default='x'))\n");
    }
    write(files);
}

OpenRequest tst_OperationCache::request(bool cached) const
{
    return {.path = path(u"alembic.ini"_s),
            .dialect = Backend::PostgreSql,
            .cacheFolder = cached ? cacheFolder() : QString()};
}

void tst_OperationCache::write(const Texts &files) const
{
    for (const auto &[name, text] : files) {
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
}

void tst_OperationCache::writeLast(const QByteArray &head, const QByteArray &body) const
{
    write({{u"versions/s.py"_s, "from alembic import op, context\nimport sqlalchemy as sa\n" + head
                                    + "\nrevision = 's'\ndown_revision = 'r54'\ndef upgrade():\n"
                                    + body}});
}

/// Makes the project one that was read before, at a time when its files were at rest.
void tst_OperationCache::see() const
{
    const auto project = Project::open(request(false));
    QVERIFY(project);
    QList<RevisionCache::Entry> entries;
    Diagnostics diagnostics;
    for (const RevisionFile &file :
         readRevisionFiles((*project)->config(), {}, {}, &diagnostics, {}))
        entries.append({file.stamp, file.revision});
    RevisionCache(cacheFolder(), (*project)->config().versionLocations).save(entries);
}

/// What an offline script of \a range says, a line per statement or refusal.
QStringList tst_OperationCache::said(bool cached, const QString &range) const
{
    const auto project = Project::open(request(cached));
    if (!project)
        return {project.error().message};
    const auto plan = (*project)->planRange(Backend::PostgreSql, Direction::Upgrade, range);
    if (!plan)
        return {plan.error().message};
    QStringList lines;
    for (const PlanStep &step : plan->steps) {
        lines.append(step.revision + u": "_s + step.reason);
        for (const Statement &statement : step.statements)
            lines.append(u"%1 (%2)"_s.arg(statement.sql).arg(statement.span.line));
    }
    return lines;
}

QStringList tst_OperationCache::cacheFiles() const
{
    QStringList found;
    for (const QString &name : QDir(cacheFolder()).entryList({u"*.operations"_s}, QDir::Files))
        found.append(cacheFolder() + u'/' + name);
    return found;
}

void tst_OperationCache::archiveGivesBackWhatScriptsSay()
{
    OperationWriter writer;
    QList<std::pair<Operations, QByteArray>> all;
    for (const QString &path : dataScripts()) {
        const auto script = Script::load(read(path), path);
        for (const Backend backend : {Backend::Sqlite, Backend::PostgreSql, Backend::MySql}) {
            for (const auto direction :
                 {EvalRequest::Direction::Up, EvalRequest::Direction::Down}) {
                const EvalResult result =
                    script ? (*script)->evaluate({.backend = backend, .direction = direction})
                           : EvalResult();
                if (result.operations.isEmpty())
                    continue;
                const auto bytes = writer.add(result.operations);
                QVERIFY2(bytes, qPrintable(path));
                all.append({result.operations, *bytes});
            }
        }
    }
    QVERIFY(all.size() > 500);
    const OperationReader reader(writer.shared());
    OperationWriter again; // in the same order, so that it numbers alike
    for (const auto &[operations, bytes] : std::as_const(all)) {
        const auto found = reader.operations(bytes);
        QVERIFY(found);
        QVERIFY(*found == operations);
        QCOMPARE(again.add(*found), std::optional(bytes)); // the members, too, that == looks past
    }
    QCOMPARE(again.shared(), writer.shared());
}

void tst_OperationCache::archiveRefusesRubbish()
{
    OperationWriter writer;
    const QByteArray bytes = *writer.add(executing(u"SELECT 1"_s));
    const QByteArray shared = writer.shared();
    QVERIFY(OperationReader(shared).operations(bytes));
    for (qsizetype length = 0; length < bytes.size(); ++length)
        QVERIFY(!OperationReader(shared).operations(bytes.first(length)));
    for (qsizetype length = 0; length < shared.size(); ++length)
        QVERIFY(!OperationReader(shared.first(length)).operations(bytes));
    QVERIFY(!OperationReader(shared).operations(bytes + '\0'));
    for (qsizetype at = 0; at < bytes.size(); ++at) { // other operations or none, but no crash
        for (int value = 0; value < 256; ++value) {
            QByteArray damaged = bytes;
            damaged[at] = char(value);
            const auto found = OperationReader(shared).operations(damaged);
            QVERIFY(damaged == bytes ? found.has_value() : !found || found->size() <= 1);
        }
    }
}

/// Two aliases that have no names are told apart by which object they are.
void tst_OperationCache::archiveKeepsIdentity()
{
    const auto source = std::make_shared<Expr>(Expr{.kind = Expr::Kind::Subquery});
    const auto other = std::make_shared<Expr>(Expr{.kind = Expr::Kind::Subquery});
    const auto list = std::make_shared<Expr>(
        Expr{.kind = Expr::Kind::List, .args = {source, other, source, nullptr}});
    OperationWriter writer;
    const auto bytes = writer.add({{.kind = Execute{.statement = list}}});
    QVERIFY(bytes);
    const auto found = OperationReader(writer.shared()).operations(*bytes);
    QVERIFY(found);
    const auto args = found->constFirst().as<Execute>()->statement->args;
    QCOMPARE(args.size(), 4);
    QCOMPARE(args[0], args[2]);
    QVERIFY(args[0] != args[1]);
    QVERIFY(!args[3]);
}

void tst_OperationCache::archiveRefusesWhatIsTooDeep()
{
    ExprPtr deep = textExpr(u"x"_s);
    for (int i = 0; i < 5'000; ++i)
        deep = std::make_shared<Expr>(
            Expr{.kind = Expr::Kind::Unary, .text = u"NOT"_s, .args = {deep}});
    OperationWriter writer;
    QVERIFY(!writer.add({{.kind = Execute{.statement = deep}}}));
    QVERIFY(!writer.add(executing(u"SELECT '"_s + QChar(0xd83d) + u'\''))); // half a character
    QVERIFY(!writer.add(executing(QString(1 << 17, u'x'))));
    const auto bytes = writer.add(executing(u"SELECT 1"_s)); // and goes on
    QVERIFY(bytes);
    QCOMPARE(OperationReader(writer.shared()).operations(*bytes), executing(u"SELECT 1"_s));
    QVERIFY(!writer.add({{.kind = ExecuteMany{.stretch = std::make_shared<SqlStretch>()}}}));
}

void tst_OperationCache::foundForTheSameAlone()
{
    const QStringList versions{u"/p/versions"_s};
    const QString kind = u"sqlite-upgrade-offline"_s;
    const auto find = [this](const QStringList &folders, const QString &ofKind,
                             const QByteArray &request, const QString &file,
                             const FileStamp &state) {
        OperationCache cache(cacheFolder(), folders, ofKind, request);
        cache.load();
        return cache.find(file, state);
    };
    OperationCache cache(cacheFolder(), versions, kind, "request");
    cache.insert(u"/p/versions/a.py"_s, stamp, executing(u"SELECT 'a'"_s));
    cache.save({{.path = u"/p/versions/a.py"_s, .stamp = stamp}});
    const QString a = u"/p/versions/a.py"_s;
    QCOMPARE(find(versions, kind, "request", a, stamp), executing(u"SELECT 'a'"_s));
    QVERIFY(!find({u"/p"_s}, kind, "request", a, stamp));
    QVERIFY(!find(versions, u"sqlite-downgrade-offline"_s, "request", a, stamp));
    QVERIFY(!find(versions, kind, "another", a, stamp));
    QVERIFY(!find(versions, kind, "request", u"/p/versions/b.py"_s, stamp));
    for (auto member : {&FileStamp::size, &FileStamp::modifiedNs, &FileStamp::changedNs}) {
        FileStamp other = stamp;
        other.*member += 1;
        QVERIFY(!find(versions, kind, "request", a, other));
    }
    QCOMPARE(QFile(cacheFiles().value(0)).permissions() & (QFile::ReadOther | QFile::ReadGroup), 0);
}

void tst_OperationCache::damagedFileIsNone()
{
    const auto opened = [this] {
        auto cache = std::make_unique<OperationCache>(cacheFolder(), QStringList{u"/p"_s}, u"x"_s,
                                                      QByteArray("r"));
        cache->load();
        return cache;
    };
    const auto cache = opened();
    cache->insert(u"/p/a.py"_s, stamp, executing(u"SELECT 'a'"_s));
    cache->save({{.path = u"/p/a.py"_s, .stamp = stamp}});
    const QString file = cacheFiles().value(0);
    const QByteArray whole = read(file);
    QVERIFY(opened()->find(u"/p/a.py"_s, stamp));
    for (qsizetype at = 0; at < whole.size(); ++at) {
        QByteArray damaged = whole;
        damaged[at] = char(damaged[at] ^ 0x10);
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(damaged);
        out.close();
        QVERIFY2(!opened()->find(u"/p/a.py"_s, stamp), qPrintable(QString::number(at)));
    }
}

void tst_OperationCache::unkeepableIsTriedOnce()
{
    const QString file = u"/p/a.py"_s;
    const Operations large = executing(QString(2 << 20, u'x'));
    OperationCache cache(cacheFolder(), {u"/p"_s}, u"x"_s, "r");
    cache.insert(file, stamp, executing(QString(20, u'x')) + Operations{{.kind = ExecuteMany{}}});
    cache.insert(u"/p/b.py"_s, stamp, large);
    cache.save({{.path = file, .stamp = stamp}, {.path = u"/p/b.py"_s, .stamp = stamp}});
    OperationCache later(cacheFolder(), {u"/p"_s}, u"x"_s, "r");
    later.load();
    QVERIFY(!later.find(file, stamp));
    later.insert(file, stamp, {});
    QVERIFY(!later.hasNews());
}

void tst_OperationCache::filesThatAreGoneGo()
{
    OperationCache cache(cacheFolder(), {u"/p"_s}, u"x"_s, "r");
    cache.insert(u"/p/a.py"_s, stamp, executing(u"SELECT 'a'"_s));
    cache.insert(u"/p/b.py"_s, stamp, executing(u"SELECT 'b'"_s));
    cache.save({{.path = u"/p/b.py"_s, .stamp = stamp}});
    QVERIFY(!cache.find(u"/p/a.py"_s, stamp));
    QCOMPARE(cache.find(u"/p/b.py"_s, stamp), executing(u"SELECT 'b'"_s));
    QVERIFY(!read(cacheFiles().value(0)).contains("SELECT 'a'"));
}

/// No more than 32 MiB, and the rest isn't tried again and again.
void tst_OperationCache::largeHistoriesAreKeptInPart()
{
    QList<VersionFile> files;
    OperationCache cache(cacheFolder(), {u"/p"_s}, u"x"_s, "r");
    for (int i = 0; i < 800; ++i) {
        files.append({.path = u"/p/%1.py"_s.arg(i), .stamp = stamp});
        cache.insert(files.last().path, stamp,
                     executing(QString::number(i) + QString(60'000, u'x')));
    }
    cache.save(files);
    const qint64 size = QFileInfo(cacheFiles().value(0)).size();
    QVERIFY(size > 30 << 20 && size < 33 << 20);
    OperationCache later(cacheFolder(), {u"/p"_s}, u"x"_s, "r");
    later.load();
    QVERIFY(later.find(files.first().path, stamp));
    QVERIFY(!later.find(files.last().path, stamp));
    later.insert(files.last().path, stamp, {});
    QVERIFY(!later.hasNews());
}

void tst_OperationCache::requestsKeepTheirOwn()
{
    for (const QByteArray &request : {QByteArray("one"), QByteArray("two")}) {
        OperationCache cache(cacheFolder(), {u"/p"_s}, u"x"_s, request);
        cache.insert(u"/p/a.py"_s, stamp, executing(QString::fromLatin1(request)));
        cache.save({{.path = u"/p/a.py"_s, .stamp = stamp}});
    }
    for (const QByteArray &request : {QByteArray("one"), QByteArray("two")}) {
        OperationCache cache(cacheFolder(), {u"/p"_s}, u"x"_s, request);
        cache.load();
        QCOMPARE(cache.find(u"/p/a.py"_s, stamp), executing(QString::fromLatin1(request)));
    }
}

/// The text in the cache is changed behind its back: what is said then tells where it comes from.
void tst_OperationCache::secondPlanComesFromTheCache()
{
    writeLast({}, "    op.execute('SELECT 100')\n");
    see();
    const QStringList first = said(true);
    QCOMPARE(first, said(false));
    QCOMPARE(cacheFiles().size(), 1);
    const QString file = cacheFiles().value(0);
    const QByteArray whole = read(file);
    const qsizetype headEnd = whole.indexOf('\n') + 1;
    QByteArray payload = whole.mid(headEnd + fastDigest({}).size());
    QCOMPARE(payload.count("SELECT 100"), 1);
    payload.replace("SELECT 100", "SELECT 200");
    writeCacheFile(file, whole.first(headEnd), payload);
    QCOMPARE(said(true).last(), QString(first.last()).replace(u"100"_s, u"200"_s));
    QCOMPARE(said(false), first);
}

void tst_OperationCache::changesOutsideAreSeen_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const char *head, const char *body, const char *before,
                        const char *file, const char *after) {
        QTest::newRow(name) << QByteArray(head) << QByteArray(body) << QByteArray(before)
                            << QString::fromLatin1(file) << QByteArray(after);
    };
    row("a constant of another module", "from helper import N", "    op.execute(N)\n",
        "N = 'SELECT 1'\n", "helper.py", "N = 'SELECT 2'\n");
    row("a function of another module", "", "    from helper import f\n    f()\n",
        "from alembic import op\ndef f():\n    op.execute('SELECT 1')\n", "helper.py",
        "from alembic import op\ndef f():\n    op.execute('SELECT 2')\n");
    row("a module that comes to be",
        "try:\n    from later import N\nexcept ImportError:\n    N = 'SELECT 1'",
        "    op.execute(N)\n", "", "later.py", "N = 'SELECT 2'\n");
    row("a type of another module", "from helper import T",
        "    op.create_table('x', sa.Column('a', T()))\n",
        "import sqlalchemy as sa\nclass T(sa.types.TypeDecorator):\n    impl = sa.Integer\n",
        "helper.py",
        "import sqlalchemy as sa\nclass T(sa.types.TypeDecorator):\n    impl = sa.Text\n");
    const char *ini = "[alembic]\nscript_location = %(here)s\nprepend_sys_path = %(here)s\n"
                      "prefix = one\n";
    row("an option", "", "    op.execute(op.get_context().config.get_main_option('prefix'))\n", ini,
        "alembic.ini",
        "[alembic]\nscript_location = %(here)s\nprepend_sys_path = %(here)s\nprefix = two\n");
    row("naming conventions", "",
        "    op.create_table('x', sa.Column('a', sa.Integer()), sa.UniqueConstraint('a'))\n",
        "target_metadata = None\n", "env.py",
        "from sqlalchemy import MetaData\n"
        "target_metadata = MetaData(naming_convention={'uq': 'uq_%(table_name)s'})\n");
    row("a function of env.py on types", "",
        "    op.create_table('x', sa.Column('a', sa.JSON()))\n", "target_metadata = None\n",
        "env.py",
        "from sqlalchemy.ext.compiler import compiles\nfrom sqlalchemy import JSON\n"
        "@compiles(JSON, 'postgresql')\ndef drawn(element, compiler, **kw):\n"
        "    return 'JSONB'\ntarget_metadata = None\n");
    row("the version table", "", "    op.execute(op.get_context().version_table)\n",
        "target_metadata = None\n", "env.py",
        "from alembic import context\ntarget_metadata = None\n"
        "context.configure(version_table='other')\n");
    row("types of tribikos.toml", "class Point(sa.types.UserDefinedType):\n    pass\n",
        "    op.create_table('x', sa.Column('a', Point()))\n", "[types]\nPoint = \"point\"\n",
        "tribikos.toml", "[types]\nPoint = \"circle\"\n");
    row("variables", "import os", "    op.execute(os.environ['N'])\n",
        "[environment-variables]\nN = \"SELECT 1\"\n", "tribikos.toml",
        "[environment-variables]\nN = \"SELECT 2\"\n");
    row("answers", "",
        "    for (n,) in op.get_bind().execute(sa.text('SELECT n FROM x')):\n"
        "        op.execute('SELECT %d' % n)\n",
        "[offline.answers]\n\"SELECT n FROM x\" = [[1]]\n", "tribikos.toml",
        "[offline.answers]\n\"SELECT n FROM x\" = [[2]]\n");
    row("an earlier revision", "",
        "    if 'name' in [c['name'] for c in sa.inspect(op.get_bind()).get_columns('t7')]:\n"
        "        op.drop_column('t7', 'name')\n",
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'r7'\ndown_revision = 'r6'\n"
        "def upgrade():\n    op.create_table('t7', sa.Column('name', sa.String(20)))\n",
        "versions/r007.py",
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'r7'\ndown_revision = 'r6'\n"
        "def upgrade():\n    op.create_table('t7', sa.Column('other', sa.String(20)))\n");
    row("a function of env.py on tables", "",
        "    op.create_table('x', sa.Column('a', sa.Text()))\n", "target_metadata = None\n",
        "env.py",
        "from sqlalchemy.schema import CreateTable\nfrom sqlalchemy.ext.compiler import compiles\n"
        "@compiles(CreateTable)\ndef drawn(element, compiler, **kw):\n    return 'x'\n"
        "target_metadata = None\n");
}

/// Twice as it is, so that the second comes from the cache, then after a change of another file than the script.
void tst_OperationCache::changesOutsideAreSeen()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, before);
    QFETCH(QString, file);
    QFETCH(QByteArray, after);
    if (!before.isEmpty())
        write({{file, before}});
    writeLast(head, body);
    see();
    const QStringList first = said(true);
    QCOMPARE(said(true), first);
    QCOMPARE(said(false), first);
    QVERIFY(!cacheFiles().isEmpty());
    write({{file, after}});
    if (file.startsWith(u"versions/"))
        see();
    const QStringList now = said(false);
    QVERIFY2(now != first, qPrintable(first.last())); // or the change would be none
    QCOMPARE(said(true), now);
    QCOMPARE(said(true), now);
}

/// A script that looks at tables meets those of the range alone.
void tst_OperationCache::otherStartIsSeen()
{
    writeLast({}, "    if sa.inspect(op.get_bind()).has_table('t3'):\n"
                  "        op.drop_table('t3')\n"
                  "    for (n,) in op.get_bind().execute(sa.text('SELECT id FROM t4')):\n"
                  "        op.execute('SELECT %d' % n)\n");
    see();
    for (const QString &range :
         {u"base:heads"_s, u"r54:heads"_s, u"r10:heads"_s, u"base:heads"_s}) {
        QCOMPARE(said(true, range), said(false, range));
        QCOMPARE(said(true, range), said(false, range));
    }
    QVERIFY(said(true, u"base:heads"_s).last() != said(true, u"r54:heads"_s).last());
}

void tst_OperationCache::changedScriptIsSeen()
{
    writeLast({}, "    op.execute('SELECT 1')\n");
    see();
    said(true);
    writeLast({}, "    op.execute('SELECT 2')\n"); // of the same length
    QVERIFY(said(true).last().startsWith(u"SELECT 2"));
    see();
    QVERIFY(said(true).last().startsWith(u"SELECT 2"));
    QVERIFY(said(true).last().startsWith(u"SELECT 2"));
}

void tst_OperationCache::nowIsNow()
{
    writeLast("import uuid", "    op.execute(\"SELECT '%s'\" % uuid.uuid4())\n");
    see();
    said(true);
    QVERIFY(said(true).last() != said(true).last());
}

void tst_OperationCache::shortHistoryHasNone()
{
    for (int i = 40; i < fillers; ++i)
        QFile::remove(path(u"versions/r%1.py"_s.arg(i, 3, 10, QChar(u'0'))));
    see();
    said(true);
    QVERIFY(cacheFiles().isEmpty());
}

void tst_OperationCache::oldFilesGo()
{
    for (int i = 0; i < 80; ++i)
        writeCacheFile(u"%1/%2.sqlite-x.operations"_s.arg(cacheFolder()).arg(i), "head", "payload");
    QCOMPARE(cacheFiles().size(), 64);
}

/// A run as root would put a file in the place of a device.
void tst_OperationCache::linksAreNotFollowed()
{
    write({{u"other"_s, "mine"}});
    QVERIFY(QDir().mkpath(cacheFolder()));
    const QString cache = cacheFolder() + u"/x.operations"_s;
    QVERIFY(QFile::link(path(u"other"_s), cache));
    writeCacheFile(cache, "head\n", "payload");
    QCOMPARE(read(path(u"other"_s)), "mine");
    QVERIFY(!QFileInfo(cache).isSymLink());
    QCOMPARE(readCacheFile(cache, "head\n"), "payload");
}

/// One project, whose plans are made and whose caches are saved by several threads at once.
void tst_OperationCache::threadsShareIt()
{
    writeLast({}, "    op.execute('SELECT 1')\n");
    see();
    const auto project = Project::open(request(true));
    QVERIFY(project);
    const auto texts = [&project](Backend backend) {
        QStringList all;
        const auto plan = (*project)->planRange(backend, Direction::Upgrade, u"base:heads"_s);
        for (const PlanStep &step : plan ? plan->steps : QList<PlanStep>())
            for (const Statement &statement : step.statements)
                all.append(statement.sql);
        return all;
    };
    const QStringList expected = texts(Backend::PostgreSql);
    QVERIFY(expected.size() > fillers);
    std::array<QStringList, 4> found;
    {
        std::vector<std::jthread> threads;
        for (QStringList &one : found)
            threads.emplace_back([&one, &texts] {
                texts(Backend::Sqlite);
                one = texts(Backend::PostgreSql);
            });
    }
    for (const QStringList &one : found)
        QCOMPARE(one, expected);
}

int runOperationCache(int argc, char **argv)
{
    tst_OperationCache test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_operationcache.moc"
