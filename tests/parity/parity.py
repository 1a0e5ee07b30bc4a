#!/usr/bin/env python3
"""Runs real projects' revisions through tribikos-cli and through the real Alembic, and says where they differ.

  parity.py --projects DIR --records DIR --record [--python PY] [--user NAME] [KEY…]
      records what Alembic says, once per project, database and hash seed
  parity.py --projects DIR --records DIR --cli tribikos-cli [--verbose] [KEY…]
      compares, and prints the table of docs/SEATRIAL.md; ends with 1 when a step or a graph differs

DIR/OWNER+NAME holds a checkout of github.com/OWNER/NAME for every project of projects.json (or only for those given by
KEY); --record needs a Python that can import Alembic. Recording executes the projects' revision files: as root, give
the name of a user who owns nothing."""

import argparse
import collections
import json
import os
import pwd
import re
import subprocess
import sys
import tempfile

import judge

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ("equal", "random", "refused", "WRONG")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", required=True, help="folder of checkouts")
    parser.add_argument("--records", required=True, help="folder of recordings")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--user", help="who runs the projects' code, when recording as root")
    parser.add_argument("--seeds", type=int, default=3, help="recordings of each pair, with hash seeds 0, 1, …")
    parser.add_argument("--cli", help="the tribikos-cli to compare")
    parser.add_argument("--list", default=os.path.join(HERE, "projects.json"))
    parser.add_argument("--verbose", action="store_true", help="every refusal's reason and every difference")
    parser.add_argument("keys", nargs="*", metavar="KEY", help="only these projects")
    options = parser.parse_args()
    if not options.record and not options.cli:
        parser.error("either --record or --cli")
    if options.record and os.geteuid() == 0 and not options.user:
        parser.error("recording as root needs --user")
    return options


def projects(options):
    with open(options.list, encoding="utf-8") as file:
        listed = json.load(file)
    for project in listed:
        if options.keys and project["key"] not in options.keys:
            continue
        root = os.path.join(os.path.abspath(options.projects), project["repository"].replace("/", "+"))
        if not os.path.isdir(root):
            print(f"{project['key']}: no checkout of {project['repository']}", file=sys.stderr)
            continue
        versions = [os.path.join(root, v) for v in project["versions"]]
        if project.get("recursive"):
            versions = [d for v in versions for d, _, files in sorted(os.walk(v)) if "__pycache__" not in d and files]
        real = {module: os.path.join(root, path) for module, path in project.get("real", {}).items()}
        yield {**project, "root": root, "versions": versions, "real": real}


def recording_file(options, project, database, seed):
    return os.path.join(options.records, f"{project['key']}.{database}.{seed}.jsonl")


def record(options, project, database, seed):
    out = recording_file(options, project, database, seed)
    # Foreign code runs: it gets nothing of our environment but what Python needs.
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "PYTHONPATH")}
    environment |= {"PYTHONHASHSEED": str(seed), "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nonexistent"}
    group = pwd.getpwnam(options.user).pw_gid if options.user else None
    user = {"user": options.user, "group": group, "extra_groups": []} if options.user else {}
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o777)
        spec = os.path.join(scratch, "spec.json")
        with open(spec, "w", encoding="utf-8") as file:
            json.dump({k: project[k] for k in ("root", "versions", "real")}, file)
        command = [options.python, os.path.join(HERE, "record.py"), spec, database, os.path.join(scratch, "out")]
        run = subprocess.run(command, env=environment, cwd=scratch, stdin=subprocess.DEVNULL, capture_output=True,
                             text=True, timeout=600, **user)
        if run.returncode:
            print(f"{project['key']} {database}: {run.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return
        with open(os.path.join(scratch, "out"), encoding="utf-8") as file, open(out, "w", encoding="utf-8") as kept:
            kept.write(file.read())


def load(path):
    recorded = {"revisions": [], "steps": {}, "history": []}
    with open(path, encoding="utf-8") as file:
        for line in map(json.loads, file):
            if line["kind"] == "graph":
                recorded.update(line)
            elif line["kind"] == "revision":
                recorded["revisions"].append(line)
            else:
                recorded["steps"][line["direction"], line["revision"]] = line
    return recorded


def ask(options, project, *command):
    folders = [word for v in project["versions"] for word in ("--versions", v)]
    folder = os.path.dirname(os.path.join(project["root"], project.get("config", "")))
    run = subprocess.run([os.path.abspath(options.cli), *folders, *command, "--json"], cwd=folder,
                         stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    try:
        answer = json.loads(run.stdout)
    except ValueError:
        return None, f"no JSON, exit {run.returncode}"
    return (answer, "") if isinstance(answer, list) else (None, answer.get("error", "no list"))


def first_difference(recording, ours):
    for part in ("statements", "version_statements"):
        want, got = judge.printed(recording[part]), ours[part]
        for i in range(max(len(want), len(got))):
            w, g = (x[i] if i < len(x) else "(nothing)" for x in (want, got))
            if w != g:
                return f"    Alembic  {w}\n    Tribikos {g}"
    return ""


class Report:
    def __init__(self, verbose):
        self.verbose = verbose
        self.total = collections.Counter()
        self.reasons = collections.defaultdict(list)
        self.lines, self.wrong = [], []
        self.settings = {}
        self.whole = self.told = self.pairs = self.graphs = 0
        self.bad_graphs = []

    def add_refusal(self, where, step):
        reason = re.sub(r"^\S+\.py:\d+:? ", "", step["reason"])
        self.reasons[f"{step['status']}: {reason}"].append(where)

    def print(self):
        print("| project | database | revisions | equal | random | refused | WRONG | not comparable | upgrades | "
              "downgrades | whole upgrade |\n|---|---|---|---|---|---|---|---|---|---|---|")
        print("\n".join(self.lines))
        compared = sum(self.total[k] for k in KINDS)
        share = 100.0 * (self.total["equal"] + self.total["random"]) / max(compared, 1)
        print(f"\n{compared} steps that Alembic prints: {self.total['equal']} equal, {self.total['random']} equal but "
              f"for what is random, {self.total['refused']} refused, {self.total['WRONG']} WRONG: {share:.2f} % equal; "
              f"{self.total['neutral']} steps not comparable")
        share = [f"{n} of {self.pairs} pairs ({100.0 * n / max(self.pairs, 1):.0f} %)"
                 for n in (self.whole, self.whole + self.told)]
        lines = sum(len(settings) for settings in self.settings.values())
        print(f"{self.graphs} graphs equal, {len(self.bad_graphs)} different; whole upgrades: {share[0]} without any "
              f"setting, {share[1]} with {lines} lines of tribikos.toml")
        for name, settings in self.settings.items():
            print(f"\n{name}:\n" + "\n".join(f"    {line}" for line in settings))
        for where, differences in self.bad_graphs:
            print(f"GRAPH {where}: {'; '.join(differences[:5])}")
        for where, difference in self.wrong:
            print(f"WRONG {where}\n{difference}")
        if self.verbose:
            for reason, where in sorted(self.reasons.items(), key=lambda item: -len(item[1])):
                print(f"{len(where):5} {reason[:230]}  ({', '.join(where[:3])})")


def is_whole(options, project, database, size, config):
    """Whether everything prints with a configuration file, and the database's URL where scripts ask for it."""
    url = project.get("urls", {}).get(database)
    more = ["--url", url] if url else []
    steps, error = ask(options, project, "-c", config, *more, "--dialect", database, "upgrade", "base:heads", "--sql")
    if error:
        print(f"{project['key']} {database} {config}: {error}", file=sys.stderr)
    if options.verbose:
        for step in steps or []:
            if step["status"] != "ok":
                print(f"{project['key']} {database}: {step['revision']}: {step['reason']}", file=sys.stderr)
    return sum(s["status"] == "ok" for s in steps or []) == size


def is_whole_when_told(options, project, database, size):
    """The same with what the project's user would say in a tribikos.toml at the project's top."""
    root = project["root"]
    with tempfile.TemporaryDirectory() as folder:
        for name in os.listdir(root):
            os.symlink(os.path.join(root, name), os.path.join(folder, name))
        config = os.path.join(folder, "tribikos.toml")
        ini = project.get("config")
        where = (f"alembic = {json.dumps(ini)}" if ini
                 else f"versions = {json.dumps([os.path.relpath(v, root) for v in project['versions']])}")
        with open(config, "w", encoding="utf-8") as file:
            file.write("\n".join(["[project]", where, *project["settings"], ""]))
        return is_whole(options, {**project, "versions": []}, database, size, config)


def compare(options, project, database, report):
    try:
        recordings = [load(recording_file(options, project, database, s)) for s in range(options.seeds)]
    except FileNotFoundError:
        print(f"{project['key']} {database}: not recorded", file=sys.stderr)
        return
    counts, oks = collections.Counter(), {}
    history, error = ask(options, project, "history")
    differences = [error] if history is None else judge.graph_differences(recordings[0], history)
    if differences:
        report.bad_graphs.append((f"{project['key']} {database}", differences))
    else:
        report.graphs += 1
    for direction, span in (("upgrade", "base:heads"), ("downgrade", "heads:base")):
        steps, error = ask(options, project, "--dialect", database, direction, span, "--sql")
        ours = {s["revision"]: s for s in steps or []}
        if steps is None:
            print(f"{project['key']} {database} {direction}: {error}", file=sys.stderr)
        oks[direction] = sum(s["status"] == "ok" for s in ours.values())
        for step in ours.values():
            if step["status"] != "ok":
                report.add_refusal(f"{project['key']} {database} {direction} {step['revision']}", step)
        for d, revision in recordings[0]["steps"]:
            if d != direction or steps is None:
                continue
            same_step = [r["steps"].get((d, revision)) for r in recordings]
            kind = judge.verdict(same_step, ours.get(revision))
            counts[kind] += 1
            if kind == "WRONG":
                where = f"{project['key']} {database} {direction} {revision}"
                report.wrong.append((where, first_difference(same_step[0], ours[revision])
                                     if revision in ours else "    no such step"))
    size = len(recordings[0]["revisions"])
    config = project.get("config")
    whole = oks["upgrade"] == size or (
        config is not None and is_whole(options, project, database, size, os.path.join(project["root"], config)))
    told = not whole and "settings" in project and is_whole_when_told(options, project, database, size)
    report.pairs += 1
    report.whole += whole
    report.told += told
    if told:
        report.settings[project["name"]] = project["settings"]
    report.total.update(counts)
    report.lines.append(f"| {project['name']} | {database} | {size} | " + " | ".join(str(counts[k]) for k in KINDS)
                        + f" | {counts['neutral']} | {oks['upgrade']} | {oks['downgrade']} | "
                        + f"{'yes' if whole else 'with settings' if told else ''} |")


def main():
    options = arguments()
    os.makedirs(options.records, exist_ok=True)
    report = Report(options.verbose)
    for project in projects(options):
        project.setdefault("name", project["repository"])
        for database in project["databases"]:
            if options.record:
                for seed in range(options.seeds):
                    record(options, project, database, seed)
            if options.cli:
                compare(options, project, database, report)
    if options.cli:
        report.print()
    return 1 if report.wrong or report.bad_graphs else 0


if __name__ == "__main__":
    sys.exit(main())
