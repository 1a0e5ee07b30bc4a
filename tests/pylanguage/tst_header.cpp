#include "tests/pylanguage/tst_header.h"

#include "core/pyread/header.h"

#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

void tst_Header::reads_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("expected"); // revision|down|labels|depends|doc|functions|line
    const auto row = [](const char *name, const char *code, const QString &expected) {
        QTest::newRow(name) << QByteArray(code) << expected;
    };
    row("usual",
        "\"\"\"make it\n\nRevision ID: a\n\"\"\"\nfrom alembic import op\nrevision = "
        "'a'\ndown_revision = None\n"
        "def upgrade():\n    op.f('''\nrevision = 'x'\n''')\ndef downgrade(): pass\n",
        u"a||||make it|ud|6"_s);
    row("annotated",
        "from typing import Sequence, Union\nrevision: str = 'b'\ndown_revision: Union[str, None] "
        "= 'a'\n"
        "branch_labels: Union[str, Sequence[str], None] = None\n",
        u"b|a|||||2"_s);
    row("tuple", "revision = 'm'\ndown_revision = ('a', 'b')\n", u"m|a,b|||||1"_s);
    row("one in brackets", "revision = 'm'\ndown_revision = ('a')\n", u"m|a|||||1"_s);
    row("one-tuple", "revision = 'm'\ndown_revision = ('a',)\n", u"m|a|||||1"_s);
    row("list and set", "revision = 'm'\ndown_revision = ['a',\n 'b']\ndepends_on = {'c'}\n",
        u"m|a,b||c|||1"_s);
    row("empty forms", "revision = 'm'\ndown_revision = ()\nbranch_labels = ()\ndepends_on = ''\n",
        u"m||||||1"_s);
    row("unpacked", "revision, down_revision = 'a', 'b'\n", u"a|b|||||0"_s);
    row("computed", "base = 'f0'\nrevision = base + '5'\ndown_revision = None\n", u"f05||||||0"_s);
    row("joined text", "revision = 'a' 'b'\ndown_revision = None\n", u"ab||||||0"_s);
    row("escaped", "revision = 'a\\x41'\ndown_revision = None\n", u"aA||||||0"_s);
    row("constant labels",
        "X = 'green'\nrevision = 'a'\ndown_revision = None\nbranch_labels = (X,)\n",
        u"a||green||||0"_s);
    row("in an if", "if True:\n    revision = 'a'\n    down_revision = None\n", u"a||||||0"_s);
    row("top level touches the database",
        "from alembic import op\nimport sqlalchemy as sa\n"
        "revision = 'a'\ndown_revision = 'b'\ninsp = sa.inspect(op.get_context().bind)\ncols = "
        "insp.get_columns('x')\n"
        "X = [c for c in cols]\nupgrade = make(cols)\ndef downgrade(): pass\n",
        u"a|b||||ud|0"_s);
    row("last one wins", "revision = 'a'\ndown_revision = None\nrevision = 'b'\n", u"b||||||3"_s);
    row("class and async",
        "class A:\n    revision = 'no'\nasync def upgrade(): pass\nrevision = 'a'\ndown_revision = "
        "None\n",
        u"a|||||u|4"_s);
    row("crlf and bom",
        "\xEF\xBB\xBF'''m\r\nn\r\n\r\nrest'''\r\nrevision = 'a'\r\ndown_revision = None\r\n",
        u"a||||m\nn||5"_s);
}

void tst_Header::reads()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, expected);
    const auto header = py::readHeader(code, u"script.py"_s);
    QVERIFY2(header, header ? "" : qPrintable(header.error().message));
    const QString functions =
        (header->hasUpgrade ? u"u"_s : QString()) + (header->hasDowngrade ? u"d"_s : QString());
    const QStringList found{header->revision,
                            header->downRevisions.join(u','),
                            header->labels.join(u','),
                            header->dependsOn.join(u','),
                            header->doc,
                            functions,
                            QString::number(header->revisionLine)};
    QCOMPARE(found.join(u'|'), expected);
}

void tst_Header::refuses_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<ErrorCode>("code_");
    QTest::addColumn<QString>("said");
    QTest::newRow("no revision") << QByteArray("x = 1\n") << ErrorCode::ProjectRefused
                                 << u"Could not determine revision id from filename notes.py"_s;
    QTest::newRow("no down_revision")
        << QByteArray("revision = 'a'\n") << ErrorCode::ProjectRefused << u"down_revision"_s;
    QTest::newRow("number") << QByteArray("revision = 12\ndown_revision = None\n")
                            << ErrorCode::ProjectRefused << u"revision"_s;
    QTest::newRow("from outside") << QByteArray(
        "from x import y\nrevision = y\ndown_revision = None\n")
                                  << ErrorCode::ProjectRefused << u"x.y"_s;
    QTest::newRow("clock") << QByteArray(
        "import uuid\nrevision = uuid.uuid4()\ndown_revision = None\n")
                           << ErrorCode::ProjectRefused << u"differs from run to run"_s;
    QTest::newRow("broken") << QByteArray("revision = 'a\n") << ErrorCode::Syntax
                            << u"notes.py:1:12"_s;
    QTest::newRow("endless") << QByteArray(
        "while revision_missing(): pass\nwhile True: revision = 1\n")
                             << ErrorCode::Unsupported << u"steps"_s;
}

void tst_Header::refuses()
{
    QFETCH(QByteArray, code);
    QFETCH(ErrorCode, code_);
    QFETCH(QString, said);
    const auto header = py::readHeader(code, u"notes.py"_s);
    QVERIFY(!header);
    QCOMPARE(header.error().code, code_);
    QVERIFY2(header.error().message.contains(said), qPrintable(header.error().message));
}

void tst_Header::labelsFromTheProject()
{
    const auto finder = [](const QString &name) -> std::optional<py::ModuleSource> {
        if (name == u"app")
            return py::ModuleSource{.isPackage = true};
        if (name != u"app.cli")
            return std::nullopt;
        return py::ModuleSource{.source = py::parse("EXPAND = 'expand'\n", u"cli.py"_s).value()};
    };
    const QByteArray code = "from app import cli\nrevision = 'a'\ndown_revision = "
                            "None\nbranch_labels = (cli.EXPAND,)\n";
    const auto header = py::readHeader(code, u"a.py"_s, finder);
    QVERIFY2(header, header ? "" : qPrintable(header.error().message));
    QCOMPARE(header->labels, QStringList{u"expand"_s});
    QVERIFY(!py::readHeader(code, u"a.py"_s));
}

/// What is never closed hides the rest of the file; the revision keeps its place in the graph.
void tst_Header::brokenBody_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isSaid"); // else it comes to light when the body is parsed

    QTest::newRow("bracket") << QByteArray("def upgrade():\n    op.execute((\n") << true;
    QTest::newRow("text") << QByteArray("def upgrade():\n    x = '''abc\n") << true;
    QTest::newRow("grammar") << QByteArray("def upgrade():\n    op.execute(x y)\n") << false;
    QTest::newRow("top level") << QByteArray("labels = = 1\ndef upgrade():\n    pass\n") << false;
}

void tst_Header::brokenBody()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, isSaid);
    const QByteArray names = "revision = 'a'\ndown_revision = 'b'\n";
    const auto header = py::readHeader(names + body, u"a.py"_s);
    QVERIFY2(header, header ? "" : qPrintable(header.error().message));
    QCOMPARE(header->revision, u"a"_s);
    QCOMPARE(header->downRevisions, QStringList{u"b"_s});
    QCOMPARE(!header->problem.message.isEmpty(), isSaid);
    QCOMPARE(header->problem.line > 0, isSaid);
    QCOMPARE(bool(py::readHeader(body + names, u"b.py"_s)), !isSaid); // hidden by what is open
}

void tst_Header::sameWithAndWithoutTree()
{
    const QByteArray usual = "'''m\n\nCreate Date: 2025-01-15 12:00:00\n'''\nrevision = "
                             "'a'\ndown_revision = ('b', 'c')\n"
                             "def upgrade():\n    pass\n";
    const auto quick = py::readHeader(usual, u"a.py"_s);
    const auto full = py::readHeader(usual + "from nowhere import *\n", u"a.py"_s);
    QVERIFY(quick && full);
    QCOMPARE(quick->createDate, u"2025-01-15 12:00:00"_s);
    auto expected = *quick;
    expected.revisionLine = full->revisionLine; // known only to the quick one
    QVERIFY(*full == expected);
    QCOMPARE(py::readHeader("down_revision = None\n", u"abc123.py"_s)->revision, u"abc123"_s);
}
