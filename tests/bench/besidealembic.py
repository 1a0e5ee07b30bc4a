#!/usr/bin/env python3
"""Tribikos beside Alembic, on the same generated projects, in one run: CPU time of whole processes.

  besidealembic.py BUILD-FOLDER [--alembic COMMAND] [--runs 5] [--projects FOLDER]

COMMAND is what starts Alembic (Debian's `alembic` unless said otherwise; "env PYTHONPATH=... python3 -m alembic"
for another). Every figure is the median of the runs in milliseconds of user and system time; the programs take
turns, so that a busy machine hits all of them. Each is compared with an Alembic that knows as much: one that meets the
project for the first time with one that has no byte code of its scripts, one that has seen it with one that has. --projects measures the projects in FOLDER (1000/ and 10000/, each
with an alembic.ini) instead of generated ones. Not a test: it passes or fails nothing.
"""
import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

ENV_PY = """import os
from alembic import context
url = os.environ.get("BENCH_URL", "sqlite://")
context.configure(url=url, literal_binds=True, dialect_opts={"paramstyle": "named"})
with context.begin_transaction():
    context.run_migrations()
"""
URLS = {"sqlite": "sqlite:///b.sqlite", "postgresql": "postgresql://localhost/b", "mysql": "mysql://localhost/b"}


def run(command, folder, environment, output):
    """CPU milliseconds, peak MB; the output's end must be what a finished run has."""
    inherited = dict(os.environ)
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # Alembic may keep its byte code, where it isn't told otherwise
    with open(output, "w") as out:
        process = subprocess.Popen(command, cwd=folder, env={**inherited, **environment}, stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("%s failed:\n%s" % (shlex.join(command), errors.decode()[-2000:]))
    return 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024


def compare(title, folder, programs, runs, scratch):
    """programs: (name, command, environment, prepare, the name of the peer that it is compared with or "")."""
    times = {name: [] for name, *_ in programs}
    memory = dict.fromkeys(times, 0)
    outputs = {}
    for turn in range(runs + 2):  # the first two warm caches and byte code
        for name, command, environment, prepare, _ in programs:
            prepare()
            output = os.path.join(scratch, "output")
            cpu, peak = run(command, folder, environment, output)
            with open(output, "rb") as text:
                outputs[name] = sum(1 for _ in text)
            memory[name] = max(memory[name], peak)
            if turn > 1:
                times[name].append(cpu)
    middle = {name: statistics.median(values) for name, values in times.items()}
    for name, *_, peer in programs:
        ratio = "%5.1f times less" % (middle[peer] / middle[name]) if peer else ""
        print("%-28s %-28s %8.0f ms  %5.0f MB  %7d lines  %s"
              % (title, name, middle[name], memory[name], outputs[name], ratio), flush=True)


def project(arguments, scratch, size):
    if arguments.projects:
        folder = os.path.join(os.path.abspath(arguments.projects), str(size))
        for place, folders, _ in os.walk(folder):
            if "__pycache__" in folders:
                shutil.rmtree(os.path.join(place, "__pycache__"))
        return folder
    bench = os.path.join(arguments.build, "tests/bench/tribikos-bench")
    subprocess.run([bench, "--sizes", str(size), "--runs", "1", "--keep", scratch], check=True,
                   stdout=subprocess.DEVNULL)
    folder = os.path.join(scratch, "straight-%d" % size)
    with open(os.path.join(folder, "env.py"), "w") as out:
        out.write(ENV_PY)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--alembic", default="alembic")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--projects")
    arguments = parser.parse_args()
    arguments.build = os.path.abspath(arguments.build)
    cli = os.path.join(arguments.build, "app/cli/tribikos-cli")
    alembic = shlex.split(arguments.alembic)
    nothing = lambda: None
    with tempfile.TemporaryDirectory() as scratch:
        cache = os.path.join(scratch, "cache")
        forget = lambda: shutil.rmtree(cache, ignore_errors=True)
        floor = ("read every file", ["sh", "-c", "find . -name '*.py' -print0 | xargs -0 cat"], {}, nothing, "")
        new, old = "Alembic, never seen before", "Alembic, unchanged since"

        def turns(ours, theirs, given):
            return [
                floor,
                ("never seen before", ours, {**given, "XDG_CACHE_HOME": cache}, forget, new),
                ("unchanged since", ours, {**given, "XDG_CACHE_HOME": cache + "-kept"}, nothing, old),
                (new, theirs, {**given, "PYTHONDONTWRITEBYTECODE": "1"}, nothing, ""),
                (old, theirs, {**given, "PYTHONPYCACHEPREFIX": os.path.join(scratch, "bytecode")}, nothing, "")]

        ten = project(arguments, scratch, 10000)
        compare("history of 10 000", ten, turns([cli, "history"], alembic + ["history"], {}), arguments.runs, scratch)
        one = project(arguments, scratch, 1000)
        for dialect, url in URLS.items():
            given = {"BENCH_URL": url, "LAB_URL": url}
            ours = [cli, "--url", url, "upgrade", "base:heads", "--sql"]
            theirs = alembic + ["upgrade", "base:heads", "--sql"]
            compare("SQL of 1 000, " + dialect, one, turns(ours, theirs, given), arguments.runs, scratch)


if __name__ == "__main__":
    main()
