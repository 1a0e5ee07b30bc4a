"""What all fault groups share: where things are, databases, stories, and how trials are counted."""
import os
import random
import tempfile
import threading
import time

import certificates
import databases
import programs
import story

KINDS = ("SQLite", "PostgreSQL", "MariaDB")
SERVERS = KINDS[1:]
# What was committed survives the server's process, though not the machine.
KEEPS = {"PostgreSQL": "-c synchronous_commit=on", "MariaDB": "--innodb-flush-log-at-trx-commit=2"}


class Tally:
    """How often something was tried, and what went wrong."""

    def __init__(self, bar, what, kind, program):
        self.bar = bar
        self.what = what
        self.kind = kind
        self.program = program
        self.tried = 0
        self.failures = []
        self.remarks = {}

    def check(self, problem, where=""):
        """Counts a trial; problem is empty for a good one. True for a good one."""
        self.tried += 1
        if problem:
            self.failures.append("%s%s" % (where + ": " if where else "", problem))
        return not problem

    def remark(self, word):
        self.remarks[word] = self.remarks.get(word, 0) + 1


class Lab:
    def __init__(self, cli, alembic, urls, scratch, seed):
        self.scratch = scratch
        self.urls = urls  # of the servers that all share, by kind
        self.random = random.Random(seed)
        self.ours = programs.Tribikos(cli, self.folder("home"))
        self.alembic = programs.Alembic(alembic, self.folder("home-alembic")) if alembic else None
        self.stories = {}
        self.times = {}
        self.lock = threading.Lock()
        self.private = {}
        self.certificates = certificates.Certificates(self.folder("tls"))

    def folder(self, name):
        path = tempfile.mkdtemp(prefix=name + "-", dir=self.scratch)
        os.chmod(path, 0o755)
        return path

    def story(self, count, data_first=False):
        with self.lock:
            key = (count, data_first)
            if key not in self.stories:
                self.stories[key] = story.Story(self.folder("story"), count, data_first)
            return self.stories[key]

    def database(self, kind, **options):
        if kind == "SQLite":
            return databases.SqliteFile(self.scratch, **options)
        found = databases.PostgresDatabase if kind == "PostgreSQL" else databases.MariaDatabase
        return found(self.urls[kind])

    def duration(self, program, kind, told):
        """Seconds of an upgrade with nothing to do, and of a whole one."""
        key = (program.name, kind, told.folder)
        if key not in self.times:
            with self.database(kind) as database:
                whole = program.run(told.folder, database, ["upgrade", "head"])
                nothing = program.run(told.folder, database, ["upgrade", "head"])
                if whole.code != 0 or nothing.code != 0 or (
                        not database.is_sabotaged and told.unfinished(database.state())):
                    raise RuntimeError("%s, %s, undisturbed: %s %s" % (program.name, kind, whole, nothing))
                self.times[key] = (nothing.seconds, whole.seconds)
        return self.times[key]

    def moment(self, program, kind, told):
        """A random time while an upgrade is at work, in seconds after its start."""
        nothing, whole = self.duration(program, kind, told)
        return self.random.uniform(nothing * 0.7, max(whole, nothing))

    def shorten(self, program, kind, told, seconds):
        """It was over before the moment came: the next ones come earlier."""
        nothing, whole = self.times[(program.name, kind, told.folder)]
        self.times[(program.name, kind, told.folder)] = (min(nothing, seconds / 2), min(whole, seconds))

    def server(self, kind):
        """The server of this kind that is ours to kill; one trial at a time (with lab.server(kind) as server)."""
        with self.lock:
            if kind not in self.private:
                self.private[kind] = Private(databases.Server(kind, self.folder("server"),
                                                        KEEPS[kind] + " " + self.certificates.options(kind)))
        return self.private[kind]

    def start_servers(self, kinds):
        """Those of our own take seconds to be made: in the background, before anybody asks for them."""
        for kind in kinds:
            threading.Thread(target=lambda kind=kind: self.server(kind).__enter__() and self.private[kind].__exit__(),
                             daemon=True).start()

    def clean(self):
        for one in self.private.values():
            one.server.clean()


class Private:
    def __init__(self, server):
        self.server = server
        self.lock = threading.Lock()

    def __enter__(self):
        self.lock.acquire()
        self.server.start()
        return self.server

    def __exit__(self, *_):
        self.server.signal("CONT")
        self.lock.release()


def sleep_until(since, seconds):
    time.sleep(max(0.0, since + seconds - time.monotonic()))


def one_line(said):
    """What is wrong with an error's form; "" for a sentence on one line, without a trace."""
    lines = [line for line in said.strip().split("\n") if line]
    if "Traceback" in said:
        return "a trace of %d lines" % len(lines)
    return "" if len(lines) == 1 else "%d lines instead of one: %s" % (len(lines), said[-500:])
