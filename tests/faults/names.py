"""S4: random identifiers, made, read back and dropped, and the offline scripts through the vendors' clients. S6: hostile
names through every command: no control character reaches the terminal."""
import json
import os
import subprocess

import story
from lab import Tally

# No tabs: in a script both Alembic and we write four blanks for one.
POOL = list("ab \"'`.;:%{}<>\\[]()?$#@!&|=~^,-+*/_0é漢Ω") + ["--", "/*", "*/", "''", '""', "``", "%s", "%(a)s", "$$",
                                                            "DROP", "select", "\u202e", "\u200d", "ﬀ", "I", "ß", "😀"]
IN_BATCH = 100


def random_name(random, kind, taken):
    """Unlike all before, also for whom capitals don't matter; as long as the database takes."""
    most = {"PostgreSQL": 63, "MariaDB": 40, "SQLite": 200}[kind]  # MariaDB: five bytes a character of a file name
    while True:
        name = "".join(random.choice(POOL) for _ in range(random.randint(1, 24)))
        if kind == "MariaDB":  # what it refuses: blanks at the end, and what isn't in the basic plane
            name = "".join(c for c in name if ord(c) < 0x10000).rstrip(" \t") + "x"
            name = name[:most]
        while len(name.encode()) > most and kind == "PostgreSQL":
            name = name[:-1]
        if random.random() < 0.05 and kind == "PostgreSQL":
            name = (name.encode() + b"e" * most)[:most].decode(errors="ignore").ljust(1, "x")
        if name.strip() and name.casefold() not in taken and not name.lower().startswith("sqlite_"):
            taken.add(name.casefold())
            return name


def found_names(database):
    sql = {
        "SQLite": "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'",
        "PostgreSQL": "SELECT encode(convert_to(c.relname, 'UTF8'), 'hex'), encode(convert_to(a.attname, 'UTF8'), "
                      "'hex') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind = 'r' AND "
                      "c.relnamespace = 'public'::regnamespace AND a.attnum > 0",
        "MariaDB": "SELECT hex(convert(table_name USING utf8mb4)), hex(convert(column_name USING utf8mb4)) "
                   "FROM information_schema.columns WHERE table_schema = database()"}[database.kind]
    rows = database.query(sql)
    if database.kind != "SQLite":
        rows = [tuple(bytes.fromhex(cell).decode() for cell in row) for row in rows]
    return {row for row in rows if row[0] != "alembic_version"}


def run_script(database, sql):
    """The vendor's own client, fed with the script as it is."""
    if database.kind == "SQLite":
        done = subprocess.run(["sqlite3", "-bail", database.path], input=sql, capture_output=True, text=True)
        return done.stderr if done.returncode != 0 or done.stderr else ""
    done = database.call(database.client(database.name), sql, check=False)
    return done.stderr if done.returncode != 0 else ""


def round_trips(lab, program, kind, count):
    tally = Tally("S4", "random identifiers: made, read back, dropped; scripts through the vendor's client", kind,
                  program.name)
    for begin in range(0, count, IN_BATCH):
        taken = {"alembic_version"}
        names = {(random_name(lab.random, kind, taken), random_name(lab.random, kind, taken))
                 for _ in range(min(IN_BATCH, count - begin))}
        folder = lab.folder("names") + "/p"
        story.write_project(folder, [(
            "r001", None,
            ["op.create_table(%r, sa.Column(%r, sa.Integer, primary_key=True), sa.Column('n', sa.Integer))" % pair
             for pair in names]
            + ["op.create_index('ix_%d', %r, ['n'])" % (number, pair[0]) for number, pair in enumerate(names)],
            ["op.drop_table(%r)" % pair[0] for pair in names])])
        names |= {(name, "n") for name, _ in names}
        problem = one_batch(lab, program, kind, folder, names)
        tally.tried += len(names) // 2 - 1
        tally.check(problem)
    return [tally]


def one_batch(lab, program, kind, folder, names):
    with lab.database(kind) as database:
        made = program.run(folder, database, ["upgrade", "head"])
        if made.code != 0 or found_names(database) != names:
            return "%s %s" % (made, sorted(found_names(database) ^ names)[:5])
        read = program.run(folder, database, ["--json", "diff", "head", database.url])
        if read.code != 0:
            return "read back: %s" % read
        gone = program.run(folder, database, ["downgrade", "base"])
        if gone.code != 0 or found_names(database):
            return "dropped: %s %s" % (gone, sorted(found_names(database))[:5])
    with lab.database(kind) as database:
        for direction, wanted in (("upgrade base:head", names), ("downgrade r001:base", set())):
            script = program.run(folder, database, direction.split() + ["--sql"])
            said = run_script(database, script.out) if script.code == 0 else str(script)
            if said or found_names(database) != wanted:
                return "%s --sql: %s %s" % (direction, said, sorted(found_names(database) ^ wanted)[:5])
    return ""


HOSTILE = ["\x1b]0;title\x07", "\x1b[2J", "a\nb", "a\r\nFAILED", "\x9b31m", "\x7f", "\u202egnp.exe", "\u2066x\u2069",
           "<b>x</b>", "<img src=x>", "a\tb", "%s%n", "\x08\x08", "${HOME}", "$(id)", "`id`", "'; DROP TABLE t; --",
           "\x1b[31mred\x1b[0m", "\u200e\u200f", "\x0e\x0f", "x" * 300, "\x85next", "\u2028line", "{0}", "&amp;"]
VERBS = [["history"], ["history", "-v"], ["history", "-i"], ["heads", "-v"], ["branches", "-v"], ["show", "head"],
         ["current", "-v"], ["upgrade", "r001"], ["check"], ["diff"], ["diff", "--markdown"], ["upgrade", "head", "--plan"],
         ["diff", "base", "head"], ["diff", "base", "head", "--markdown"], ["upgrade", "head", "--dry-run"],
         ["upgrade", "head"], ["--raiseerr", "upgrade", "head"], ["current"], ["runs"], ["runs", "show", "1"],
         ["runs", "diagnostics", "1"], ["runs", "show", "2"], ["downgrade", "base"], ["upgrade", "no\x1b[2Jwhere"],
         ["rescue", "no\x1b[2J"], ["stamp", "\x1b[2J"], ["merge", "heads", "-m", "\x1b[2J"], ["edit", "\x1b[2J"]]
SCRIPTS = [["upgrade", "base:r001", "--sql"], ["diff", "base", "head", "--sql"]]


def is_raw(character):
    code = ord(character)
    return (code < 32 and character not in "\n\t") or 127 <= code < 160 or character in "\u200e\u200f" \
        or 0x202a <= code <= 0x202e or 0x2066 <= code <= 0x2069


def hostile(lab, program, kind, count):
    """Names, messages, labels, defaults and comments; count: how many of them, 0: all."""
    tally = Tally("S6", "hostile names through every command: nothing steers the terminal", kind, program.name)
    for name in HOSTILE if not count else lab.random.sample(HOSTILE, count):
        folder = lab.folder("hostile") + "/p"
        short = name[:50]
        story.write_project(folder, [
            ("r001", None, ["op.create_table(%r, sa.Column(%r, sa.String(9), server_default=%r, comment=%r))"
                            % (short + "t", short + "c", short[:9], short)], ["op.drop_table(%r)" % (short + "t")]),
            ("r002", "r001", ["op.execute(%r)" % ("SELECT '%s' FROM nowhere" % short)], ["pass"])])
        path = os.path.join(folder, "migrations", "versions", "r001_.py")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace('"""step r001', '"""' + name.replace("\\", "\\\\")))
        with lab.database(kind) as database:
            for words in VERBS + SCRIPTS:
                ended = program.run(folder, database, words, limit=20)
                said = ended.err + ("\n".join(line for line in ended.out.split("\n") if line.startswith("--"))
                                    if words in SCRIPTS else ended.out)
                raw = sorted({character for character in said if is_raw(character)})
                problem = "" if ended.code is not None and ended.code >= 0 else str(ended)
                tally.check(problem or (raw and "%r is in %r" % (raw, said[:300])), "%r, %s" % (name, words))
    return [tally]
