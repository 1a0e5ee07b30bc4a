#!/usr/bin/env python3
"""Records what SQLAlchemy compiles for the expressions of a file of data/, which rows it keeps.

    record.py data/core.json [lines-to-add.txt]

Needs SQLAlchemy 2.0.52 on the path. A row has "all" where the databases say the same; null: SQLAlchemy refuses.
"""
import json
import sys
import warnings

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

dialects = {"sqlite": sqlite, "postgresql": postgresql, "mysql": mysql}


def compiled(code, names, dialect):
    try:
        statement = eval(code, dict(names))
        return str(statement.compile(dialect=dialect.dialect(paramstyle="named"),
                                     compile_kwargs={"literal_binds": True})).replace("\t", "    ").strip()
    except Exception:
        return None


def main(path, added=None):
    warnings.simplefilter("ignore")
    with open(path) as file:
        recorded = json.load(file)
    names = {"sa": sa, "__name__": "a1"}
    exec("\n".join(recorded["setup"]), names)
    codes = [row["code"] for row in recorded["expressions"]]
    if added:
        with open(added) as file:
            codes += [line for line in file.read().splitlines() if line and line not in codes]
    rows = []
    for code in codes:
        sql = {name: compiled(code, names, dialect) for name, dialect in dialects.items()}
        same = len(set(sql.values())) == 1
        rows.append({"code": code, **({"all": sql["sqlite"]} if same else sql)})
    recorded["expressions"] = rows
    with open(path, "w") as file:
        json.dump(recorded, file, indent=1)
        file.write("\n")


main(*sys.argv[1:])
