"""R5: several clients at once, from the start and from the middle of the history. F9: Alembic on the same database."""
import story
from lab import Tally, sleep_until


def at_once(lab, program, kind, count):
    tallies = []
    for clients in (2, 8):
        tally = Tally("R5", "%d clients at once: each revision applied once, none fails" % clients, kind, program.name)
        for number in range(count):
            told = lab.story(6, data_first=number % 2 == 1)
            with lab.database(kind) as database:
                if number % 4 >= 2:
                    program.run(told.folder, database, ["upgrade", "r003"])
                runs = [program.start(told.folder, database, ["upgrade", "head"]) for _ in range(clients)]
                ended = [run.end() for run in runs]
                problem = told.unfinished(database.state())
                for one in ended:
                    if one.code not in (0, 4) or "Traceback" in one.said or "eadlock" in one.said:
                        problem = problem or str(one)
                    tally.remark("exit code %s" % one.code)
                tally.check(problem, "%s first, from %s" % ("data" if number % 2 else "schema",
                                                           "r003" if number % 4 >= 2 else "base"))
        tallies.append(tally)
    return tallies


def with_alembic(lab, program, kind, count):
    return [in_turns(lab, program, kind, count), beside(lab, program, kind, count)] if lab.alembic else []


def in_turns(lab, program, kind, count):
    """Each goes up or down by one revision, whoever's turn it is, from where the other has left the database."""
    told = lab.story(6)
    tally = Tally("F9", "Alembic and Tribikos in turns: each goes on where the other stopped", kind, program.name)
    for _ in range(count):
        with lab.database(kind) as database:
            done = 0
            for move in range(12):
                mover, looker = lab.random.sample([program, lab.alembic], 2)
                is_up = done == 0 or (done < told.count and lab.random.random() < 0.65)
                done += 1 if is_up else -1
                ended = mover.run(told.folder, database, ["upgrade", "+1"] if is_up else ["downgrade", "-1"])
                state = database.state()
                here = [story.revision_id(done)] if done else []
                problem = str(ended) if ended.code != 0 else told.problem(state)
                if (state.position or []) != here or state.journal:
                    problem = problem or "it is at %s, journal %s" % (state.position, state.journal)
                said = looker.run(told.folder, database, ["current"])
                if said.code != 0 or (here and here[0] not in said.out):
                    problem = problem or "%s says of it: %s" % (looker.name, said)
                if not tally.check(problem, "%s, move %d" % (mover.name, move + 1)):
                    break
    return tally


def beside(lab, program, kind, count):
    """Both at work at the same time. PostgreSQL's locks and SQLite's keep them apart. MySQL has none that Alembic would
    know: where both run the same revision ours ends, names what it has done of it, and leaves the rest to somebody who looks."""
    tally = Tally("F9", "Alembic at work at the same time: no wrong success, no revision twice", kind, program.name)
    for number in range(count):
        told = lab.story(20, data_first=number % 2 == 1)
        with lab.database(kind) as database:
            other = lab.alembic.start(told.folder, database, ["upgrade", "head"])
            sleep_until(other.since, lab.moment(lab.alembic, kind, told))
            ours = program.run(told.folder, database, ["upgrade", "head"])
            theirs = other.end()
            tally.remark("ours %s, Alembic's %s" % (ours.code, theirs.code))
            if "Already applied" in ours.said:
                tally.remark("met in the middle")
            fine = (0,) if kind == "PostgreSQL" else (0, 3, 4)
            problem = str(ours) if ours.code not in fine or "Traceback" in ours.said else ""
            again = program.run(told.folder, database, ["upgrade", "head"])
            half = kind == "MariaDB" and again.code == 3 and "broke off in the middle of the upgrade" in again.said
            if half:
                tally.remark("half of a revision of ours is in, and named")
            elif kind == "PostgreSQL" or theirs.code == 0:
                problem = problem or (str(again) if again.code != 0 else told.unfinished(database.state()))
            tally.check(problem)
    return tally
