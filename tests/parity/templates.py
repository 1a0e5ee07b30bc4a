#!/usr/bin/env python3
"""Renders real projects' script.py.mako through tribikos-cli and through the real Alembic, and compares the files.

  templates.py --cli tribikos-cli [--python PY] FILE-OR-FOLDER…

PY must be able to import Alembic. Each template makes five revisions, and two more each with a time zone and with
revision_environment. "refused" is fine where Alembic drops what was asked for (a template without branch_labels or
depends_on) or where env.py has a say; ends with 1 when a file differs."""

import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

EPOCH = 1736942400
ALEMBIC = f"""
import datetime, sys
import alembic.script.base as base
class Fixed(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp({EPOCH}, tz)
module = type(sys)("datetime")
module.__dict__.update(datetime.__dict__)
module.datetime = Fixed
base.datetime = module
from alembic.config import main
main(argv=sys.argv[1:])
"""
ENVIRONMENT = """from alembic import context
import sqlalchemy as sa
context.configure(connection=sa.create_engine("sqlite://").connect())
with context.begin_transaction():
    context.run_migrations()
"""
SETTINGS = ("", "timezone = Europe/Berlin\n", "revision_environment = true\n")
REQUESTS = (
    ["-m", "one message", "--head", "a1"],
    ["-m", "quo\"te 's", "--head", "base"],
    ["--head", "a1"],
    ["-m", "x", "--branch-label", "lab", "--head", "a1"],
    ["-m", "dep", "--depends-on", "a1", "--depends-on", "b1", "--head", "base"],
)


def templates(paths):
    for path in map(pathlib.Path, paths):
        yield from [path] if path.is_file() else sorted(path.rglob("script.py.mako"))


def lay_out(folder, template, setting):
    versions = folder / "m" / "versions"
    versions.mkdir(parents=True)
    shutil.copyfile(template, folder / "m" / "script.py.mako")
    (folder / "m" / "env.py").write_text(ENVIRONMENT)
    (folder / "alembic.ini").write_text(
        "[alembic]\nscript_location = %(here)s/m\npath_separator = os\ndatabases = a, b\n" + setting)
    (versions / "a1.py").write_text("revision = 'a1'\ndown_revision = None\n")
    (versions / "b1.py").write_text("revision = 'b1'\ndown_revision = None\nbranch_labels = ('bb',)\n")


def made(program, template, setting, request):
    """The new file's name and bytes, or None and what was said instead."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        lay_out(folder, template, setting)
        environment = dict(os.environ, SOURCE_DATE_EPOCH=str(EPOCH), TZ="UTC")
        run = subprocess.run([*program, "revision", *request, "--rev-id", "n1"], cwd=folder, env=environment,
                             capture_output=True, text=True, check=False)
        for file in (folder / "m" / "versions").glob("n1*.py"):
            return file.name, file.read_bytes()
        return None, (run.stdout + run.stderr).strip()[-200:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("paths", nargs="+", metavar="FILE-OR-FOLDER")
    options = parser.parse_args()
    counts = collections.Counter()
    for template in templates(options.paths):
        counts["templates"] += 1
        for setting in SETTINGS:
            for request in REQUESTS[:None if not setting else 2]:
                theirs = made([options.python, "-c", ALEMBIC], template, setting, request)
                ours = made([os.path.abspath(options.cli)], template, setting, request)
                if ours == theirs or (ours[0] is None and theirs[0] is None):
                    counts["equal"] += 1
                elif ours[0] is None:
                    counts["refused"] += 1
                    print("refused", template, setting.strip(), *request, "\n   ", ours[1])
                elif theirs[0] is None:
                    counts["only ours"] += 1
                    print("only ours", template, setting.strip(), *request, "\n   ", theirs[1].splitlines()[-1:])
                else:
                    counts["WRONG"] += 1
                    print("WRONG", template, setting.strip(), *request)
    print(dict(counts))
    return 1 if counts["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main())
