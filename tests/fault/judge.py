"""What a store holds, and whether it is sound: the judgement after whatever befell it."""

import hashlib
import os
import re
import sqlite3

from harness import Bad

# Random members of images, and what depends on them: each run makes others. `crm check` verifies that they agree.
RANDOM = ((re.compile(r'"~":"[^"]*",?'), ""), (re.compile(r'"erased":"[0-9a-f]*"'), '"erased":""'))
DERIVED = {("operation", "digest")}


def plain(table, column, value):
    if (table, column) in DERIVED:
        return value is not None
    if column == "image" and isinstance(value, str):
        for pattern, instead in RANDOM:
            value = pattern.sub(instead, value)
    return value


def read_table(db, table):
    cursor = db.execute(f'SELECT * FROM "{table}"')
    names = [d[0] for d in cursor.description]
    return names, sorted(
        (tuple(plain(table, name, v) for name, v in zip(names, row)) for row in cursor), key=repr)


def dump(path):
    """All that a store holds: {table: (columns, rows)}. The index of words is left to `crm check`."""
    if not os.path.exists(path):
        return None
    db = sqlite3.connect(path)
    try:
        objects = db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
        virtual = tuple(n for _, n, sql in objects if sql and sql.startswith("CREATE VIRTUAL"))
        shadows = {n for _, n, _ in objects for v in virtual if n == v or n.startswith(v + "_")}
        held = {n: read_table(db, n) for kind, n, _ in objects if kind == "table" and n not in shadows}
        held["sqlite_schema"] = (("type", "name", "sql"), objects)
        held["user_version"] = (("value",), db.execute("PRAGMA user_version").fetchall())
        return held
    except sqlite3.Error as e:
        raise Bad(f"cannot be read: {e}") from e
    finally:
        db.close()


def differ(wanted, got):
    """The first thing that differs between two dumps, in a line; "" when nothing does."""
    if wanted == got:
        return ""
    if not isinstance(wanted, dict) or not isinstance(got, dict):
        return f"{'nothing' if got is None else 'something'} is there"
    for table in sorted(set(wanted) | set(got)):
        a, b = wanted.get(table), got.get(table)
        if a == b:
            continue
        if a is None or b is None:
            return f"table {table} is {'too much' if a is None else 'missing'}"
        return f"{table}: {len(a[1])} rows wanted, {len(b[1])} there; {str(next(iter(set(a[1]) ^ set(b[1])), a[0]))[:300]}"
    return "equal"


def version(path):
    db = sqlite3.connect(path)
    try:
        return db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as e:
        raise Bad(f"cannot be read: {e}") from e
    finally:
        db.close()


def findings(run, home, current):
    """What `crm check` finds; of a store that it cannot read yet (an older schema), what SQLite's own checks do."""
    path = f"{home}/crm.db"
    if os.path.exists(path) and os.path.getsize(path) and version(path) < current:
        db = sqlite3.connect(path)
        found = db.execute("PRAGMA integrity_check").fetchall() + db.execute("PRAGMA foreign_key_check").fetchall()
        db.close()
        return [] if found == [("ok",)] else [str(row) for row in found]
    done = run.crm(home, "check", "--format", "tsv", "--no-header")
    found = [line for line in done.out.splitlines() if line.split("\t")[1:2] != ["ok"]]
    return found or ([] if done.status == 0 else [f"status {done.status}: {done.err.strip()}"])


def fingerprint(home):
    """Of the bytes of all files that decide what is stored: equal ones need not be judged twice."""
    digest = hashlib.blake2b()
    for folder, folders, files in os.walk(home):
        folders.sort()
        for name in sorted(files):
            if name.endswith(("-shm", "-holder")):
                continue
            path = os.path.join(folder, name)
            digest.update(f"{os.path.relpath(path, home)}\0{os.path.getsize(path)}\0".encode())
            with open(path, "rb") as file:
                digest.update(file.read())
    return digest.digest()
