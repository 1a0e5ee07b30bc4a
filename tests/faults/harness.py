#!/usr/bin/env python3
"""Drives tribikos-cli from outside through kills, races, silent servers, full disks and what else may happen to it, and
counts what is wrong afterwards.

  harness.py --cli PROGRAM --preload LIBRARY [--full] [--only R1,R4] [--kinds SQLite,MariaDB] [--alembic COMMAND] [--seed N] [--jobs N]

It finds its servers in TRIBIKOS_TEST_POSTGRESQL and TRIBIKOS_TEST_MARIADB (tests/servers/with-servers.sh starts them).
Without --full each fault is tried some dozen times, which is what ctest does. --alembic runs the faults that it can have
on the real Alembic, too, for comparison: nothing that it does wrong fails the run. The table at the end has a line per
bar and database; exit code 1 when one of ours failed.
"""
import argparse
import concurrent.futures
import os
import shlex
import shutil
import sys
import tempfile
import time
import traceback

import answers
import calls
import canary
import databases
import kills
import lab as laboratory
import names
import outages
import races
import sqlitefiles
import statements
import tls
from lab import KINDS, SERVERS

# bar, function, databases, how often in ctest, how often with --full, on Alembic as well
GROUPS = [
    ("R6", outages.killed, SERVERS, 2, 30, True),
    ("R7", outages.silent, SERVERS, 1, 8, False),
    ("R7", outages.long_statement, SERVERS, 25, 120, False),
    ("R1", kills.killed, KINDS, 20, 200, True),
    ("R3", kills.at_every_write, KINDS[:1], 12, 0, True),
    ("R4", statements.failing, KINDS, 4, 0, True),
    ("R5", races.at_once, KINDS, 2, 50, True),
    ("F9", races.with_alembic, KINDS, 2, 30, False),
    ("R8", sqlitefiles.disk_full, KINDS[:1], 20, 60, True),
    ("R9", sqlitefiles.locked, KINDS[:1], 1, 20, False),
    ("R10", calls.failing, KINDS, 10, 0, False),
    ("R11", sqlitefiles.restored, KINDS[:1], 10, 50, False),
    ("R12", answers.exit_codes, KINDS, 1, 1, False),
    ("S1", answers.damaged_tables, KINDS, 1, 1, False),
    ("S4", names.round_trips, KINDS, 100, 10000, False),
    ("S5", tls.matrix, SERVERS, 1, 1, False),
    ("S6", names.hostile, KINDS, 2, 0, False),
    ("S3", canary.leaks, SERVERS, 5, 0, False),
    ("U3", kills.cancelled, KINDS, 8, 100, False),
]
WAITING = {outages.killed, outages.silent, outages.long_statement, tls.matrix}  # that is what they mostly do: beside the others


def jobs_of(arguments, lab):
    given = dict(word.split("=") for word in arguments.counts.split(",") if word)
    only = arguments.only.split(",") if arguments.only else [group[0] for group in GROUPS]
    kinds = arguments.kinds.split(",") if arguments.kinds else KINDS
    for program in [lab.ours, lab.alembic][bool(arguments.alembic_alone):1 + bool(arguments.alembic)]:
        for bar, function, databases, quick, full, is_shared in GROUPS:
            for kind in databases:
                if bar in only and kind in kinds and (is_shared or program is lab.ours):
                    count = full if arguments.full else quick
                    yield bar, function, program, kind, int(given.get(bar, count))


def carry_out(lab, job):
    bar, function, program, kind, count = job
    begun = time.monotonic()
    try:
        tallies = function(lab, program, kind, count)
    except Exception:  # the harness itself: as bad as a failure
        tallies = [laboratory.Tally(bar, function.__name__, kind, program.name)]
        tallies[0].failures.append(traceback.format_exc())
    print("%-3s %-10s %-8s %5.1f s" % (bar, kind, program.name, time.monotonic() - begun), file=sys.stderr, flush=True)
    return tallies


def carry_out_all(lab, jobs, at_once):
    with concurrent.futures.ThreadPoolExecutor(at_once) as busy, concurrent.futures.ThreadPoolExecutor(8) as waiting:
        begun = [(waiting if job[1] in WAITING else busy).submit(carry_out, lab, job) for job in jobs]
        return [tally for one in begun for tally in one.result()]


def show(tallies, has_alembic):
    """A line per bar and database, Alembic's count beside ours."""
    lines = {}
    for tally in tallies:
        lines.setdefault((tally.bar, tally.what, tally.kind), {})[tally.program] = tally
    print("| bar | | database | Tribikos |%s\n|---|---|---|---:|%s"
          % (" Alembic |" if has_alembic else "", "---:|" if has_alembic else ""))
    for (bar, what, kind), found in sorted(lines.items(), key=lambda line: (line[0][0][0], int(line[0][0][1:]))):
        cells = ["%d of %d" % (max(0, one.tried - len(one.failures)), one.tried) if one else "–"
                 for one in (found.get("Tribikos"), found.get("Alembic"))]
        print("| %s | %s | %s | %s |" % (bar, what, kind, " | ".join(cells if has_alembic else cells[:1])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--preload", required=True, help="tribikos_failing.so, which lets calls fail")
    parser.add_argument("--alembic")
    parser.add_argument("--alembic-alone", action="store_true", help="not on ours")
    parser.add_argument("--counts", default="", help="R1=40,R5=10: instead of the usual ones; 0 is all of them")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--kinds")
    parser.add_argument("--sabotage", action="store_true",
                        help="spoil each database before it is looked at: fails unless every trial finds that")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--most", type=int, default=5, help="failures shown of each line of the table")
    arguments = parser.parse_args()
    print("seed %d" % arguments.seed, file=sys.stderr)
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    scratch = tempfile.mkdtemp(prefix="tribikos-faults-", dir=base)
    os.chmod(scratch, 0o755)
    urls = {kind: os.environ.get("TRIBIKOS_TEST_" + kind.upper(), "") for kind in SERVERS}
    lab = laboratory.Lab([os.path.abspath(arguments.cli)], shlex.split(arguments.alembic or ""), urls, scratch,
                         arguments.seed)
    databases.Database.is_sabotaged = arguments.sabotage
    lab.preload = os.path.abspath(arguments.preload)
    try:
        tallies = carry_out_all(lab, list(jobs_of(arguments, lab)), arguments.jobs)
    finally:
        lab.clean()
        shutil.rmtree(scratch, ignore_errors=True)
    show(tallies, bool(arguments.alembic))
    for tally in tallies:
        remarks = ", ".join("%s: %d" % item for item in sorted(tally.remarks.items()))
        if remarks or tally.failures:
            print("\n%s %s %s %s" % (tally.bar, tally.kind, tally.program, remarks))
        for failure in tally.failures[:arguments.most]:
            print("    " + failure.replace("\n", "\n    "))
    if arguments.sabotage:
        return 0 if all(0 < tally.tried <= len(tally.failures) for tally in tallies) else 1
    return 1 if any(tally.failures for tally in tallies if tally.program == "Tribikos") else 0


if __name__ == "__main__":
    sys.exit(main())
