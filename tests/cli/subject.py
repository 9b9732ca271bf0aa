#!/usr/bin/env python3
"""Whether an export of a customer has every row of the store about the customer: looked for by foreign keys, not by what
crm knows of its tables, so that a table which is added later and left out is noticed.

subject.py STORE CUSTOMER EXPORT.json
"""
import json
import sqlite3
import sys

NAMES = {"sales_order": "order"}  # tables that are called otherwise than what they hold
BESIDE = {"contact_point", "record_tag", "field_value", "change", "erasure"}  # rows of records, not records


def tables(db):
    return [t for (t,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE %'")]


def closure(db):
    """Numbers by table: what refers to the customer, and what cannot be without something that does."""
    ids = {"customer": {int(sys.argv[2])}}
    while True:
        before = sum(map(len, ids.values()))
        for t in tables(db):
            must = {c[1] for c in db.execute(f"PRAGMA table_info({t})") if c[3]}
            for fk in db.execute(f"PRAGMA foreign_key_list({t})"):
                target, column = fk[2], fk[3]
                if target in ids and (column in must or target == "customer"):
                    marks = ",".join(map(str, ids[target]))
                    found = {i for (i,) in db.execute(f"SELECT id FROM {t} WHERE {column} IN ({marks})")}
                    if found:
                        ids.setdefault(t, set()).update(found)
        if sum(map(len, ids.values())) == before:
            return ids


def fail(text):
    sys.exit(f"not in the export: {text}")


def check_beside(db, ids, export):
    """Tables whose rows name a record by entity and number."""
    seen = 0
    for t in tables(db):
        columns = [c[1] for c in db.execute(f"PRAGMA table_info({t})")]
        number = "record" if "record" in columns else "first_id" if "first_id" in columns else None
        if "entity" not in columns or not number:
            continue
        if t not in BESIDE:
            fail(f"rows of {t}, which is new")
        for table, numbers in ids.items():
            entity = NAMES.get(table, table)
            of = {r["id"]: r for r in export[entity]}
            for row in map(lambda r: dict(zip(columns, r)), db.execute(f"SELECT * FROM {t} WHERE entity = ?", (entity,))):
                mine = [i for i in numbers if row[number] <= i <= row.get("last_id", row[number])]
                seen += len(mine)
                for i in mine:
                    check_row(db, t, row, of[i], i, entity, export)
    return seen


def check_row(db, t, row, record, i, entity, export):
    if t == "record_tag":
        there = row["tag"] in record["tags"]
    elif t == "contact_point":
        there = {"label": row["label"], "value": row["value"]} in record[row["kind"] + "s"]
    elif t == "field_value":
        (name,) = db.execute("SELECT name FROM field WHERE id = ?", (row["field"],)).fetchone()
        there = record[name] == row["value"]
    elif t == "change":
        there = any(j["operation"] == row["op"] and j["entity"] == entity and j["record"] == i
                    and j["before"] == row["image"] for j in export["journal"])
    else:
        there = any(e["entity"] == entity and e["record"] == i for e in export["erasure"])
    if not there:
        fail(f"{t} {row}")


def main():
    db = sqlite3.connect(sys.argv[1])
    with open(sys.argv[3]) as f:
        export = json.load(f)
    ids = closure(db)
    for table, numbers in ids.items():
        name = NAMES.get(table, table)
        if name not in export:
            fail(f"the table {table}")
        missing = numbers - {r["id"] for r in export[name]}
        if missing:
            fail(f"{name} {sorted(missing)}")
        other = {r["id"] for r in export[name]} - numbers
        if other:
            sys.exit(f"of somebody else: {name} {sorted(other)}")
    beside = check_beside(db, ids, export)
    print(f"{len(ids)} tables, {sum(map(len, ids.values()))} records, {beside} rows beside them")


main()
