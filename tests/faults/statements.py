"""R4: a statement that fails, at every place of a revision."""
import re
import shutil

import story
from lab import Tally, one_line

FAILING = {
    "syntax": "ALTER TABLE t3 ADD COLUMN late NONSENSE(3,",
    "missing table": "UPDATE nowhere SET n = 1",
    "duplicate table": "CREATE TABLE t1 (id INTEGER)",
    "duplicate key": "INSERT INTO t1 (id, n) VALUES (1, 10)",
    "null in a key": "INSERT INTO runs (name) VALUES (NULL)",
    "missing column": "CREATE INDEX late ON t1 (nothing)",
}


def failing(lab, program, kind, count):
    tally = Tally("R4", "a failing statement: one line, and the corrected script finishes", kind, program.name)
    whole = lab.story(4)
    places = [(name, place) for place in range(len(whole.steps[3]) + 1) for name in FAILING]
    for name, place in places if not count else lab.random.sample(places, count):
        folder = lab.folder("failing")
        told = story.Story(folder + "/p", 4)
        number, parent, upgrade, downgrade = told.script(3)
        broken = upgrade[:place] + ['op.execute("%s")' % FAILING[name]] + upgrade[place:]
        story.write_script(told.folder, number, parent, broken, downgrade)
        with lab.database(kind) as database:
            ended = program.run(told.folder, database, ["upgrade", "head"])
            problem = told.problem(database.state())
            if program is lab.ours:  # how Alembic says it is its own affair
                problem = problem or ("" if ended.code == 3 else str(ended)) or one_line(ended.out)
                if not re.search(r"r003 \(r003_\.py:\d+\) failed at statement \d+", ended.out):
                    problem = problem or "the place is not said: %s" % ended
            story.write_script(told.folder, number, parent, upgrade, downgrade)
            again = program.run(told.folder, database, ["upgrade", "head"])
            problem = problem or (str(again) if again.code != 0 else told.unfinished(database.state()))
            tally.check(problem, "%s, before statement %d" % (name, place + 1))
        shutil.rmtree(folder)
    return [tally]
