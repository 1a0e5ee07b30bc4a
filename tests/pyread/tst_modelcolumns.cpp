#include "tst_modelcolumns.h"

#include "modeltexts.h"

#include <QTest>

namespace {

constexpr const char *columnsHead =
    "import dataclasses, datetime\nfrom typing import Annotated, Optional, Union\n"
    "from sqlalchemy import *\nfrom sqlalchemy import event\nfrom sqlalchemy.orm import *\n"
    "class Base(DeclarativeBase):\n    pass\n";
constexpr int columnsHeadLines = 7;

} // namespace

void tst_ModelColumns::tables_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QStringList>("expected");

    const auto row = [](const char *name, const QByteArray &body, const QStringList &expected) {
        QTest::newRow(name) << body << expected;
    };
    const char *hook = "    def __init_subclass__(cls, **kw):\n"
                       "        cls.added = mapped_column(String(3))\n"
                       "        super().__init_subclass__(**kw)\n";
    const auto model = [](const char *bases) {
        return QByteArray("class T(") + bases
               + "):\n    __tablename__ = 't'\n    id: Mapped[int] = "
                 "mapped_column(primary_key=True)\n";
    };
    const QStringList added{u"t: id Integer !; added String(3) | primary: |"_s};
    row("a mixin's __init_subclass__", QByteArray("class M:\n") + hook + model("M, Base"), added);
    row("an abstract class' __init_subclass__",
        QByteArray("class M(Base):\n    __abstract__ = True\n") + hook + model("M"), added);
    row("the base's own __init_subclass__",
        QByteArray("class B(DeclarativeBase):\n") + hook + model("B"), added);
    row("one behind declarative_base()",
        QByteArray("B = declarative_base()\nclass M:\n") + hook + model("B, M"), added);
    row("one that names the table",
        "class B(DeclarativeBase):\n    def __init_subclass__(cls, **kw):\n"
        "        cls.__tablename__ = cls.__name__.lower()\n"
        "        super().__init_subclass__(**kw)\n"
        "class T(B):\n    id: Mapped[int] = mapped_column(primary_key=True)\n",
        {u"t: id Integer ! | primary: |"_s});
    row("one with a keyword and without super()",
        QByteArray(
            "B = declarative_base()\nclass M(B):\n    __abstract__ = True\n"
            "    def __init_subclass__(cls, prefix='', **kw):\n        cls.prefix = prefix\n")
            + model("M, prefix='x'"),
        {u"t: id Integer ! | primary: |"_s});
}

void tst_ModelColumns::tables()
{
    QFETCH(QByteArray, body);
    QFETCH(QStringList, expected);
    Diagnostics problems;
    const auto schema = readOne(columnsHead + body, &problems);
    QVERIFY2(schema, qPrintable(schema ? QString() : schema.error().message));
    QVERIFY2(problems.isEmpty(),
             qPrintable(problems.isEmpty() ? QString() : problems.first().message));
    QCOMPARE(schemaTexts(*schema), expected);
}
