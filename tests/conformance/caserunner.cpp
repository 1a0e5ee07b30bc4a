#include "caserunner.h"

#include "app/cli/cli.h"
#include "core/sqlread/splitter.h"
#include "tests/servers/lab.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QTextStream>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject readJson(const QString &path)
{
    return QJsonDocument::fromJson(contents(path)).object();
}

/// A connection for one piece of work; its name is gone before the next.
template<typename Work>
void withDatabase(const QString &path, Work work)
{
    const QString name = u"conformance"_s;
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        db.setDatabaseName(path);
        if (db.open())
            work(db);
    }
    QSqlDatabase::removeDatabase(name);
}

QString tomlValue(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    return u'"' + value.toString() + u'"';
}

} // namespace

CaseRunner::CaseRunner(const QString &caseFolder)
    : m_caseFolder(caseFolder)
{
    layOut(QFileInfo(caseFolder).path() + u"/_project"_s);
    layOut(caseFolder);
    m_case = readJson(caseFolder + u"/case.json"_s);
    m_expected = readJson(caseFolder + u"/expected.json"_s);
    writeOptions();
    const QString server = m_case[u"server"_s].toString();
    if (!server.isEmpty())
        m_server = std::make_unique<lab::Database>(server == u"postgresql" ? Backend::PostgreSql
                                                                           : Backend::MariaDb);
}

CaseRunner::~CaseRunner() = default;

void CaseRunner::layOut(const QString &folder)
{
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString from = files.next();
        const QString to = m_folder.filePath(QDir(folder).relativeFilePath(from));
        QDir().mkpath(QFileInfo(to).path());
        QFile::remove(to);
        QFile::copy(from, to);
    }
}

/// The shared env.py takes its options from case.json at run time; nobody can read that off it, so
/// a tribikos.toml says the same.
void CaseRunner::writeOptions()
{
    QJsonObject options = m_case[u"configure"_s].toObject();
    static const QRegularExpression own(u"^CONFIGURE = (\\{.*\\})$"_s,
                                        QRegularExpression::MultilineOption);
    QString models = QString::fromUtf8(contents(m_folder.filePath(u"models.py"_s)));
    const QJsonObject more = QJsonDocument::fromJson(own.match(models)
                                                         .captured(1)
                                                         .replace(u"True"_s, u"true"_s)
                                                         .replace(u"False"_s, u"false"_s)
                                                         .toUtf8())
                                 .object();
    for (auto it = more.begin(); it != more.end(); ++it)
        options.insert(it.key(), it.value());
    const QJsonObject convention = m_case[u"naming_convention"_s].toObject();
    QString text = models.isEmpty() ? QString() : u"[project]\nmodels = [\"models.py\"]\n"_s;
    text += u"[options]\n"_s;
    if (!options.contains(u"version_table"_s))
        text += u"version_table = \"alembic_version\"\n"_s;
    for (auto it = options.begin(); it != options.end(); ++it) {
        if (it.key() == u"dialect_opts")
            text += u"dialect_opts = {}\n"_s;
        else if (it.value().isBool() || it.value().isString())
            text += it.key() + u" = "_s + tomlValue(it.value()) + u'\n';
    }
    if (!convention.isEmpty()) {
        QStringList pairs;
        for (auto it = convention.begin(); it != convention.end(); ++it)
            pairs.append(it.key() + u" = "_s + tomlValue(it.value()));
        text += u"naming_convention = { %1 }\n"_s.arg(pairs.join(u", "_s));
    }
    QFile file(m_folder.filePath(u"tribikos.toml"_s));
    if (file.open(QIODevice::WriteOnly))
        file.write(text.toUtf8());
}

void CaseRunner::seed(const QString &sqlFile, bool isFresh)
{
    if (isFresh)
        QFile::remove(database());
    const QString script = QString::fromUtf8(contents(m_caseFolder + u'/' + sqlFile));
    if (m_server) {
        seedServer(script);
        return;
    }
    withDatabase(database(), [&](QSqlDatabase &db) {
        for (const SqlStatement &statement : splitStatements(script))
            QSqlQuery(db).exec(statement.text);
    });
}

/// The recording's own database is dropped and made again; ours is new.
void CaseRunner::seedServer(const QString &script) const
{
    const auto session = m_server->open();
    for (const SqlStatement &statement : splitStatements(script, session->backend())) {
        static const QRegularExpression ofDatabase(u"^(?:DROP DATABASE|CREATE DATABASE|USE) "_s);
        if (ofDatabase.match(statement.text.trimmed()).hasMatch())
            continue;
        if (const auto ran = session->execute(statement.text); !ran)
            qFatal("%s: %s", qPrintable(statement.text), qPrintable(ran.error().message));
    }
}

QString CaseRunner::url(const QJsonObject &command, const QString &dialect) const
{
    if (command[u"online"_s] == u"server"_s)
        return QString(m_server->url()).replace(u"mysql://"_s, u"mariadb://"_s);
    if (command[u"online"_s].toBool())
        return u"sqlite:///"_s + database();
    return dialect.isEmpty() ? u"sqlite://"_s : dialect + u"://"_s;
}

QStringList CaseRunner::versionRows(const QString &table) const
{
    QStringList rows;
    if (!QFile::exists(database()))
        return rows;
    withDatabase(database(), [&](QSqlDatabase &db) {
        QSqlQuery query(db);
        query.exec(u"SELECT version_num FROM %1 ORDER BY 1"_s.arg(table));
        while (query.next())
            rows.append(query.value(0).toString());
    });
    return rows;
}

QStringList CaseRunner::dump() const
{
    QStringList lines;
    if (!QFile::exists(database()))
        return lines;
    withDatabase(database(), [&](QSqlDatabase &db) {
        QStringList tables;
        QSqlQuery objects(db);
        objects.exec(u"SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"_s);
        while (objects.next()) {
            const QString name = objects.value(1).toString();
            lines += objects.value(2).toString().append(u';').split(u'\n');
            if (objects.value(0).toString() == u"table" && !name.startsWith(u"sqlite_"))
                tables += name;
        }
        for (const QString &table : std::as_const(tables)) {
            QSqlQuery rows(db);
            rows.exec(u"SELECT * FROM \"%1\""_s.arg(table));
            while (rows.next()) {
                QJsonArray cells;
                for (int i = 0; i < rows.record().count(); ++i)
                    cells += QJsonValue::fromVariant(rows.isNull(i) ? QVariant() : rows.value(i));
                lines += u"-- row %1: %2"_s.arg(
                    table, QString::fromUtf8(QJsonDocument(cells).toJson(QJsonDocument::Compact)));
            }
        }
    });
    return lines;
}

QMap<QString, QStringList> CaseRunner::pythonFiles() const
{
    QMap<QString, QStringList> files;
    QDirIterator found(m_folder.path(), {u"*.py"_s}, QDir::Files | QDir::Hidden,
                       QDirIterator::Subdirectories);
    while (found.hasNext()) {
        const QString path = found.next();
        files.insert(QDir(m_folder.path()).relativeFilePath(path),
                     QString::fromUtf8(contents(path)).split(u'\n'));
    }
    return files;
}

Outcome CaseRunner::run(const QJsonObject &command, const QString &dialect)
{
    if (command[u"fresh"_s].toBool())
        QFile::remove(database());
    const bool isOnline = command[u"online"_s].toBool();
    QStringList arguments{u"tribikos-cli"_s, u"--url"_s, url(command, dialect)};
    for (const QJsonValue &word : command[u"argv"_s].toArray())
        arguments.append(word.toString());
    QString out;
    QString err;
    QTextStream outStream(&out);
    QTextStream errStream(&err);
    Outcome outcome;
    outcome.before = dump();
    const auto filesBefore = pythonFiles();
    outcome.exitCode = cli::run(arguments, outStream, errStream, m_folder.path());
    outStream.flush();
    errStream.flush();
    outcome.after = dump();
    outcome.files = pythonFiles();
    outcome.files.removeIf([&](const std::pair<const QString &, QStringList &> &file) {
        return filesBefore.value(file.first) == file.second;
    });
    outcome.out = out.replace(m_folder.path(), u"{ROOT}"_s).split(u'\n');
    outcome.err = err.replace(m_folder.path(), u"{ROOT}"_s).split(u'\n');
    if (isOnline) {
        const QJsonObject options = m_case[u"configure"_s].toObject();
        outcome.rows = versionRows(options[u"version_table"_s].toString(u"alembic_version"_s));
    }
    return outcome;
}

} // namespace tribikos
