#include "tests/pylanguage/tst_parser.h"

#include "core/pyread/ast.h"
#include "core/pyread/source.h"
#include "core/pyread/tokenizer.h"
#include "core/pyread/words.h"

#include <QDirIterator>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>
#include <thread>
#include <vector>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

Result<std::shared_ptr<const py::Source>> parsed(const QByteArray &code)
{
    return py::parse(code, u"x.py"_s);
}

/// The tokens outside the outermost blocks with their places, and the failure that ends them.
QStringList outerTokens(const QString &text, bool skipping)
{
    py::Tokenizer tokenizer(text);
    QStringList seen;
    int depth = 0;
    try {
        for (;;) {
            const py::Token token = tokenizer.next();
            if (token.kind == py::Tok::Dedent)
                --depth;
            if (depth == 0) {
                seen.append(u"%1 at %2:%3 (%4)"_s.arg(int(token.kind))
                                .arg(token.line)
                                .arg(token.column)
                                .arg(token.begin));
            }
            if (token.kind == py::Tok::End)
                return seen;
            if (token.kind == py::Tok::Indent && ++depth == 1 && skipping)
                tokenizer.skipBlock();
        }
    } catch (const py::SyntaxFailure &failure) {
        seen.append(u"%1 at %2:%3"_s.arg(failure.message).arg(failure.line).arg(failure.column));
    }
    return seen;
}

} // namespace

void tst_Parser::accepts_data()
{
    QTest::addColumn<QByteArray>("code");
    const std::pair<const char *, const char *> rows[] = {
        {"empty", ""},
        {"no final newline", "x = 1"},
        {"comment only", "# x"},
        {"crlf", "if 1:\r\n    x = 1\r\n"},
        {"tabs", "if 1:\n\tx = 1\n\ty = 2\n"},
        {"form feed", "\f\nx = 1\n"},
        {"joined lines", "x = 1 + \\\n  2\n"},
        {"implicit join", "x = (1,\n # c\n\n 2)\n"},
        {"semicolons", "a = 1; b = 2;\n"},
        {"defaults", "def f(a, b=1, /, c=2, *args, d, e=3, **kw) -> int: pass"},
        {"annotations", "def f(a: int = 1, *b: str, **c: 'x'): ...\n"},
        {"decorators", "@a.b(1)\n@c\nasync def f(): await g()\n"},
        {"class", "class A(B, metaclass=M):\n    x: int\n    y: int = 1\n"},
        {"type parameters",
         "def f[T: int, *Ts, **P](x: T) -> T: ...\nclass A[T]: ...\ntype X[T] = int\n"},
        {"type is a name", "type = 1\ntype(x)\n"},
        {"match is a name", "match = 1\nmatch(x)\nmatch.group()\nmatch[1]\n"},
        {"match",
         "match x, 1:\n    case [1, *_] | {'a': b, **c} if b: pass\n    case A.B(x=1) as y: pass\n"
         "    case -1 | 'a' | None: pass\n    case _: pass\n"},
        {"with",
         "with a as b, c: pass\nwith (a as b, c,): pass\nwith (a): pass\nwith (a, b) as c: pass\n"
         "with (a).b as c: pass\n"},
        {"try", "try: pass\nexcept A as e: pass\nexcept (B, C): pass\nelse: pass\nfinally: pass\n"},
        {"except group", "try: pass\nexcept* A: pass\n"},
        {"except without parentheses", "try: pass\nexcept A, B: pass\n"},
        {"imports",
         "import a.b as c, d\nfrom . import x\nfrom ...a import (b, c as d,)\nfrom a import *\n"},
        {"targets", "a, *b = c = [d, (e, f)] = x\nfor a, (b, c) in y: pass\ndel a, b[1], c.d\n"},
        {"augmented", "a += 1; a //= 2; a @= b; a[0] **= 2; a.b >>= 1\n"},
        {"walrus", "if (n := 10) > 5: pass\nx = [y := 1, y ** 2]\n"},
        {"lambda", "f = lambda a, *b, c=1, **d: (a, b)\ng = lambda: 0\n"},
        {"comprehensions",
         "[x for x in y if x if z for w in x]\n{**a, 'b': 1}\n{k: v for k, v in z}\n"
         "(x async for x in y)\nf(x for x in y)\n"},
        {"slices", "a[1:2, ::3, *b]\na[:]\na[1:]\n"},
        {"calls", "f(*a, b, *c, d=1, **e, g=2)\n"},
        {"numbers", "0xFF; 0b1_0; 0o17; 1_000; 1e10; .5; 1.; 1j; 00; 1if x else 2\n"},
        {"strings", "'a' \"b\" r'\\d'\nb'x' rb'\\d' Rb'' bR''\nu'x' '''a\nb'''\n"},
        {"f-strings", "f'{a!r:>{w}} {{x}} {b=} {c:%H:%M}'\nf'{x[\"a\"]}' f\"{y!s}\" 'z'\n"},
        {"nested f-strings", "f'{f\"{f'{1}'}\"}'\nf'{a['b']}'\nf'''{\nx\n}'''\n"},
        {"backslash in f-string", "f'\\N{DASH} {x}\\n' rf'\\d{{2}}{x}'\n"},
        {"yield",
         "def f():\n    x = yield\n    y = yield 1, 2\n    yield from z\n    return (yield)\n"},
        {"global", "def f():\n    global a, b\n    def g():\n        nonlocal c\n"},
        {"unicode name", "ünï = 1\n"},
        {"unicode name behind plain letters", "übung_1 = naïve = aé = 1\n"},
        {"operators behind a bracket",
         "x = (a) + b * -c ** d if e in f and not g is not h or i else j @ k\n"},
    };
    for (const auto &[name, code] : rows)
        QTest::newRow(name) << QByteArray(code);
}

void tst_Parser::accepts()
{
    QFETCH(QByteArray, code);
    const auto result = parsed(code);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
}

void tst_Parser::rejects_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("place"); // line:column
    QTest::addColumn<QString>("said");  // part of the message
    QTest::newRow("unclosed string")
        << QByteArray("x = 1\ny = 'a\n") << u"2:5"_s << u"unterminated"_s;
    QTest::newRow("unclosed triple")
        << QByteArray("x = '''a\n\n") << u"1:5"_s << u"triple-quoted"_s;
    QTest::newRow("unclosed bracket") << QByteArray("x = (1,\n") << u"2:1"_s << u"never closed"_s;
    QTest::newRow("wrong bracket") << QByteArray("x = (1]\n") << u"1:7"_s << u"does not match"_s;
    QTest::newRow("print statement")
        << QByteArray("print 'a'\n") << u"1:7"_s << u"invalid syntax"_s;
    QTest::newRow("indent") << QByteArray("x = 1\n  y = 2\n") << u"2:3"_s << u"unexpected indent"_s;
    QTest::newRow("dedent") << QByteArray("if 1:\n    x\n  y\n") << u"3:3"_s << u"unindent"_s;
    QTest::newRow("no block") << QByteArray("def f():\nx = 1\n") << u"2:1"_s << u"indented block"_s;
    QTest::newRow("tabs and spaces")
        << QByteArray("if 1:\n        x\n\ty\n") << u"3:2"_s << u"tabs"_s;
    QTest::newRow("assign to call") << QByteArray("f() = 1\n") << u"1:1"_s << u"cannot assign"_s;
    QTest::newRow("keyword order")
        << QByteArray("f(a=1, b)\n") << u"1:8"_s << u"positional argument"_s;
    QTest::newRow("default order")
        << QByteArray("def f(a=1, b): pass\n") << u"1:12"_s << u"non-default"_s;
    QTest::newRow("leading zero") << QByteArray("x = 012\n") << u"1:8"_s << u"leading zeros"_s;
    QTest::newRow("bytes and text") << QByteArray("x = b'a' 'b'\n") << u"1:10"_s << u"mix bytes"_s;
    QTest::newRow("empty field") << QByteArray("x = f'{}'\n") << u"1:8"_s << u"empty expression"_s;
    QTest::newRow("yield outside") << QByteArray("yield 1\n") << u"1:1"_s << u"outside function"_s;
    QTest::newRow("question mark") << QByteArray("x = 1?\n") << u"1:6"_s << u"invalid character"_s;
    QTest::newRow("try alone") << QByteArray("try:\n    x\ny\n") << u"3:1"_s << u"except"_s;
    // Tokens are read ahead: what can't be read is said when its turn comes.
    QTest::newRow("earlier fault before a later one")
        << QByteArray("x = 1 2\ny = 'a\n") << u"1:7"_s << u"invalid syntax"_s;
    QTest::newRow("far behind") << QByteArray("x = 1\n").repeated(300) + "y = 'a\n"
                                << u"301:5"_s << u"unterminated"_s;
    QTest::newRow("behind a block of braces")
        << QByteArray("x = f'{a b}'\ny = (\n") << u"1:10"_s << u"f-string"_s;
    QTest::newRow("conflict marker")
        << QByteArray("x = 1\n<<<<<<< HEAD\n") << u"2:1"_s << u"invalid"_s;
}

void tst_Parser::rejects()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, place);
    QFETCH(QString, said);
    const auto result = parsed(code);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Syntax);
    QCOMPARE(result.error().line, place.section(u':', 0, 0).toInt());
    QVERIFY2(result.error().message.startsWith(u"x.py:%1 is not valid Python: "_s.arg(place)),
             qPrintable(result.error().message));
    QVERIFY2(result.error().message.contains(said), qPrintable(result.error().message));
}

void tst_Parser::literals_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("value");
    QTest::newRow("escapes") << QByteArray(R"('a\n\t\x41\u0042\101\
b\q')") << u"a\n\tABAb\\q"_s;
    QTest::newRow("raw") << QByteArray(R"(r'a\nb')") << u"a\\nb"_s;
    QTest::newRow("joined") << QByteArray(R"('a' "b" '''c''')") << u"abc"_s;
    QTest::newRow("astral") << QByteArray(R"('\U0001F600')") << u"😀"_s;
    QTest::newRow("crlf inside") << QByteArray("'''a\r\nb'''") << u"a\nb"_s;
    QTest::newRow("utf-8") << QByteArray("'ünï'") << u"ünï"_s;
}

void tst_Parser::literals()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, value);
    const auto result = parsed(code);
    QVERIFY(result);
    QVERIFY(result.value()->tree->hasDocstring);
    QCOMPARE(result.value()->tree->docstring, value);
}

void tst_Parser::encodings_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("docstring"); // null: unreadable
    QTest::newRow("bom") << QByteArray("\xEF\xBB\xBF'\xC3\xBC'") << u"ü"_s;
    QTest::newRow("latin-1") << QByteArray("# -*- coding: latin-1 -*-\n'\xFC'") << u"ü"_s;
    QTest::newRow("second line") << QByteArray(
        "#!/usr/bin/python\n# vim: set fileencoding=iso-8859-1 :\n'\xFC'")
                                 << u"ü"_s;
    QTest::newRow("utf-8 named") << QByteArray("# coding: utf-8\n'\xC3\xBC'") << u"ü"_s;
    QTest::newRow("not utf-8") << QByteArray("'\xFC'") << QString();
    QTest::newRow("unknown") << QByteArray("# coding: klingon\n'x'") << QString();
    QTest::newRow("nul") << QByteArray("'x'\0", 4) << QString();
    QTest::newRow("too long") << QByteArray(5 << 20, '#') << QString();
}

void tst_Parser::encodings()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, docstring);
    const auto result = parsed(bytes);
    if (docstring.isNull()) {
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Unreadable);
        return;
    }
    QVERIFY(result);
    QCOMPARE(result.value()->tree->docstring, docstring);
}

void tst_Parser::spans()
{
    const auto result = parsed("x = 1\n\ndef upgrade():\n    op.f(\n        'a')\n");
    QVERIFY(result);
    const auto *function = py::ast::as<py::ast::FunctionDef>(result.value()->tree->body.at(1));
    QVERIFY(function);
    QCOMPARE(function->span.line, 3);
    const auto *call = py::ast::as<py::ast::ExprStmt>(function->body.front())->value;
    QCOMPARE(call->span, (SourceSpan{4, 5, 5, 13}));
}

/// Many more words than are kept, in several threads at once: each stays itself, whoever was first at its place.
void tst_Parser::sharedWords()
{
    const auto word = [](int i) { return u"column_%1"_s.arg(i); };
    std::vector<int> wrong(4, 0);
    std::vector<std::thread> threads;
    for (int &count : wrong) {
        threads.emplace_back([&count, &word] {
            std::vector<QString> kept;
            for (int i = 0; i < 10'000; ++i)
                kept.push_back(py::sharedWord(word(i)));
            for (int i = 0; i < 10'000; ++i)
                count += kept[size_t(i)] != word(i);
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(wrong, std::vector<int>(4, 0));
    QCOMPARE(py::sharedWord({}), QString());
    QCOMPARE(py::sharedWord(QString(1000, u'x')), QString(1000, u'x'));
    QString changed = py::sharedWord(u"nullable");
    changed += u'!';
    QCOMPARE(py::sharedWord(u"nullable"), u"nullable"_s);
}

void tst_Parser::skipsBlocks_data()
{
    QTest::addColumn<QString>("body");
    QTest::addRow("strings") << uR"(    a = 'x\'y' + rb"z" + f'{a!r:>{b}}' + f"{d['k']}")"_s;
    QTest::addRow("long strings")
        << u"    a = \"\"\"def f():\n'no'\n\\\"\"\" \"\"\" + '''\n# no\n'''\n"_s;
    QTest::addRow("joined lines") << u"    a = 1 + \\\n2\n    b = (\n3,\n\n# c )\n)\n"_s;
    QTest::addRow("inner blocks") << u"    if a:\n        while b:\n            c\n    d\n"_s;
    QTest::addRow("ends deep") << u"    if a:\n        while b:\n            c\n"_s;
    QTest::addRow("comments at the margin") << u"    a\n# b (\n\n    c # '\n"_s;
    QTest::addRow("no end of line") << u"    a = (1)"_s;
    QTest::addRow("numbers") << u"    a = 0, 10, 1_000, 0x1f, 1.5, .5, 1e3, 1., 2j, 00\n"_s;
    QTest::addRow("signs") << u"    a @ b != c -> d := e ... ~f <<= g ** h // i\n"_s;
    QTest::addRow("other scripts") << u"    größe = 'ß'\n"_s;
    QTest::addRow("unclosed string") << u"    a = 'x\n    b\n"_s;
    QTest::addRow("unclosed long string") << u"    a = '''x\n    b\n"_s;
    QTest::addRow("unclosed bracket") << u"    a = (1,\n    b\n"_s;
    QTest::addRow("wrong bracket") << u"    a = (1]\n"_s;
    QTest::addRow("bracket too many") << u"    a = 1)\n"_s;
    QTest::addRow("nested too deeply")
        << u"    a = "_s + QString(300, u'(') + QString(300, u')') + u'\n';
    QTest::addRow("no character of Python") << u"    a = $b\n"_s;
    QTest::addRow("lone !") << u"    a = !b\n"_s;
    QTest::addRow("lone backslash") << u"    a = \\ b\n"_s;
    QTest::addRow("leading zero") << u"    a = 07\n"_s;
    QTest::addRow("number and word") << u"    a = 1abc\n"_s;
    QTest::addRow("tabs against spaces") << u"    a\n\tb\n"_s;
    QTest::addRow("unindent to nowhere") << u"    if a:\n            b\n        c\n"_s;
    QTest::addRow("form feed") << u"    a\n\f    b\n"_s;
}

void tst_Parser::skipsBlocks()
{
    QFETCH(QString, body);
    const QString text = u"x = 1\ndef f():\n"_s + body + u"\ny = 2\ndef g():\n    pass\nz = 3\n"_s;
    QCOMPARE(outerTokens(text, true), outerTokens(text, false));
    const QString cut = u"def f():\n"_s + body; // the file ends with the block
    QCOMPARE(outerTokens(cut, true), outerTokens(cut, false));
}

/// Every script of the tests, whole and with a few characters changed at random.
void tst_Parser::skipsBlocksOfAnything()
{
    QRandomGenerator random(7);
    const QString odd = u"'\"\\\n\t ()[]{}#!$:.0f§"_s;
    int files = 0;
    QDirIterator walk(QStringLiteral(TRIBIKOS_SOURCE_DIR) + u"/tests/data"_s, {u"*.py"_s},
                      QDir::Files, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        QFile file(walk.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        ++files;
        const QString whole = QString::fromUtf8(file.readAll());
        QCOMPARE(outerTokens(whole, true), outerTokens(whole, false));
        for (int round = 0; round < 20 && !whole.isEmpty(); ++round) {
            QString changed = whole;
            changed.replace(random.bounded(int(changed.size())), random.bounded(3),
                            odd.mid(random.bounded(int(odd.size())), random.bounded(3)));
            QVERIFY2(outerTokens(changed, true) == outerTokens(changed, false),
                     qPrintable(file.fileName() + u'\n' + changed));
        }
    }
    QVERIFY(files > 100);
}
