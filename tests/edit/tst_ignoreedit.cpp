#include "core/edit/ignoreedit.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// A rule written into tribikos.toml, which people have written by hand.
class tst_IgnoreEdit : public QObject
{
    Q_OBJECT
private slots:
    void writes_data();
    void writes();
    void refuses_data();
    void refuses();
};

void tst_IgnoreEdit::writes_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const char *before, const char *after) {
        QTest::newRow(name) << QByteArray(before) << QByteArray(after);
    };
    row("no file", "", "[ignore]\ntables = [\"a.b\"]\n");
    row("no section", "[project]\nname = \"x\"  # it",
        "[project]\nname = \"x\"  # it\n\n[ignore]\ntables = [\"a.b\"]\n");
    row("no such key, and a section behind",
        "[ignore]\n# which\ncolumns = [ 'x' ] # why\n\n[options]\ncompare_type = true\n",
        "[ignore]\n# which\ncolumns = [ 'x' ] # why\ntables = [\"a.b\"]\n\n[options]\ncompare_type "
        "= true\n");
    row("an empty section", "[ ignore ] # nothing yet\n",
        "[ ignore ] # nothing yet\ntables = [\"a.b\"]\n");
    row("an empty list", "[ignore]\ntables = []\n", "[ignore]\ntables = [\"a.b\"]\n");
    row("one more", "[ignore]\ntables = [\"x\", 'y]#'] # \"why\n",
        "[ignore]\ntables = [\"x\", 'y]#', \"a.b\"] # \"why\n");
    row("a comma at the end", "[ignore]\ntables = [\"x\",]\n",
        "[ignore]\ntables = [\"x\", \"a.b\",]\n");
    row("one a line", "[ignore]\ntables = [\n    \"x\",  # first\n    \"y\"  # last\n]\n",
        "[ignore]\ntables = [\n    \"x\",  # first\n    \"y\",  # last\n    \"a.b\"\n]\n");
    row("one a line, each with a comma", "[ignore]\ntables = [\n\t\"x\",\n]\n",
        "[ignore]\ntables = [\n\t\"x\",\n\t\"a.b\",\n]\n");
    row("a list that looks like a section", "[project]\nmodels = [\n\"[ignore]\",\n]\n",
        "[project]\nmodels = [\n\"[ignore]\",\n]\n\n[ignore]\ntables = [\"a.b\"]\n");
    row("a long text that looks like one", "[project]\nname = '''\n[ignore]\n'''\n",
        "[project]\nname = '''\n[ignore]\n'''\n\n[ignore]\ntables = [\"a.b\"]\n");
    row("Windows' line ends", "[ignore]\r\ntables = [\"x\"]\r\n",
        "[ignore]\r\ntables = [\"x\", \"a.b\"]\r\n");
}

void tst_IgnoreEdit::writes()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"tribikos.toml"_s));
    if (!before.isEmpty()) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(before);
        file.close();
    }
    const auto edit = addIgnoreRule(file.fileName(), u"tables"_s, u"a.b"_s);
    QVERIFY2(edit, edit ? "" : qPrintable(edit.error().message));
    QVERIFY(apply(*edit));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), after);
    file.close();
    QVERIFY(!addIgnoreRule(file.fileName(), u"tables"_s, u"a.b"_s)); // it is there
    QVERIFY(apply(edit->inverted()));
    QCOMPARE(file.exists(), !before.isEmpty());
    QVERIFY(before.isEmpty() || (file.open(QIODevice::ReadOnly) && file.readAll() == before));
}

void tst_IgnoreEdit::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("pattern");
    QTest::newRow("key") << QByteArray() << u"table"_s << u"a"_s;
    QTest::newRow("too many parts") << QByteArray() << u"tables"_s << u"a.b.c"_s;
    QTest::newRow("an empty part") << QByteArray() << u"columns"_s << u"a..b"_s;
    QTest::newRow("no TOML") << QByteArray("[ignore\n") << u"tables"_s << u"a"_s;
    QTest::newRow("an inline table")
        << QByteArray("ignore = { tables = [\"x\"] }\n") << u"tables"_s << u"a"_s;
    QTest::newRow("a dotted key") << QByteArray("ignore.tables = [\"x\"]\n") << u"tables"_s
                                  << u"a"_s;
    QTest::newRow("a text") << QByteArray("[ignore]\ntables = \"x\"\n") << u"tables"_s << u"a"_s;
}

void tst_IgnoreEdit::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, key);
    QFETCH(QString, pattern);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"tribikos.toml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    QVERIFY(!addIgnoreRule(file.fileName(), key, pattern));
}

int runIgnoreEditTest(int argc, char **argv)
{
    tst_IgnoreEdit test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_ignoreedit.moc"
