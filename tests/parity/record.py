#!/usr/bin/env python3
"""Records what the real Alembic says for every revision of one project, offline, for one database.

  record.py SPEC.json DATABASE OUT.jsonl

SPEC: {"root": DIR, "versions": [DIR…], "real": {MODULE: FILE}}, all paths absolute. Any Alembic that this Python can
import is recorded. Each step is run by itself, so that one that fails does not end the rest. THE PROJECT'S REVISION
FILES ARE EXECUTED: run this as a user who may do nothing; parity.py does.

Lines: {"kind": "graph", …}, one {"kind": "revision", …} per revision, one {"kind": "step", …} per step and direction:
"status" is ok (with "statements" and "version_statements"), stub (a stand-in was used: no truth), or failed ("why")."""

import inspect
import io
import json
import logging
import os
import sys
import tempfile
import types
import warnings

import alembic
import sqlalchemy
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import HeadMaintainer, MigrationStep
from alembic.script import ScriptDirectory
from alembic.script.base import Script
from alembic.util import to_tuple

import knowntypes
import standins


def script_directory(spec, database, scratch):
    config = Config()
    config.set_main_option("script_location", scratch)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(spec["versions"]))
    config.set_main_option("sqlalchemy.url", f"{database}://user:secret@localhost/test")
    for name in [n for n in sys.modules if n.endswith("_py")]:
        del sys.modules[name]
    return config, ScriptDirectory.from_config(config)


def keep_unloadable_revisions():
    """A revision file that can't be imported stays in the graph when its header can be read without running it."""
    import ast
    from pathlib import Path

    load = Script._from_path.__func__

    def tolerant(cls, scriptdir, path):
        try:
            return load(cls, scriptdir, path)
        except BaseException as error:
            module = types.ModuleType("unloadable")
            tree = ast.parse(Path(path).read_text(encoding="utf-8"))
            module.__doc__ = ast.get_docstring(tree) or ""
            names = {"down_revision": None, "branch_labels": None, "depends_on": None}
            for node in tree.body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    target, value = node.targets[0].id, node.value
                elif isinstance(node, ast.AnnAssign) and node.value is not None:
                    target, value = node.target.id, node.value
                else:
                    continue
                if target == "revision" or target in names:
                    names[target] = ast.literal_eval(value)
            if "revision" not in names:
                raise
            message = f"{type(error).__name__}: {error}"

            def fails():
                raise RuntimeError("can't be imported: " + message)

            module.__dict__.update(names, upgrade=fails, downgrade=fails)
            return cls(module, names["revision"], Path(path))

    Script._from_path = classmethod(tolerant)


def graph_lines(script, spec):
    history = list(script.walk_revisions())
    yield {
        "kind": "graph",
        "alembic": alembic.__version__,
        "sqlalchemy": sqlalchemy.__version__,
        "heads": sorted(script.get_heads()),
        "history": [r.revision for r in history],
        "upgrade": [s.revision.revision for s in script._upgrade_revs("heads", ())],
    }
    for r in history:
        yield {
            "kind": "revision",
            "id": r.revision,
            "down": list(r._versioned_down_revisions),
            "depends_on": list(to_tuple(r.dependencies, default=())),
            "own_labels": sorted(r._orig_branch_labels),
            "labels": sorted(r.branch_labels),
            "message": r.doc,
            "is_head": r.is_head,
            "is_branchpoint": r.is_branch_point,
            "is_mergepoint": r.is_merge_point,
            "file": os.path.relpath(r.path, spec["root"]),
        }


def downgrade_steps(script, heads):
    try:
        return script._downgrade_revs("base", heads)
    except AttributeError:  # a script without downgrade()
        steps = []
        for revision in script.iterate_revisions(heads, "base", select_for_downgrade=True):
            if not hasattr(revision.module, "downgrade"):

                def missing():
                    raise RuntimeError("no downgrade function")

                revision.module.downgrade = missing
            steps.append(MigrationStep.downgrade_from_script(script.revision_map, revision))
        return steps


def arguments(step, usage):
    """upgrade(op, …): Alembic's directives where they are asked for; what else has no default is a stand-in."""
    known = {"op": alembic.op}
    parameters = inspect.signature(step.migration_fn).parameters.values()
    return {p.name: known.get(p.name) or standins.Stub(p.name, usage) for p in parameters if p.default is p.empty}


def run_step(step, context, printed, usage):
    printed.clear()
    usage.start()
    try:
        step.migration_fn(**arguments(step, usage))
    except (Exception, SystemExit) as error:
        context._transaction = None
        result = {"status": "failed", "why": f"{type(error).__name__}: {error}".replace("\n", " ")[:300]}
    else:
        result = {"status": "ok", "statements": list(printed)}
    used = usage.stop()
    return {"status": "stub", "why": ", ".join(used)[:300]} if used else result


def step_lines(spec, database, direction, scratch, usage):
    config, script = script_directory(spec, database, scratch)
    heads = tuple(script.get_heads())
    environment = EnvironmentContext(config, script, fn=lambda rev, ctx: [], as_sql=True)
    with environment:
        environment.configure(
            dialect_name=database,
            literal_binds=True,
            dialect_opts={"paramstyle": "named"},
            output_buffer=io.StringIO(),
        )
        context = environment.get_context()
        printed = []
        context.impl.static_output = printed.append
        with Operations.context(context):
            up = direction == "upgrade"
            steps = script._upgrade_revs("heads", ()) if up else downgrade_steps(script, heads)
            maintainer = HeadMaintainer(context, () if up else heads)
            for step in steps:
                line = {"kind": "step", "direction": direction, "revision": step.revision.revision}
                line.update(run_step(step, context, printed, usage))
                printed.clear()
                maintainer.update_to_step(step)
                line["version_statements"] = list(printed)
                yield line


def main():
    spec_file, database, out_file = sys.argv[1:]
    with open(spec_file, encoding="utf-8") as file:
        spec = json.load(file)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    usage = standins.install(spec.get("real", {}), knowntypes.modules())
    keep_unloadable_revisions()
    with tempfile.TemporaryDirectory() as scratch, open(out_file, "w", encoding="utf-8") as out:

        def write(line):
            out.write(json.dumps(line, default=str, ensure_ascii=False) + "\n")

        for line in graph_lines(script_directory(spec, database, scratch)[1], spec):
            write(line)
        for direction in ("upgrade", "downgrade"):
            for line in step_lines(spec, database, direction, scratch, usage):
                write(line)


if __name__ == "__main__":
    main()
