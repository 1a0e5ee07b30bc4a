"""R1 and R2: kill -9 at random moments. U3: SIGINT at random moments. R3: kill -9 at every call that writes."""
import signal

from calls import Failing, count_calls, spread
from lab import Tally, sleep_until

REVISIONS = {"SQLite": 30, "PostgreSQL": 30, "MariaDB": 12}


def rerun(lab, tally, program, told, database, where):
    """The same command again must finish."""
    again = program.run(told.folder, database, ["upgrade", "head"])
    problem = str(again) if again.code != 0 else told.unfinished(database.state())
    return tally.check(problem, where)


def sound(database):
    return "" if database.kind != "SQLite" or database.is_sound() else "SQLite finds damage"


def killed(lab, program, kind, count):
    told = lab.story(REVISIONS[kind])
    states = Tally("R1", "kill -9 at random moments: schema and version agree", kind, program.name)
    reruns = Tally("R2", "… and the same command finishes", kind, program.name)
    for number in range(count):
        options = {"journal_mode": ("delete", "wal")[number % 2]} if kind == "SQLite" else {}
        with lab.database(kind, **options) as database:
            moment = lab.moment(program, kind, told)
            run = program.start(told.folder, database, ["upgrade", "head"])
            sleep_until(run.since, moment)
            ended = run.kill()
            states.remark("killed" if ended.code == -signal.SIGKILL else "too late")
            if ended.code == 0:
                lab.shorten(program, kind, told, ended.seconds)
            state = database.state()
            where = "%s after %.3f s" % (program.name, moment)
            states.check(told.problem(state) or sound(database), where)
            if state.journal:
                states.remark("half-applied, in the journal")
            rerun(lab, reruns, program, told, database, where)
    if states.remarks.get("killed", 0) == 0:
        states.failures.append("no kill came in time")
    return [states, reruns]


def cancelled(lab, program, kind, count):
    told = lab.story(REVISIONS[kind])
    tally = Tally("U3", "SIGINT at random moments: told truly, and finished by the same command", kind, program.name)
    for _ in range(count):
        with lab.database(kind) as database:
            moment = lab.moment(program, kind, told)
            run = program.start(told.folder, database, ["upgrade", "head"])
            sleep_until(run.since, moment)
            run.signal(signal.SIGINT)
            ended = run.end()
            state = database.state()
            if ended.code == 0:
                lab.shorten(program, kind, told, ended.seconds)
            tally.remark("cancelled" if ended.code == 3 else "done before" if ended.code == 0 else "otherwise")
            where = "%s after %.3f s" % (program.name, moment)
            problem = told.problem(state) or sound(database)
            limit = moment + 5 + lab.duration(program, kind, told)[1]  # a slow machine takes longer for everything
            if ended.code not in (0, 3) or ended.seconds > limit:
                problem = problem or str(ended)
            if ended.code == 0 and told.unfinished(state):
                problem = "exit code 0, but " + told.unfinished(state)
            if ended.code == 3 and "ancelled" not in ended.said:
                problem = problem or "not said: " + str(ended)
            if ended.code == 3 and state.position and state.position[0] not in ended.said:
                problem = problem or "where it is (%s) is not said: %s" % (state.position, ended)
            if any(entry[1] == "started" for entry in state.journal or []):
                problem = problem or "a statement is unclear, although the server could be asked"
            if tally.check(problem, where):
                tally.tried -= 1
                rerun(lab, tally, program, told, database, where)
    if tally.remarks.get("cancelled", 0) == 0:
        tally.failures.append("no signal came in time")
    return [tally]


def at_every_write(lab, program, kind, count):
    """count: how many of the calls, spread evenly; 0: each of them."""
    told = lab.story(6 if count else 30)
    tally = Tally("R3", "killed at every write, sync and unlink", kind, program.name)
    for mode in ("delete", "wal"):
        with lab.database(kind, journal_mode=mode) as database:
            calls = count_calls(lab, program, told, database, "write")
        tally.remarks["calls (%s)" % mode] = calls
        for number in spread(calls, count):
            with lab.database(kind, journal_mode=mode) as database, Failing(lab, "write", number, "kill") as one:
                ended = program.run(told.folder, database, ["upgrade", "head"], one.environment)
                where = "%s, %s, call %d" % (program.name, mode, number)
                problem = "" if ended.code == -signal.SIGKILL else "not killed: %s" % ended
                problem = problem or told.problem(database.state()) or sound(database)
                if tally.check(problem, where):
                    tally.tried -= 1
                    rerun(lab, tally, program, told, database, where)
    return [tally]
