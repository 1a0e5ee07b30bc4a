"""R5: several clients at once, from the start and from the middle of the history."""
from lab import Tally


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
