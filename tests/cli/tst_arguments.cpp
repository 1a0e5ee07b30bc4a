#include "app/cli/arguments.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;
using namespace tribikos::cli;

class tst_Arguments : public QObject
{
    Q_OBJECT
private slots:
    void understands_data();
    void understands();
    void refuses_data();
    void refuses();
    void everyVerbHasUsage();
};

namespace {

Result<Invocation> parsed(const QString &line)
{
    return parseArguments(QStringList{u"tribikos-cli"_s} + line.split(u' ', Qt::SkipEmptyParts));
}

/// "verb|positionals|flags|rev-range"
QString summary(const Invocation &invocation)
{
    return QStringList{invocation.verb, invocation.positionals.join(u','),
                       invocation.flags.join(u','), invocation.values.value(u"rev-range"_s)}
        .join(u'|');
}

} // namespace

void tst_Arguments::understands_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("answer");
    QTest::newRow("verb alone") << u"history"_s << u"history|||"_s;
    QTest::newRow("negative number") << u"upgrade -1"_s << u"upgrade|-1||"_s;
    QTest::newRow("plus") << u"upgrade +2 --sql"_s << u"upgrade|+2|sql|"_s;
    QTest::newRow("after two dashes") << u"show -- -1"_s << u"show|-1||"_s;
    QTest::newRow("glued with =") << u"history -r=-2:"_s << u"history|||-2:"_s;
    QTest::newRow("glued") << u"history -ra:b"_s << u"history|||a:b"_s;
    QTest::newRow("apart") << u"history -r a:b"_s << u"history|||a:b"_s;
    QTest::newRow("long") << u"history --rev-range=-2:"_s << u"history|||-2:"_s;
    QTest::newRow("flags together") << u"history -vi"_s << u"history||verbose,indicate-current|"_s;
    QTest::newRow("global first") << u"-c a.ini -n x --json heads -v"_s << u"heads||verbose|"_s;
    QTest::newRow("ours anywhere") << u"heads --json --url sqlite://"_s << u"heads|||"_s;
    QTest::newRow("several") << u"stamp a b --purge"_s << u"stamp|a,b|purge|"_s;
    QTest::newRow("-c of current") << u"current -c"_s << u"current||check-heads|"_s;
}

void tst_Arguments::understands()
{
    QFETCH(QString, line);
    QFETCH(QString, answer);
    const auto invocation = parsed(line);
    QVERIFY2(invocation, invocation ? "" : qPrintable(invocation.error().message));
    QCOMPARE(summary(*invocation), answer);
}

void tst_Arguments::refuses_data()
{
    QTest::addColumn<QString>("line");
    QTest::newRow("nothing") << QString();
    QTest::newRow("unknown verb") << u"upgarde head"_s;
    QTest::newRow("dash value apart") << u"history -r -2:"_s;
    QTest::newRow("no target") << u"upgrade --sql"_s;
    QTest::newRow("two targets") << u"upgrade a b"_s;
    QTest::newRow("unknown option") << u"heads --sql"_s;
    QTest::newRow("Alembic's global option late") << u"heads --config a.ini"_s;
    QTest::newRow("value missing") << u"history -r"_s;
    QTest::newRow("value for a flag") << u"heads --verbose=1"_s;
    QTest::newRow("unknown dialect") << u"--dialect oracle heads"_s;
}

void tst_Arguments::refuses()
{
    QFETCH(QString, line);
    const auto invocation = parsed(line);
    QVERIFY(!invocation);
    QCOMPARE(invocation.error().code, ErrorCode::Usage);
}

void tst_Arguments::everyVerbHasUsage()
{
    for (const VerbSpec &verb : verbs()) {
        QVERIFY(usageText().contains(u"  %1 "_s.arg(verb.name)));
        QVERIFY(usageText(verb.name).startsWith(u"usage: tribikos-cli [OPTIONS] "_s + verb.name));
    }
}

int runArgumentsTest(int argc, char **argv)
{
    tst_Arguments test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_arguments.moc"
