#!/usr/bin/env python3
"""Records what the real Alembic prints offline for the scripts of cases.json: record.py [cases.json]

Needs Alembic 1.19.2 and SQLAlchemy 2.0.52 on the path. A case has "up", perhaps "down", statements of upgrade() and
downgrade(), "top", a name in "tops" of what stands above them, and perhaps "env", lines of env.py, or "files" beside it.
Expected is what lies between the comment of the step and the statement on the version table; of a case with "env" all of it.
"""
import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HEAD = """from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, mysql, sqlite
revision = 'a1'
down_revision = None
"""
ENV = """from alembic import context
import sqlalchemy as sa
config = context.config
target_metadata = None
%s
def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=target_metadata,
                      literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()
run_migrations_offline()
"""
INI = "[alembic]\nscript_location = %%(here)s/migrations\nprepend_sys_path = .\nsqlalchemy.url = %s://\n"


def body(text):
    return "".join("    " + line + "\n" for line in (text or "pass").split("\n"))


def write(folder, case, tops, dialect):
    script = HEAD + tops[case["top"]] + "\ndef upgrade():\n" + body(case.get("up"))
    script += "\ndef downgrade():\n" + body(case.get("down"))
    files = {"migrations/versions/a1.py": script, "alembic.ini": INI % dialect}
    env = case.get("env", "")
    files["migrations/env.py"] = env if "configure(" in env else ENV % env
    files.update(case.get("files", {}))
    for name, text in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def essence(text):
    start = text.index("\n\n", text.index("-- Running ")) + 2
    end = max(text.rfind("INSERT INTO alembic_version"), text.rfind("DELETE FROM alembic_version"))
    return text[start:end]


def run(folder, direction):
    from alembic import command
    from alembic.config import Config
    out = io.StringIO()
    os.chdir(folder)
    with contextlib.redirect_stdout(out):
        config = Config("alembic.ini", stdout=out, output_buffer=out)
        if direction == "up":
            command.upgrade(config, "head", sql=True)
        else:
            command.downgrade(config, "a1:base", sql=True)
    return out.getvalue()


def main(path):
    recorded = json.loads(pathlib.Path(path).read_text())
    for case in recorded["cases"]:
        expected = {}
        for dialect in case.get("dialects", ["sqlite", "postgresql", "mysql", "mariadb"]):
            for direction in ["up", "down"] if "down" in case else ["up"]:
                with tempfile.TemporaryDirectory() as folder:
                    write(folder, case, recorded["tops"], dialect)
                    done = subprocess.run([sys.executable, __file__, "--run", folder, direction],
                                          capture_output=True, text=True)
                if done.returncode == 0:
                    text = done.stdout if "env" in case else essence(done.stdout)
                    expected[dialect + "." + direction] = text
        case["expected"] = expected
    pathlib.Path(path).write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")


if sys.argv[1:2] == ["--run"]:
    sys.stdout.write(run(*sys.argv[2:]))
else:
    main(os.path.abspath(sys.argv[1] if sys.argv[1:] else "cases.json"))
