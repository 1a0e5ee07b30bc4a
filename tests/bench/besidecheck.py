#!/usr/bin/env python3
"""Tribikos's `check` beside Alembic's: generated models against databases that hold just these tables.

  besidecheck.py BUILD-FOLDER --alembic COMMAND [--servers FILE] [--sizes 100,1000,5000] [--runs 3]

COMMAND is what starts Alembic ("env PYTHONPATH=... python3 -m alembic"), with psycopg2 and PyMySQL. FILE has lines
PG_URL=postgresql://user:password@host:port/database and MYSQL_URL=mysql://…, of a user who may create databases; without
it SQLite alone is measured. psql, mariadb and sqlite3 load the tables and ask the bare questions.

Every figure is the median of the runs, the programs taking turns: user and system time of the whole process, the whole
process' time on the clock, and for the reading of a catalogue (tribikos-reflect-bench) beside the bare questions
through the vendor's client (catalogue/*.sql). Both must find no difference; otherwise it is not a test.
"""
import argparse
import os
import random
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

# kind: SQLAlchemy, and on SQLite, PostgreSQL, MySQL
TYPES = {
    "int": ("Integer()", "INTEGER", "INTEGER", "INTEGER"),
    "big": ("BigInteger()", "BIGINT", "BIGINT", "BIGINT"),
    "s40": ("String(40)",) + ("VARCHAR(40)",) * 3,
    "s120": ("String(120)",) + ("VARCHAR(120)",) * 3,
    "s255": ("String(255)",) + ("VARCHAR(255)",) * 3,
    "text": ("Text()",) + ("TEXT",) * 3,
    "bool": ("Boolean()", "BOOLEAN", "BOOLEAN", "BOOL"),
    "moment": ("DateTime()", "DATETIME", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME"),
    "date": ("Date()",) + ("DATE",) * 3,
    "money": ("Numeric(12, 2)",) + ("NUMERIC(12, 2)",) * 3,
    "small": ("SmallInteger()",) + ("SMALLINT",) * 3,
    "float": ("Float()", "FLOAT", "FLOAT", "FLOAT"),
}
DATABASES = {"sqlite": 1, "postgresql": 2, "mysql": 3}
COLUMNS = [("code", "s40", False), ("name", "s120", False), ("title", "s255", True), ("note", "text", True),
           ("active", "bool", False), ("created_at", "moment", False), ("valid_on", "date", True)]
MORE = [("amount", "money", False), ("position", "int", False), ("weight", "float", True), ("views", "big", True),
        ("grade", "small", True), ("label", "s40", True), ("origin", "s120", True)]
DEFAULTS = {"active": "true", "position": "0"}
ENV_PY = """import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sqlalchemy import create_engine, pool
from alembic import context
from bench_models import Base
with create_engine(os.environ["BENCH_URL"], poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
"""


class Table:
    """About twelve columns, keys, a check, indexes, comments."""

    def __init__(self, number, chance):
        word = chance.choice("order item client stock event audit price route user batch ticket asset".split())
        self.name = "t%05d_%s" % (number, word)
        self.columns = [("id", "int", False)] + COLUMNS + chance.sample(MORE, chance.randrange(1, 5))
        self.comments = {c[0]: "%s of %s" % (c[0], self.name) for c in self.columns[1:] if chance.random() < .3}
        self.comment = "table %d" % number if chance.random() < .7 else None
        self.keys, self.indexes = [], []
        for _ in range(min(number, chance.choice((0, 1, 1, 2, 2)))):
            target = chance.randrange(max(0, number - 300), number)
            column = "ref_%05d_id" % target
            if all(c[0] != column for c in self.columns):
                self.columns.append((column, "int", True))
                self.keys.append(("fk_%s_%05d" % (self.name, target), column, target,
                                  chance.choice((None, None, "CASCADE", "SET NULL"))))
                self.indexes.append(("ix_%s_%s" % (self.name, column), column))
        self.indexes.append(("ix_%s_created_at" % self.name, "created_at"))
        if chance.random() < .5:
            self.indexes.append(("ix_%s_name_valid" % self.name, "name, valid_on"))
        self.unique = "uq_%s_code" % self.name if chance.random() < .6 else None

    def sql(self, database, tables):
        at = DATABASES[database]
        lines, after = [], []
        for name, kind, nullable in self.columns:
            kind = TYPES[kind][at] if name != "id" or at == 1 else "SERIAL" if at == 2 else "INTEGER"
            line = "%s %s" % (name, kind) + (" DEFAULT " + DEFAULTS[name] if name in DEFAULTS else "")
            line += ("" if nullable else " NOT NULL") + (" AUTO_INCREMENT" if name == "id" and at == 3 else "")
            if name in self.comments and at == 3:
                line += " COMMENT '%s'" % self.comments[name]
            lines.append(line)
        lines.append("CONSTRAINT pk_%s PRIMARY KEY (id)" % self.name)
        lines += ["CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (id)%s"
                  % (name, column, tables[target].name, " ON DELETE " + action if action else "")
                  for name, column, target, action in self.keys]
        if self.unique:
            lines.append("CONSTRAINT %s UNIQUE (code)" % self.unique)
        lines.append("CONSTRAINT ck_%s_code CHECK (length(code) > 0)" % self.name)
        if at == 3:
            lines += ["INDEX %s (%s)" % index for index in self.indexes]
        else:
            after = ["CREATE INDEX %s ON %s (%s);" % (name, self.name, columns) for name, columns in self.indexes]
        if at == 2:
            after += ["COMMENT ON TABLE %s IS '%s';" % (self.name, self.comment)] if self.comment else []
            after += ["COMMENT ON COLUMN %s.%s IS '%s';" % (self.name, *c) for c in self.comments.items()]
        comment = " COMMENT='%s'" % self.comment if at == 3 and self.comment else ""
        return "CREATE TABLE %s (\n%s\n)%s;\n%s\n" % (self.name, ",\n".join(lines), comment, "\n".join(after))

    def model(self, tables):
        lines = []
        for name, kind, nullable in self.columns:
            parts = [TYPES[kind][0], "primary_key=True" if name == "id" else "nullable=%s" % nullable]
            parts += ["server_default=text(%r)" % DEFAULTS[name]] if name in DEFAULTS else []
            parts += ["comment=%r" % self.comments[name]] if name in self.comments else []
            lines.append("    %s = Column(%s)" % (name, ", ".join(parts)))
        more = ["UniqueConstraint('code', name=%r)" % self.unique] if self.unique else []
        more.append("CheckConstraint('length(code) > 0', name='ck_%s_code')" % self.name)
        more += ["Index(%r, %s)" % (name, ", ".join(map(repr, columns.split(", ")))) for name, columns in self.indexes]
        more += ["ForeignKeyConstraint([%r], ['%s.id'], name=%r%s)"
                 % (column, tables[target].name, name, ", ondelete=%r" % action if action else "")
                 for name, column, target, action in self.keys]
        more += ["{'comment': %r}" % self.comment] if self.comment else []
        name = "".join(word.capitalize() for word in self.name.split("_"))
        return "class %s(Base):\n    __tablename__ = %r\n    __table_args__ = (%s,)\n%s\n" % (
            name, self.name, ", ".join(more), "\n".join(lines))


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        out.write(text)


def generate(folder, size):
    chance = random.Random(size)
    tables = [Table(number, chance) for number in range(size)]
    for database in DATABASES:
        text = "".join(table.sql(database, tables) for table in tables)
        write("%s/%s.sql" % (folder, database), "BEGIN;\n%sCOMMIT;\n" % text if database == "sqlite" else text)
    parts = range(0, size, 250)
    for part in parts:
        write("%s/project/bench_models/part%d.py" % (folder, part),
              "from sqlalchemy import *\nfrom .base import Base\n\n\n"
              + "\n\n".join(table.model(tables) for table in tables[part:part + 250]))
    write(folder + "/project/bench_models/base.py",
          "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n")
    write(folder + "/project/bench_models/__init__.py",
          "from .base import Base\n" + "".join("from . import part%d\n" % part for part in parts))
    write(folder + "/project/env.py", ENV_PY)
    write(folder + "/project/alembic.ini", "[alembic]\nscript_location = %(here)s\n")
    os.makedirs(folder + "/project/versions", exist_ok=True)
    return len(tables), sum(len(table.columns) for table in tables)


def run(command, folder=None, environment=None, script=None):
    """Seconds on the clock, seconds of the processor, what was printed."""
    began = time.monotonic()
    source = open(script, "rb") if script else subprocess.DEVNULL
    inherited = dict(os.environ)
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # Alembic may keep its byte code
    process = subprocess.Popen(command, cwd=folder, env={**inherited, **(environment or {})}, stdin=source,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = process.stdout.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("%s failed:\n%s" % (shlex.join(command)[:300], text[-2000:]))
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, text


class Database:
    """One database with the tables in it, by the vendor's own client."""

    def __init__(self, kind, server, name, folder):
        self.kind = kind
        if kind == "sqlite":
            self.url = self.driver_url = "sqlite:///%s/%s.sqlite" % (folder, name)
            self.client = ["sqlite3", "%s/%s.sqlite" % (folder, name)]
            return
        whole = server.rsplit("/", 1)[0] + "/" + name
        self.url = whole
        self.driver_url = whole.replace("postgresql://", "postgresql+psycopg2://").replace("mysql://", "mysql+pymysql://")
        if kind == "postgresql":
            psql = "/usr/lib/postgresql/15/bin/psql"  # Debian's own is a wrapper of 35 ms
            self.client = [psql if os.path.exists(psql) else "psql", "-X", "-q", "-A", "-v", "ON_ERROR_STOP=1", whole]
            admin = self.client[:-1] + [server]
            drop = ["-c", 'DROP DATABASE IF EXISTS "%s"' % name, "-c", 'CREATE DATABASE "%s"' % name]
        else:
            user, password, host, port = server.split("//")[1].split("/")[0].replace("@", ":").split(":")
            admin = ["mariadb", "--no-defaults", "-u" + user, "-p" + password, "-h" + host, "-P" + port]
            self.client = admin + [name]
            drop = ["-e", "DROP DATABASE IF EXISTS `%s`; CREATE DATABASE `%s`" % (name, name)]
        run(admin + drop)

    def load(self, script):
        run(self.client, script=script)


def questions(kind):
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "catalogue", kind + ".sql")


def line(title, name, seconds, cpu, theirs):
    ratio = "%6.1f times less" % (theirs / cpu) if theirs else ""
    print("%-26s %-26s %8.2f s  %8.3f s of CPU  %s" % (title, name, seconds, cpu, ratio), flush=True)


def measure(title, arguments, database, folder):
    project = os.path.join(folder, "project")
    bench = os.path.join(arguments.build, "tests/bench/tribikos-reflect-bench")
    programs = {
        "Tribikos": [os.path.join(arguments.build, "app/cli/tribikos-cli"), "--url", database.url, "check"],
        "Alembic": shlex.split(arguments.alembic) + ["check"],
        "bare questions": database.client,
    }
    reading, times = [], {name: [] for name in programs}
    for turn in range(arguments.runs + 1):  # the first warms caches and byte code
        for name, command in programs.items():
            script = questions(database.kind) if name == "bare questions" else None
            environment = {"BENCH_URL": database.driver_url if name == "Alembic" else database.url}
            seconds, cpu, text = run(command, project, environment, script)
            if script is None and "No new upgrade operations detected." not in text:
                sys.exit("%s found differences:\n%s" % (name, text[-2000:]))
            times[name].append((seconds, cpu))
        _, _, text = run([bench, database.url, "1"])
        reading.append((float(text.split(", ")[1].split()[0]), float(text.split()[-2])))
    middle = {name: [statistics.median(column) for column in zip(*values[1:])] for name, values in times.items()}
    for name in ("Tribikos", "Alembic"):
        line(title, name, *middle[name], middle["Alembic"][1] if name == "Tribikos" else None)
    line(title, "our reading of it", *[statistics.median(column) for column in zip(*reading[1:])], None)
    line(title, "bare questions", *middle["bare questions"], None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--alembic", required=True)
    parser.add_argument("--servers")
    parser.add_argument("--sizes", default="100,1000,5000")
    parser.add_argument("--databases", default="sqlite,postgresql,mysql")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    arguments.build = os.path.abspath(arguments.build)
    servers = {"sqlite": ""}
    if arguments.servers:
        with open(arguments.servers) as given:
            named = dict(each.strip().split("=", 1) for each in given if "=" in each)
        servers.update(postgresql=named["PG_URL"], mysql=named["MYSQL_URL"])
    with tempfile.TemporaryDirectory() as scratch:
        for size in map(int, arguments.sizes.split(",")):
            folder = os.path.join(scratch, str(size))
            count, columns = generate(folder, size)
            print("%d tables, %d columns" % (count, columns), flush=True)
            for kind in arguments.databases.split(","):
                if kind not in servers:
                    continue
                database = Database(kind, servers[kind], "tribikos_bench_%d" % size, folder)
                database.load("%s/%s.sql" % (folder, kind))
                measure("%s, %d tables" % (kind, size), arguments, database, folder)


if __name__ == "__main__":
    main()
