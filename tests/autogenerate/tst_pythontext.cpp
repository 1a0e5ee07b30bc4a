#include "tst_pythontext.h"

#include "core/autogenerate/pythontext.h"
#include "core/autogenerate/pythontypes.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

Q_DECLARE_METATYPE(tribikos::SqlType)

void tst_PythonText::texts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << u"a b"_s << u"'a b'"_s;
    QTest::newRow("single quote") << u"it's"_s << u"\"it's\""_s;
    QTest::newRow("both quotes") << u"it's \"x\""_s << u"'it\\'s \"x\"'"_s;
    QTest::newRow("double quotes") << u"\"x\""_s << u"'\"x\"'"_s;
    QTest::newRow("backslash") << u"a\\b"_s << u"'a\\\\b'"_s;
    QTest::newRow("lines") << u"a\n\tb\r"_s << u"'a\\n\\tb\\r'"_s;
    QTest::newRow("control") << QString(QChar(7)) << u"'\\x07'"_s;
    QTest::newRow("letters") << u"äß漢"_s << u"'äß漢'"_s;
    QTest::newRow("beyond the plane") << QString::fromUcs4(U"\U0001F600") << u"'😀'"_s;
    QTest::newRow("no blank") << QString(QChar(0xa0)) << u"'\\xa0'"_s;
    QTest::newRow("bidi") << QString(QChar(0x202e)) << u"'\\u202e'"_s;
}

void tst_PythonText::texts()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(pythonText(text), expected);
}

void tst_PythonText::types_data()
{
    QTest::addColumn<SqlType>("type");
    QTest::addColumn<Backend>("backend");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const SqlType &type, Backend backend,
                        const QString &expected) {
        QTest::newRow(name) << type << backend << expected;
    };
    const auto text =
        std::make_shared<const SqlType>(SqlType{.name = u"Text"_s, .module = u"sqlalchemy"_s});
    const SqlType array{.name = u"ARRAY"_s, .module = u"postgresql"_s, .item = text};
    const SqlType jsonb{.name = u"JSONB"_s, .module = u"postgresql"_s};
    row("inner prefix", array, Backend::PostgreSql, u"postgresql.ARRAY(sa.Text())"_s);
    row("no inner prefix", array, Backend::Sqlite, u"postgresql.ARRAY(Text())"_s);
    row("jsonb", jsonb, Backend::PostgreSql, u"postgresql.JSONB(astext_type=sa.Text())"_s);
    row("jsonb elsewhere", jsonb, Backend::MySql, u"postgresql.JSONB(astext_type=Text())"_s);
    row("mysql order",
        {.name = u"VARCHAR"_s,
         .module = u"mysql"_s,
         .length = 5,
         .collation = u"utf8mb4_bin"_s,
         .charset = u"utf8mb4"_s},
        Backend::MySql, u"mysql.VARCHAR(charset='utf8mb4', collation='utf8mb4_bin', length=5)"_s);
    row("double", {.name = u"DOUBLE"_s, .module = u"mysql"_s}, Backend::MySql,
        u"mysql.DOUBLE(asdecimal=True)"_s);
    row("bit", {.name = u"BIT"_s, .module = u"postgresql"_s}, Backend::PostgreSql,
        u"postgresql.BIT(length=1)"_s);
    row("enum of its own length",
        {.name = u"Enum"_s, .module = u"sqlalchemy"_s, .length = 2, .labels = {u"a"_s, u"bb"_s}},
        Backend::Sqlite, u"sa.Enum('a', 'bb')"_s);
    row("own class",
        {.name = u"CHAR"_s,
         .module = u"sqlalchemy"_s,
         .pythonModule = u"app.types"_s,
         .pythonClass = u"GUID"_s,
         .pythonLike = std::make_shared<const SqlType>(
             SqlType{.name = u"CHAR"_s, .module = u"sqlalchemy"_s, .length = 32})},
        Backend::Sqlite, u"app.types.GUID(length=32)"_s);
    SqlType variant{.name = u"JSON"_s, .module = u"sqlalchemy"_s};
    variant.variants = {{u"sqlite"_s, text},
                        {u"postgresql"_s, std::make_shared<const SqlType>(jsonb)}};
    row("variants by name", variant, Backend::PostgreSql,
        u"sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "
        "'postgresql').with_variant(sa.Text(), 'sqlite')"_s);
}

void tst_PythonText::types()
{
    QFETCH(SqlType, type);
    QFETCH(Backend, backend);
    QFETCH(QString, expected);
    PythonNames names{.backend = backend};
    QCOMPARE(pythonType(std::make_shared<const SqlType>(type), names), expected);
    QCOMPARE(names.imports.isEmpty(),
             !expected.contains(u"postgresql.") && !expected.contains(u"mysql."));
}
