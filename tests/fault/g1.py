"""Stores of every older schema, brought up to date: everything that was in them is in them; a newer store is refused.

What was there is read from the old store by SQL of its own: each column of each table that both have. Killing a migration
is K2's and I1's part. An older program on a newer store cannot be run here: there is none; this one is given a store that
says it is newer.
"""

import os
import sqlite3

import judge
import scenarios
from harness import Bad, Result, control

STORE_UNUSABLE = 6
SCHEMAS = (1, 2, 3)

# What a migration is there to change: lines of policies became policies of several steps (migration.bats says which);
# and columns that say what follows from others, which `check` compares.
REPLACED = {"followup_policy"}
ADDS = {"operation"}  # that of the migration
COMPUTED = {("customer", name) for name in ("next_followup", "orders", "orders_total", "orders_currency", "last_order_at",
                                            "pinyin")}


def table(db, name, columns):
    listed = ", ".join(f'"{c}"' for c in columns)
    which = " WHERE entity NOT IN ('" + "', '".join(REPLACED) + "')" if name == "change" else ""
    return sorted(db.execute(f'SELECT {listed} FROM "{name}"{which}').fetchall(), key=repr)


def columns(db, name):
    return [row[1] for row in db.execute(f'PRAGMA table_info("{name}")')]


def tables(db):
    return {name for name, sql in db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
            if not sql.startswith("CREATE VIRTUAL") and not name.startswith(("search_index", "sqlite_"))}


def lost(old_path, new_path):
    """What the new store lacks of the old one, a line each; and how many cells were compared."""
    old, new = sqlite3.connect(old_path), sqlite3.connect(new_path)
    bad, cells = [], 0
    for name in sorted(tables(old) - REPLACED):
        if name not in tables(new):
            bad.append(f"table {name} is gone")
            continue
        gone = [c for c in columns(old, name) if c not in columns(new, name)]
        bad += [f"{name}.{column} is gone" for column in gone]
        shared = [c for c in columns(old, name) if c not in gone and (name, c) not in COMPUTED]
        before, after = table(old, name, shared), table(new, name, shared)
        cells += len(before) * len(shared)
        bad += [f"{name}: {row} is not there" for row in before if row not in after][:3]
        if len(after) != len(before) and name not in ADDS:
            bad.append(f"{name}: {len(before)} rows before, {len(after)} after")
    old.close()
    new.close()
    return bad, cells


def migrated(run, schema):
    home = run.scratch(f"schema-{schema}")
    scenarios.older(schema)(run, home)
    os.rename(f"{home}/crm.db", f"{home}/old.db")
    scenarios.older(schema)(run, home)
    run.ok(home, "customer", "edit", "2", "--postcode", "")  # a command that writes; it changes nothing
    return home


def checked(run, schema):
    home = migrated(run, schema)
    bad, cells = lost(f"{home}/old.db", f"{home}/crm.db")
    found = judge.findings(run, home, scenarios.Stage.newest(run))
    kept = judge.differ(judge.dump(f"{home}/old.db"), judge.dump(f"{home}/crm.db.schema-{schema}"))
    bad += found + ([f"the copy: {kept}"] if kept else [])
    return Result(f"G1 schema {schema}", f"{cells} cells of the old store, all there; its copy is whole", bad)


def newer(run):
    """A store that says that a later program wrote it: each command refuses it and leaves it alone."""
    home, bad = run.scratch("newer"), []
    scenarios.small(run, home)
    scenarios.settle(f"{home}/crm.db")
    db = sqlite3.connect(f"{home}/crm.db")
    db.execute(f"PRAGMA user_version = {scenarios.Stage.newest(run) + 1}")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    before, commands = judge.fingerprint(home), [s.command for s in scenarios.SCENARIOS if s.name != "restore"]
    commands += [["customer", "list"], ["dump"], ["check"], ["report", "activity"], ["undo"], ["sql", "SELECT 1"]]
    for words in commands:
        done = run.crm(home, *words)
        if done.status != STORE_UNUSABLE or "newer crm" not in done.err:
            bad.append(f"{' '.join(words)}: status {done.status}: {done.err.strip()}")
    if judge.fingerprint(home) != before:
        bad.append("a file was written")
    return Result("G1 newer", f"{len(commands)} commands refuse a newer store and write nothing", bad)


def dropped(run):
    """A migration that loses a row and one that changes a cell."""
    home = migrated(run, 1)
    db = sqlite3.connect(f"{home}/crm.db")
    db.execute("DELETE FROM log WHERE id = (SELECT min(id) FROM log)")
    db.execute("UPDATE customer SET city = 'Elsewhere' WHERE id = 3")
    db.commit()
    db.close()
    return control("G1", "a store that lacks a row and has another cell", len(lost(f"{home}/old.db", f"{home}/crm.db")[0]))


def tests(run):
    for schema in SCHEMAS:
        if run.only.scenario("G1", f"schema {schema}"):
            try:
                yield checked(run, schema)
            except Bad as bad:
                yield Result(f"G1 schema {schema}", "", [str(bad)])
    if run.only.scenario("G1", "newer"):
        yield newer(run)
    if run.only.scenario("G1", "control"):
        yield dropped(run)
