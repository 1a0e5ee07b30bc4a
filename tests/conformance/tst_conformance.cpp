#include "caserunner.h"
#include "comparison.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

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

QTEST_GUILESS_MAIN(tst_Conformance)

#include "tst_conformance.moc"
