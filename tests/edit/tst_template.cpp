#include "core/edit/scripttemplate.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// Templates with what Mako 1.2.4 makes of them, unless a row says otherwise.
class tst_Template : public QObject
{
    Q_OBJECT
private slots:
    void renders_data();
    void renders();
    void refuses_data();
    void refuses();
};

namespace {

TemplateVariables variables()
{
    TemplateVariables v{.upRevision = u"n1"_s,
                        .downRevisions = {u"a1"_s, u"b1"_s},
                        .branchLabels = {u"side"_s},
                        .dependsOn = {u"x"_s, u"y"_s},
                        .message = u" <'\"&\u00e4> "_s,
                        .mainOptions = {{u"databases"_s, u"one, two"_s}},
                        .configFile = u"/p/alembic.ini"_s,
                        .configSection = u"alembic"_s};
    v.createDate = *createDate(1736942400LL * 1'000'000 + 5, u"Europe/Berlin"_s);
    return v;
}

} // namespace

void tst_Template::renders_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("result");
    const auto row = [](const char *name, const QByteArray &text, const QString &result) {
        QTest::newRow(name) << text << result;
    };
    row("variables",
        "${up_revision} ${down_revision | comma,n} ${repr(down_revision)} ${repr(branch_labels)} "
        "${repr(depends_on)}",
        u"n1 a1, b1 ('a1', 'b1') ('side',) ['x', 'y']"_s);
    row("date", "${create_date}|${create_date.year}|${create_date.strftime('%d.%m')}",
        u"2025-01-15 13:00:00.000005+01:00|2025|15.01"_s);
    row("unset", "${imports if imports else \"\"}|${'a' if upgrades == 'x' else 'b'}", u"|b"_s);
    row("filters",
        "${message | h,trim}|${message|n}|${message | u}|${'\u00e4<' | entity}|${message | x}",
        u"&lt;&#39;&#34;&amp;\u00e4&gt;| <'\"&\u00e4> |+%3C%27%22%26%C3%A4%3E+|&auml;&lt;| &lt;&#39;&#34;&amp;\u00e4&gt; "_s);
    row("own filter",
        "<%!\n  def shout(text):\n      return text.upper() + '!'\n%>${up_revision | shout}",
        u"N1!"_s);
    row("filter with arguments",
        "<%! def pad(n): return lambda t: t.rjust(n) %>${up_revision | pad(4)}", u"  n1"_s);
    row("if", "a\n% if up_revision == 'x':\nb\n% elif branch_labels:\nc\n% else:\nd\n% endif\ne\n",
        u"a\nc\ne\n"_s);
    row("for", "% for i in range(2):\n${i} \\\n% endfor\nz\n", u"0 1 z\n"_s);
    row("nested", "% for p in down_revision:\n  % if p != 'a1':\n  x${p}\n  % endif\n% endfor\n",
        u"  xb1\n"_s);
    row("while and try",
        "<% n = 2 %>\\\n% while n:\n${n}<% n -= 1 %>\n% endwhile\n% try:\n${1/0}\n% except "
        "ZeroDivisionError:\nno\n% endtry\n",
        u"2\n1\nno\n"_s);
    row("comments", "## c\nfoo\n  ## d\nbar<%doc>\n${gone}\n</%doc>.", u"foo\nbar."_s);
    row("text tag", "a <%text>${x}\n% if</%text> b", u"a ${x}\n% if b"_s);
    row("percent, as later versions have it", "%% x\n  %%% y\na %% b\n",
        u"% x\n  %% y\na %% b\n"_s);
    row("line continued", "a \\\nb \\\r\nc", u"a b c"_s);
    row("brackets and bars", "${'a|b'}|${{'a': 1}['a']}|${(1 |\n 2)}", u"a|b|1|3"_s);
    row("comment in an expression", "${1 # }\n}", u"1"_s);
    row("block", "<%\n    x = 1\n    if x:\n        y = '''a\n  b'''\n%>\n${y}", u"\na\n  b"_s);
    row("module code comes first", "${re.sub('n', 'm', up_revision)}<%! import re %>", u"m1"_s);
    row("coding line", "## -*- coding: utf-8 -*-\nx", u"x"_s);
    row("windows", "a\r\n% if True:\r\nb\r\n% endif\r\n${'x\r\ny'.count(chr(13))}", {});
    row("context", "${context.get('up_revision')} ${context.get('%s_upgrades' % 'one', 'pass')}",
        u"n1 pass"_s);
    row("config",
        "% for name in re.split(r',\\s*', config.get_main_option('databases')):\n${name}\n% "
        "endfor\n"
        "<%! import re %>${config.get_main_option('gone', 'no')} ${config.config_ini_section}",
        u"one\ntwo\nno alembic"_s);
    row("comprehension", "${', '.join(repr(p) for p in down_revision)}", u"'a1', 'b1'"_s);
}

void tst_Template::renders()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, result);
    if (text.contains('\r') && result.isEmpty()) {
        text = "a\r\n% if True:\r\nb\r\n% endif\r\n${1 +\r\n 1}";
        result = u"a\r\nb\r\n2"_s;
    }
    const auto rendered = renderScript(text, u"/p/script.py.mako"_s, variables());
    QVERIFY2(rendered, rendered ? "" : qPrintable(rendered.error().message));
    QCOMPARE(*rendered, result);
}

void tst_Template::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("sentence"); // what the message begins with
    const auto row = [](const char *name, const QByteArray &text, const QString &sentence) {
        QTest::newRow(name) << text << u"script.py.mako:"_s + sentence;
    };
    row("unset and written", "a\n\n${toplevel}\n", u"3"_s);
    row("unset and asked", "a\n% for x in toplevel:\n% endfor\n", u"2"_s);
    row("unknown module", "a\n<%\n   import flask\n   name = flask.current_app.name\n%>${name}",
        u"5"_s);
    row("tag", "a\n<%include file=\"x\"/>", u"2 uses the tag <%include>"_s);
    row("def", "<%def name=\"x()\">\n</%def>", u"1 uses the tag <%def>"_s);
    row("closing tag", "\n</%block>", u"2 uses the tag <%block>"_s);
    row("open expression", "a\n${x", u"2 opens a ${"_s);
    row("open block", "a\n\n<% x", u"3 opens a <%"_s);
    row("open if", "a\n% if x:\nb\n", u"2 opens '% if'"_s);
    row("endif alone", "a\n% endif\n", u"2 ends 'if'"_s);
    row("else alone", "% else:\n", u"1 has 'else'"_s);
    row("no colon", "% if x\n% endif\n", u"1 is no control line"_s);
    row("code behind a colon", "% if x: y = 1\n% endif\n", u"1"_s);
    row("not Python", "a\n${1 +}\n", u"2"_s);
    row("loop", "% for x in [1]:\n${loop.index}\n% endfor\n", u"2 uses Mako's 'loop'"_s);
    row("division", "a\nb\n${1 / 0}", u"3"_s);
    row("not text", "${None | n}", u"1"_s);
    row("unknown of config", "${config.attributes}", u"1 uses config.attributes"_s);
    row("endless", "% while True:\nx\n% endwhile\n", u"2"_s);
    row("files", "${open('/etc/passwd').read()}", u"1"_s);
    row("odd tag", "a <& b", u"1 has '<& b'"_s);
}

void tst_Template::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, sentence);
    const auto rendered = renderScript(text, u"/p/script.py.mako"_s, variables());
    QVERIFY2(!rendered, rendered ? qPrintable(*rendered) : "");
    QVERIFY2(rendered.error().message.startsWith(sentence), qPrintable(rendered.error().message));
    QCOMPARE(rendered.error().file, u"/p/script.py.mako"_s);
}

int runTemplateTest(int argc, char **argv)
{
    tst_Template test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_template.moc"
