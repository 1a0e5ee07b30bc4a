#include "caserunner.h"
#include "comparison.h"

#include "app/cli/cli.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>
#include <QTextStream>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

const QString dataFolder = QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/data/conformance");

/// "case/command.dialect reason ..." per line; # begins a comment.
QHash<QString, QString> knownDifferences()
{
    QHash<QString, QString> known;
    QFile file(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/conformance/known.txt"));
    if (!file.open(QIODevice::ReadOnly))
        return known;
    for (const QString &line : QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts)) {
        if (!line.startsWith(u'#'))
            known.insert(line.section(u' ', 0, 0), line.section(u' ', 1));
    }
    return known;
}

QJsonObject expectedOf(const QJsonObject &all, const QString &key)
{
    const QJsonObject result = all[key].toObject();
    return result.contains(u"same_as"_s) ? all[result[u"same_as"_s].toString()].toObject() : result;
}

/// As record.py beside the data lays a case out.
void layOut(const QTemporaryDir &folder, const QJsonObject &row, const QString &top,
            const QString &dialect)
{
    const auto body = [](const QString &text) {
        QString lines;
        for (const QString &line : (text.isEmpty() ? u"pass"_s : text).split(u'\n'))
            lines += u"    "_s + line + u'\n';
        return lines;
    };
    const QString env = row[u"env"_s].toString();
    QMap<QString, QString> files;
    for (const QJsonObject more = row[u"files"_s].toObject(); const QString &name : more.keys())
        files.insert(name, more[name].toString());
    files.insert(u"migrations/versions/a1.py"_s,
                 u"from alembic import op\nimport sqlalchemy as sa\n"
                 "from sqlalchemy.dialects import postgresql, mysql, sqlite\n"
                 "revision = 'a1'\ndown_revision = None\n"_s
                     + top + u"\ndef upgrade():\n"_s + body(row[u"up"_s].toString())
                     + u"\ndef downgrade():\n"_s + body(row[u"down"_s].toString()));
    files.insert(u"alembic.ini"_s,
                 u"[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\n"
                 "sqlalchemy.url = "_s
                     + dialect + u"://\n"_s);
    files.insert(
        u"migrations/env.py"_s,
        env.contains(u"configure("_s)
            ? env
            : u"from alembic import context\nimport sqlalchemy as sa\nconfig = context.config\n"
              "target_metadata = None\n"_s
                  + env
                  + u"\ndef run_migrations_offline():\n    context.configure("
                    "url=config.get_main_option(\"sqlalchemy.url\"), "
                    "target_metadata=target_metadata, literal_binds=True, "
                    "dialect_opts={\"paramstyle\": \"named\"})\n"
                    "    with context.begin_transaction():\n        context.run_migrations()\n"
                    "run_migrations_offline()\n"_s);
    for (auto it = files.cbegin(); it != files.cend(); ++it) {
        const QString path = folder.filePath(it.key());
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(it->toUtf8());
    }
}

/// What lies between the comment of the step and the statement on the version table.
QString essence(const QString &text)
{
    const qsizetype start = text.indexOf(u"\n\n"_s, text.indexOf(u"-- Running "_s)) + 2;
    const qsizetype end = qMax(text.lastIndexOf(u"INSERT INTO alembic_version"_s),
                               text.lastIndexOf(u"DELETE FROM alembic_version"_s));
    return text.mid(start, end - start);
}

} // namespace

/// What the real Alembic printed and did, case by case, against our command line. Failing commands
/// must stand in known.txt with a reason; what stands there and agrees must go.
class tst_Conformance : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void cases_data();
    void cases();
    void knownDifferencesAreOfCases();
    void offlineScripts_data();
    void offlineScripts();

private:
    void runCommand(CaseRunner &runner, const QString &name, const QJsonObject &command,
                    const QString &dialect, QStringList *problems) const;
    QHash<QString, QString> m_known = knownDifferences();
};

/// The clock of the recordings: 2025-01-15 12:00:00.
void tst_Conformance::initTestCase()
{
    qputenv("SOURCE_DATE_EPOCH", "1736942400");
    qputenv("TZ", "UTC");
}

void tst_Conformance::cases_data()
{
    QTest::addColumn<QString>("name");
    // Graph and text commands, new files, offline layout, operations, types, SQLite's batch mode, autogenerate.
    for (const QString &pattern :
         {u"g*"_s, u"r*"_s, u"f*"_s, u"o*"_s, u"t*"_s, u"b*"_s, u"a*"_s, u"p*"_s}) {
        for (const QString &name : QDir(dataFolder).entryList({pattern}, QDir::Dirs))
            QTest::newRow(qPrintable(name)) << name;
    }
}

void tst_Conformance::runCommand(CaseRunner &runner, const QString &name,
                                 const QJsonObject &command, const QString &dialect,
                                 QStringList *problems) const
{
    QString key = command[u"id"_s].toString();
    if (!dialect.isEmpty())
        key += u'.' + dialect;
    const QString found =
        difference(command, expectedOf(runner.expected(), key), runner.run(command, dialect));
    const QString place = name + u'/' + key;
    if (!found.isEmpty() && !m_known.contains(place))
        problems->append(place + u": "_s + found);
    else if (found.isEmpty() && m_known.contains(place))
        problems->append(place + u": agrees now; take it off known.txt"_s);
}

void tst_Conformance::cases()
{
    QFETCH(QString, name);
    CaseRunner runner(dataFolder + u'/' + name);
    const QJsonArray commands = runner.description()[u"commands"_s].toArray();
    QVERIFY(!commands.isEmpty());
    QStringList problems;
    for (const QJsonValue &value : commands) {
        const QJsonObject command = value.toObject();
        if (command.contains(u"seed"_s)) {
            runner.seed(command[u"seed"_s].toString(), command[u"fresh"_s].toBool());
            continue;
        }
        const QJsonArray dialects = command[u"dialects"_s].toArray();
        if (dialects.isEmpty())
            runCommand(runner, name, command, {}, &problems);
        for (const QJsonValue &dialect : dialects)
            runCommand(runner, name, command, dialect.toString(), &problems);
    }
    QVERIFY2(problems.isEmpty(), qPrintable(u'\n' + problems.join(u'\n')));
}

void tst_Conformance::knownDifferencesAreOfCases()
{
    for (auto it = m_known.cbegin(); it != m_known.cend(); ++it) {
        QVERIFY2(QDir(dataFolder + u'/' + it.key().section(u'/', 0, 0)).exists(),
                 qPrintable(it.key()));
        QVERIFY2(!it.value().isEmpty(), qPrintable(it.key()));
    }
}

/// The scripts of tests/data/offline, each database and direction that the real Alembic could print.
void tst_Conformance::offlineScripts_data()
{
    QTest::addColumn<QJsonObject>("row");
    QTest::addColumn<QString>("top");
    QFile file(QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/data/offline/cases.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject all = QJsonDocument::fromJson(file.readAll()).object();
    for (const QJsonValue &value : all[u"cases"_s].toArray()) {
        const QJsonObject row = value.toObject();
        QTest::newRow(qPrintable(row[u"name"_s].toString()))
            << row << all[u"tops"_s][row[u"top"_s].toString()].toString();
    }
}

void tst_Conformance::offlineScripts()
{
    QFETCH(QJsonObject, row);
    QFETCH(QString, top);
    const QJsonObject expected = row[u"expected"_s].toObject();
    QVERIFY(!expected.isEmpty());
    for (const QString &key : expected.keys()) {
        const QTemporaryDir folder;
        layOut(folder, row, top, key.section(u'.', 0, 0));
        const bool isUp = key.endsWith(u"up"_s);
        QString out;
        QString err;
        QTextStream outStream(&out);
        QTextStream errStream(&err);
        cli::run({u"tribikos-cli"_s, isUp ? u"upgrade"_s : u"downgrade"_s,
                  isUp ? u"head"_s : u"a1:base"_s, u"--sql"_s},
                 outStream, errStream, folder.path());
        outStream.flush();
        errStream.flush();
        const QString shown = row.contains(u"env"_s) ? out : essence(out);
        QVERIFY2(shown == expected[key].toString(),
                 qPrintable(key + u'\n' + shown + u"\n--- "_s + err));
    }
}

QTEST_GUILESS_MAIN(tst_Conformance)

#include "tst_conformance.moc"
