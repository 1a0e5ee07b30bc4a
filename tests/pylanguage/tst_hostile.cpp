#include "tests/pylanguage/tst_hostile.h"

#include "core/pyread/interpreter.h"

#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

Error outcome(const QByteArray &code, const py::Limits &limits = {})
{
    const auto source = py::parse(code, u"x.py"_s);
    if (!source)
        return source.error();
    auto registry = std::make_shared<py::ModuleRegistry>(py::ModuleRegistry::standard());
    py::Interpreter interpreter(registry, limits);
    const auto module = interpreter.runModule(source.value(), {.tolerant = false});
    return module ? Error{.message = {}} : module.error();
}

QByteArray times(int count, const char *text)
{
    return QByteArray(text).repeated(count);
}

} // namespace

void tst_Hostile::endsInASentence_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const QByteArray &code, const QString &said) {
        QTest::newRow(name) << code << said;
    };
    row("loop", "while True: pass", u"steps"_s);
    row("power tower", "n = 9\nx = n**n**n**n", u"too large"_s);
    row("nested comprehension", "x=[a for a in range(10**6) for b in range(10**6)]",
        u"collection"_s);
    row("long text", "x='a'*10**12", u"text of more than"_s);
    row("doubling text", "x='ab'\nfor i in range(100): x = x + x", u"text of more than"_s);
    row("many texts", "x=['a' * 1000000 + str(i) for i in range(99999)]", u"MiB"_s);
    row("long list", "x=[0]*10**9", u"collection"_s);
    row("recursion", "def f(n): return f(n+1)\nf(0)", u"200 calls"_s);
    row("recursion through except",
        "def f():\n  try: f()\n  except Exception: f()\n  finally: f()\nf()", u"200 calls"_s);
    row("__getattr__", "class A:\n  def __getattr__(self,n): return getattr(self,n+'x')\nA().a",
        u"200 calls"_s);
    row("parentheses", "x=" + times(5000, "(") + times(5000, ")"), u"nested too deeply"_s);
    row("brackets", "x=" + times(100000, "["), u"nested too deeply"_s);
    row("signs", "x=" + times(100000, "-") + "1", u"nested too deeply"_s);
    row("nots", "x=" + times(100000, "not ") + "1", u"nested too deeply"_s);
    row("lambdas", "x=" + times(50000, "lambda:") + "1", u"nested too deeply"_s);
    row("ternaries", "x=" + times(50000, "1 if 1 else ") + "1", u"nested too deeply"_s);
    row("attributes", "x=a" + times(100000, ".b"), u"too long a chain"_s);
    row("long sum", "x=1" + times(20000, "+1"), QString());
    row("long elif", "if 0: pass\n" + times(5000, "elif 0: pass\n"), QString());
    row("f-strings", "x=" + times(300, "f\"{") + "1" + times(300, "}\""), u"nested too deeply"_s);
    row("own repr", "x=[]\nx.append(x)\nrepr(x)", u"too deeply"_s);
    row("own equal", "x=[]\nx.append(x)\ny=[]\ny.append(y)\nx==y", u"too deeply"_s);
    row("endless generator", "def g():\n  while True: yield 1\nlist(g())", u"collection"_s);
    row("endless count", "import itertools\nlist(itertools.count())", u"collection"_s);
    row("permutations", "import itertools\nlist(itertools.permutations(range(50)))", u"gives up"_s);
    row("product", "import itertools\nlist(itertools.product(range(100),repeat=20))",
        u"gives up"_s);
    row("json", "import json\njson.loads('['*100000)", u"nested too deeply"_s);
    row("backtracking", "import re\nre.match('(a+)+$','a'*50000+'b')", u"takes too long"_s);
    row("width", "x='{:>1000000000}'.format(1)", u"Too many decimal digits"_s);
    row("percent width", "x='%1000000000d' % 1", u"Too many decimal digits"_s);
    row("precision", "x=f'{1:.999999999f}'", u"Too many decimal digits"_s);
    row("class chain", "class A: pass\nfor i in range(100000):\n  class A(A): pass",
        u"200 others"_s);
    row("inconsistent order",
        "class A:\n  def __lt__(self,o): return True\nsorted([A() for i in range(500)])",
        QString());
    row("smallest number", "x=(-9223372036854775807-1)//-1\nassert str(x) == '9223372036854775808'",
        QString());
    row("slices",
        "x=[1,2,3][::-9223372036854775807]\ny='abc'[-9223372036854775807::9223372036854775807]",
        QString());
    row("growing list", "l=[1]\nfor x in l: l.append(x)", u"collection"_s);
    row("deep copy", "import copy\nt=[]\nfor i in range(30000): t=[t]\ncopy.deepcopy(t)",
        u"too deeply"_s);
    row("translate", "('a'*10**6).translate({97:'b'*10**6})", u"text of more than"_s);
    row("tabs", "('\\t'*10**6).expandtabs(10**6)", u"text of more than"_s);
    row("template", "import string\nstring.Template('$a'*10**5).substitute(a='x'*10**4)",
        u"text of more than"_s);
    row("wide rows", "list(zip(*[range(10**5)]*1000))", u"MiB"_s);
    row("large enum", "import enum\nE=enum.Enum('E',[('a%d'%i,i) for i in range(10**5)])", u"steps"_s);
    row("fields", "x=f'" + times(300000, "{a}") + "'", u"too long for so many fields"_s);
    row("files", "open('x')", u"runs no code that touches files"_s);
    row("programs", "import os\nos.system('x')", u"starts a program"_s);
    row("eval", "eval('1')", u"eval()"_s);
}

void tst_Hostile::endsInASentence()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, said);
    const Error error = outcome(code);
    if (said.isEmpty()) {
        QVERIFY2(error.message.isEmpty(), qPrintable(error.message));
        return;
    }
    QVERIFY2(error.message.contains(said), qPrintable(error.message));
    QVERIFY2(error.message.startsWith(u"x.py:"), qPrintable(error.message));
    QVERIFY(error.line > 0);
}

void tst_Hostile::cancelled()
{
    std::stop_source stop;
    stop.request_stop();
    py::Limits limits;
    limits.stop = stop.get_token();
    QCOMPARE(outcome("while True: pass", limits).code, ErrorCode::Cancelled);
}
