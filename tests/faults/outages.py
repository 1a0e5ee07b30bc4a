"""R6: the server is killed. R7: it stands still, or what is said to it gets lost."""
import os
import signal
import time

import story
from lab import SERVERS, Tally, one_line, sleep_until
from proxy import Proxy

REVISIONS = 30
MORE = 8         # trials, where every kill so far came too late
REPORTED = 15  # seconds after which a silent server must have been reported
ENDED = 20     # seconds from a cancel to the end


def killed(lab, program, kind, count):
    told = lab.story(REVISIONS)
    tally = Tally("R6", "server killed and restarted: told within 15 s, finished by the same command", kind,
                  program.name)
    with lab.server(kind) as server:
        late = lambda: tally.remarks.get("exit code 0", 0) == tally.tried
        while tally.tried < count or late() and tally.tried < count + MORE:
            with server.database() as database:
                moment = lab.moment(program, kind, told)
                run = program.start(told.folder, database, ["upgrade", "head"])
                sleep_until(run.since, moment)
                server.signal("KILL")
                killed_at = time.monotonic()
                ended = run.end(60)
                took = time.monotonic() - killed_at
                server.start()
                database.moved(server.url)
                tally.remark("exit code %s" % ended.code)
                if ended.code == 0:
                    lab.shorten(program, kind, told, ended.seconds)
                tally.check(broken(lab, program, told, database, ended, took), "after %.3f s" % moment)
    if late():
        tally.failures.append("no kill came in time")
    return [tally]


def broken(lab, program, told, database, ended, took):
    state = database.state()
    problem = told.problem(state)
    if ended.code == 0:
        problem = problem or told.unfinished(state)
    elif program is lab.ours:
        problem = problem or ("" if ended.code == 5 else str(ended)) or one_line(ended.out)
    problem = problem or ("" if took <= REPORTED else "it took %.0f s" % took)
    again = program.run(told.folder, database, ["upgrade", "head"])
    return problem or (str(again) if again.code != 0 else told.unfinished(database.state()))


def hears(run, path, word, limit):
    """Seconds until the word stood in the file that the run says things into; None if it didn't, or the run ended."""
    since = time.monotonic()
    while time.monotonic() - since < limit:
        has_ended = run.process.poll() is not None
        with open(path) as said:
            if word in said.read():
                return time.monotonic() - since
        if has_ended:
            return None
        time.sleep(0.05)
    return None


def silent(lab, program, kind, count):
    """By turns: the process stopped or the wire cut; ended by a cancel or left to itself."""
    told = lab.story(REVISIONS)
    tally = Tally("R7", "server silent: reported within 15 s, ends within 20 s of a cancel", kind, program.name)
    with lab.server(kind) as server:
        begin = 3 * SERVERS.index(kind)  # ctest tries one of them on each
        for number in range(begin, begin + count):
            with server.database() as database, Proxy(database.port) as wire:
                where = "%s, %s" % ("wire cut" if number % 2 else "server stopped",
                                    "cancelled" if number % 4 < 2 else "left alone")
                if number % 2 and number % 3:  # between connecting and the first statement, too
                    wire.left = lab.random.randint(1, 60)
                    where += ", before message %d" % wire.left
                tally.check(one_silence(lab, program, kind, told, server, database, wire, number, tally), where)
    return [tally]


def one_silence(lab, program, kind, told, server, database, wire, number, tally):
    url = database.url.replace(":%d/" % database.port, ":%d/" % wire.port)
    moment = lab.moment(program, kind, told)
    said = os.path.join(lab.folder("said"), "stderr")
    run = program.start(told.folder, url, ["upgrade", "head"], err=said)
    counts = wire.left > 0
    while counts and not wire.is_silent and run.process.poll() is None:
        time.sleep(0.005)
    if not counts:
        sleep_until(run.since, moment)
    wire.is_silent = number % 2 == 1
    if not wire.is_silent:
        server.signal("STOP")
    since = time.monotonic()
    heard = hears(run, said, "answer", REPORTED)
    if heard is not None and number % 4 < 2:
        run.signal(signal.SIGINT)
        since = time.monotonic()
    ended = run.end(60)
    took = time.monotonic() - since
    server.signal("CONT")
    wire.close()  # what the server holds of a connection nobody has ends by its own patience, else
    tally.remark("exit code %s" % ended.code)
    state = database.state()
    problem = told.problem(state)
    if ended.code == 0:  # it was too quick for us
        problem = problem or told.unfinished(state)
    else:
        problem = problem or ("" if heard is not None else "not reported: %s" % ended)
        problem = problem or ("" if took <= (ENDED if number % 4 < 2 else 60) else "it took %.0f s" % took)
        problem = problem or ("" if ended.code in (3, 5) else str(ended)) or one_line(ended.out)
    again = program.run(told.folder, database, ["upgrade", "head"])
    return problem or (str(again) if again.code != 0 else told.unfinished(database.state()))


def long_statement(lab, program, kind, count):
    """A statement that takes its time isn't cut as long as the server answers."""
    tally = Tally("R7", "a long statement is left alone while the server answers", kind, program.name)
    folder = lab.folder("long") + "/p"
    sleep = {"PostgreSQL": "SELECT pg_sleep(%d)", "MariaDB": "SELECT SLEEP(%d)"}[kind] % count
    story.write_project(folder, [("r001", None, ['op.execute("%s")' % sleep, "op.create_table('late', sa.Column('n', sa.Integer))"], ["pass"])])
    with lab.database(kind) as database:
        ended = program.run(folder, database, ["upgrade", "head"], limit=count + 60)
        state = database.state()
        fine = ended.code == 0 and state.position == ["r001"] and ended.seconds > count
        tally.check("" if fine else str(ended))
    return [tally]
