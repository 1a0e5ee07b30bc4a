#include "core/config/inifile.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// Expectations come from Python 3.11's configparser, with the answers noted beside the rows.
class tst_IniFile : public QObject
{
    Q_OBJECT
private slots:
    void values_data();
    void values();
    void refusedFiles_data();
    void refusedFiles();
    void refusedValues_data();
    void refusedValues();
    void defaultsAreSeenEverywhere();
    void smallFileCannotGrowHuge();
};

void tst_IniFile::values_data()
{
    QTest::addColumn<QString>("text"); // after "[s]"
    QTest::addColumn<QString>("value");
    QTest::newRow("plain") << u"k = v"_s << u"v"_s;
    QTest::newRow("colon") << u"k: v = w"_s << u"v = w"_s;
    QTest::newRow("first of both") << u"k = a:b"_s << u"a:b"_s;
    QTest::newRow("folded key") << u"K = v"_s << u"v"_s;
    QTest::newRow("no inline comment") << u"k = v # w"_s << u"v # w"_s;
    QTest::newRow("comment lines") << u"# k = 1\n; k = 2\nk = 3"_s << u"3"_s;
    QTest::newRow("continued") << u"k = a\n  b\n\tc"_s << u"a\nb\nc"_s;
    QTest::newRow("comment inside") << u"k = a\n  # no\n  b"_s << u"a\nb"_s;
    QTest::newRow("empty line inside") << u"k = a\n\n  b"_s << u"a\n\nb"_s;
    QTest::newRow("empty lines after") << u"k = a\n\n\n"_s << u"a"_s;
    QTest::newRow("starts on the next line") << u"k =\n  a\n  b"_s << u"\na\nb"_s;
    QTest::newRow("empty") << u"k ="_s << u""_s;
    QTest::newRow("doubled percent") << u"k = 50%%"_s << u"50%"_s;
    QTest::newRow("reference") << u"x = 1\nk = %(x)s/%(X)s"_s << u"1/1"_s;
    QTest::newRow("here") << u"k = %(here)s/migrations"_s << u"/pro%ject/migrations"_s;
    QTest::newRow("chained") << u"a = %(b)s\nb = %(c)s\nc = z\nk = %(a)s"_s << u"z"_s;
    QTest::newRow("windows line ends") << u"k = a\r\n  b\r\nl = c"_s << u"a\nb"_s;
    QTest::newRow("indented key") << u"  k = a\n  l = b"_s << u"a"_s;
}

void tst_IniFile::values()
{
    QFETCH(QString, text);
    QFETCH(QString, value);
    const auto ini =
        IniFile::parse(u"[s]\n"_s + text, u"/x/a.ini"_s, {{u"here"_s, u"/pro%ject"_s}});
    QVERIFY2(ini, ini ? "" : qPrintable(ini.error().message));
    const auto read = ini->value(u"s"_s, u"k"_s);
    QVERIFY2(read, read ? "" : qPrintable(read.error().message));
    QVERIFY(read->has_value());
    QCOMPARE(**read, value);
}

void tst_IniFile::refusedFiles_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::newRow("no section") << u"k = v"_s << 1;
    QTest::newRow("no separator") << u"[s]\nk = v\nword"_s << 3;
    QTest::newRow("duplicate key") << u"[s]\nk = 1\n\nK = 2"_s << 4;
    QTest::newRow("duplicate section") << u"[s]\n[t]\n[s]"_s << 3;
    QTest::newRow("no key") << u"[s]\n= v"_s << 2;
}

void tst_IniFile::refusedFiles()
{
    QFETCH(QString, text);
    QFETCH(int, line);
    const auto ini = IniFile::parse(text, u"/x/a.ini"_s);
    QVERIFY(!ini);
    QCOMPARE(ini.error().code, ErrorCode::Syntax);
    QCOMPARE(ini.error().line, line);
    QVERIFY(ini.error().message.startsWith(u"a.ini:%1: "_s.arg(line)));
}

void tst_IniFile::refusedValues_data()
{
    QTest::addColumn<QString>("value");
    QTest::newRow("lone percent") << u"50%"_s;
    QTest::newRow("strange letter") << u"%d"_s;
    QTest::newRow("unknown name") << u"%(nobody)s"_s;
    QTest::newRow("unfinished") << u"%(here"_s;
    QTest::newRow("ring") << u"%(k)s"_s;
}

void tst_IniFile::refusedValues()
{
    QFETCH(QString, value);
    const auto ini = IniFile::parse(u"[s]\nfine = 1\nk = "_s + value, u"/x/a.ini"_s);
    QVERIFY(ini); // only whoever reads the key is told
    QVERIFY(ini->value(u"s"_s, u"fine"_s));
    const auto read = ini->value(u"s"_s, u"k"_s);
    QVERIFY(!read);
    QCOMPARE(read.error().line, 3);
}

void tst_IniFile::defaultsAreSeenEverywhere()
{
    const auto ini = IniFile::parse(u"[DEFAULT]\nx = 1\ny = 2\n[s]\ny = 3\n"_s, u"/x/a.ini"_s);
    QVERIFY(ini);
    QCOMPARE(**ini->value(u"s"_s, u"x"_s), u"1"_s);
    QCOMPARE(**ini->value(u"s"_s, u"y"_s), u"3"_s);
    QCOMPARE(ini->sections(), QStringList{u"s"_s});
    QCOMPARE(ini->keys(u"s"_s), (QStringList{u"y"_s, u"x"_s}));
    QVERIFY(!ini->value(u"other"_s, u"x"_s)->has_value());
}

void tst_IniFile::smallFileCannotGrowHuge()
{
    QString text = u"[s]\na0 = "_s + QString(50, u'x') + u'\n';
    for (int i = 1; i <= 9; ++i) {
        text += u"a%1 = "_s.arg(i);
        for (int k = 0; k < 50; ++k)
            text += u"%(a%1)s"_s.arg(i - 1);
        text += u'\n';
    }
    const auto ini = IniFile::parse(text, u"/x/a.ini"_s);
    QVERIFY(ini);
    QVERIFY(!ini->value(u"s"_s, u"a9"_s));
}

int runIniFileTest(int argc, char **argv)
{
    tst_IniFile test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_inifile.moc"
