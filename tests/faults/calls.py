"""R10: every call into the file system, SQLite or the network fails once, the 1st, the 2nd, … (failing.cpp)."""
import os
import struct
import uuid

from lab import SERVERS, Tally


class Failing:
    """What makes a program's nth call fail; count() afterwards."""

    def __init__(self, lab, group, at, how):
        self.path = os.path.join(lab.scratch, uuid.uuid4().hex)
        with open(self.path, "wb") as out:
            out.write(bytes(8))
        self.environment = {"LD_PRELOAD": lab.preload, "TRIBIKOS_FAIL_GROUP": group, "TRIBIKOS_FAIL_AT": str(at),
                            "TRIBIKOS_FAIL_HOW": how, "TRIBIKOS_FAIL_COUNT": self.path, "PYTHONDONTWRITEBYTECODE": "1",
                            "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.remove(self.path)

    def count(self):
        with open(self.path, "rb") as file:
            return struct.unpack("q", file.read())[0]


def count_calls(lab, program, told, database, group):
    with Failing(lab, group, 0, "error") as none:
        ended = program.run(told.folder, database, ["upgrade", "head"], none.environment)
        if ended.code != 0 or none.count() == 0:
            raise RuntimeError("%d calls, %s" % (none.count(), ended))
        return none.count()


def spread(calls, count):
    """count of them, evenly; 0: all."""
    return range(1, calls + 1) if not count else sorted({1 + calls * i // count for i in range(count)})


def half_way(lab, program, kind, told):
    """A database that holds something, so that a copy of it is made."""
    database = lab.database(kind)
    program.run(told.folder, database, ["upgrade", "r001"])
    return database


def failing(lab, program, kind, count):
    told = lab.story(3)
    tallies = []
    for group in ("network",) if kind in SERVERS else ("file", "database"):
        tally = Tally("R10", "the nth %s call fails: no crash, no wrong success, finished later" % group, kind,
                      program.name)
        with half_way(lab, program, kind, told) as database:
            calls = count_calls(lab, program, told, database, group)
        tally.remarks["calls"] = calls
        for number in spread(calls, count):
            with half_way(lab, program, kind, told) as database, Failing(lab, group, number, "error") as one:
                ended = program.run(told.folder, database, ["upgrade", "head"], one.environment, limit=60)
                tally.remark("exit code %s" % ended.code)
                tally.check(judge(lab, program, told, database, ended), "%s call %d" % (group, number))
        tallies.append(tally)
    return tallies


def judge(lab, program, told, database, ended):
    state = database.state()
    if ended.code is None or ended.code < 0 or ended.code == 1:
        return str(ended)
    if told.problem(state):
        return told.problem(state)
    if ended.code == 0 and told.unfinished(state):
        return "exit code 0, but " + told.unfinished(state)
    names = (state.position or ["base"]) + ["could not be read"]
    if ended.code in (3, 5) and "Revision" in ended.out and not any(name in ended.out for name in names):
        return "where it is (%s) is not said: %s" % (state.position, ended)
    again = program.run(told.folder, database, ["upgrade", "head"])
    return str(again) if again.code != 0 else told.unfinished(database.state())
