"""Databases of the tests' own, looked at through the vendors' clients alone."""
import os
import re
import signal
import sqlite3
import subprocess
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = os.path.join(HERE, "..", "servers", "servers.sh")
OWN = ("alembic_version", "tribikos_journal")


class State:
    """position: rows of the version table, None without one; facts: as story.py has them; journal: (n, state) rows,
    None without one."""

    def __init__(self, position, facts, journal):
        self.position = position
        self.facts = facts
        self.journal = journal


class Database:
    """A database that exists for one trial: use it in a with statement."""
    kind = ""
    is_sabotaged = False  # spoiled before anybody looks, so that every look must find something

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.drop()

    def settle(self):
        """Waits for what a killed client has left running."""

    def state(self):
        self.settle()
        if self.is_sabotaged:
            self.execute("CREATE TABLE IF NOT EXISTS sabotage (n INTEGER)")
        columns, indexes = self.catalogue()
        facts = {}
        for name, column, fixed in columns:
            facts.setdefault(name, {"columns": [], "indexes": [], "rows": []})["columns"].append((column, fixed))
        for name, index in indexes:
            facts[name]["indexes"].append(index)
        asked = [self.rows_sql(name, [column for column, _ in found["columns"]])
                 for name, found in facts.items() if name not in OWN]
        if "alembic_version" in facts:
            asked.append("SELECT 'alembic_version', version_num FROM alembic_version")
        if "tribikos_journal" in facts:
            asked.append("SELECT 'tribikos_journal', %s FROM tribikos_journal" % self.joined(["n", "state"]))
        for name, row in self.query(" UNION ALL ".join(asked)) if asked else []:
            facts[name]["rows"].append(row)
        for found in facts.values():
            found["rows"].sort()
            found["indexes"].sort()
        version, journal = (facts.pop(name, None) for name in OWN)
        return State(version and version["rows"], facts,
                     journal and [(int(row.split("|")[0]), row.split("|")[1]) for row in journal["rows"]])

    def joined(self, columns):
        return " || '|' || ".join("coalesce(CAST(%s AS VARCHAR(200)), '~')" % column for column in columns)

    def rows_sql(self, name, columns):
        return "SELECT '%s', %s FROM %s" % (name, self.joined(columns), name)


class SqliteFile(Database):
    kind = "SQLite"

    def __init__(self, folder, journal_mode="delete"):
        self.path = os.path.join(folder, uuid.uuid4().hex + ".db")
        self.url = self.alembic_url = "sqlite:///" + self.path
        if journal_mode != "delete":
            self.execute("PRAGMA journal_mode = " + journal_mode)

    def connect(self):
        return sqlite3.connect(self.path, timeout=30, isolation_level=None)

    def query(self, sql):
        connection = self.connect()
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    execute = query

    def catalogue(self):
        names = [row[0] for row in self.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = [(name, row[1], bool(row[3])) for name in names
                   for row in self.query("PRAGMA table_info(\"%s\")" % name)]
        return columns, self.query("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")

    def is_sound(self):
        return self.query("PRAGMA integrity_check") == [("ok",)]

    def drop(self):
        folder, name = os.path.split(self.path)
        for beside in os.listdir(folder):
            if beside.startswith(name):
                os.remove(os.path.join(folder, beside))


class ServerDatabase(Database):
    def __init__(self, server_url):
        self.server = server_url.rsplit("/", 1)[0]
        self.name = "f" + uuid.uuid4().hex[:12]
        self.url = self.server + "/" + self.name
        self.alembic_url = re.sub(r"^\w+", self.driver, self.url)
        self.port = int(re.search(r":(\d+)$", self.server).group(1))
        self.admin("CREATE DATABASE " + self.name)

    def moved(self, server_url):
        """The server has come back elsewhere."""
        self.__dict__.update(server=server_url.rsplit("/", 1)[0])
        self.url = self.server + "/" + self.name
        self.alembic_url = re.sub(r"^\w+", self.driver, self.url)
        self.port = int(re.search(r":(\d+)$", self.server).group(1))

    def settle(self):
        end = time.monotonic() + 30
        while time.monotonic() < end and self.query(self.sessions_sql % self.name) != [("0",)]:
            time.sleep(0.02)

    def call(self, words, text=None, check=True):
        done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=60,
                              env=self.environment())
        if check and done.returncode != 0:
            raise RuntimeError("%s: %s" % (words[-1][:200], done.stderr[-1000:]))
        return done

    def query(self, sql):
        answer = self.call(self.client(self.name) + [self.flag, sql]).stdout
        return [tuple(line.split("\t")) for line in answer.split("\n") if line]

    execute = query


class PostgresDatabase(ServerDatabase):
    kind = "PostgreSQL"
    driver = "postgresql+psycopg2"
    flag = "-c"
    sessions_sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = '%s' AND pid <> pg_backend_pid()"

    def environment(self):
        return {**os.environ, "PGPASSWORD": "tribikos"}

    def client(self, name):
        return ["psql", "-X", "-q", "-t", "-A", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p",
                str(self.port), "-U", "tribikos", "-d", name]

    def admin(self, sql):
        self.call(self.client("postgres") + ["-c", sql])

    def catalogue(self):
        rows = self.query(
            "SELECT 'c', c.relname, a.attname, a.attnotnull::text, a.attnum FROM pg_class c JOIN pg_attribute a "
            "ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 "
            "AND NOT a.attisdropped UNION ALL SELECT 'i', tablename, indexname, '', 0 FROM pg_indexes "
            "WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE 'alembic_version%' "
            "ORDER BY 1, 2, 5")
        return ([(row[1], row[2], row[3] == "true") for row in rows if row[0] == "c"],
                [(row[1], row[2]) for row in rows if row[0] == "i"])

    def drop(self):
        self.admin("DROP DATABASE IF EXISTS %s WITH (FORCE)" % self.name)


class MariaDatabase(ServerDatabase):
    kind = "MariaDB"
    driver = "mysql+pymysql"
    flag = "-e"
    sessions_sql = ("SELECT count(*) FROM information_schema.processlist WHERE db = '%s' "
                    "AND id <> connection_id() AND command <> 'Killed'")

    def environment(self):
        return {**os.environ, "MYSQL_PWD": "tribikos"}

    def client(self, name):
        return ["mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", str(self.port), "-u", "tribikos",
                "--default-character-set=utf8mb4", "-N", "-B", name]

    def admin(self, sql):
        self.call(self.client("mysql") + ["-e", sql])

    def joined(self, columns):
        return "CONCAT_WS('|', %s)" % ", ".join("COALESCE(CAST(%s AS CHAR), '~')" % column for column in columns)

    def catalogue(self):
        rows = self.query(
            "SELECT 'c', table_name, column_name, is_nullable, ordinal_position FROM information_schema.columns "
            "WHERE table_schema = database() UNION ALL SELECT DISTINCT 'i', table_name, index_name, '', 0 "
            "FROM information_schema.statistics WHERE table_schema = database() AND index_name <> 'PRIMARY' "
            "ORDER BY 1, 2, 5")
        return ([(row[1], row[2], row[3] == "NO") for row in rows if row[0] == "c"],
                [(row[1], row[2]) for row in rows if row[0] == "i"])

    def drop(self):
        self.admin("DROP DATABASE IF EXISTS %s" % self.name)


class Server:
    """A server that is ours to kill. servers.sh starts it, on another port each time."""

    def __init__(self, kind, folder, extra=""):
        self.kind = kind
        self.word = "pg" if kind == "PostgreSQL" else "mysql"
        self.folder = folder
        self.extra = extra
        self.url = ""

    def verb(self, verb):
        done = subprocess.run([SERVERS, verb, self.folder] + (["--only", self.word] if verb != "clean" else []),
                              env={**os.environ, "PG_EXTRA": self.extra, "MYSQL_EXTRA": self.extra},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError("servers.sh %s: %s" % (verb, done.stderr))
        return done.stdout

    def start(self):
        self.url = re.search(r"^(?:PG_URL|MYSQL_URL)=(.*)$", self.verb("start"), re.M).group(1)
        return self

    def clean(self):
        self.signal("CONT")
        self.verb("clean")

    def real(self):
        with open(os.path.join(self.folder, self.word + ".real")) as text:
            return text.read().strip()

    def signal(self, name):
        """To the server's main process and to all that it has started."""
        pid_file = "data/postmaster.pid" if self.word == "pg" else "server.pid"
        try:
            with open(os.path.join(self.real(), pid_file)) as text:
                pid = int(text.readline())
        except (OSError, ValueError):
            return
        number = getattr(signal, "SIG" + name)
        for one in [pid] + children(pid):
            try:
                os.kill(one, number)
            except ProcessLookupError:
                pass

    def database(self):
        return (PostgresDatabase if self.word == "pg" else MariaDatabase)(self.url)


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as text:
            return [int(word) for word in text.read().split()]
    except OSError:
        return []
