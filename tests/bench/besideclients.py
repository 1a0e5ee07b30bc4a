#!/usr/bin/env python3
"""Applying 1 000 revisions, beside the vendor's client that is fed the same statements in the same transactions.

  tests/servers/servers.sh start FOLDER --durable
  tests/servers/with-servers.sh FOLDER tests/bench/besideclients.py BUILD-FOLDER [--runs 5] [--alembic COMMAND]

Wall time of whole processes, and what they take of the processor; the least of the runs, by turns, for whatever else the
machine does only adds, and the median of what each took beside the client of its turn. Without --durable the servers keep their data in memory and sync nothing: that is then all but round trips.
SQLite's file lies below --folder. Not a test: it passes or fails nothing.
"""
import argparse
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))
import databases  # noqa: E402
import programs  # noqa: E402
import story  # noqa: E402

KINDS = {"SQLite": "sqlite", "PostgreSQL": "postgresql", "MariaDB": "mariadb"}


def made(kind, scratch):
    url = os.environ.get("TRIBIKOS_TEST_" + kind.upper(), "")
    return databases.SqliteFile(scratch) if kind == "SQLite" else \
        (databases.PostgresDatabase if kind == "PostgreSQL" else databases.MariaDatabase)(url)


def in_transactions(sql, kind):
    """The offline script with a transaction for each revision, as a run has them."""
    parts = re.split(r"(?m)^(?=-- Running upgrade)", re.sub(r"(?m)^(BEGIN|COMMIT);\n", "", sql))
    begin = {"SQLite": "BEGIN IMMEDIATE;\n"}.get(kind, "BEGIN;\n")
    head = "PRAGMA synchronous = FULL;\n" if kind == "SQLite" else ""
    return head + parts[0] + "".join(begin + part + "COMMIT;\n" for part in parts[1:])


def timed(command, folder, environment, script=None):
    begun = time.monotonic()
    with open(script or os.devnull) as text:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=text, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("%s: %s" % (shlex.join(command)[:300], said.decode()[-1000:]))
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime


def measure(kind, folder, cli, alembic, runs, scratch):
    with made(kind, scratch) as database:
        script = cli.run(folder, database, ["upgrade", "base:heads", "--sql"]).out
    path = os.path.join(scratch, "script.sql")
    with open(path, "w") as out:
        out.write(in_transactions(script, kind))
    times = {}
    for _ in range(runs):
        for name in ["client", "Tribikos"] + (["without journal"] if kind == "MariaDB" else []) \
                + (["Alembic"] if alembic else []):
            with made(kind, scratch) as database:
                if name == "client":
                    words = ["sqlite3", "-bail", database.path] if kind == "SQLite" else database.client(database.name)
                    given = os.environ if kind == "SQLite" else database.environment()
                    taken = timed(words, folder, given, path)
                else:
                    program = alembic if name == "Alembic" else cli
                    more = ["--no-journal"] if name == "without journal" else []
                    taken = timed(program.words(database, ["upgrade", "heads"] + more), folder, program.environment)
            times.setdefault(name, []).append(taken)
    wall = {name: min(one[0] for one in all_) for name, all_ in times.items()}
    for name, all_ in times.items():
        beside = statistics.median(one[0] / client[0] for one, client in zip(all_, times["client"]))
        print("| %s | %s | %.2f s | %.2f | %.2f | %.2f s |" % (kind, name, wall[name], wall[name] / wall["client"], beside,
                                                               min(one[1] for one in all_)), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", help="of the system's for temporary files otherwise")
    parser.add_argument("--alembic")
    parser.add_argument("--kinds", default=",".join(KINDS))
    arguments = parser.parse_args()
    build = os.path.abspath(arguments.build)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as scratch:
        subprocess.run([os.path.join(build, "tests/bench/tribikos-bench"), "--sizes", "1000", "--runs", "1", "--keep",
                        scratch], check=True, stdout=subprocess.DEVNULL)
        folder = os.path.join(scratch, "straight-1000")
        with open(os.path.join(folder, "env.py"), "w") as out:
            out.write(story.ENV)
        cli = programs.Tribikos([os.path.join(build, "app/cli/tribikos-cli")], scratch)
        alembic = programs.Alembic(shlex.split(arguments.alembic), scratch) if arguments.alembic else None
        print("| database | | wall | beside the client | median | processor |\n|---|---|---:|---:|---:|---:|")
        for kind in arguments.kinds.split(","):
            measure(kind, folder, cli, alembic, arguments.runs, scratch)


if __name__ == "__main__":
    main()
