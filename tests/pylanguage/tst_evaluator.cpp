#include "tests/pylanguage/tst_evaluator.h"

#include "core/pyread/interpreter.h"

#include <QFile>
#include <QTest>
#include <thread>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

std::shared_ptr<const py::ModuleRegistry> registry()
{
    static const auto shared =
        std::make_shared<const py::ModuleRegistry>(py::ModuleRegistry::standard());
    return shared;
}

struct Run
{
    QString printed{};
    Error error{};
    bool ok = false;
};

/// Runs \a code as a script and collects what it prints.
Run runCode(const QByteArray &code, const py::ModuleFinder &finder = {})
{
    Run result;
    const auto source = py::parse(code, u"x.py"_s);
    if (!source) {
        result.error = source.error();
        return result;
    }
    py::Interpreter interpreter(registry());
    interpreter.setModuleFinder(finder);
    interpreter.setPrinter([&](const QString &line) { result.printed += line + u'\n'; });
    const auto module =
        interpreter.runModule(source.value(), {.name = u"__main__"_s, .tolerant = false});
    result.ok = bool(module);
    if (!module)
        result.error = module.error();
    return result;
}

py::ModuleFinder project(const QHash<QString, QByteArray> &files, int *asked = nullptr)
{
    return [files, asked](const QString &name) -> std::optional<py::ModuleSource> {
        if (!files.contains(name))
            return std::nullopt;
        if (asked)
            ++*asked;
        const QByteArray code = files.value(name);
        const auto source = py::parse(code, name + u".py"_s);
        if (!source)
            return py::ModuleSource{.error = source.error()};
        return py::ModuleSource{.source = source.value(),
                                .isPackage = code.startsWith("# package")};
    };
}

} // namespace

void tst_Evaluator::files_data()
{
    QTest::addColumn<QString>(
        "name"); // data/<name>.py prints what CPython 3.11 printed: <name>.txt
    QTest::newRow("language") << u"language"_s;
    QTest::newRow("library") << u"library"_s;
    QTest::newRow("snippets") << u"snippets"_s;
}

void tst_Evaluator::files()
{
    QFETCH(QString, name);
    const QString base = QStringLiteral(TRIBIKOS_SOURCE_DIR "/tests/pylanguage/data/") + name;
    QFile script(base + u".py"_s);
    QFile expected(base + u".txt"_s);
    QVERIFY(script.open(QIODevice::ReadOnly));
    QVERIFY(expected.open(QIODevice::ReadOnly));
    const Run result = runCode(script.readAll());
    QVERIFY2(result.ok, qPrintable(result.error.message));
    const QStringList wanted = QString::fromUtf8(expected.readAll()).split(u'\n');
    const QStringList printed = result.printed.split(u'\n');
    for (qsizetype line = 0; line < qMin(wanted.size(), printed.size()); ++line)
        QCOMPARE(printed[line], wanted[line]);
    QCOMPARE(printed.size(), wanted.size());
}

void tst_Evaluator::prints_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *code, const QString &expected) {
        QTest::newRow(name) << QByteArray(code) << expected;
    };
    row("with returns",
        "from contextlib import contextmanager\n@contextmanager\ndef c():\n  try: yield 1\n"
        "  finally: print('out')\ndef f():\n  with c() as x: return x\nprint(f())\n",
        u"out\n1\n"_s);
    row("with breaks",
        "from contextlib import contextmanager\n@contextmanager\ndef c():\n  yield\n  "
        "print('out')\n"
        "for i in range(3):\n  with c():\n    if i == 1: break\nprint(i)\n",
        u"out\nout\n1\n"_s);
    row("generator is left early",
        "def g():\n  try:\n    yield 1\n    yield 2\n  finally: print('closed')\n"
        "for x in g():\n  print(x)\n  break\n",
        u"1\nclosed\n"_s);
    row("managed method",
        "from contextlib import contextmanager\nclass A:\n  @contextmanager\n  def m(self, x):\n"
        "    yield (self.n, x)\n  n = 5\nwith A().m(2) as v: print(v)\n",
        u"(5, 2)\n"_s);
    row("suppress",
        "from contextlib import suppress\nwith suppress(KeyError): {}[1]\nprint('on')\n",
        u"on\n"_s);
    row("str enum in text",
        "import enum\nclass S(str, enum.Enum):\n  A = 'a'\nprint('x' + S.A, S.A.value, [S.A] == "
        "['a'], {'a': 1}[S.A])\n",
        u"xa a True 1\n"_s);
    row("aliases",
        "import enum\nclass S(enum.Enum):\n  A = 1\n  B = 1\nprint(len(S), S.B is S.A, "
        "list(S.__members__))\n",
        u"1 True ['A', 'B']\n"_s);
    row("functional enum",
        "import enum\nE = enum.Enum('E', 'x y')\nprint(E.y.value, [e.name for e in E])\n",
        u"2 ['x', 'y']\n"_s);
    row("missing in dict",
        "class D(dict):\n  def __missing__(self, k): return k * 2\nprint(D()['a'], D(a=1)['a'])\n",
        u"aa 1\n"_s);
    row("long text",
        "def f():\n  s = ''\n  for i in range(20000): s += 'abcdefghij'\n  return "
        "len(s)\nprint(f())\n",
        u"200000\n"_s);
    row("shared text stays",
        "def f():\n  s = 'a'\n  t = s\n  s += 'b'\n  return t, s\nprint(f())\n",
        u"('a', 'ab')\n"_s);
    row("astral characters",
        "x = 'a\\U0001F600b'\nprint(len(x), x[2], x[::-1] == 'b\\U0001F600a', ord(x[1]))\n",
        u"3 b True 128512\n"_s);
    row("environment is empty",
        "import os\nprint(os.environ.get('HOME'), os.getenv('HOME', 'x'), 'HOME' in os.environ)\n",
        u"None x False\n"_s);
    row("clock is only stored",
        "import datetime, uuid\nx = {'at': datetime.datetime.utcnow(), 'id': "
        "uuid.uuid4()}\nprint(len(x))\n",
        u"2\n"_s);
    row("typing",
        "import typing as t\nT = t.TypeVar('T')\nclass A(t.Generic[T]): pass\nx: "
        "t.Optional[A[int]] = t.cast(int, 5)\nprint(x, t.TYPE_CHECKING)\n",
        u"5 False\n"_s);
    row("annotations aren't evaluated", "def f(a: nowhere.x = 1) -> None: return a\nprint(f())\n",
        u"1\n"_s);
    row("bare raise",
        "def f():\n  try: 1/0\n  except ZeroDivisionError: raise\ntry: f()\nexcept Exception as e: "
        "print(e)\n",
        u"division by zero\n"_s);
}

void tst_Evaluator::prints()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, expected);
    const Run result = runCode(code);
    QVERIFY2(result.ok, qPrintable(result.error.message));
    QCOMPARE(result.printed, expected);
}

void tst_Evaluator::ends_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<ErrorCode>("code_");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *name, const char *code, ErrorCode kind,
                        const QString &message) {
        QTest::newRow(name) << QByteArray(code) << kind << message;
    };
    row("raise", "x = 1\nraise ValueError('no')\n", ErrorCode::ProjectRefused,
        u"x.py:2 raises ValueError: no"_s);
    row("name", "f(\n  y)\n", ErrorCode::ProjectRefused,
        u"x.py:1 raises NameError: name 'f' is not defined"_s);
    row("line of the call", "def f():\n\n  1/0\n\n\nf()\n", ErrorCode::ProjectRefused,
        u"x.py:3 raises ZeroDivisionError: division by zero"_s);
    row("file", "\ntry: open('x')\nexcept Exception: pass\n", ErrorCode::Unsupported,
        u"x.py:2 reads a file with open(): Tribikos runs no code that touches files"_s);
    row("clock in text", "import datetime\nx = f'{datetime.datetime.now()}'\n",
        ErrorCode::Unsupported, u"x.py:2 needs datetime.now(), but it differs from run to run"_s);
    row("decision on an unknown", "import nowhere\nif nowhere.flag: pass\n", ErrorCode::Unsupported,
        u"x.py:2 needs nowhere.flag, which is not part of the project and not known to Tribikos: "
        "say in tribikos.toml what it is, under [values]: \"nowhere.flag\" = …"_s);
    row("is None of an unknown", "import nowhere\nx = nowhere.get() is None\n",
        ErrorCode::Unsupported,
        u"x.py:2 needs nowhere.get(), which is not part of the project and not known to Tribikos: "
        "say in tribikos.toml what it is, under [values]: \"nowhere.get()\" = …"_s);
    row("text of an iterator", "x = str(zip([1], [2]))\nif x: pass\n", ErrorCode::Unsupported,
        u"x.py:1 turns a zip into text, in which Python writes where it lies in memory"_s);
    row("big number", "x = 99999999999999999999\n", ErrorCode::Unsupported,
        u"x.py:1 uses a whole number beyond 64 bits"_s);
    row("await", "async def f():\n  await g()\nx = [f()]\nif x[0]: pass\n", ErrorCode::Unsupported,
        u"x.py:4 needs f(), but it is a coroutine, which Tribikos doesn't run"_s);
    const QString suspends =
        u"suspends the generator function g() half-way, which Tribikos doesn't evaluate"_s;
    row("suspended, seen outside", "a = []\ndef g():\n  a.append(1)\n  yield 1\nnext(g())\n",
        ErrorCode::Unsupported, u"x.py:5 "_s + suspends);
    row("suspended, endless", "def g():\n  while True:\n    yield 1\nnext(g())\n",
        ErrorCode::Unsupported, u"x.py:4 "_s + suspends);
    row("left, then gone on", "def g():\n  yield 1\n  yield 2\nx = g()\nfor i in x:\n  break\nlist(x)\n",
        ErrorCode::Unsupported, u"x.py:7 "_s + suspends);
    row("metaclass", "class M(type):\n  def __call__(cls): return 1\nclass A(metaclass=M): pass\nA()\n",
        ErrorCode::Unsupported, u"x.py:3 uses the metaclass M with a __call__ of its own"_s);
}

void tst_Evaluator::ends()
{
    QFETCH(QByteArray, code);
    QFETCH(ErrorCode, code_);
    QFETCH(QString, message);
    const Run result = runCode(code);
    QVERIFY(!result.ok);
    QCOMPARE(result.error.message, message);
    QCOMPARE(result.error.code, code_);
    QVERIFY(result.error.line > 0);
}

void tst_Evaluator::unknowns_data()
{
    QTest::addColumn<QByteArray>("code"); // sets x; the top level is tolerant
    QTest::addColumn<QString>("origin");
    QTest::addColumn<QString>("reason"); // part of it
    const auto row = [](const char *name, const char *code, const QString &origin,
                        const QString &reason) {
        QTest::newRow(name) << QByteArray(code) << origin << reason;
    };
    row("import", "from pgvector.sqlalchemy import Vector as x\n", u"pgvector.sqlalchemy.Vector"_s,
        {});
    row("call", "import pgvector.sqlalchemy\nx = pgvector.sqlalchemy.Vector(3)\n",
        u"pgvector.sqlalchemy.Vector()"_s, {});
    row("failed statement", "x = open('f').read()\n", u"x"_s, u"x.py:1 reads a file"_s);
    row("failed branch", "import nowhere\nif nowhere.flag:\n    x = 1\nelse:\n    x = 2\n", u"x"_s,
        u"x.py:2 needs nowhere.flag"_s);
    row("changed by what failed", "x = []\nx.append(1/0)\n", u"x"_s, u"ZeroDivisionError"_s);
    row("class with a failing body", "class x:\n    y = 1/0\n", u"x"_s, u"x.py:2 raises"_s);
    row("part of the library", "import os\nx = os.something_new\n", u"os.something_new"_s, {});
}

void tst_Evaluator::unknowns()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, origin);
    QFETCH(QString, reason);
    py::Interpreter interpreter(registry());
    const auto module = interpreter.runModule(py::parse(code, u"x.py"_s).value());
    QVERIFY2(module, module ? "" : qPrintable(module.error().message));
    const auto value =
        interpreter.guarded([&] { return interpreter.getAttr(module.value(), u"x"_s); });
    QVERIFY(value);
    const auto *unknown = value->as<py::Unknown>();
    QVERIFY(unknown);
    QCOMPARE(unknown->origin, origin);
    QVERIFY2(unknown->reason.contains(reason) && unknown->reason.isEmpty() == reason.isEmpty(),
             qPrintable(unknown->reason));
}

void tst_Evaluator::projectImports()
{
    const auto finder = project(
        {{u"app"_s, "# package\nNAME = 'app'\n"},
         {u"app.core"_s, "# package\nfrom .types import GUID\nfrom .. import app\n"},
         {u"app.core.types"_s, "from app import NAME\nclass GUID:\n    impl = NAME + '!'\n"}});
    const Run result =
        runCode("import app.core.types\nfrom app.core import GUID\nfrom app.core.types import *\n"
                "def f():\n    from app import NAME as n\n    return n\n"
                "print(app.core.types.GUID.impl, GUID.impl, NAME, f())\n",
                finder);
    QVERIFY2(result.ok, qPrintable(result.error.message));
    QCOMPARE(result.printed, u"app! app! app app\n"_s);
}

void tst_Evaluator::lazyImportsLoadOnce()
{
    int asked = 0;
    const auto finder = project({{u"a"_s, "X = 1\n"}, {u"b"_s, "X = 2\n"}}, &asked);
    const Run result = runCode("import a, b\nfrom a import X\nprint(X, a.X)\n", finder);
    QVERIFY(result.ok);
    QCOMPARE(result.printed, u"1 1\n"_s);
    QCOMPARE(asked, 1); // nobody used b
}

void tst_Evaluator::unreadableModuleSaysWhy()
{
    const Run result = runCode("import a\nprint(str(a.X) + 'x')\nif a.X: pass\n",
                               project({{u"a"_s, "x = = 1\n"}}));
    QVERIFY(!result.ok);
    QCOMPARE(
        result.error.message,
        u"x.py:3 needs a.X, but a.py:1:5 is not valid Python: invalid syntax: a value is missing"_s);
}

void tst_Evaluator::effectsAreNotHandedOut()
{
    class Connection : public py::Object
    {
    public:
        QString typeName() const override { return u"Connection"_s; }
        bool hasEffects() const override { return true; }
    };
    py::Interpreter interpreter(registry());
    const auto module = interpreter.runModule(
        py::parse("import nowhere\ndef f(bind):\n    x = nowhere.migrate(bind)\ndef g(bind):\n    "
                  "nowhere.migrate()\n",
                  u"x.py"_s)
            .value());
    QVERIFY(module);
    py::CallArgs args;
    args.positional = {interpreter.make<Connection>()};
    const auto handed = interpreter.run(*module.value()->find(u"f"_s), args);
    QVERIFY(!handed);
    QCOMPARE(handed.error().message,
             u"x.py:3 hands the database to nowhere.migrate, whose effect Tribikos can't know"_s);
    const auto dropped = interpreter.run(*module.value()->find(u"g"_s), args);
    QVERIFY(!dropped);
    QCOMPARE(dropped.error().code, ErrorCode::Unsupported);
    QCOMPARE(dropped.error().line, 5);
}

void tst_Evaluator::severalInterpretersShareASource()
{
    const auto source = py::parse(
        "def f(n):\n    return ','.join(f'{i}:{i * n}' for i in range(100))\n", u"x.py"_s);
    QVERIFY(source);
    std::vector<QString> results(4);
    {
        std::vector<std::jthread> threads;
        for (size_t at = 0; at < results.size(); ++at) {
            threads.emplace_back([&, at] {
                for (int round = 0; round < 20; ++round) {
                    py::Interpreter interpreter(registry());
                    const auto module = interpreter.runModule(source.value());
                    py::CallArgs args;
                    args.positional = {py::Value(3)};
                    results[at] = interpreter.run(*module.value()->find(u"f"_s), args)->str();
                }
            });
        }
    }
    for (const QString &result : results)
        QCOMPARE(result, results.front());
    QVERIFY(results.front().endsWith(u"99:297"));
}
