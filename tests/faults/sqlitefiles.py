"""What can happen to a file: R8, the disk is full; R9, others hold it; R11, it is damaged and a copy is put back."""
import os
import resource
import signal
import subprocess
import time

from lab import Tally, one_line


class SmallDisk:
    """A folder that takes no more than so many bytes: a file system of its own where we may mount one, else a limit on
    each file of the program."""

    def __init__(self, lab, size):
        self.folder = lab.folder("disk")
        self.size = size
        options = "size=%dk" % max(4, size // 1024)
        self.is_mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", self.folder],
                                         capture_output=True).returncode == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)

    def setup(self):
        """In the child, before it becomes the program; it is for the program to survive the failing write."""
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.size, self.size))

    def more(self):
        if self.is_mounted:
            subprocess.run(["mount", "-o", "remount,size=64m", self.folder], check=True)


def disk_full(lab, program, kind, count):
    told = lab.story(30)
    tally = Tally("R8", "disk full at many sizes: one line, nothing half done, finished with room", kind, program.name)
    for number in range(1, count + 1):
        size = 8192 + 320 * 1024 * number // count
        for is_limit in (False, True):
            with SmallDisk(lab, size) as disk:
                if not is_limit and not disk.is_mounted:
                    continue
                with lab.database(kind) as database:
                    database.path = os.path.join(disk.folder if not is_limit else lab.scratch,
                                                 os.path.basename(database.path))
                    database.url = database.alembic_url = "sqlite:///" + database.path
                    ended = program.run(told.folder, database, ["upgrade", "head"],
                                        setup=disk.setup if is_limit else None)
                    disk.more()
                    tally.remark("exit code %s" % ended.code)
                    tally.check(judge_full(lab, program, told, database, ended),
                                "%s of %d KiB" % ("limit" if is_limit else "disk", size // 1024))
    if tally.remarks.get("exit code 3", 0) == 0 and program is lab.ours:
        tally.failures.append("no disk was full")
    return [tally]


def judge_full(lab, program, told, database, ended):
    state = database.state()
    problem = told.problem(state) or ("" if database.is_sound() else "SQLite finds damage")
    if program is lab.ours and ended.code != 0:
        problem = problem or ("" if ended.code == 3 else str(ended)) or one_line(ended.out)
        problem = problem or ("" if "space" in ended.out or "disk" in ended.out else "not said: %s" % ended)
    again = program.run(told.folder, database, ["upgrade", "head"])
    return problem or (str(again) if again.code != 0 else told.unfinished(database.state()))


def locked(lab, program, kind, count):
    """Another program holds the file to the limit, lets go in time, or writes between our revisions."""
    told = lab.story(12)
    tally = Tally("R9", "locked by another: waits and says so, up to its limit; a writer in between", kind,
                  program.name)
    for number in range(count):
        for mode in ("delete", "wal"):
            for what in (held_to_the_limit, let_go, written_between):
                with lab.database(kind, journal_mode=mode) as database:
                    program.run(told.folder, database, ["upgrade", "r002"])
                    tally.check(what(program, told, database), "%s, %s" % (mode, what.__name__))
    return [tally]


def held_to_the_limit(program, told, database):
    holder = database.connect()
    holder.execute("BEGIN IMMEDIATE")
    ended = program.run(told.folder, database, ["upgrade", "head", "--lock-wait", "1.5"])
    holder.close()
    if ended.code != 4 or one_line(ended.out) or "locked by another program" not in ended.said:
        return str(ended)
    if not 1.4 < ended.seconds < 8:
        return "it waited %.1f s" % ended.seconds
    return told.problem(database.state()) or finished(program, told, database)


def let_go(program, told, database):
    holder = database.connect()
    holder.execute("BEGIN EXCLUSIVE" if os.path.exists(database.path + "-wal") else "BEGIN IMMEDIATE")
    run = program.start(told.folder, database, ["upgrade", "head"])
    time.sleep(1.2)
    holder.execute("COMMIT")
    holder.close()
    ended = run.end()
    if ended.code != 0 or "locked by another program; waiting" not in ended.said:
        return str(ended)
    return told.unfinished(database.state())


def written_between(program, told, database):
    """Somebody else's rows, as often as SQLite lets them in."""
    writer = database.connect()
    run = program.start(told.folder, database, ["upgrade", "head"])
    written = 0
    while run.process.poll() is None:
        try:
            writer.execute("INSERT INTO t1 VALUES (NULL, 99, 99)")
            written += 1
        except Exception as error:
            if "locked" not in str(error):
                raise
    ended = run.end()
    found = writer.execute("SELECT count(*) FROM t1 WHERE n = 99").fetchone()[0]
    writer.execute("DELETE FROM t1 WHERE n = 99")
    writer.close()
    if found != written:
        return "%d of %d rows of another program are there" % (found, written)
    if ended.code != 0:
        return str(ended) + (told.problem(database.state()) or finished(program, told, database))
    return told.unfinished(database.state())


def finished(program, told, database):
    again = program.run(told.folder, database, ["upgrade", "head"])
    return str(again) if again.code != 0 else told.unfinished(database.state())


def damage(random, path, number):
    """One of many ways to spoil a file."""
    size = os.path.getsize(path)
    if number % 10 == 0:
        os.truncate(path, random.randrange(size))
        return
    if number % 10 == 1:
        os.remove(path)
        return
    if number % 10 == 2:  # what a crash leaves beside it, of another file
        with open(path + random.choice(("-journal", "-wal")), "wb") as out:
            out.write(random.randbytes(9000))
    with open(path, "r+b") as out:
        for _ in range(random.choice((1, 5, 50))):
            out.seek(random.randrange(size) if number % 10 > 4 else random.randrange(100))
            out.write(random.randbytes(random.choice((1, 20, 500))))


def restored(lab, program, kind, count):
    """A copy is there before the first write; whatever happens to the file, one command brings it back."""
    told = lab.story(3)
    tally = Tally("R11", "a copy before the first write; a damaged file restored by one command", kind, program.name)
    for number in range(count):
        folder = lab.folder("restored")
        with lab.database(kind, journal_mode=("delete", "wal")[number % 2]) as database:
            database.path = os.path.join(folder, "shop.db")
            database.url = "sqlite:///" + database.path
            program.run(told.folder, database, ["upgrade", "r002"])
            program.run(told.folder, database, ["upgrade", "head"])
            copies = [name for name in os.listdir(folder) if name.endswith(".backup")]
            if len(copies) != 1:
                tally.check("%d copies" % len(copies))
                continue
            damage(lab.random, database.path, number)
            seen = program.run(told.folder, database, ["upgrade", "head"])
            ended = program.run(told.folder, None, ["restore", os.path.join(folder, copies[0])])
            problem = str(ended) if ended.code != 0 else ""
            state = database.state()
            if state.position != ["r002"] or state.facts != told.facts(2) or not database.is_sound():
                problem = problem or "it isn't what it was: %s" % state.position
            if seen.code is None or seen.code < 0:
                problem = problem or "damaged: %s" % seen
            tally.remark("damaged, exit code %s" % seen.code)
            tally.check(problem or finished(program, told, database), "damage %d" % number)
    return [tally]
