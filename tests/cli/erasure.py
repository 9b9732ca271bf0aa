#!/usr/bin/env python3
"""Whether erased people are gone from the files of a store: each of their texts is a word that stands nowhere else.

erasure.py proof     CRM STORE LONG    people and edits in an empty store, some erased; and controls that must leave traces
erasure.py sequences CRM FOLDER LONG   random merges, undos, imports in stores of its own, then people are erased

LONG 1: 1,000 people, 5,000 edits, 100 erased, and more sequences.
"""
import csv
import os
import random
import shutil
import sqlite3
import string
import subprocess
import sys

SIDE_FILES = ("", "-wal", "-shm", "-journal", "-erased")


def marker(r):
    """Words without a common beginning: the index of words stores what neighbours share once only."""
    return "".join(r.choice(string.ascii_lowercase) for _ in range(12))


def varint(data, at):
    value = 0
    for i in range(8):
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
    return value << 8 | data[at], at + 1


def leaf_terms(page):
    """The terms of a leaf page of FTS5, put together from what each shares with the one before."""
    size = int.from_bytes(page[2:4], "big")
    at, offset, previous = size, 0, b""
    while at < len(page):
        step, at = varint(page, at)
        pos = offset = offset + step
        shared = 0
        if previous is not None and pos != step:
            shared, pos = varint(page, pos)
        length, pos = varint(page, pos)
        previous = previous[:shared] + page[pos : pos + length]
        yield previous[1:]


def index_terms(path):
    db = sqlite3.connect(path)
    terms = set()
    for row, page in db.execute("SELECT id, block FROM search_index_data WHERE id > 10"):
        if row >> 37 and not row >> 36 & 1 and not row >> 31 & 31:
            terms.update(leaf_terms(page))
    db.close()
    return terms


def contents(path):
    """All bytes of the store's files, in lower case, and the words of the index."""
    raw = b""
    for suffix in SIDE_FILES:
        if os.path.exists(path + suffix):
            with open(path + suffix, "rb") as f:
                raw += f.read().lower() + b"\0"
    return raw, index_terms(path)


def found(path, people, ids):
    """The people of whom any word is left."""
    raw, terms = contents(path)
    return [p for p in ids if any(w.encode() in raw or w.encode() in terms for w in people[p])]


class Store:
    def __init__(self, crm, path, seed):
        self.crm, self.path, self.r = crm, path, random.Random(seed)
        self.people = {}  # number: words that only this person has
        self.env = dict(os.environ, CRM_STORE=path)

    def run(self, *args, ok=(0,), stdin=None):
        p = subprocess.run([self.crm, *map(str, args)], env=self.env, input=stdin, capture_output=True, text=True)
        if p.returncode not in ok:
            sys.exit(f"crm {args}: status {p.returncode}\n{p.stderr}")
        return p.stdout

    def word(self, person):
        w = marker(self.r)
        self.people.setdefault(person, []).append(w)
        return w

    def rows(self, entity, names, rows, *options):
        path = f"{self.path}.csv"
        with open(path, "w") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(names)
            out.writerows(rows)
        self.run("-q", "import", entity, path, *options)
        os.unlink(path)

    def phone(self, person):
        number = "+86138" + "".join(self.r.choice(string.digits) for _ in range(8))
        self.people[person].append(number)
        return number


def populate(s, n, edits):
    ids = range(1, n + 1)
    s.rows("customer", ["key", "name", "email", "phone", "phones", "note", "Shoe"],
           [[s.word(i), s.word(i).title() + " " + s.word(i).upper(), s.word(i) + "@example.com", s.phone(i),
             "work:" + s.phone(i), s.word(i), s.word(i)] for i in ids], "--keep-unknown")
    for entity, names, kind in (("log", ["customer", "at", "channel", "subject", "content"], "phone"),
                                ("ticket", ["customer", "created_at", "type", "subject", "body"], "question")):
        s.rows(entity, names, [[i, "2026-01-02", kind, s.word(i), s.word(i) + "，" + s.word(i) * 200] for i in ids])
    s.rows("order", ["customer", "number", "product", "at", "note"],
           [[i, s.word(i), s.word(i), "2026-01-02", s.word(i)] for i in ids])
    notes = {i: "" for i in ids}
    for _ in range(edits // n):  # each longer than the one before
        for i in ids:
            notes[i] += " " + s.word(i)
        s.rows("customer", ["key", "note"], [[s.people[i][0], notes[i]] for i in ids], "--mode", "update")
    for i in ids[::7]:
        s.run("-q", "customer", "edit", i, "--name", s.word(i), "--address", s.word(i))
        s.run("-q", "log", "edit", i, "-m", s.word(i))


def proof(crm, path, long):
    n, edits, gone = (1000, 5000, 100) if long else (200, 1000, 20)
    s = Store(crm, path, 7)
    populate(s, n, edits)
    everyone = list(s.people)
    everyone = s.r.sample(everyone, len(everyone))
    erased, removed = everyone[:gone], everyone[gone : 2 * gone]
    if len(found(path, s.people, erased)) != gone:
        sys.exit("the words are not found while they are there: the search proves nothing")

    bare = f"{path}.bare"  # what DELETE alone leaves
    s.run("sql", "SELECT 1")
    shutil.copy(path, bare)
    db = sqlite3.connect(bare)
    db.execute("PRAGMA secure_delete = OFF")
    which = f"({','.join(map(str, erased))})"
    for table, column in (("change", "entity = 'customer' AND first_id"), ("log", "customer"), ("sales_order", "customer"),
                          ("ticket_event", "ticket IN (SELECT id FROM ticket WHERE 1) AND ticket"), ("ticket", "customer"),
                          ("contact_point", "record"), ("field_value", "record"), ("customer", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} IN {which}")
    db.commit()
    db.close()
    left = found(bare, s.people, erased)
    print(f"control: DELETE alone leaves {len(left)} of {gone}")
    if len(left) < gone // 2:
        sys.exit("DELETE alone leaves too little: the search proves nothing")

    s.run("-q", "customer", "rm", "--yes", *removed)
    left = found(path, s.people, removed)
    print(f"control: customer rm leaves {len(left)} of {gone}")
    if len(left) < gone:
        sys.exit("a removal that can be undone leaves too little: the search proves nothing")

    s.run("-q", "privacy", "erase", "--yes", *erased)
    left = found(path, s.people, erased)
    print(f"erased: {len(left)} of {gone} found")
    if left:
        sys.exit(f"traces of {left[:10]}")
    rest = set(everyone[2 * gone :])
    if len(found(path, s.people, rest)) != len(rest):
        sys.exit("somebody else is gone too")
    s.run("check")


# --- random work ---


def living(s):
    return [int(line) for line in s.run("customer", "list", "--fields", "id", "--sort", "id").split()]


def operations(s):
    return [int(line) for line in s.run("history", "--fields", "id").split()]


def add(s):
    i = int(s.run("-q", "customer", "add", "--name", marker(s.r)))
    s.run("-q", "customer", "edit", i, "--name", s.word(i), "--email", s.word(i) + "@example.com", "--note", s.word(i),
          "--key", s.word(i))
    s.run("-q", "log", "phone", i, "-m", s.word(i))


def edit(s):
    i = s.r.choice(s.apart or [0])
    if i:
        s.run("-q", "customer", "edit", i, "--" + s.r.choice(["name", "address", "company"]), s.word(i), ok=(0, 3))


def talk(s):
    i = s.r.choice(s.apart or [0])
    if i:
        s.run("-q", "log", "chat", i, "-m", s.word(i), ok=(0, 3))
        s.run("-q", "ticket", "add", i, "--type", "question", "--subject", s.word(i), ok=(0, 3))


def forget(s):
    logs = s.run("log", "list", "--fields", "id").split()
    if logs:
        s.run("-q", "log", "rm", s.r.choice(logs), "--yes")


def merge(s):
    there = living(s)
    if len(there) > 2:
        keep, other = s.r.sample(there, 2)
        s.run("-q", "customer", "merge", keep, other, ok=(0, 4))
        s.apart = [i for i in s.apart if i not in (keep, other)]


def unmerge(s):
    done = [line.split("\t") for line in s.run("history", "--fields", "id,command").splitlines()]
    merges = [o for o, command in done if command.startswith("customer merge")]
    if merges:
        s.run("-q", "customer", "unmerge", s.r.choice(merges), ok=(0, 4))


def undo(s):
    s.run("-q", "undo", s.r.choice(operations(s)), *s.r.choice([[], ["--force"]]), ok=(0, 4))


def redo(s):
    s.run("-q", "redo", ok=(0, 3, 4))


def bring(s):
    """An import, perhaps taken back: numbers are those that come next."""
    first = int(s.run("sql", "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'customer'") or 1)
    s.rows("customer", ["name", "note", "phone"],
           [[s.word(i), s.word(i), s.phone(i)] for i in range(first, first + 3)], "--mode", "insert")
    s.apart += range(first, first + 3)
    if s.r.random() < 0.4:
        s.run("-q", "undo")


def leftovers(s, gone):
    """Words of the erased that are somewhere, and in no record of anybody else."""
    raw, terms = contents(s.path)
    kept = "".join(s.run("export", e, "--format", "jsonl") for e in ("customer", "log", "ticket")).lower()
    return [(p, w) for p in gone for w in s.people.get(p, ())
            if (w.encode() in raw or w.encode() in terms) and w not in kept]


def group_of(s, i):
    """Who is one with customer i: those merged into it."""
    merged = s.run("sql", f"SELECT number FROM v_customer_link WHERE kind = 'merged' AND customer = {i}"
                          " AND number IS NOT NULL")
    return [i] + [int(n) for n in merged.split()]


def sequences(crm, folder, long):
    erased = traces = 0
    for seed in range(60 if long else 8):
        s = Store(crm, os.path.join(folder, f"random-{seed}.db"), seed)
        s.apart = []
        s.run("-q", "init")
        s.run("-q", "agent", "add", "--name", "ann")
        for _ in range(4):
            add(s)
        s.apart = living(s)
        for _ in range(60 if long else 25):
            s.r.choice([add, edit, edit, talk, talk, forget, merge, merge, unmerge, unmerge, undo, undo, redo, bring])(s)
        people = living(s)
        known = sorted(set(s.people) - set(people))
        for i in s.r.sample(people, min(len(people), 4)):
            gone = group_of(s, i)
            s.run("-q", "privacy", "erase", "--yes", i)
            erased += len(gone)
            left = leftovers(s, gone)
            traces += len(left)
            if left:
                print(f"seed {seed}: erased {gone}, found {left[:5]}")
        for i in known:  # removed, or never there any more: from the journal
            s.run("-q", "privacy", "erase", "--yes", i, ok=(0, 3, 4))
        s.run("check")
    print(f"{erased} people erased after random work, {traces} traces")
    if traces or not erased:
        sys.exit(1)


{"proof": proof, "sequences": sequences}[sys.argv[1]](sys.argv[2], sys.argv[3], sys.argv[4] == "1")
