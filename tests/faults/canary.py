"""S3: a password that stands in many places must be found in none of those where the program puts things."""
import os
import stat
import subprocess
import time

import story
from lab import Tally

CANARY = "cAnaRy7xQ"
LOGGING = story.INI.replace("handlers = console", "handlers = console,file").replace(
    "keys = console", "keys = console,file").replace("level = WARNING", "level = DEBUG") + """[handler_file]
class = FileHandler
args = ("project.log",)
formatter = plain
"""
# A git that tells what it was given.
GIT = """#!/bin/sh
{ tr '\\0' '\\n' < /proc/$$/environ; printf '%%s\\n' "$@"; } >> %s
exec %s "$@"
"""
SQL = {
    "PostgreSQL": ["CREATE ROLE {role} LOGIN PASSWORD '{canary}'",
                   "ALTER ROLE {role} WITH ENCRYPTED PASSWORD E'{canary}'",
                   "DO $x$ BEGIN RAISE NOTICE 'postgresql://a:{canary}@h/d'; END $x$",
                   "DROP ROLE {role}"],
    "MariaDB": ["CREATE USER {role}@localhost IDENTIFIED BY '{canary}'",
                "SET PASSWORD FOR {role}@localhost = PASSWORD('{canary}')",
                "ALTER USER {role}@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('{canary}')",
                "GRANT SELECT ON *.* TO {role}@localhost IDENTIFIED BY '{canary}'",
                "DROP USER {role}@localhost"],
}


class Place:
    """name; url: for --url; words, env, text (standard input) and files that go with it."""

    def __init__(self, name, url="", words=(), env=None, text=None, files=None):
        self.name = name
        self.url = url
        self.words = list(words)
        self.env = env or {}
        self.text = text
        self.files = files or {}


def places(database):
    url = database.url
    secret = url.replace("tribikos:tribikos@", "canary:%s@" % CANARY)
    bare = url.replace("tribikos:tribikos@", "canary@")
    toml = '[project]\nalembic = "alembic.ini"\n[environments.here]\nurl = "%s"\n'
    variable = toml % url.replace("tribikos:tribikos@", "canary:${CANARY_PASSWORD}@")
    chosen = ["--env", "here"]
    found = [
        Place("URL", secret),
        Place("URL's query", bare + "?password=" + CANARY),
        Place("ini", files={"alembic.ini": LOGGING.replace("[alembic]", "[alembic]\nsqlalchemy.url = " + secret)}),
        Place("tribikos.toml", words=chosen, files={"tribikos.toml": toml % secret}),
        Place("variable", words=chosen, env={"CANARY_PASSWORD": CANARY}, files={"tribikos.toml": variable}),
        Place(".env", words=chosen, files={"tribikos.toml": variable, ".env": "CANARY_PASSWORD=%s\n" % CANARY}),
        Place("--password-env", bare, ["--password-env", "CANARY_PASSWORD"], {"CANARY_PASSWORD": CANARY}),
        Place("--password-stdin", bare, ["--password-stdin"], text=CANARY + "\n"),
        Place("wrong database", secret + "none"),
        Place("wrong port", secret.replace(":%d/" % database.port, ":1/")),
        Place("failing login", secret.replace("canary:", "nobody:")),
        Place("malformed URL", secret.replace(":%d/" % database.port, ":po%rt/")),
        Place("unknown database system", secret.replace("://", "q://", 1)),
        Place("password with an @", secret.replace(CANARY, CANARY + "@" + CANARY + "/" + CANARY)),
    ]
    if database.kind == "PostgreSQL":
        found.append(Place("pass file", bare, env={"PGPASSFILE": "pgpass"},
                           files={"pgpass": "*:*:*:*:%s\n" % CANARY}))
    return found


def everything(folder):
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                yield os.path.join(path, name), file.read().decode("utf-8", "replace")


def make_project(folder, place, kind, role):
    scripts = [line.format(role=role, canary=CANARY) for line in SQL[kind]]
    slow = {"PostgreSQL": "SELECT pg_sleep(0.3)", "MariaDB": "SELECT SLEEP(0.3)"}[kind]
    code = lambda sql: "op.execute(%r)" % sql
    story.write_project(folder, [
        ("r001", None, [code(sql) for sql in [slow] + scripts], ["pass"]),
        ("r002", "r001", [code(scripts[0]), code(scripts[0])], ["pass"])])  # the second time it fails
    for name, text in {"alembic.ini": LOGGING, **place.files}.items():
        with open(os.path.join(folder, name), "w") as out:
            out.write(text)
    if "pgpass" in place.files:
        os.chmod(os.path.join(folder, "pgpass"), 0o600)
    subprocess.run("git init -q . && git add migrations && git -c user.name=a -c user.email=a@b commit -qm x",
                   shell=True, cwd=folder, check=True, capture_output=True)


COMMANDS = [["upgrade", "r001"], ["--raiseerr", "upgrade", "head"], ["--json", "upgrade", "head"], ["current", "-v"],
            ["upgrade", "head", "--plan"],
            ["--json", "upgrade", "head", "--plan"], ["upgrade", "head", "--dry-run"],
            ["--json", "upgrade", "head", "--dry-run"], ["check"],
            ["heads", "--with", "HEAD"], ["rescue", "abcdef"], ["runs"], ["--json", "runs"], ["runs", "show", "1"],
            ["runs", "show", "2"], ["runs", "show", "3"], ["--json", "runs", "show", "2"], ["runs", "diagnostics", "1"],
            ["runs", "diagnostics", "2"]]


def leaks(lab, program, kind, count):
    """count: how many of the places; 0: all of them."""
    tally = Tally("S3", "a password, in many places, found in no sink", kind, program.name)
    with lab.database(kind) as database:
        account(database, "CREATE", CANARY)
        try:
            all_ = places(database)
            for place in all_ if not count else lab.random.sample(all_, count):
                one_place(lab, program, kind, database, place, tally)
        finally:
            account(database, "DROP", CANARY)
    return [tally]


def account(database, verb, password):
    """Dropped with all that it owns, and made."""
    if database.kind == "MariaDB":
        database.admin("DROP USER IF EXISTS canary@'127.0.0.1'")
        if verb == "CREATE":
            database.admin("CREATE USER canary@'127.0.0.1' IDENTIFIED BY '%s'; GRANT ALL ON *.* TO canary@'127.0.0.1' "
                           "WITH GRANT OPTION" % password)
        return
    if verb == "DROP":
        database.execute("DROP OWNED BY canary CASCADE")
    database.execute("DROP ROLE IF EXISTS canary")
    if verb == "CREATE":
        database.execute("CREATE ROLE canary SUPERUSER LOGIN PASSWORD '%s'" % password)


def one_place(lab, program, kind, database, place, tally):
    role = "r" + os.urandom(6).hex()
    home = lab.folder("canary")
    folder = os.path.join(home, "project")
    make_project(folder, place, kind, role)
    own = type(program)(program.command, os.path.join(home, "home"))
    heard = os.path.join(home, "git-heard")
    fake = os.path.join(home, "bin", "git")
    os.makedirs(os.path.dirname(fake))
    with open(fake, "w") as out:
        out.write(GIT % (heard, subprocess.run(["which", "git"], capture_output=True, text=True).stdout.strip()))
    os.chmod(fake, os.stat(fake).st_mode | stat.S_IXUSR)
    env = {**place.env, "PATH": os.path.dirname(fake) + ":" + os.environ["PATH"]}
    put = {os.path.join(folder, name) for name in place.files} | {fake}
    sinks = {}
    for words in COMMANDS:
        run = own.start(folder, place.url, place.words + words, env, place.text)
        if words[0] == "upgrade":
            time.sleep(0.15)
            sinks["argv"] = read(run.process.pid)
        ended = run.end(60)
        sinks["stdout of " + " ".join(words)] = ended.out
        sinks["stderr of " + " ".join(words)] = ended.err
        tally.check(str(ended) if ended.code is None or ended.code < 0 else "", place.name)
    script = own.run(folder, place.url, place.words + ["--dialect", kind.lower(), "upgrade", "base:head", "--sql"],
                     env, place.text)
    if script.code == 0 and script.out.count(CANARY) < len(SQL[kind]) - 1:
        tally.check("the offline script isn't whole", place.name)
    for path, text in everything(home):
        if path not in put and not path.startswith(os.path.join(folder, "migrations")) and "/.git/" not in path:
            sinks["file " + os.path.relpath(path, home)] = text
    for sink, text in sinks.items():
        at = text.find(CANARY)
        tally.check("" if at < 0 else "…%s…" % text[max(0, at - 60):at + 30], "%s → %s" % (place.name, sink))
    if os.path.exists(heard):
        tally.remark("git was called")


def read(pid):
    try:
        with open("/proc/%d/cmdline" % pid) as words:
            return words.read().replace("\0", " ")
    except OSError:
        return ""
