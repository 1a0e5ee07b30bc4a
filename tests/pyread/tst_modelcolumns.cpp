#include "tst_modelcolumns.h"

#include "modeltexts.h"

#include <QTest>

namespace {

constexpr const char *columnsHead =
    "import dataclasses, datetime\nfrom typing import Annotated, Optional, Union\n"
    "from sqlalchemy import *\nfrom sqlalchemy import event\nfrom sqlalchemy.orm import *; from "
    "sqlalchemy.orm import Mapper\n"
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
    const auto with = [&](const char *rest) { return model("Base") + rest; };
    row("set after the class",
        with("T.a = Column('aa', String(3))\nT.b = mapped_column(Integer, index=True)\n"
             "for n in ('c', 'd'):\n    setattr(T, n, Column(Integer))\nT.e = T.a\n"),
        {u"t: id Integer !; aa String(3); b Integer; c Integer; d Integer | primary: | ix_t_b"_s});
    row("set by a decorator of the class",
        QByteArray("def more(cls):\n    cls.x = Column(Integer)\n    return cls\n@more\n")
            + model("Base"),
        {u"t: id Integer !; x Integer | primary: |"_s});
    row("composite",
        QByteArray("@dataclasses.dataclass\nclass P:\n    x: int\n    y: Optional[str]\n")
            + model("Base")
            + "    a: Mapped[P] = composite(mapped_column('x1'), mapped_column('y1'))\n"
              "    b: Mapped[P] = composite(P, mapped_column('x2', BigInteger), Column('y2', "
              "Date))\n"
              "    c: Mapped[P] = composite()\n",
        {u"t: id Integer !; x1 Integer !; y1 String; x2 BigInteger !; y2 Date; x Integer !; "
         "y String | primary: |"_s});
    row("composite of a plain class",
        QByteArray("class P:\n    def __init__(self, x, y): self.x = x\n") + model("Base")
            + "    a = composite(P, Column('x', Integer), mapped_column('y', Integer))\n",
        {u"t: id Integer !; x Integer; y Integer | primary: |"_s});
    row("a declared_attr that asks for what is there",
        with("    kind: Mapped[str]\nclass M:\n    @declared_attr\n"
             "    def start(cls) -> Mapped[datetime.date]:\n"
             "        return cls.__table__.c.get('start', mapped_column(Date, nullable=True))\n"
             "class A(M, T):\n    pass\nclass B(M, T):\n    pass\n"),
        {u"t: id Integer !; kind String !; start Date | primary: |"_s});
    row("what a mixin's declared_attr returns",
        QByteArray("class M:\n    @declared_attr\n    def a(cls) -> Mapped[str]:\n"
                   "        return mapped_column(String(9))\n"
                   "    @declared_attr\n    def b(cls) -> Mapped[Optional[int]]:\n"
                   "        return mapped_column(index=True)\n"
                   "    @declared_attr\n    def c(cls) -> 'Mapped[Union[str, None]]':\n"
                   "        return mapped_column()\n"
                   "    @declared_attr\n    def d(cls) -> Mapped['int']:\n"
                   "        return mapped_column(ForeignKey('t.id'))\n"
                   "    @declared_attr\n    def e(cls) -> Column[int]:\n"
                   "        return Column(Integer)\n"
                   "    @declared_attr\n    def f(cls) -> Mapped[int]:\n"
                   "        return Column(Integer)\n")
            + model("M, Base"),
        {u"t: id Integer !; a String(9) !; b Integer; c String; d Integer !; e Integer; f Integer "
         "| primary: foreignkey: | ix_t_b"_s});
    row("a plain Column below Mapped",
        with("    m: Mapped[int] = Column(Integer)\n"
             "    p: Mapped[int] = column_property(Column('pp', Integer))\n"
             "    q: Mapped[str] = deferred(Column(Text))\n"
             "    o: Mapped[Optional[str]] = Column(String(5), nullable=False)\n"),
        {u"t: id Integer !; m Integer; pp Integer; q Text; o String(5) ! | primary: |"_s});
    row("index=False over an Annotated's",
        QByteArray("num = Annotated[int, mapped_column(index=True, unique=True)]\n") + model("Base")
            + "    a: Mapped[num]\n    b: Mapped[num] = mapped_column(index=False, unique=False)\n",
        {u"t: id Integer !; a Integer !; b Integer ! | primary: | ix_t_a"_s});
    row("templates that nobody uses",
        with("spare = Annotated[int, mapped_column(index=True)]\n"
             "class M:\n    a = Column(Integer)\n    class Inner:\n        b = Column(Integer)\n"
             "class A(Base):\n    __abstract__ = True\n    id = Column(Integer)\n"
             "def column():\n    return Column(Integer)\n"),
        {u"t: id Integer ! | primary: |"_s});
    row("a listener that changes no table",
        with("@event.listens_for(Mapper, 'after_configured')\ndef f():\n    print('done')\n"),
        {u"t: id Integer ! | primary: |"_s});
    row("a Column that is but a name",
        with("Table('u', Base.metadata, Column('a', Enum('x', name='e', index=True)), "
             "Index('i', func.lower(Column('a')), postgresql_where=Column('a')))\n"),
        {u"t: id Integer ! | primary: |"_s, u"u: a Enum |  | i"_s});
    row("has_inherited_table",
        "class M:\n    @declared_attr.directive\n    def __tablename__(cls):\n"
        "        return None if has_inherited_table(cls) else cls.__name__.lower()\n"
        "class T(M, Base):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "class U(T):\n    a: Mapped[Optional[int]]\n",
        {u"t: id Integer !; a Integer | primary: |"_s});
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
void tst_ModelColumns::lost_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("line"); // after the head and the model

    const auto row = [](const char *name, const char *body, int line) {
        QTest::newRow(name) << QByteArray(body) << line;
    };
    row("locals()", "    locals()['a'] = mapped_column(Integer)\n", 1);
    row("in no table", "\nlist(map(str, [Column('a', Integer)]))\n", 2);
    row("a copy of one", "\nspare = T.__table__.c.id.copy()\n", 2);
    row("a table that fails", "Table('u', Base.metadata, Column('a', Integer), 5)\n", 1);
    row("a metaclass that changes its classes",
        "class M(type):\n    def __init__(cls, name, bases, d):\n        cls.a = Column(Integer)\n"
        "B = declarative_base(metaclass=M)\n",
        4);
    row("a listener of mapping",
        "@event.listens_for(Mapper, 'instrument_class')\ndef f(mapper, cls):\n"
        "    mapper.local_table.append_column(Column('a', Integer))\n",
        1);
    row("a listener of tables",
        "def f(table, parent):\n    table.append_column(Column('a', Integer))\n"
        "event.listen(Table, 'after_parent_attach', f)\n",
        3);
    row("a package that changes models",
        "from sqlalchemy_continuum import make_versioned\nmake_versioned(user_cls=None)\n", 2);
}

/// What isn't followed is said once, and no column counts as missing then.
void tst_ModelColumns::lost()
{
    QFETCH(QByteArray, body);
    QFETCH(int, line);
    const QByteArray model = "class T(Base):\n    __tablename__ = 't'\n"
                             "    id: Mapped[int] = mapped_column(primary_key=True)\n";
    Diagnostics problems;
    const auto schema = readOne(columnsHead + model + body, &problems);
    QVERIFY(schema);
    QVERIFY(schema->table({{}, u"t"_s}));
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems.first().span.line, columnsHeadLines + 3 + line);
    QVERIFY(mayHideColumns(problems.first()));
}
