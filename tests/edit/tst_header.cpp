#include "core/edit/headerchange.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

class tst_Header : public QObject
{
    Q_OBJECT
private slots:
    void python_data();
    void python();
    void refusesPython_data();
    void refusesPython();
    void encodings_data();
    void encodings();
    void sql_data();
    void sql();
    void messages_data();
    void messages();
};

namespace {

HeaderChange parents(const QStringList &ids)
{
    return {.downRevisions = ids};
}

} // namespace

Q_DECLARE_METATYPE(tribikos::HeaderChange)

/// What stands before and after; the rest of the text must stay as it is.
void tst_Header::python_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<HeaderChange>("change");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const QByteArray &before, const HeaderChange &change,
                        const QByteArray &after) {
        QTest::newRow(name) << before << change << after;
    };
    row("scalar", "revision = 'b'\ndown_revision = 'a'  # first\n", parents({u"c"_s}),
        "revision = 'b'\ndown_revision = 'c'  # first\n");
    row("a docstring without a message",
        "\"\"\"\n\nRevision ID: b\nRevises: a\n\n\"\"\"\nrevision = \"b\"\ndown_revision = \"a\"\n",
        parents({u"c"_s}),
        "\"\"\"\n\nRevision ID: b\nRevises: c\n\n\"\"\"\nrevision = \"b\"\ndown_revision = \"c\"\n");
    row("a docstring that names another parent",
        "\"\"\"m\n\nRevises: z\n\"\"\"\nrevision = 'b'\ndown_revision = 'a'\n", parents({u"c"_s}),
        "\"\"\"m\n\nRevises: c\n\"\"\"\nrevision = 'b'\ndown_revision = 'c'\n");
    row("annotated",
        "revision: str = \"b\"\ndown_revision: Union[str, Sequence[str], None] = \"a\"\nx=1\n",
        parents({u"c"_s, u"d"_s}),
        "revision: str = \"b\"\ndown_revision: Union[str, Sequence[str], None] = (\"c\", "
        "\"d\")\nx=1\n");
    row("to a base", "revision = 'b'\ndown_revision = 'a' # x\n", parents({}),
        "revision = 'b'\ndown_revision = None # x\n");
    row("from a base", "revision = 'b'\ndown_revision=None\n", parents({u"a"_s}),
        "revision = 'b'\ndown_revision='a'\n");
    row("parenthesised", "revision = 'b'\ndown_revision = (\n    'a'\n)\n", parents({u"c"_s}),
        "revision = 'b'\ndown_revision = (\n    'c'\n)\n");
    row("joined text", "revision = 'b'\ndown_revision = 'a' 'a'\n", parents({u"c"_s}),
        "revision = 'b'\ndown_revision = 'c'\n");
    row("one of a tuple", "revision = 'm'\ndown_revision = ('a', \"b\")\n",
        parents({u"a"_s, u"c"_s}), "revision = 'm'\ndown_revision = ('a', 'c')\n");
    row("tuple without brackets", "revision = 'm'\ndown_revision = 'a', 'b'\n",
        parents({u"a"_s, u"c"_s}), "revision = 'm'\ndown_revision = 'a', 'c'\n");
    row("list to one", "revision = 'm'\ndown_revision = ['a', 'b']\n", parents({u"b"_s}),
        "revision = 'm'\ndown_revision = 'b'\n");
    row("list to three", "revision = 'm'\ndown_revision = ['a', 'b']\n",
        parents({u"b"_s, u"a"_s, u"c"_s}), "revision = 'm'\ndown_revision = ['b', 'a', 'c']\n");
    row("lines: one less",
        "revision = 'm'\ndown_revision = (\n    'a',  # shop\n    'b',  # stock\n    'c',\n)\n",
        parents({u"a"_s, u"c"_s}),
        "revision = 'm'\ndown_revision = (\n    'a',  # shop\n    'c',\n)\n");
    row("lines: one more",
        "revision = 'm'\ndown_revision = (\n    'a',  # shop\n    'b'  # stock\n)\n",
        parents({u"a"_s, u"b"_s, u"c"_s}),
        "revision = 'm'\ndown_revision = (\n    'a',  # shop\n    'b',  # stock\n    'c',\n)\n");
    row("docstring",
        "\"\"\"m\n\nRevision ID: b\nRevises: a\nCreate Date: x\n\n\"\"\"\nrevision = 'b'\n"
        "down_revision = 'a'\n",
        parents({u"c"_s, u"d"_s}),
        "\"\"\"m\n\nRevision ID: b\nRevises: c, d\nCreate Date: x\n\n\"\"\"\nrevision = 'b'\n"
        "down_revision = ('c', 'd')\n");
    row("docstring of a base", "'''m\n\nRevises: \n'''\nrevision = 'b'\ndown_revision = None\n",
        parents({u"a"_s}), "'''m\n\nRevises: a\n'''\nrevision = 'b'\ndown_revision = 'a'\n");
    row("docstring with more words",
        "\"\"\"m\n\nRevises: a (the shop)\n\"\"\"\nrevision = 'b'\ndown_revision = 'a'\n",
        parents({u"c"_s}),
        "\"\"\"m\n\nRevises: c (the shop)\n\"\"\"\nrevision = 'b'\ndown_revision = 'c'\n");
    row("labels", "revision = 'b'\ndown_revision = None\nbranch_labels = None\n",
        {.labels = QStringList{u"shop"_s}},
        "revision = 'b'\ndown_revision = None\nbranch_labels = ('shop',)\n");
    row("labels of a list", "revision = 'b'\ndown_revision = None\nbranch_labels = ['x', 'y']\n",
        {.labels = QStringList{u"shop"_s}},
        "revision = 'b'\ndown_revision = None\nbranch_labels = ['shop']\n");
    row("labels where there were none",
        "revision = 'b'\ndown_revision = None # base\n\ndef upgrade(): pass\n",
        {.labels = QStringList{u"shop"_s}},
        "revision = 'b'\ndown_revision = None # base\nbranch_labels = ('shop',)\n\ndef upgrade(): "
        "pass\n");
    row("dependencies", "revision = 'b'\ndown_revision = None\ndepends_on = None",
        {.dependsOn = QStringList{u"x"_s, u"y"_s}},
        "revision = 'b'\ndown_revision = None\ndepends_on = ['x', 'y']");
    row("no line end", "revision = 'b'; down_revision = 'a'", {.dependsOn = QStringList{u"x"_s}},
        "revision = 'b'; down_revision = 'a'\ndepends_on = 'x'\n");
    row("two on a line", "revision = 'b'; down_revision = 'a'; x = 1\n", parents({u"c"_s}),
        "revision = 'b'; down_revision = 'c'; x = 1\n");
    row("a local of that name",
        "revision = 'b'\ndown_revision = 'a'\ndef upgrade():\n    down_revision = f()\n",
        parents({u"c"_s}),
        "revision = 'b'\ndown_revision = 'c'\ndef upgrade():\n    down_revision = f()\n");
    row("apostrophe", "revision = 'b'\ndown_revision = 'a'\n", parents({u"it's"_s}),
        "revision = 'b'\ndown_revision = \"it's\"\n");
}

void tst_Header::python()
{
    QFETCH(QByteArray, before);
    QFETCH(HeaderChange, change);
    QFETCH(QByteArray, after);
    const auto changed = changedPythonHeader(before, u"/p/b.py"_s, change);
    QVERIFY2(changed, changed ? "" : qPrintable(changed.error().message));
    QCOMPARE(*changed, after);
    // The same with CRLF, and with both kinds of line end.
    for (const qsizetype from : {qsizetype(0), before.indexOf('\n') + 1}) {
        QByteArray mixed = before.left(from) + QByteArray(before.mid(from)).replace("\n", "\r\n");
        const auto crlf = changedPythonHeader(mixed, u"/p/b.py"_s, change);
        QVERIFY2(crlf, crlf ? "" : qPrintable(crlf.error().message));
        QCOMPARE(QByteArray(*crlf).replace("\r\n", "\n"), after);
        if (before.contains('\n')) // a line keeps the end that it had
            QCOMPARE(crlf->count("\r\n"), crlf->count('\n') - (from > 0 ? 1 : 0));
    }
}

void tst_Header::refusesPython_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const QByteArray &text, const QString &sentence) {
        QTest::newRow(name) << text << sentence;
    };
    row("a name", "BASE = 'a'\nrevision = 'b'\ndown_revision = BASE\n",
        u"b.py:3 down_revision is computed"_s);
    row("joined with +", "revision = 'b'\ndown_revision = 'a' + ''\n",
        u"b.py:2 down_revision is computed"_s);
    row("f-string", "revision = 'b'\ndown_revision = f'a'\n",
        u"b.py:2 down_revision is computed"_s);
    row("call", "revision = 'b'\ndown_revision = ('a').strip()\n",
        u"b.py:2 down_revision is computed"_s);
    row("twice", "revision = 'b'\ndown_revision = 'x'\ndown_revision = 'a'\n",
        u"b.py:3 down_revision is set twice"_s);
    row("unpacked", "revision, down_revision = 'b', 'a'\n",
        u"b.py doesn't set down_revision in a line of its own"_s);
    row("set again in a condition",
        "revision = 'b'\ndown_revision = 'a'\nif True:\n    down_revision = 'a'\n",
        u"b.py computes what is to be changed"_s);
    row("comments would go", "revision = 'b'\ndown_revision = ('a', # here\n  )\n",
        u"b.py:2 down_revision has comments"_s);
    row("not Python", "revision = 'b'\ndown_revision = 'a'\ndef (\n", u"b.py:"_s);
}

void tst_Header::refusesPython()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, sentence);
    const auto changed = changedPythonHeader(text, u"/p/b.py"_s, parents({u"c"_s, u"d"_s}));
    QVERIFY2(!changed, changed ? changed->constData() : "");
    QVERIFY2(changed.error().message.startsWith(sentence), qPrintable(changed.error().message));
    QCOMPARE(changed.error().file, u"/p/b.py"_s);
}

void tst_Header::encodings_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("parent");
    QTest::addColumn<QByteArray>("after"); // empty: refused
    const QByteArray mark("\xEF\xBB\xBF");
    QTest::newRow("mark") << mark + "revision = 'b'\ndown_revision = 'a'\n"
                          << u"c"_s << mark + "revision = 'b'\ndown_revision = 'c'\n";
    QTest::newRow("UTF-8")
        << QByteArray("# \xC3\xA4 \xF0\x9F\x98\x80\nrevision = 'b'\ndown_revision = 'a'\n")
        << u"\u00fc"_s
        << QByteArray("# \xC3\xA4 \xF0\x9F\x98\x80\nrevision = 'b'\ndown_revision = '\xC3\xBC'\n");
    QTest::newRow("Latin-1")
        << QByteArray("# coding: latin-1\n# \xE4\nrevision = 'b'\ndown_revision = 'a'\n") << u"c"_s
        << QByteArray("# coding: latin-1\n# \xE4\nrevision = 'b'\ndown_revision = 'c'\n");
    QTest::newRow("beyond Latin-1")
        << QByteArray("# coding: latin-1\nrevision = 'b'\ndown_revision = 'a'\n") << u"\u0416"_s
        << QByteArray();
    QTest::newRow("old Mac") << QByteArray("revision = 'b'\rdown_revision = 'a'\r") << u"c"_s
                             << QByteArray("revision = 'b'\rdown_revision = 'c'\r");
}

void tst_Header::encodings()
{
    QFETCH(QByteArray, before);
    QFETCH(QString, parent);
    QFETCH(QByteArray, after);
    const auto changed = changedPythonHeader(before, u"b.py"_s, parents({parent}));
    QCOMPARE(bool(changed), !after.isEmpty());
    if (changed)
        QCOMPARE(*changed, after);
}

void tst_Header::sql_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<HeaderChange>("change");
    QTest::addColumn<QByteArray>("after");
    const QByteArray body = "\n-- upgrade\nSELECT 1;\n-- message: not a fact\n-- downgrade\n";
    const auto row = [&](const char *name, const QByteArray &before, const HeaderChange &change,
                         const QByteArray &after) {
        QTest::newRow(name) << before + body << change << after + body;
    };
    row("parent", "-- revision: b\n--revises:a\n", parents({u"c"_s, u"d"_s}),
        "-- revision: b\n--revises: c, d\n");
    row("to a base", "-- revision: b\n-- revises: a\n-- message: m\n", parents({}),
        "-- revision: b\n-- message: m\n");
    row("from a base", "-- revision: b\n-- message: m\n", parents({u"a"_s}),
        "-- revision: b\n-- revises: a\n-- message: m\n");
    row("message", "-- revision: b\n-- MESSAGE:   old  \n", {.message = u"new one"_s},
        "-- revision: b\n-- MESSAGE:   new one  \n");
    row("label and dependency", "-- revision: b\n-- created: x\n",
        {.labels = QStringList{u"l"_s}, .dependsOn = QStringList{u"d"_s}},
        "-- revision: b\n-- label: l\n-- depends-on: d\n-- created: x\n");
    row("mark", "\xEF\xBB\xBF-- revision: b\n-- revises: a\n", parents({u"c"_s}),
        "\xEF\xBB\xBF-- revision: b\n-- revises: c\n");
}

void tst_Header::sql()
{
    QFETCH(QByteArray, before);
    QFETCH(HeaderChange, change);
    QFETCH(QByteArray, after);
    const auto changed = changedSqlHeader(before, u"b.sql"_s, change);
    QVERIFY2(changed, changed ? "" : qPrintable(changed.error().message));
    QCOMPARE(*changed, after);
    const auto crlf =
        changedSqlHeader(QByteArray(before).replace("\n", "\r\n"), u"b.sql"_s, change);
    QVERIFY2(crlf, crlf ? "" : qPrintable(crlf.error().message));
    QCOMPARE(*crlf, QByteArray(after).replace("\n", "\r\n"));
}

void tst_Header::messages_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QByteArray>("after");
    const QByteArray rest = "\nrevision = 'b'\ndown_revision = None\n";
    const auto row = [&](const char *name, const QByteArray &before, const QString &message,
                         const QByteArray &after) {
        QTest::newRow(name) << before + rest << message << after + rest;
    };
    row("usual", "\"\"\"old\n\nRevision ID: b\n\n\"\"\"", u"new"_s,
        "\"\"\"new\n\nRevision ID: b\n\n\"\"\"");
    row("on the next line", "\"\"\"\nold\nmore\n\nRevision ID: b\n\"\"\"", u"new"_s,
        "\"\"\"\nnew\n\nRevision ID: b\n\"\"\"");
    row("alone", "\"\"\"old\"\"\"", u"say \"hi\""_s, "\"\"\"say \"hi\\\"\"\"\"");
    row("one pair of quotes", "'old'", u"it's"_s, "'it\\'s'");
    row("backslash", "\"\"\"old\n\"\"\"", u"a \\ b"_s, "\"\"\"a \\\\ b\n\"\"\"");
    row("three quotes", "\"\"\"old\n\nx\"\"\"", u"a \"\"\" b"_s,
        "\"\"\"a \\\"\\\"\\\" b\n\nx\"\"\"");
    row("raw", "r\"\"\"old\n\"\"\"", u"a \\d b"_s, "r\"\"\"a \\d b\n\"\"\"");
    row("none yet", "# licence", u"new"_s, "# licence\n\"\"\"new\"\"\"");
}

void tst_Header::messages()
{
    QFETCH(QByteArray, before);
    QFETCH(QString, message);
    QFETCH(QByteArray, after);
    const auto changed = changedPythonHeader(before, u"b.py"_s, {.message = message});
    QVERIFY2(changed, changed ? "" : qPrintable(changed.error().message));
    QCOMPARE(*changed, after);
}

int runHeaderTest(int argc, char **argv)
{
    tst_Header test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_header.moc"
