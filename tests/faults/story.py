"""A history whose every statement leaves a trace, as an Alembic project, and what a database must hold after any part
of it, worked out here without the programs under test."""
import copy
import os

INI = """[alembic]
script_location = %(here)s/migrations

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARNING
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(levelname)s %(message)s
"""
# The real Alembic is told its URL by -x, ours by --url: it reads env.py, and runs nothing of it.
ENV = """from alembic import context
from sqlalchemy import create_engine, pool

url = context.get_x_argument(as_dictionary=True).get("url")


def offline():
    context.configure(url=url, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()


def online():
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    online()
"""
SCRIPT = """\"\"\"{message}

Revision ID: {id}
Revises: {parent}
\"\"\"
from alembic import op
import sqlalchemy as sa

revision = {id!r}
down_revision = {parent!r}
branch_labels = None
depends_on = None


def upgrade():
{upgrade}


def downgrade():
{downgrade}
"""


def revision_id(number):
    return "r%03d" % number


def write_project(folder, scripts):
    """scripts: (id, parent, upgrade lines, downgrade lines), the first one's parent being None."""
    versions = os.path.join(folder, "migrations", "versions")
    os.makedirs(versions)
    for name, text in (("alembic.ini", INI), ("migrations/env.py", ENV)):
        with open(os.path.join(folder, name), "w") as out:
            out.write(text)
    for script in scripts:
        write_script(folder, *script)


def write_script(folder, number, parent, upgrade, downgrade=("pass",)):
    lines = lambda all_: "\n".join("    " + line for part in all_ for line in part.split("\n"))
    with open(os.path.join(folder, "migrations", "versions", number + "_.py"), "w") as out:
        out.write(SCRIPT.format(message="step " + number, id=number, parent=parent, upgrade=lines(upgrade),
                                downgrade=lines(downgrade)))


def table(facts, name):
    return facts.setdefault(name, {"columns": [], "indexes": [], "rows": []})


class Step:
    """One line of a script and what it does to the facts: {table: columns (name, not null), indexes, rows}."""

    def __init__(self, code, effect):
        self.code = code
        self.effect = effect


def create(name, columns):
    def effect(facts):
        table(facts, name)["columns"] = [(column, fixed) for column, _, fixed in columns]
    return Step("op.create_table(%r, %s)" % (name, ", ".join(
        "sa.Column(%r, sa.%s%s)" % (column, kind, ", nullable=False" if fixed else "")
        for column, kind, fixed in columns)), effect)


def insert(name, rows, values):
    return Step('op.execute("INSERT INTO %s VALUES %s")' % (name, values),
                lambda facts: table(facts, name)["rows"].extend(rows))


def mark(number, letter):
    text = "%s %s" % (revision_id(number), letter)
    return insert("runs", [text], "('%s')" % text)


def steps_of(number, data_first=False):
    name = "t%d" % number

    def add_column(facts):
        found = table(facts, name)
        found["columns"].append(("extra", False))
        found["rows"] = [row + "|~" for row in found["rows"]]

    def fill(facts):
        table(facts, name)["rows"] = ["1|10|11", "2|20|21"]

    def fix(facts):
        table(facts, name)["columns"][1] = ("n", True)

    made = create(name, [("id", "Integer, primary_key=True", True), ("n", "Integer", False)])
    first = [mark(number, "a"), made] if data_first else [made, mark(number, "a")]
    all_ = first + [
        insert(name, ["1|10", "2|20"], "(1, 10), (2, 20)"),
        Step("op.add_column(%r, sa.Column('extra', sa.Integer))" % name, add_column),
        Step('op.execute("UPDATE %s SET extra = n + 1")' % name, fill),
        mark(number, "b"),
        Step("op.create_index('ix_%s', %r, ['n'])" % (name, name),
             lambda facts: table(facts, name)["indexes"].append("ix_" + name))]
    if number % 3 == 0:  # a rebuilt table on SQLite
        all_.append(Step("with op.batch_alter_table(%r) as batch:\n"
                         "    batch.alter_column('n', existing_type=sa.Integer(), nullable=False)" % name, fix))
    if number == 1:
        all_.insert(0, create("runs", [("name", "String(20)", True)]))
    return all_


class Story:
    """count revisions r001, r002 …; a project in folder."""

    def __init__(self, folder, count, data_first=False):
        self.folder = folder
        self.count = count
        self.steps = {number: steps_of(number, data_first) for number in range(1, count + 1)}
        self.last = revision_id(count)
        write_project(folder, [self.script(number) for number in range(1, count + 1)])

    def script(self, number):
        down = ["op.drop_table('t%d')" % number,
                'op.execute("DELETE FROM runs WHERE name LIKE \'%s%%\'")' % revision_id(number)]
        return (revision_id(number), revision_id(number - 1) if number > 1 else None,
                [step.code for step in self.steps[number]], down + (["op.drop_table('runs')"] if number == 1 else []))

    def facts(self, done, statements=0):
        """After the first done revisions and that many statements of the next."""
        facts = {}
        for number in range(1, done + 1):
            for step in self.steps[number]:
                step.effect(facts)
        for step in self.steps.get(done + 1, [])[:statements]:
            step.effect(facts)
        for found in facts.values():
            found["rows"].sort()
            found["indexes"].sort()
        return copy.deepcopy(facts)

    def problem(self, state):
        """What is wrong with a database that some of the story has been applied to; "" if it is what it says."""
        rows = state.position or []
        if len(rows) > 1:
            return "the version table has %d rows" % len(rows)
        done = int(rows[0][1:]) if rows else 0
        if not state.journal:
            return "" if state.facts == self.facts(done) else "at %s, but it holds something else" % (rows or "base")
        known = [row[1] for row in sorted(state.journal)]
        whole = known.count("done")
        for statements in range(whole, whole + known.count("started") + 1):
            if state.facts == self.facts(done, statements):
                return ""
        return "at %s, and the journal (%s) doesn't say what it holds" % (rows, known)

    def unfinished(self, state):
        """What is wrong with a database that all of the story has been applied to, once."""
        if state.position != [self.last]:
            return "it is at %s" % state.position
        if state.journal is not None:
            return "the journal is still there"
        return "" if state.facts == self.facts(self.count) else "it is at the end, but holds something else"
