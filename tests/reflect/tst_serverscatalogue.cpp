#include "tests/reflect/tst_serverscatalogue.h"

#include "core/reflect/mysqlcatalogue.h"
#include "core/reflect/reflect.h"
#include "core/sqlread/splitter.h"
#include "tests/servers/lab.h"

#include <QTest>
#include <QUrl>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

using Kind = NamedObject::Kind;

void runAll(ServerSession &session, const QString &sql)
{
    for (const SqlStatement &statement : splitStatements(sql, session.backend()))
        if (const auto ran = session.execute(statement.text); !ran)
            qFatal("%s: %s", qPrintable(statement.text), qPrintable(ran.error().message));
}

Schema reflected(ServerSession &session, const TableName &versionTable = {})
{
    auto schema = reflect(session, versionTable);
    if (!schema)
        qFatal("%s", qPrintable(schema.error().message));
    return schema.take();
}

const NamedObject *object(const Schema &schema, Kind kind, const QString &name)
{
    for (const NamedObject &candidate : schema.objects)
        if (candidate.kind == kind && candidate.name.text() == name)
            return &candidate;
    return nullptr;
}

template<typename T>
T option(const DialectOptions &options, const QString &name)
{
    const auto found = options.constFind(name);
    const T *value = found == options.cend() ? nullptr : std::get_if<T>(&*found);
    return value ? *value : T();
}

/// Counts what a session is asked.
class CountingSession final : public Session
{
public:
    explicit CountingSession(Session &session)
        : m_session(session)
    {}
    int questions() const { return m_questions; }

    Backend backend() const override { return m_session.backend(); }
    Result<qint64> execute(const QString &sql) override
    {
        ++m_questions;
        return m_session.execute(sql);
    }
    Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) override
    {
        ++m_questions;
        return m_session.query(sql, bound);
    }
    Result<Fetched> fetch(const QString &sql) override { return m_session.fetch(sql); }
    Status begin() override { return m_session.begin(); }
    Status commit() override { return m_session.commit(); }
    Status rollback() override { return m_session.rollback(); }
    bool inTransaction() const override { return m_session.inTransaction(); }
    void interrupt() override { m_session.interrupt(); }
    QString serverVersion() override { return m_session.serverVersion(); }

private:
    Session &m_session;
    int m_questions = 0;
};

} // namespace

void tst_ServersCatalogue::wholePostgreSql()
{
    const lab::Database database(Backend::PostgreSql);
    const auto session = database.open();
    runAll(
        *session,
        u"CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN pos AS integer CHECK (VALUE > "
        u"0);"
        "CREATE TABLE users (id serial PRIMARY KEY, email varchar(40) NOT NULL UNIQUE, age pos, m "
        "mood[], "
        "n bigserial); ALTER TABLE users ADD CONSTRAINT ck CHECK (length(email) > 3) NOT VALID;"
        "CREATE TABLE parts (id integer, at date NOT NULL, user_id integer REFERENCES users ON "
        "DELETE SET NULL "
        "DEFERRABLE) PARTITION BY RANGE (at);"
        "CREATE TABLE parts_old PARTITION OF parts FOR VALUES FROM ('2000-01-01') TO "
        "('2001-01-01');"
        "CREATE TABLE kid (extra text) INHERITS (users);"
        "CREATE INDEX ix ON users (lower(email) DESC) WHERE age > 3;"
        "CREATE VIEW adults AS SELECT * FROM users; CREATE MATERIALIZED VIEW mv AS SELECT 1 AS one;"
        "CREATE FUNCTION fn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TRIGGER tr AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION fn();"
        "CREATE SEQUENCE lonely; CREATE EXTENSION citext"_s);
    const Schema schema = reflected(*session);
    QCOMPARE(schema.tables.size(), 4);
    const Table &users = *schema.table(TableName{{}, u"users"_s});
    QCOMPARE(users.columns.size(), 5);
    QCOMPARE(users.columns[0].autoincrement, AutoIncrement::Yes);
    QVERIFY(!users.columns[0].serverDefault);
    QCOMPARE(users.columns[1].type->name, u"VARCHAR"_s);
    QCOMPARE(users.columns[1].nullable, std::optional(false));
    QCOMPARE(users.columns[2].type->typeName, u"pos"_s);
    QCOMPARE(users.columns[3].type->item->labels, (QStringList{u"sad"_s, u"happy"_s}));
    QCOMPARE(users.columns[4].serverDefault->text, u"nextval('users_n_seq'::regclass)"_s);
    QCOMPARE(users.primaryKey()->name.text, u"users_pkey"_s);
    QCOMPARE(users.constraints.size(), 3);
    const auto &check = std::get<CheckConstraint>(users.constraints.constLast());
    QVERIFY(option<bool>(check.options, u"postgresql_not_valid"_s));
    QCOMPARE(users.indexes.size(), 1);
    QCOMPARE(users.indexes[0].elements[0]->text, u"DESC"_s);
    QCOMPARE(users.indexes[0].elements[0]->args[0]->text, u"lower(email::text)"_s);
    const Table &parts = *schema.table(TableName{{}, u"parts"_s});
    QCOMPARE(option<QString>(parts.options, u"postgresql_partition_by"_s), u"RANGE (at)"_s);
    const auto &key = std::get<ForeignKey>(parts.constraints[0]);
    QCOMPARE(key.onDelete, u"SET NULL"_s);
    QCOMPARE(key.target.text(), u"users"_s);
    QCOMPARE(key.deferrable, std::optional(true));
    const Table &old = *schema.table(TableName{{}, u"parts_old"_s});
    QCOMPARE(option<QString>(old.options, u"postgresql_partition_of"_s), u"parts"_s);
    QVERIFY(option<QString>(old.options, u"postgresql_partition_bounds"_s)
                .startsWith(u"FOR VALUES FROM"));
    const Table &kid = *schema.table(TableName{{}, u"kid"_s});
    QCOMPARE(kid.columns.size(), 1);
    QCOMPARE(option<QStringList>(kid.options, u"postgresql_inherits"_s), QStringList(u"users"_s));
    for (const auto &[kind, name] : {std::pair(Kind::View, u"adults"_s),
                                     {Kind::MaterializedView, u"mv"_s},
                                     {Kind::Function, u"fn"_s},
                                     {Kind::Trigger, u"tr"_s},
                                     {Kind::Sequence, u"lonely"_s},
                                     {Kind::Extension, u"citext"_s},
                                     {Kind::Enum, u"mood"_s}})
        QVERIFY2(object(schema, kind, name), qPrintable(name));
    QCOMPARE(object(schema, Kind::Trigger, u"tr"_s)->table, u"users"_s);
    QCOMPARE(object(schema, Kind::Sequence, u"users_id_seq"_s)->table, u"users"_s);
    QCOMPARE(object(schema, Kind::Domain, u"pos"_s)->definition,
             u"CREATE DOMAIN \"pos\" AS integer CHECK ((VALUE > 0))"_s);
    for (const NamedObject &one : schema.objects) // citext's own functions and types are not ours
        QVERIFY2(!one.name.name.startsWith(u"citext_"), qPrintable(one.name.name));
}

void tst_ServersCatalogue::wholeMariaDb()
{
    const lab::Database database(Backend::MariaDb);
    const auto session = database.open();
    runAll(
        *session,
        u"CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, email varchar(40) NOT NULL "
        u"UNIQUE, "
        "bio text, data json, flags int unsigned CHECK (flags < 8), born date DEFAULT "
        "'2000-01-01', "
        "name varchar(9) COLLATE utf8mb4_bin, FULLTEXT KEY ft (bio), KEY pre (email(4))) COMMENT "
        "'people';"
        "CREATE TABLE posts (id int PRIMARY KEY, user_id int, CONSTRAINT fk FOREIGN KEY (user_id) "
        "REFERENCES users (id) ON DELETE CASCADE) ENGINE=InnoDB ROW_FORMAT=COMPRESSED;"
        "CREATE TABLE parts (id int) PARTITION BY HASH (id) PARTITIONS 2;"
        "CREATE VIEW v AS SELECT id FROM users;"
        "CREATE TRIGGER tr BEFORE INSERT ON users FOR EACH ROW SET NEW.bio = 'x';"
        "CREATE FUNCTION fn(x int) RETURNS int RETURN x; CREATE SEQUENCE s"_s);
    const Schema schema = reflected(*session);
    const QString prefix = backendName(session->backend()) + u'_';
    QCOMPARE(schema.tables.size(), 3);
    QCOMPARE(schema.notes, QStringList());
    QCOMPARE(schema.opaqueReasons, QStringList());
    const Table &users = *schema.table(TableName{{}, u"users"_s});
    QCOMPARE(users.comment, u"people"_s);
    QCOMPARE(option<QString>(users.options, prefix + u"engine"_s), u"InnoDB"_s);
    QCOMPARE(option<QString>(users.options, prefix + u"default_charset"_s), u"utf8mb4"_s);
    QCOMPARE(users.columns[0].autoincrement, AutoIncrement::Yes);
    QCOMPARE(users.columns[3].type->name, u"JSON"_s);
    QVERIFY(users.columns[4].type->isUnsigned);
    QCOMPARE(users.columns[4].checks.size(), 1);
    QCOMPARE(users.columns[5].serverDefault->value.text, u"2000-01-01"_s);
    QCOMPARE(users.columns[6].type->collation, u"utf8mb4_bin"_s);
    QCOMPARE(std::get<UniqueConstraint>(users.constraints[1]).columns, QStringList(u"email"_s));
    QCOMPARE(users.indexes.size(), 2);
    QCOMPARE(option<QString>(users.indexes[0].options, prefix + u"prefix"_s), u"FULLTEXT"_s);
    QCOMPARE(option<OptionMap>(users.indexes[1].options, prefix + u"length"_s).value(u"email"_s),
             u"4"_s);
    const Table &posts = *schema.table(TableName{{}, u"posts"_s});
    QCOMPARE(option<QString>(posts.options, prefix + u"row_format"_s), u"COMPRESSED"_s);
    const auto &key = std::get<ForeignKey>(posts.constraints[1]);
    QCOMPARE(key.onDelete, u"CASCADE"_s);
    QCOMPARE(key.onUpdate, QString());
    QCOMPARE(posts.indexes[0].name.text, u"fk"_s);
    for (const auto &[kind, name] : {std::pair(Kind::View, u"v"_s),
                                     {Kind::Trigger, u"tr"_s},
                                     {Kind::Function, u"fn"_s},
                                     {Kind::Sequence, u"s"_s}})
        QVERIFY2(object(schema, kind, name), qPrintable(name));
}

void tst_ServersCatalogue::schemasOfPostgreSql()
{
    const lab::Database database(Backend::PostgreSql);
    const auto session = database.open();
    runAll(*session,
           u"CREATE SCHEMA shop; CREATE TABLE shop.t (id integer PRIMARY KEY); "
           "CREATE TABLE t (id integer REFERENCES shop.t); CREATE TYPE shop.k AS ENUM ('a'); "
           "CREATE TABLE shop.u (k shop.k)"_s);
    Schema schema = reflected(*session);
    QCOMPARE(schema.tables.keys(),
             (QList<TableName>{{{}, u"t"_s}, {u"shop"_s, u"t"_s}, {u"shop"_s, u"u"_s}}));
    QCOMPARE(std::get<ForeignKey>(schema.tables.first().constraints[0]).target.text(), u"shop.t"_s);
    QVERIFY(object(schema, Kind::Schema, u"shop"_s));
    // Another usual schema: its names are bare, and public's are not.
    runAll(*session, u"SET search_path = shop, public"_s);
    schema = reflected(*session);
    QCOMPARE(schema.tables.keys(),
             (QList<TableName>{{{}, u"t"_s}, {{}, u"u"_s}, {u"public"_s, u"t"_s}}));
    QCOMPARE(schema.tables.value({{}, u"u"_s}).columns[0].type->schema, QString());
    const auto path = session->query(u"SHOW search_path"_s);
    QCOMPARE(path->value(0).value(0).toString(), u"shop, public"_s); // as it was
}

void tst_ServersCatalogue::ownTablesAreLeftOut_data()
{
    QTest::addColumn<Backend>("backend");
    QTest::newRow("pg") << Backend::PostgreSql;
    QTest::newRow("maria") << Backend::MariaDb;
}

void tst_ServersCatalogue::ownTablesAreLeftOut()
{
    QFETCH(Backend, backend);
    const lab::Database database(backend);
    const auto session = database.open();
    const QString made = u"CREATE TABLE %1 (version_num varchar(32) NOT NULL PRIMARY KEY); "
                         "CREATE TABLE %2 (a integer); CREATE TABLE %3 (a integer)"_s;
    runAll(*session, made.arg(u"alembic_version"_s, u"tribikos_journal"_s, u"tribikos_lease"_s)
                         + u"; CREATE TABLE mine (a integer)"_s);
    const Schema schema = reflected(*session, {{}, u"alembic_version"_s});
    QCOMPARE(schema.tables.keys(), (QList<TableName>{{{}, u"mine"_s}}));
    // those of another version table are called after it
    runAll(*session, made.arg(u"other"_s, u"tribikos_journal_other"_s, u"tribikos_lease_other"_s));
    const QList<TableName> others{{{}, u"alembic_version"_s},
                                  {{}, u"mine"_s},
                                  {{}, u"tribikos_journal"_s},
                                  {{}, u"tribikos_lease"_s}};
    QCOMPARE(reflected(*session, {{}, u"other"_s}).tables.keys(), others);
}

/// A user who may only read sees less; what that is is said, and nothing in its place.
void tst_ServersCatalogue::leastPrivileges()
{
    const lab::Database database(Backend::MariaDb);
    const auto owner = database.open();
    runAll(*owner,
           u"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p_id int, "
           "FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE); CREATE VIEW v AS SELECT 1 AS "
           "one; "
           "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.p_id = 1"_s);
    const QString name = database.url().section(u'/', -1);
    const QString user = u"'%1'@'%'"_s.arg(name.left(16));
    runAll(*owner, u"CREATE USER %1 IDENTIFIED BY 'secret'; GRANT SELECT ON `%2`.* TO %1"_s.arg(
                       user, name));
    QUrl url(database.url());
    url.setUserName(name.left(16));
    url.setPassword(u"secret"_s);
    auto reader = openServer(lab::specOf(url.toString()), Access::Read);
    QVERIFY2(reader, reader ? "" : qPrintable(reader.error().message));
    const Schema seen = reflected(**reader);
    QCOMPARE(seen.tables.size(), 2);
    const Table &child = *seen.table(TableName{{}, u"t"_s});
    const auto &key = std::get<ForeignKey>(child.constraints[1]);
    QCOMPARE(key.target.name, u"p"_s);
    QCOMPARE(key.onDelete, QString());
    QVERIFY(option<bool>(key.options, u"unseen_actions"_s));
    QVERIFY(seen.unseen.contains(Kind::Trigger));
    QVERIFY(seen.unseen.contains(Kind::Function));
    QCOMPARE(seen.notes.size(), 4);
    QCOMPARE(seen.opaqueReasons, QStringList());
    QCOMPARE(object(seen, Kind::View, u"v"_s)->definition, QString());

    runAll(*owner,
           u"REVOKE SELECT ON `%2`.* FROM %1; GRANT SELECT ON `%2`.p TO %1"_s.arg(user, name));
    auto narrow = openServer(lab::specOf(url.toString()), Access::Read);
    QVERIFY(narrow);
    const Schema part = reflected(**narrow);
    QCOMPARE(part.tables.size(), 1);
    QCOMPARE(part.opaqueReasons.size(), 1);
    runAll(*owner, u"DROP USER %1"_s.arg(user));
}

void tst_ServersCatalogue::grantsAreRead()
{
    const auto granted = [](const QStringList &lines) {
        QStringList all = mysql::grantedPrivileges(lines, u"my_db"_s).values();
        all.sort();
        return all.join(u',');
    };
    QCOMPARE(granted({u"GRANT USAGE ON *.* TO `a`@`%`"_s}), QString());
    QCOMPARE(granted({u"GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION"_s}),
             u"ALL PRIVILEGES"_s);
    QCOMPARE(granted({u"GRANT SELECT, TRIGGER ON `my\\_db`.* TO `a`@`%`"_s}), u"SELECT,TRIGGER"_s);
    QCOMPARE(granted({u"GRANT SELECT ON `my%`.* TO `a`@`%`"_s}), u"SELECT"_s);
    QCOMPARE(granted({u"GRANT SELECT ON `mydb`.* TO `a`@`%`"_s}), QString());
    QCOMPARE(granted({u"GRANT SELECT ON `my_db`.`t` TO `a`@`%`"_s}), QString());
    QCOMPARE(granted({u"GRANT `role` TO `a`@`%`"_s}), QString());
    QCOMPARE(mysql::versionNumber(u"10.11.5-MariaDB-1"_s), 101105);
    QCOMPARE(mysql::versionNumber(u"5.5.5-10.4.2-MariaDB"_s), 100402);
    QCOMPARE(mysql::versionNumber(u"8.0.36-0ubuntu"_s), 80036);
}

void tst_ServersCatalogue::isReadOnly_data()
{
    ownTablesAreLeftOut_data();
}

/// A session that may not write is enough, and is left without an open transaction.
void tst_ServersCatalogue::isReadOnly()
{
    QFETCH(Backend, backend);
    const lab::Database database(backend);
    runAll(*database.open(), u"CREATE TABLE t (id integer PRIMARY KEY)"_s);
    auto reader = openServer(database.spec(), Access::Read);
    QVERIFY(reader);
    QCOMPARE(reflected(**reader).tables.size(), 1);
    QVERIFY(!(*reader)->inTransaction());
    QCOMPARE(reflected(**reader), reflected(**reader));
}

void tst_ServersCatalogue::asksTheSameOfMany_data()
{
    ownTablesAreLeftOut_data();
}

/// However many tables there are, a catalogue is the same handful of questions.
void tst_ServersCatalogue::asksTheSameOfMany()
{
    QFETCH(Backend, backend);
    const lab::Database database(backend);
    const auto session = database.open();
    QList<int> asked;
    for (const int tables : {1, 40}) {
        for (int i = 0; i < tables; ++i)
            runAll(*session, u"CREATE TABLE t%1_%2 (id integer PRIMARY KEY, a varchar(9) UNIQUE, b "
                             "integer DEFAULT 3 CHECK (b > 0), c integer REFERENCES t1_0 (id)); "
                             "CREATE INDEX i%1_%2 ON t%1_%2 (b)"_s.arg(QString::number(tables),
                                                                       QString::number(i)));
        CountingSession counted(*session);
        const auto schema = reflect(counted, {});
        QVERIFY2(schema, schema ? "" : qPrintable(schema.error().message));
        QCOMPARE(schema->tables.size(), tables == 1 ? 1 : 41);
        asked.append(counted.questions());
    }
    QCOMPARE(asked[0], asked[1]);
    QVERIFY2(asked[0] <= 20, qPrintable(QString::number(asked[0])));
}
