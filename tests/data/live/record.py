#!/usr/bin/env python3
"""record.py URL...: runs versions/ with the real Alembic on empty databases and writes what they hold then.

Needs Alembic, SQLAlchemy 2 and the drivers (psycopg2, PyMySQL). Values are told by the database itself, rows in the
order of their text; tests/servers/lab.cpp and tests/cli/tst_live.cpp tell them in the same way.
"""
import os
import sys

import sqlalchemy as sa

HERE = os.path.dirname(os.path.abspath(__file__))
LEFT_OUT = ("alembic_version", "tribikos_journal")


def told(name, column, kind):
    if name == "sqlite":
        return f'quote("{column}")'
    if name == "postgresql":
        return f"coalesce(\"{column}\"::text, 'NULL')"
    return f"coalesce({'hex' if 'blob' in kind else ''}(`{column}`), 'NULL')"


def columns(connection, name):
    if name == "sqlite":
        sql = ("SELECT m.name, c.name, '' FROM sqlite_master m, pragma_table_info(m.name) c "
               "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid")
    else:
        schema = "current_schema()" if name == "postgresql" else "database()"
        sql = ("SELECT table_name, column_name, data_type FROM information_schema.columns "
               f"WHERE table_schema = {schema} ORDER BY table_name, ordinal_position")
    tables = {}
    for table, column, kind in connection.execute(sa.text(sql)):
        if table not in LEFT_OUT:
            tables.setdefault(table, []).append(told(name, column, kind))
    return tables


def dump(url):
    engine = sa.create_engine(url)
    name = engine.dialect.name
    lines = []
    with engine.connect() as connection:
        quote = "`" if name in ("mysql", "mariadb") else '"'
        for table, values in columns(connection, name).items():
            rows = connection.exec_driver_sql(f"SELECT {', '.join(values)} FROM {quote}{table}{quote}")
            lines += sorted(f"{table}: {' | '.join(map(str, row))}" for row in rows)
    return {"sqlite": "sqlite", "postgresql": "postgresql"}.get(name, "mariadb"), lines


for url in sys.argv[1:]:
    os.environ["LIVE_URL"] = url
    os.chdir(HERE)
    from alembic.config import main

    main(["upgrade", "head"])
    name, lines = dump(url)
    with open(os.path.join(HERE, f"expected-{name}.txt"), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
