#include "tests/diff/tst_changedwords.h"

#include "core/diff/changedwords.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

/// The text with its marked words in brackets.
QString marked(QString text, const QList<TextStretch> &words)
{
    for (qsizetype i = words.size(); i-- > 0;) {
        text.insert(words[i].at + words[i].length, u']');
        text.insert(words[i].at, u'[');
    }
    return text;
}

} // namespace

void tst_ChangedWords::marks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("other");
    QTest::addColumn<QString>("expected");
    QTest::newRow("same") << u"a INTEGER"_s << u"a INTEGER"_s << u"a INTEGER"_s;
    QTest::newRow("blanks count nothing") << u"a  INTEGER"_s << u"a\nINTEGER "_s << u"a  INTEGER"_s;
    QTest::newRow("a length") << u"VARCHAR(40) NOT NULL"_s << u"VARCHAR(20) NOT NULL"_s
                              << u"VARCHAR([40]) NOT NULL"_s;
    QTest::newRow("words more") << u"TEXT NOT NULL DEFAULT 'x y'"_s << u"TEXT"_s
                                << u"TEXT [NOT NULL DEFAULT 'x y']"_s;
    QTest::newRow("words less") << u"TEXT"_s << u"TEXT NOT NULL"_s << u"TEXT"_s;
    QTest::newRow("a quoted text is one")
        << u"DEFAULT 'big red'"_s << u"DEFAULT 'big blue'"_s << u"DEFAULT ['big red']"_s;
    QTest::newRow("in the middle") << u"(a, b, c)"_s << u"(a, c)"_s << u"(a, [b,] c)"_s;
    QTest::newRow("two places") << u"a INTEGER, b TEXT"_s << u"a BIGINT, b CHAR"_s
                                << u"a [INTEGER], b [TEXT]"_s;
    QTest::newRow("nothing in common") << u"x y"_s << u"1 2"_s << u"[x y]"_s;
    QTest::newRow("outside of ASCII") << u"größe TEXT"_s << u"größe INT"_s << u"größe [TEXT]"_s;
    QTest::newRow("an open quote") << u"a 'b"_s << u"a"_s << u"a ['b]"_s;
    QTest::newRow("nothing") << QString() << u"a"_s << QString();
}

void tst_ChangedWords::marks()
{
    QFETCH(QString, text);
    QFETCH(QString, other);
    QFETCH(QString, expected);
    QCOMPARE(marked(text, changedWords(text, other)), expected);
}

/// What two sides share and the third lacks is marked in both; a side that isn't there takes no part.
void tst_ChangedWords::threeSides()
{
    const QStringList texts{u"VARCHAR(40) NULL"_s, u"VARCHAR(20) NULL"_s, u"VARCHAR(20)"_s, {}};
    const QList<QList<TextStretch>> words = changedWords(texts);
    QCOMPARE(words.size(), 4);
    QCOMPARE(marked(texts[0], words[0]), u"VARCHAR([40]) [NULL]"_s);
    QCOMPARE(marked(texts[1], words[1]), u"VARCHAR([20]) [NULL]"_s);
    QCOMPARE(marked(texts[2], words[2]), u"VARCHAR([20])"_s);
    QVERIFY(words[3].isEmpty());
}

/// Too long to be compared word by word: what stands between the same beginning and end is one stretch.
void tst_ChangedWords::longTexts()
{
    const QString one = u"begin "_s + u"a b "_s.repeated(20'000) + u"end"_s;
    const QString other = u"begin "_s + u"c a "_s.repeated(20'000) + u"end"_s;
    const QList<TextStretch> words = changedWords(one, other);
    QCOMPARE(words.size(), 1);
    QCOMPARE(words.constFirst().at, 6);
    QCOMPARE(words.constFirst().length, one.size() - 6 - 4);
}
