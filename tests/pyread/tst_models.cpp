#include "tst_models.h"

#include "modeltexts.h"

#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

void tst_Models::tables_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QStringList>("expected");

    const auto row = [](const char *name, const char *source, QStringList expected) {
        QTest::newRow(name) << QByteArray(source) << expected;
    };
    const char *base =
        "from typing import Annotated, Optional, Literal\nimport datetime, enum, uuid\n"
        "from decimal import Decimal\nfrom sqlalchemy import *\nfrom sqlalchemy.orm import *\n"
        "class Base(DeclarativeBase):\n    pass\n";
    const auto model = [&](const char *name, const char *body, QStringList expected) {
        QTest::newRow(name) << QByteArray(base) + body << expected;
    };
    model(
        "mapped",
        "class U(Base):\n    __tablename__ = 'u'\n    id: Mapped[int] = "
        "mapped_column(primary_key=True)\n"
        "    a: Mapped[str]\n    b: Mapped[Optional[str]] = mapped_column(String(5), index=True)\n"
        "    c: Mapped[int | None]\n    d: Mapped['datetime.datetime']\n    e: Mapped[Decimal]\n"
        "    f: Mapped[uuid.UUID]\n    g: Mapped[bytes | None]\n    items: Mapped[list['I']] = "
        "relationship()\n",
        {u"u: id Integer !; a String !; b String(5); c Integer; d DateTime !; e Numeric !; f Uuid "
         u"!; "
         "g LargeBinary | primary: | ix_u_b"_s});
    model(
        "order of mixins",
        "class M:\n    created: Mapped[datetime.datetime] = "
        "mapped_column(server_default=func.now())\n"
        "    @declared_attr\n    def owner(cls): return mapped_column(Integer)\n"
        "class T(M, Base):\n    __tablename__ = 't'\n    x: Mapped[str]\n    y = "
        "mapped_column(String(5))\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n",
        {u"t: y String(5); x String !; id Integer !; created DateTime !; owner Integer | primary: |"_s});
    model("a mixin's annotations come before what it declares",
          "class M:\n    created: Mapped[Annotated[datetime.datetime, 1]]\n"
          "    @declared_attr\n    def owner(cls) -> Mapped[int]: return mapped_column(Integer)\n"
          "class T(M, Base):\n    __tablename__ = 't'\n"
          "    id: Mapped[int] = mapped_column(primary_key=True)\n",
          {u"t: id Integer !; created DateTime !; owner Integer ! | primary: |"_s});
    model("abstract base names the table",
          "class A(Base):\n    __abstract__ = True\n    id: Mapped[int] = "
          "mapped_column(primary_key=True)\n"
          "    @declared_attr.directive\n    def __tablename__(cls): return cls.__name__.lower() + "
          "'s'\n"
          "class Cat(A):\n    name: Mapped[str]\n",
          {u"cats: name String !; id Integer ! | primary: |"_s});
    model("single and joined inheritance",
          "class E(Base):\n    __tablename__ = 'e'\n    id: Mapped[int] = "
          "mapped_column(primary_key=True)\n"
          "class Boss(E):\n    level: Mapped[int | None]\n"
          "class Dev(E):\n    __tablename__ = 'dev'\n    id: Mapped[int] = "
          "mapped_column(ForeignKey('e.id'), "
          "primary_key=True)\n",
          {u"dev: id Integer ! | primary: foreignkey: |"_s,
           u"e: id Integer !; level Integer | primary: |"_s});
    model("annotated and type map",
          "pk = Annotated[int, mapped_column(primary_key=True)]\nstr50 = Annotated[str, 50]\n"
          "class Own(DeclarativeBase):\n    type_annotation_map = {str50: String(50), int: "
          "BigInteger}\n"
          "class T(Own):\n    __tablename__ = 't'\n    id: Mapped[pk]\n    s: Mapped[str50]\n"
          "    n: Mapped[Optional[int]]\n",
          {u"t: id BigInteger !; s String(50) !; n BigInteger | primary: |"_s});
    model("enum and literal",
          "class C(enum.Enum):\n    red = 1\n    green = 2\n"
          "class T(Base):\n    __tablename__ = 't'\n    id: Mapped[int] = "
          "mapped_column(primary_key=True)\n"
          "    c: Mapped[C]\n    d: Mapped[Literal['a', 'b']]\n",
          {u"t: id Integer !; c Enum !; d Enum ! | primary: |"_s});
    model("foreign key takes the type",
          "class A(Base):\n    __tablename__ = 'a'\n    id = mapped_column(BigInteger, "
          "primary_key=True)\n"
          "class B(Base):\n    __tablename__ = 'b'\n    id: Mapped[int] = "
          "mapped_column(primary_key=True)\n"
          "    a_id: Mapped[int] = mapped_column(ForeignKey('a.id'))\n",
          {u"a: id BigInteger ! | primary: |"_s,
           u"b: id Integer !; a_id BigInteger ! | primary: foreignkey: |"_s});
    model("table args",
          "class T(Base):\n    __tablename__ = 't'\n    id: Mapped[int] = "
          "mapped_column(primary_key=True)\n"
          "    a: Mapped[int]\n"
          "    __table_args__ = (UniqueConstraint('a', name='u'), Index('i', 'a', 'id'), "
          "CheckConstraint('a > 0', name='c'), {'schema': 's', 'comment': 'x'})\n",
          {u"s.t: id Integer !; a Integer ! | primary: unique:u check:c | i"_s});
    model(
        "made outside of the class",
        "class T(Base):\n    __tablename__ = 't'\n    id: Mapped[int] = "
        "mapped_column(primary_key=True)\n"
        "    a: Mapped[int] = mapped_column()\n    Index('in_body', func.abs(a))\n"
        "Index('i1', func.abs(T.a))\nIndex('i2', T.a.desc())\n"
        "Index('i3', func.abs(T.__table__.c.a))\nUniqueConstraint(T.id, T.a, name='u')\n"
        "CheckConstraint(T.id > 5, name='c')\nForeignKeyConstraint([T.a], [T.id], name='f')\n",
        {u"t: id Integer !; a Integer ! | primary: unique:u check:c foreignkey:f | in_body i1 i2 i3"_s});
    model("a parent's table args",
          "class E(Base):\n    __tablename__ = 'e'\n    id: Mapped[int] = "
          "mapped_column(primary_key=True)\n    __table_args__ = (Index('i', 'id'),)\n"
          "class D(E):\n    __tablename__ = 'd'\n    id: Mapped[int] = "
          "mapped_column(ForeignKey('e.id'), primary_key=True)\n",
          {u"d: id Integer ! | primary: foreignkey: |"_s, u"e: id Integer ! | primary: | i"_s});
    model("a map's int is no bool",
          "class Own(DeclarativeBase):\n    type_annotation_map = {int: BigInteger}\n"
          "class T(Own):\n    __tablename__ = 't'\n    id: Mapped[int] = "
          "mapped_column(primary_key=True)\n    b: Mapped[bool]\n",
          {u"t: id BigInteger !; b Boolean ! | primary: |"_s});
    model("classic table beside",
          "link = Table('link', Base.metadata, Column('a', ForeignKey('t.id'), primary_key=True), "
          "Column('b', Integer, primary_key=True))\n"
          "class T(Base):\n    __tablename__ = 't'\n    id: Mapped[int] = "
          "mapped_column(primary_key=True)\n",
          {u"link: a Integer !; b Integer ! | primary: foreignkey: |"_s,
           u"t: id Integer ! | primary: |"_s});
    row("declarative_base",
        "import sqlalchemy as sa\nfrom sqlalchemy.ext.declarative import declarative_base\nBase = "
        "declarative_base()\n"
        "class T(Base):\n    __tablename__ = 't'\n    id = sa.Column(sa.Integer, "
        "primary_key=True)\n"
        "    name = sa.Column('title', sa.String(20), nullable=False, unique=True)\n",
        {u"t: id Integer !; title String(20) ! | primary: unique: |"_s});
    row("flask",
        "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
        "class UserGroup(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
        "    name = db.Column(db.String(8), index=True)\n",
        {u"user_group: id Integer !; name String(8) | primary: | ix_user_group_name"_s});
    row("flask: a child without a key is kept with its parent",
        "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
        "class Users(db.Model):\n    __tablename__ = 'users'\n"
        "    id = db.Column(db.Integer, primary_key=True)\n"
        "class Admins(Users):\n    __tablename__ = 'admins'\n    level = db.Column(db.Integer)\n"
        "class Guest(Users):\n"
        "    id = db.Column(None, db.ForeignKey('users.id'), primary_key=True)\n",
        {u"guest: id Integer ! | primary: foreignkey: |"_s,
         u"users: id Integer !; level Integer | primary: |"_s});
    row("a name that a class property makes",
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
        "class Base(DeclarativeBase):\n    __abstract__ = True\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    @classmethod\n    @property\n"
        "    def __tablename__(cls) -> str:\n        return cls.__name__.lower() + 's'\n"
        "class User(Base):\n    pass\n",
        {u"users: id Integer ! | primary: |"_s});
    row("the parent's column once more",
        "import enum\nfrom typing import Literal\nfrom sqlalchemy import String\n"
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
        "class Kind(enum.StrEnum):\n    fixed = 'fixed'\n    free = 'f'\n"
        "class Base(DeclarativeBase):\n    pass\n"
        "class Discount(Base):\n    __tablename__ = 'discount'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    type: Mapped[str] = mapped_column(String(20))\n"
        "class Fixed(Discount):\n"
        "    type: Mapped[Literal[Kind.fixed]] = mapped_column(use_existing_column=True)\n"
        "    amount: Mapped[int] = mapped_column(nullable=True, use_existing_column=True)\n"
        "class Free(Discount):\n"
        "    amount: Mapped[int] = mapped_column(nullable=True, use_existing_column=True)\n"
        "    why: Mapped[Literal[Kind.free] | None] = mapped_column()\n",
        {u"discount: id Integer !; type String(20) !; amount Integer; why Enum | primary: |"_s});
    row("sqlmodel: its own Column, and what is private",
        "from typing import Optional\nfrom pydantic import PrivateAttr\nimport sqlalchemy as sa\n"
        "from sqlmodel import Field, SQLModel\n"
        "class Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
        "    tags: list = Field(sa_column=sa.Column(sa.JSON))\n"
        "    _seen: Optional[bool] = PrivateAttr(default=None)\n",
        {u"hero: id Integer !; tags JSON | primary: |"_s});
    row("sqlmodel",
        "from sqlmodel import Field, SQLModel\n"
        "class HeroBase(SQLModel):\n    name: str = Field(max_length=20, index=True)\n"
        "class Hero(HeroBase, table=True):\n    id: int | None = Field(default=None, "
        "primary_key=True)\n"
        "    age: int | None = None\n    team_id: int | None = Field(default=None, "
        "foreign_key='team.id')\n",
        {u"hero: id Integer !; age Integer; team_id -; name String(20) ! | primary: foreignkey: | ix_hero_name"_s});
}

void tst_Models::tables()
{
    QFETCH(QByteArray, source);
    QFETCH(QStringList, expected);
    Diagnostics problems;
    const auto schema = readOne(source, &problems);
    QVERIFY2(schema, schema ? "" : qPrintable(schema.error().message));
    QVERIFY2(problems.isEmpty(), problems.isEmpty() ? "" : qPrintable(problems.first().message));
    QCOMPARE(schemaTexts(*schema), expected);
}

/// What SQLAlchemy 2.0 makes of the same classes and maps.
void tst_Models::mappedEnums_data()
{
    QTest::addColumn<QByteArray>("map");
    QTest::addColumn<QStringList>("expected"); // of Colour, Size and Kind: name or type, labels

    QTest::newRow("none") << QByteArray("{}")
                          << QStringList{u"colour red green"_s, u"size small"_s, u"kind a"_s};
    QTest::newRow("a pattern and exceptions")
        << QByteArray("{enum.Enum: Enum(enum.Enum, values_callable=values), "
                      "Colour: Enum(Colour, name='hue'), Kind: String(9)}")
        << QStringList{u"hue red green"_s, u"size s"_s, u"String"_s};
    QTest::newRow("names") << QByteArray(
        "{enum.Enum: Enum(enum.Enum, name='any'), Colour: Enum('a', 'b', name='ab'), "
        "Size: Enum(Size, values_callable=values)}")
                           << QStringList{u"ab a b"_s, u"size s"_s, u"any a"_s};
}

void tst_Models::mappedEnums()
{
    QFETCH(QByteArray, map);
    QFETCH(QStringList, expected);
    const auto schema =
        readOne("import enum\nfrom sqlalchemy import Enum, String\n"
                "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
                "def values(cls):\n    return [member.value for member in cls]\n"
                "class Colour(enum.Enum):\n    red = 'r'\n    green = 'g'\n"
                "class Size(enum.Enum):\n    small = 's'\nclass Kind(enum.Enum):\n    a = 'x'\n"
                "class Base(DeclarativeBase):\n    type_annotation_map = "
                + map
                + "\nclass T(Base):\n    __tablename__ = 't'\n"
                  "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                  "    c: Mapped[Colour]\n    s: Mapped[Size]\n    k: Mapped[Kind]\n");
    QVERIFY2(schema, qPrintable(schema ? QString() : schema.error().message));
    QStringList found;
    for (const QString &name : {u"c"_s, u"s"_s, u"k"_s}) {
        const SqlType type = *schema->table({{}, u"t"_s})->column(name)->type;
        found.append(type.labels.isEmpty() ? type.name
                                           : type.typeName + u' ' + type.labels.join(u' '));
    }
    QCOMPARE(found, expected);
}

void tst_Models::problems_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("line");

    QTest::newRow("no type for a dict") << QByteArray(
        "from typing import Any\nfrom sqlalchemy.orm import *\nclass Base(DeclarativeBase): pass\n"
        "class T(Base):\n    __tablename__ = 't'\n    id: Mapped[int] = "
        "mapped_column(primary_key=True)\n"
        "    d: Mapped[dict[str, Any]]\n")
                                        << u"unreadable-model"_s << 4;
    QTest::newRow("a base from elsewhere")
        << QByteArray("from somewhere import Mixin\nfrom sqlalchemy.orm import *\nclass "
                      "Base(DeclarativeBase): pass\n"
                      "class T(Mixin, Base):\n    __tablename__ = 't'\n"
                      "    id: Mapped[int] = mapped_column(primary_key=True)\n")
        << u"unknown-base"_s << 4;
    QTest::newRow("an index whose table can't be told")
        << QByteArray("from sqlalchemy import *\nc = Column('q', Integer)\n"
                      "Index('i', c.desc())\nT = Table('t', MetaData(), c)\n")
        << u"unreadable-model"_s << 3;
    QTest::newRow("same table twice")
        << QByteArray("from sqlalchemy import *\nA = Table('t', MetaData(), Column('a', Integer))\n"
                      "B = Table('t', MetaData(), Column('a', Integer))\n")
        << u"duplicate-table"_s << 0;
}

void tst_Models::problems()
{
    QFETCH(QByteArray, source);
    QFETCH(QString, code);
    QFETCH(int, line);
    Diagnostics problems;
    const auto schema = readOne(source, &problems);
    QVERIFY(schema);
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems.first().code, code);
    QCOMPARE(problems.first().span.line, line);
}

void tst_Models::tablesWithGaps_data()
{
    QTest::addColumn<QByteArray>("child");
    QTest::addColumn<QStringList>("gaps"); // names of tables

    QTest::newRow("none") << QByteArray("class Child(Parent):\n    a: Mapped[int]\n")
                          << QStringList();
    QTest::newRow("a child in its table")
        << QByteArray("class Child(Parent):\n    a: Mapped[object]\n") << QStringList{u"parent"_s};
    QTest::newRow("a private one")
        << QByteArray("class _Child(Other, Parent):\n    a = 1 / 0\n") << QStringList{u"parent"_s};
    QTest::newRow("below a condition")
        << QByteArray("if True:\n    class Child(Parent):\n        a: Mapped[object]\n")
        << QStringList{u"parent"_s};
    QTest::newRow("a child of that") << QByteArray("class Child(Parent):\n    a: Mapped[object]\n"
                                                   "class Grandchild(Child):\n    b: Mapped[int]\n")
                                     << QStringList{u"parent"_s};
}

/// A class without a table of its own has its columns in its parent's: when it can't be read, that isn't whole.
void tst_Models::tablesWithGaps()
{
    QFETCH(QByteArray, child);
    QFETCH(QStringList, gaps);
    Diagnostics problems;
    const auto schema =
        readOne("from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
                "class Base(DeclarativeBase):\n    pass\nclass Other:\n    pass\n"
                "class Parent(Base):\n    __tablename__ = 'parent'\n"
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                "class Alone(Base):\n    __tablename__ = 'alone'\n"
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                    + child,
                &problems);
    QVERIFY(schema);
    QCOMPARE(problems.isEmpty(), gaps.isEmpty());
    QStringList found;
    for (const Table &table : schema->tables)
        if (table.isOpaque)
            found.append(table.name.name);
    QCOMPARE(found, gaps);
}

void tst_Models::packages()
{
    QTemporaryDir folder;
    QVERIFY(write(folder, u"app/__init__.py"_s, ""));
    QVERIFY(write(folder, u"app/database.py"_s,
                  "from sqlalchemy.ext.asyncio import AsyncAttrs, create_async_engine\n"
                  "from sqlalchemy.orm import DeclarativeBase\nfrom app.config import settings\n"
                  "engine = create_async_engine(settings.url)\n"
                  "class Base(AsyncAttrs, DeclarativeBase):\n    __abstract__ = True\n"));
    QVERIFY(
        write(folder, u"app/models/__init__.py"_s, "from .user import User\nfrom . import item\n"));
    QVERIFY(
        write(folder, u"app/models/user.py"_s,
              "from app.database import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n"
              "class User(Base):\n    __tablename__ = 'user'\n"
              "    id: Mapped[int] = mapped_column(primary_key=True)\n"));
    QVERIFY(write(folder, u"app/models/item.py"_s,
                  "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
                  "from ..database import Base\nfrom sqlalchemy import ForeignKey\n"
                  "from sqlalchemy.orm import Mapped, mapped_column, relationship\n"
                  "if TYPE_CHECKING:\n    from .user import User\n"
                  "class Item(Base):\n    __tablename__ = 'item'\n"
                  "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                  "    owner_id: Mapped[int] = mapped_column(ForeignKey('user.id'))\n"
                  "    owner: Mapped[User] = relationship()\n"));
    Diagnostics problems;
    const auto schema = readModels(
        {u"app/models"_s}, {.searchPath = {folder.path()}, .baseFolder = folder.path()}, &problems);
    QVERIFY2(schema, schema ? "" : qPrintable(schema.error().message));
    QCOMPARE(schemaTexts(*schema),
             QStringList({u"item: id Integer !; owner_id Integer ! | primary: foreignkey: |"_s,
                          u"user: id Integer ! | primary: |"_s}));
}

/// A module that its package imports while it is itself imported runs once.
void tst_Models::aPackageThatImportsItsModels()
{
    QTemporaryDir folder;
    QVERIFY(write(folder, u"app/__init__.py"_s, "from app.models import T\n"));
    QVERIFY(write(folder, u"app/models.py"_s,
                  "from sqlalchemy import *\nT = Table('t', MetaData(), Column('a', Integer))\n"));
    Diagnostics problems;
    const auto schema =
        readModels({u"app/models.py"_s},
                   {.searchPath = {folder.path()}, .baseFolder = folder.path()}, &problems);
    QVERIFY(schema);
    QVERIFY2(problems.isEmpty(), problems.isEmpty() ? "" : qPrintable(problems.first().message));
    QCOMPARE(schemaTexts(*schema), QStringList{u"t: a Integer |  |"_s});
}

void tst_Models::typesPerDatabase()
{
    const QByteArray source =
        "from sqlalchemy import *\nfrom sqlalchemy.types import TypeDecorator\n"
        "from sqlalchemy.dialects.postgresql import UUID\n"
        "class GUID(TypeDecorator):\n    impl = CHAR\n"
        "    def load_dialect_impl(self, dialect):\n"
        "        return UUID() if dialect.name == 'postgresql' else CHAR(32)\n"
        "T = Table('t', MetaData(), Column('a', GUID()))\n";
    const auto onPostgres = readOne(source, nullptr, Backend::PostgreSql);
    QVERIFY(onPostgres);
    QCOMPARE(onPostgres->tables.size(), 1);
    QCOMPARE(onPostgres->tables.first().columns.first().type->name, u"UUID"_s);
    const auto anywhere = readOne(source);
    QVERIFY(anywhere);
    QCOMPARE(anywhere->tables.size(), 1);
    QCOMPARE(anywhere->tables.first().columns.first().type->variants.size(), 4);
}

void tst_Models::namingConvention()
{
    const auto schema =
        readOne("from sqlalchemy import *\nfrom sqlalchemy.orm import *\n"
                "class Base(DeclarativeBase):\n"
                "    metadata = MetaData(naming_convention={'pk': 'pk_%(table_name)s', "
                "'uq': 'uq_%(table_name)s_%(column_0_name)s'})\n"
                "class T(Base):\n    __tablename__ = 't'\n"
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                "    a: Mapped[str] = mapped_column(unique=True)\n");
    QVERIFY(schema);
    QCOMPARE(schema->tables.size(), 1);
    QCOMPARE(tableText(schema->tables.first()),
             u"t: id Integer !; a String ! | primary:pk_t unique:uq_t_a |"_s);
    QCOMPARE(schema->namingConvention.value(u"pk"_s), u"pk_%(table_name)s"_s);
}
