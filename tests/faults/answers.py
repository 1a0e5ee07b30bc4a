"""R12: exit codes are a contract. S1: a version table that isn't one, a file that is none."""
import time

import story
from lab import SERVERS, Tally, one_line


def exit_codes(lab, program, kind, count):
    """Each code of README.md, brought about."""
    told = lab.story(3)
    tally = Tally("R12", "exit codes say what happened", kind, program.name)
    with lab.database(kind) as database:
        nowhere = database.url.replace(":%d/" % database.port, ":1/") if kind in SERVERS \
            else "sqlite:////nowhere/at/all.db"

        def expect(code, words, where=database, folder=told.folder, what=""):
            ended = program.run(folder, where, words)
            problem = "" if ended.code == code else "%d was expected: %s" % (code, ended)
            tally.check(problem, what or " ".join(words))

        expect(1, ["current", "--check-heads"])
        expect(0, ["upgrade", "r002"])
        expect(0, ["upgrade", "r002"], what="nothing to do")
        expect(2, ["upgrade"])
        expect(2, ["upgrade", "head", "--nonsense"])
        expect(2, ["upgrade", "head", "--lock-wait", "soon"])
        expect(5, ["upgrade", "head"], nowhere, what="no connection")
        expect(6, ["upgrade", "head"], folder=broken_project(lab), what="a project that turns in a circle")
        expect(7, ["upgrade", "base:head", "--sql"], folder=reading_project(lab), what="a script that reads rows")
        expect(3, ["upgrade", "head"], folder=leaving_project(lab), what="os._exit(0) in a revision")
        database.execute("UPDATE alembic_version SET version_num = 'gone'")
        for words in (["upgrade", "head"], ["current"], ["downgrade", "base"]):
            ended = program.run(told.folder, database, words)
            tally.check("" if ended.code not in (0, None) or words == ["current"] else str(ended),
                        "an unknown position, " + words[0])
        database.execute("UPDATE alembic_version SET version_num = 'r002'")
        expect(0, ["upgrade", "head"])
        expect(0, ["downgrade", "base"])
        tally.check("" if database.state().facts == {} else "something is left")
    return [tally]


def broken_project(lab):
    folder = lab.folder("broken") + "/p"
    story.write_project(folder, [("r001", "r002", ["pass"], ["pass"]), ("r002", "r001", ["pass"], ["pass"])])
    return folder


def reading_project(lab):
    folder = lab.folder("reading") + "/p"
    story.write_project(folder, [("r001", None, [
        "for row in op.get_bind().execute(sa.text('SELECT name FROM runs')):", "    op.drop_table(row[0])"], ["pass"])])
    return folder


def leaving_project(lab):
    """As the story's first two, and a third one that leaves."""
    folder = lab.folder("leaving") + "/p"
    told = story.Story(folder, 2)
    story.write_script(folder, "r003", "r002", ["import os", "os._exit(0)"])
    return told.folder


GOOD = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"
ROW = "INSERT INTO alembic_version VALUES (%s)"
ANY = {"SQLite": "TEXT", "PostgreSQL": "TEXT", "MariaDB": "LONGTEXT"}
# What stands where the version table should, and whether an upgrade may go through all the same.
TABLES = {
    "a NULL row": ["CREATE TABLE alembic_version (version_num VARCHAR(32))", ROW % "NULL"],
    "NULL beside a row": ["CREATE TABLE alembic_version (version_num VARCHAR(32))", ROW % "'r001'", ROW % "NULL"],
    "an empty row": [GOOD, ROW % "''"],
    "an unknown row": [GOOD, ROW % "'deadbeef'"],
    "a row twice": [GOOD, ROW % "'r001'", ROW % "'r001'"],
    "a row and its ancestor": [GOOD, ROW % "'r002'", ROW % "'r001'"],
    "another column": ["CREATE TABLE alembic_version (revision VARCHAR(32))"],
    "numbers": ["CREATE TABLE alembic_version (version_num INTEGER NOT NULL)", ROW % "5"],
    "a view": ["CREATE VIEW alembic_version AS SELECT 'r001' AS version_num"],
    "a row that steers": [GOOD, ROW % "'{escape}'"],
    "a long row": ["CREATE TABLE alembic_version (version_num {any} NOT NULL)", ROW % "'{long}'"],
    "many rows": ["CREATE TABLE alembic_version (version_num {any} NOT NULL)",
                  "INSERT INTO alembic_version SELECT a.n FROM (%s) a, (%s) b, (%s) c, (%s) d, (%s) e"
                  % (("SELECT 1 AS n" + " UNION ALL SELECT 2" * 9,) * 5)],
    "a column that wants a value": ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                                    "more INTEGER NOT NULL)"],
    "SQL in a row": [GOOD.replace("32", "200"), ROW % "'r001''; DROP TABLE alembic_version; --'"],
}


def damaged_tables(lab, program, kind, count):
    told = lab.story(3)
    tally = Tally("S1", "a damaged version table: refused in one line, nothing done", kind, program.name)
    for name, statements in TABLES.items():
        with lab.database(kind) as database:
            for sql in statements:
                database.execute(sql.format(escape="\x1b[2J\x07", long="r" * 20000, any=ANY[kind]))
            for words in (["upgrade", "head"], ["downgrade", "base"], ["current"], ["stamp", "head"]):
                if words[0] == "stamp":  # may be meant
                    continue
                begun = time.monotonic()
                ended = program.run(told.folder, database, words)
                problem = ""
                if ended.code is None or ended.code < 0 or time.monotonic() - begun > 15 or "\x1b" in ended.said:
                    problem = str(ended)
                elif words[0] == "upgrade":
                    made = [row for row in database.catalogue()[0] if row[0] == "runs"]
                    problem = "" if ended.code not in (0, 1) and not made else "it went through: %s" % ended
                problem = problem or (one_line(ended.out) if ended.code != 0 else "")
                tally.check(problem, "%s, %s" % (name, words[0]))
    return [tally]
