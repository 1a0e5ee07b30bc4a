#include "tests/runtime/sample.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace tribikos::sample {

RawDatabase::RawDatabase(const QString &path)
{
    if (sqlite3_open(path.toUtf8().constData(), &m_db) != SQLITE_OK)
        qFatal("cannot open %s", qPrintable(path));
    sqlite3_busy_timeout(m_db, 5000);
}

RawDatabase::~RawDatabase()
{
    sqlite3_close(m_db);
}

bool RawDatabase::tryExec(const QString &sql)
{
    return sqlite3_exec(m_db, sql.toUtf8().constData(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

void RawDatabase::exec(const QString &sql)
{
    if (!tryExec(sql))
        qFatal("%s: %s", qPrintable(sql), sqlite3_errmsg(m_db));
}

QList<QStringList> RawDatabase::rows(const QString &sql)
{
    sqlite3_stmt *query = nullptr;
    if (sqlite3_prepare_v2(m_db, sql.toUtf8().constData(), -1, &query, nullptr) != SQLITE_OK)
        qFatal("%s: %s", qPrintable(sql), sqlite3_errmsg(m_db));
    QList<QStringList> all;
    while (sqlite3_step(query) == SQLITE_ROW) {
        QStringList row;
        for (int i = 0; i < sqlite3_column_count(query); ++i)
            row.append(
                QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(query, i))));
        all.append(row);
    }
    sqlite3_finalize(query);
    return all;
}

QString dump(const QString &path)
{
    RawDatabase db(path);
    QString text;
    for (const QStringList &object :
         db.rows(u"SELECT type, name, sql FROM sqlite_master ORDER BY type, name"_s)) {
        text += object.join(u'|') + u'\n';
        if (object.first() != u"table")
            continue;
        QStringList rows;
        for (const QStringList &row : db.rows(u"SELECT * FROM \"%1\""_s.arg(object.at(1))))
            rows.append(row.join(u'|'));
        rows.sort();
        text += rows.join(u'\n') + u'\n';
    }
    return text;
}

QStringList versionRows(const QString &path)
{
    RawDatabase db(path);
    if (db.rows(u"SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"_s).isEmpty())
        return {u"-"_s};
    QStringList rows;
    for (const QStringList &row : db.rows(u"SELECT version_num FROM alembic_version ORDER BY 1"_s))
        rows.append(row.first());
    return rows;
}

namespace {

Statement versionStatement(const VersionChange &change)
{
    const QString sql = [&] {
        switch (change.kind) {
        case VersionChange::Kind::Insert:
            return u"INSERT INTO alembic_version (version_num) VALUES ('%1') RETURNING version_num"_s
                .arg(change.to);
        case VersionChange::Kind::Update:
            return u"UPDATE alembic_version SET version_num='%1' WHERE alembic_version.version_num = '%2'"_s
                .arg(change.to, change.from);
        case VersionChange::Kind::Delete:
            return u"DELETE FROM alembic_version WHERE alembic_version.version_num = '%1'"_s.arg(
                change.from);
        }
        return QString();
    }();
    return {.sql = sql, .kind = Statement::Kind::VersionTable};
}

PlanStep stepOf(const Revision &revision, const VersionChange &change, Direction direction)
{
    PlanStep step;
    step.revision = revision.id;
    step.direction = direction;
    step.file = u"/project/versions/%1_story.py"_s.arg(revision.id);
    step.line = 10;
    step.rebuiltTables = revision.rebuiltTables;
    int line = 10;
    for (const QString &sql : revision.statements) {
        const bool isRebuild = !revision.rebuiltTables.isEmpty();
        step.statements.append(
            {.sql = sql,
             .kind = isRebuild ? Statement::Kind::Rebuild : Statement::Kind::Script,
             .span = {.line = ++line}});
    }
    step.versionChanges = {change};
    step.versionStatements = {versionStatement(change)};
    return step;
}

} // namespace

PlanStep upgradeStep(const QString &from, const Revision &revision)
{
    VersionChange change{.kind = VersionChange::Kind::Insert, .to = revision.id};
    if (!from.isEmpty())
        change = {.kind = VersionChange::Kind::Update, .from = from, .to = revision.id};
    return stepOf(revision, change, Direction::Upgrade);
}

PlanStep downgradeStep(const Revision &revision, const QString &to)
{
    VersionChange change{.kind = VersionChange::Kind::Delete, .from = revision.id};
    if (!to.isEmpty())
        change = {.kind = VersionChange::Kind::Update, .from = revision.id, .to = to};
    return stepOf(revision, change, Direction::Downgrade);
}

Plan upgradePlan(const QList<Revision> &revisions, const QString &from)
{
    Plan plan;
    plan.createVersionTable =
        u"CREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL, \n"
        "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"_s;
    QString row = from;
    if (!row.isEmpty())
        plan.startRows = {row};
    for (const Revision &revision : revisions) {
        plan.steps.append(upgradeStep(row, revision));
        row = revision.id;
    }
    if (!row.isEmpty())
        plan.endRows = {row};
    return plan;
}

QList<Revision> story(int count)
{
    QList<Revision> revisions;
    for (int i = 1; i <= count; ++i) {
        Revision revision{.id = u"r%1"_s.arg(i, 3, 10, QChar(u'0'))};
        const QString table = u"t%1"_s.arg((i - 1) / 4);
        switch ((i - 1) % 4) {
        case 0:
            revision.statements = {
                u"CREATE TABLE %1 (id INTEGER PRIMARY KEY, name TEXT)"_s.arg(table),
                u"INSERT INTO %1 (id, name) VALUES (1, 'one'), (2, 'two'), (3, 'three')"_s.arg(
                    table)};
            break;
        case 1:
            revision.statements = {
                u"ALTER TABLE %1 ADD COLUMN price INTEGER DEFAULT 5"_s.arg(table),
                u"UPDATE %1 SET price = id * 100"_s.arg(table)};
            break;
        case 2: revision.statements = {u"CREATE INDEX ix_%1_name ON %1 (name)"_s.arg(table)}; break;
        default:
            revision.rebuiltTables = {table};
            revision.statements = {
                u"CREATE TABLE _alembic_tmp_%1 (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price "
                u"INTEGER, "
                "CONSTRAINT uq_%1 UNIQUE (name))"_s.arg(table),
                u"INSERT INTO _alembic_tmp_%1 (id, name, price) SELECT id, name, price FROM %1"_s
                    .arg(table),
                u"DROP TABLE %1"_s.arg(table),
                u"ALTER TABLE _alembic_tmp_%1 RENAME TO %1"_s.arg(table),
                u"CREATE INDEX ix_%1_name ON %1 (name)"_s.arg(table)};
        }
        if (i == 1)
            revision.statements.append(u"CREATE TABLE runs (revision TEXT)"_s);
        revision.statements.append(u"INSERT INTO runs VALUES ('%1')"_s.arg(revision.id));
        revisions.append(revision);
    }
    return revisions;
}

Plan remainingPlan(int count, const QStringList &rows)
{
    const QList<Revision> all = story(count);
    qsizetype done = 0;
    while (!rows.isEmpty() && done < count && (done == 0 || all.at(done - 1).id != rows.first()))
        ++done;
    return upgradePlan(all.mid(done), rows.value(0));
}

QString expectedDump(const QString &scratchFile, int count, int done)
{
    QFile::remove(scratchFile);
    {
        RawDatabase db(scratchFile);
        const Plan plan = remainingPlan(count, {});
        if (done > 0)
            db.exec(plan.createVersionTable);
        for (int i = 0; i < done; ++i) {
            for (const Statement &statement : plan.steps.at(i).statements)
                db.exec(statement.sql);
            for (const Statement &statement : plan.steps.at(i).versionStatements)
                db.exec(statement.sql);
        }
    }
    return dump(scratchFile);
}

QString scratchTemplate()
{
    const QFileInfo memory(u"/dev/shm"_s);
    const bool isThere = memory.isDir() && memory.isWritable();
    return (isThere ? memory.filePath() : QDir::tempPath()) + u"/tribikos-XXXXXX"_s;
}

ConnectionSpec fileSpec(const QString &path, int lockTimeoutMs)
{
    return {.backend = Backend::Sqlite,
            .url = u"sqlite:///"_s + path,
            .database = path,
            .lockTimeoutMs = lockTimeoutMs};
}

RunOptions bareOptions()
{
    RunOptions options;
    options.backup = false;
    options.log = false;
    return options;
}

} // namespace tribikos::sample
