"""What one step of ours is beside the same step of the real Alembic.

equal     the statements are the same texts in the same order, the final semicolon apart
random    the same but for what is random in Alembic, and in these three places:
            - the CREATE INDEX statements of one table that follow its CREATE TABLE (SQLAlchemy keeps the indexes of a
              new table in a set), whatever COMMENT ON statements stand after them
            - the table options after the parenthesis that ends a CREATE TABLE for MySQL (they come out of a set)
            - which of several version rows a step that undoes a merge updates and which it inserts or deletes
          or where the recordings with different seeds differ from each other themselves: the same statements in
          another order (a script that goes through a set of texts), or other values of the clock, uuid4() and their
          like in the same places
refused   needs-connection, unsupported or error, with a reason in words
WRONG     anything else
neutral   Alembic printed nothing that could be compared: it failed, or a stand-in for a missing package was used

Several recordings of the same step, made with different PYTHONHASHSEEDs, may be given; equal to one of them is equal."""

import re

CREATE_TABLE = re.compile(r'CREATE (?:TEMPORARY )?TABLE (?:IF NOT EXISTS )?((?:[^\s"`]|"[^"]*"|`[^`]*`)+) \(\n')
CREATE_INDEX = re.compile(r'CREATE (?:UNIQUE |FULLTEXT )*INDEX .* ON ((?:[^\s"`(]|"[^"]*"|`[^`]*`)+) ', re.S)
TABLE_END = re.compile(r"\n\)([A-Z_ ]+=?[^\n]*)$")
VERSION_ROW = re.compile(r"^.*?(?: SET | VALUES | WHERE )", re.S)
VALUE = re.compile(r"'([^']*)'")
RANDOM = re.compile(r"\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,}"
                    r"|\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d(?:\.\d+)?)?)\b")
KINDS = ("equal", "random", "WRONG")
OPTION = re.compile(r"(?:[A-Z_]+ )*[A-Z_]+[= ](?:'(?:[^']|'')*'|[^\s']+)")


def printed(statements):
    """Alembic's pieces without the terminator that it puts after each; ours come without."""
    return [text.strip().removesuffix(";") for text in statements]


def options_sorted(statement):
    end = TABLE_END.search(statement)
    if not end or not CREATE_TABLE.match(statement):
        return statement
    return statement[: end.start(1)] + " ".join(sorted(OPTION.findall(end.group(1))))


def without_random_order(statements):
    """The statements in an order, and with table options in an order, that no longer depends on a set's."""
    result, table, indexes = [], None, []
    for statement in map(options_sorted, statements):
        index = CREATE_INDEX.match(statement)
        if table and index and index.group(1).split(".")[-1] == table:
            indexes.append(statement)
            continue
        result += sorted(indexes)
        indexes = []
        created = CREATE_TABLE.match(statement)
        table = created.group(1).split(".")[-1] if created else None
        result.append(statement)
    return result + sorted(indexes)


def row_changes(statements):
    """What bookkeeping does to the version rows in the end: what is gone and what is new; None when it is not that."""
    gone, new = set(), set()
    for statement in statements:
        values = VALUE.findall(VERSION_ROW.sub("", statement))
        if statement.startswith("INSERT INTO ") and len(values) == 1:
            new.add(values[0])
        elif statement.startswith("DELETE FROM ") and len(values) == 1:
            gone.add(values[0])
        elif statement.startswith("UPDATE ") and len(values) == 2:
            new.add(values[0])
            gone.add(values[1])
        else:
            return None
    return gone, new, len(statements)


def same_rows(want, got):
    if want == got:
        return "equal"
    return "random" if row_changes(want) == row_changes(got) is not None else "WRONG"


def same(want, got):
    """equal, random or WRONG for two lists of statements."""
    if want == got:
        return "equal"
    return "random" if without_random_order(want) == without_random_order(got) else "WRONG"


def verdict(recordings, ours):
    """`recordings`: the same step recorded with several hash seeds; `ours`: the element of tribikos-cli's answer."""
    if any(r is None or r["status"] != "ok" for r in recordings):
        return "neutral"
    if ours is None:
        return "WRONG"
    if ours["status"] != "ok":
        return "refused" if ours.get("reason", "").strip() else "WRONG"
    verdicts = set()
    printings = [printed(r["statements"]) for r in recordings]
    if any(p != printings[0] for p in printings):
        masked = [RANDOM.sub("?", text) for text in ours["statements"]]
        if all(sorted(p) == sorted(ours["statements"]) or [RANDOM.sub("?", text) for text in p] == masked
               for p in printings):
            verdicts.add("random")
    for recording in recordings:
        script = same(printed(recording["statements"]), ours["statements"])
        rows = same_rows(printed(recording["version_statements"]), ours["version_statements"])
        verdicts.add(max(script, rows, key=KINDS.index))
    return min(verdicts, key=KINDS.index)


def graph_differences(recorded, ours):
    """What of the revision graph differs, in words; nothing when both tools see the same."""
    want = {r["id"]: r for r in recorded["revisions"]}
    got = {r["id"]: r for r in ours}
    differences = [f"{i} is missing" for i in want if i not in got]
    differences += [f"{i} is not Alembic's" for i in got if i not in want]
    for i in want.keys() & got.keys():
        w, g = want[i], got[i]
        pairs = [(k, w[k], g[k]) for k in ("down", "is_head", "is_branchpoint", "is_mergepoint")]
        pairs.append(("depends_on", sorted(w["depends_on"]), sorted(g["depends_on"])))
        pairs.append(("message", w["message"].strip(), g["message"].strip()))
        differences += [f"{i} {k}: {a!r}, not {b!r}" for k, a, b in pairs if a != b]
        if sorted(g["labels"]) not in (w["labels"], w["own_labels"]):
            differences.append(f"{i} labels: {w['labels']!r}, not {g['labels']!r}")
    if not differences and [r["id"] for r in ours] != recorded["history"]:
        differences.append("the order of the history")
    return differences
