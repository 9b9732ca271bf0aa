#!/usr/bin/env python3
"""Stores that mean harm, each made from a sound one: make.py SOUND SCHEMA_1 DIRECTORY

SOUND is a store as crm makes it, with a customer or two; SCHEMA_1 the text of a store of the first schema. In DIRECTORY
come NAME.db, with what lies beside it, and three lists of names:

  refused   never opened: status 6, at once, in little memory, and nothing of it changes
  damaged   what is wrong stands in rows and pages, which opening does not read: any command ends by itself, soon
  accepted  strange, and harmless: it is used

How to add one: a function below, in the list where it belongs. What it does to the file is its documentation.
"""

import os
import random
import shutil
import sqlite3
import struct
import sys

SOUND, SCHEMA_1, DIRECTORY = sys.argv[1:]
PAGE = 4096
refused, damaged, accepted = [], [], []


def sql(path, *statements):
    """By SQL; as whoever writes to the file can, without regard to what SQLite allows."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA writable_schema = ON")
    for s in statements:
        if isinstance(s, tuple):
            db.execute(*s)
        else:
            db.executescript(s)
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def schema_row(path, kind, name, table, root, text):
    sql(path, ("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", (kind, name, table, root, text)))


def replace(path, name, old, new):
    """In the text of an object of ours."""
    db = sqlite3.connect(path)
    (text,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    db.close()
    assert old in text, (name, old, text)
    sql(path, ("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (text.replace(old, new, 1), name)))


def poke(path, offset, data):
    with open(path, "r+b") as f:
        f.seek(offset)
        f.write(data)


def cut(path, size):
    os.truncate(path, size)


def hostile(kind):
    def add(make):
        kind.append(make)
        return make
    return add


# --- code that would run ---

@hostile(refused)
def trigger(path):
    sql(path, "CREATE TRIGGER t AFTER INSERT ON customer BEGIN DELETE FROM agent; END")


@hostile(refused)
def trigger_instead_of(path):
    sql(path, "CREATE TRIGGER t INSTEAD OF INSERT ON v_customer BEGIN DELETE FROM customer; END")


@hostile(refused)
def trigger_with_a_name_of_sqlite(path):
    schema_row(path, "trigger", "sqlite_stat1", "customer", 0,
               "CREATE TRIGGER sqlite_stat1 AFTER INSERT ON customer BEGIN DELETE FROM agent; END")


@hostile(refused)
def trigger_that_says_table(path):
    schema_row(path, "table", "mine", "mine", 0,
               "CREATE TRIGGER mine AFTER INSERT ON customer BEGIN DELETE FROM agent; END")


@hostile(refused)
def view_for_a_table(path):
    sql(path, "DELETE FROM sqlite_schema WHERE tbl_name = 'team'",
        ("INSERT INTO sqlite_schema VALUES ('view', 'team', 'team', 0, ?)",
         ("CREATE VIEW team AS SELECT 1 AS id, hex(zeroblob(200000000)) AS name",)))


@hostile(refused)
def view_that_never_ends(path):
    sql(path, "DROP VIEW v_customer;"
        "CREATE VIEW v_customer AS WITH RECURSIVE c(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM c) SELECT id FROM c")


@hostile(refused)
def view_of_400_megabytes(path):
    sql(path, "DROP VIEW v_customer; CREATE VIEW v_customer AS SELECT zeroblob(400000000) AS id")


@hostile(refused)
def column_that_is_computed(path):
    sql(path, "ALTER TABLE customer ADD COLUMN bomb TEXT AS (hex(zeroblob(200000000))) VIRTUAL")


@hostile(refused)
def check_that_is_another(path):
    replace(path, "agent", "op INTEGER NOT NULL", "op INTEGER NOT NULL CHECK (length(hex(zeroblob(50000000))) > 1)")


@hostile(refused)
def default_that_is_another(path):
    replace(path, "agent", "active INTEGER NOT NULL DEFAULT 1",
            "active INTEGER NOT NULL DEFAULT (length(hex(randomblob(50000000))))")


@hostile(refused)
def index_that_computes(path):
    sql(path, "CREATE INDEX mine ON customer (length(hex(zeroblob(50000))))")


@hostile(refused)
def index_of_some_rows(path):
    sql(path, "CREATE INDEX mine ON customer (name) WHERE length(hex(zeroblob(50000))) > 1")


@hostile(refused)
def index_of_ours_that_is_another(path):
    sql(path, "DROP INDEX agent_name; CREATE INDEX agent_name ON agent (name_fold)")


@hostile(refused)
def index_in_an_unknown_order(path):
    sql(path, "CREATE INDEX mine ON customer (note COLLATE NOCASE)",
        "UPDATE sqlite_schema SET sql = replace(sql, 'NOCASE', 'klingon') WHERE name = 'mine'")


@hostile(refused)
def column_in_an_unknown_order(path):
    replace(path, "agent", "name_fold TEXT NOT NULL", "name_fold TEXT NOT NULL COLLATE klingon")


@hostile(refused)
def table_without_rowid(path):
    sql(path, "DROP TABLE team; CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT) WITHOUT ROWID")


@hostile(refused)
def table_that_is_not_strict(path):
    replace(path, "team", " STRICT", "")


@hostile(refused)
def table_that_is_missing(path):
    sql(path, "DROP TABLE followup_policy")


@hostile(refused)
def sequence_that_is_another(path):
    replace(path, "sqlite_sequence", "seq)", "seq, more)")


# --- virtual tables: their modules run as soon as they are looked at ---

@hostile(refused)
def virtual_table(path):
    sql(path, "CREATE VIRTUAL TABLE mine USING fts5(a)")


@hostile(refused)
def virtual_table_of_an_older_kind(path):
    sql(path, "CREATE VIRTUAL TABLE mine USING fts4(a, tokenize=simple)")


@hostile(refused)
def virtual_table_of_boxes(path):
    sql(path, "CREATE VIRTUAL TABLE mine USING rtree(id, a, b)")


@hostile(refused)
def virtual_table_of_no_module(path):
    schema_row(path, "table", "mine", "mine", 0, "CREATE VIRTUAL TABLE mine USING nobody(a)")


@hostile(refused)
def virtual_table_in_disguise(path):
    schema_row(path, "table", "mine", "mine", 0, "CREATE/**/VIRTUAL  TABLE mine USING fts5(a)")


@hostile(refused)
def search_with_another_tokenizer(path):
    db = sqlite3.connect(path)
    (text,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'search_index'").fetchone()
    db.close()
    sql(path, ("UPDATE sqlite_schema SET sql = ? WHERE name = 'search_index'",
               (text.rstrip(")") + ", tokenize = 'trigram')",)))


@hostile(refused)
def search_with_another_table_below(path):
    sql(path, "UPDATE sqlite_schema SET sql = replace(sql, 'block BLOB', 'block TEXT')"
        " WHERE name = 'search_index_data'")


# --- whose file it is, and of what version ---

@hostile(refused)
def file_of_another_program(path):
    sql(path, "PRAGMA application_id = 7")


@hostile(refused)
def version_of_the_future(path):
    sql(path, "PRAGMA user_version = 2000000000")


@hostile(refused)
def version_of_none(path):
    sql(path, "PRAGMA user_version = 0")


@hostile(refused)
def version_below_none(path):
    sql(path, "PRAGMA user_version = -1")


@hostile(refused)
def version_that_it_is_not(path):
    sql(path, "PRAGMA user_version = 1")


@hostile(refused)
def older_with_a_trigger(path):
    os.unlink(path)
    db = sqlite3.connect(path)
    with open(SCHEMA_1, encoding="utf-8") as f:
        db.executescript(f.read())
    db.executescript("CREATE TRIGGER t AFTER UPDATE ON customer BEGIN DELETE FROM agent; END;"
                     "PRAGMA journal_mode = WAL")
    db.close()


# --- files that are cut, or none ---

@hostile(refused)
def empty(path):
    cut(path, 0)


@hostile(refused)
def text(path):
    with open(path, "wb") as f:
        f.write(b"name,phone\nLi,1\n" * 100)


@hostile(refused)
def noise(path):
    with open(path, "wb") as f:
        f.write(random.Random(1).randbytes(65536))


@hostile(refused)
def noise_after_the_header(path):
    size = os.path.getsize(path)
    poke(path, 100, random.Random(2).randbytes(size - 100))


@hostile(refused)
def header_alone(path):
    cut(path, 100)


@hostile(refused)
def half_a_header(path):
    cut(path, 50)


@hostile(refused)
def first_page_alone(path):
    cut(path, PAGE)


@hostile(refused)
def cut_within_a_page(path):
    cut(path, 20 * PAGE + 17)


@hostile(refused)
def cut_by_a_page(path):
    cut(path, os.path.getsize(path) - PAGE)


# --- the header ---

@hostile(refused)
def pages_of_64_kilobytes(path):
    poke(path, 16, b"\x00\x01")


@hostile(refused)
def pages_of_512_bytes(path):
    poke(path, 16, b"\x02\x00")


@hostile(refused)
def pages_of_no_size(path):
    poke(path, 16, b"\x00\x03")


@hostile(refused)
def pages_that_are_reserved(path):
    poke(path, 20, b"\xff")


@hostile(refused)
def format_to_read_of_the_future(path):
    poke(path, 19, b"\x03")


@hostile(refused)
def format_of_the_schema_of_the_future(path):
    poke(path, 44, struct.pack(">I", 77))


@hostile(refused)
def texts_in_utf_16(path):
    poke(path, 56, struct.pack(">I", 2))


# --- the table of the schema itself ---

@hostile(refused)
def definition_of_5_megabytes(path):
    schema_row(path, "table", "mine", "mine", 2, "CREATE TABLE mine (a, b TEXT DEFAULT '" + "x" * 5000000 + "')")


@hostile(refused)
def definition_of_a_deep_expression(path):
    schema_row(path, "table", "mine", "mine", 2, "CREATE TABLE mine (a CHECK (" + "(" * 20000 + "1" + ")" * 20000 + "))")


@hostile(refused)
def definitions_that_fill_the_memory(path):
    columns = ",".join(f"a{i} TEXT DEFAULT 'x'" for i in range(1900))
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA writable_schema = ON")
    db.execute("BEGIN")
    db.executemany("INSERT INTO sqlite_schema VALUES ('table', ?, ?, 2, ?)",
                   ((f"m{i}", f"m{i}", f"CREATE TABLE m{i} ({columns})") for i in range(400)))
    db.execute("COMMIT")
    db.close()


@hostile(refused)
def definitions_without_end(path):
    """A table x, and the row of its index again and again: each page of the tree has the next one 400 times below it."""
    with open(path, "rb") as f:
        header = bytearray(f.read(100))

    def varint(n):
        return bytes([n]) if n < 128 else bytes([128 | n >> 7, n & 127])

    def record(*values):
        types, body = b"", b""
        for v in values:
            if v is None:
                types += b"\x00"
            elif isinstance(v, int):
                types, body = types + b"\x01", body + bytes([v])
            else:
                types, body = types + varint(13 + 2 * len(v)), body + v.encode()
        return varint(len(types) + 1) + types + body

    def page(kind, cells, right=0, first=False):
        head = 100 if first else 0
        content, at, pointers = bytearray(PAGE), PAGE, []
        for c in cells:
            at -= len(c)
            content[at:at + len(c)] = c
            pointers.append(at)
        content[head:head + 8] = struct.pack(">BHHHB", kind, 0, len(cells), at, 0)
        begin = head + 8
        if kind == 5:
            content[begin:begin + 4] = struct.pack(">I", right)
            begin += 4
        for i, p in enumerate(pointers):
            content[begin + 2 * i:begin + 2 * i + 2] = struct.pack(">H", p)
        return content

    def row(key, payload):
        return varint(len(payload)) + varint(key) + payload

    depth = 14
    leaf = depth + 3
    pages = [None, page(13, [row(1, record("table", "x", "x", leaf + 1, "CREATE TABLE x(a UNIQUE)"))])]
    for i in range(depth):
        child = 3 + i + 1
        pages.append(page(5, [struct.pack(">I", child) + varint(2)] * 400, child))
    pages.append(page(13, [row(2, record("index", "sqlite_autoindex_x_1", "x", leaf + 1, None))]))
    pages += [page(13, []), page(10, [])]
    pages[0] = page(5, [struct.pack(">I", 2) + varint(1)], 3, first=True)
    header[28:32] = struct.pack(">I", len(pages))
    header[32:40] = bytes(8)
    pages[0][:100] = header
    with open(path, "wb") as f:
        f.write(b"".join(pages))


@hostile(refused)
def name_with_a_nul(path):
    schema_row(path, "table", "mine\0x", "mine\0x", 2, "CREATE TABLE mine(a)")


@hostile(refused)
def definition_with_a_nul(path):
    replace(path, "team", "STRICT", "STRICT\0 AND MORE")


@hostile(refused)
def row_without_a_type(path):
    schema_row(path, None, "mine", "mine", 2, "CREATE TABLE mine (a)")


@hostile(refused)
def row_of_a_strange_type(path):
    schema_row(path, "table\x1b[2J", "mine", "mine", 2, "CREATE TABLE mine (a)")


@hostile(refused)
def row_of_bytes(path):
    schema_row(path, b"\xff\xfe", b"\xff", b"\xff", 2, "CREATE TABLE mine (a)")


@hostile(refused)
def table_whose_pages_are_elsewhere(path):
    sql(path, "UPDATE sqlite_schema SET rootpage = 4000000000 WHERE name = 'customer'")


@hostile(refused)
def table_that_is_there_twice(path):
    sql(path, "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema WHERE name = 'team'")


# --- beside the store ---

@hostile(refused)
def log_of_another_store(path):
    other = path + ".other"
    db = sqlite3.connect(other, isolation_level=None)
    db.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    shutil.copy(other + "-wal", path + "-wal")
    db.close()
    os.unlink(other)


@hostile(accepted)
def log_of_noise(path):
    with open(path + "-wal", "wb") as f:
        f.write(random.Random(3).randbytes(50000))


@hostile(accepted)
def journal_of_noise(path):
    with open(path + "-journal", "wb") as f:
        f.write(random.Random(4).randbytes(50000))


@hostile(accepted)
def shared_memory_of_noise(path):
    with open(path + "-shm", "wb") as f:
        f.write(random.Random(5).randbytes(32768))


# --- rows and pages ---

@hostile(damaged)
def search_index_of_noise(path):
    sql(path, "UPDATE search_index_data SET block = randomblob(200) WHERE id > 1")


@hostile(damaged)
def search_index_that_is_empty(path):
    sql(path, "DELETE FROM search_index_data")


@hostile(damaged)
def search_index_set_otherwise(path):
    sql(path, "INSERT OR REPLACE INTO search_index_config VALUES ('pgsz', 1), ('automerge', 99), ('rank', 'nobody(1)'),"
        " ('crisismerge', 1)")


@hostile(damaged)
def two_tables_in_one_place(path):
    sql(path, "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'agent')"
        " WHERE name = 'customer'")


@hostile(damaged)
def free_pages_in_a_circle(path):
    sql(path, "CREATE TABLE mine (a); INSERT INTO mine SELECT randomblob(3000) FROM customer, agent, agent;"
        "DROP TABLE mine")
    with open(path, "rb") as f:
        (trunk,) = struct.unpack(">I", f.read(36)[32:])
    if trunk:
        poke(path, (trunk - 1) * PAGE, struct.pack(">I", trunk))
    else:
        poke(path, 32, struct.pack(">II", 5, 1))


@hostile(damaged)
def free_pages_that_are_none(path):
    poke(path, 32, struct.pack(">II", 4000000000, 4000000000))


@hostile(damaged)
def times_and_numbers_of_all_sizes(path):
    sql(path, "PRAGMA ignore_check_constraints = ON;"
        "UPDATE customer SET created_at = 9223372036854775807, updated_at = -9223372036854775808, op = 9223372036854775807")


@hostile(damaged)
def texts_that_are_none(path):
    sql(path, "UPDATE customer SET name = CAST(x'fffe00c0af' AS TEXT), note = CAST(zeroblob(1000000) AS TEXT)")


@hostile(damaged)
def images_that_are_none(path):
    sql(path, "UPDATE change SET image = '" + "[" * 5000 + "'")


# --- harmless ---

@hostile(accepted)
def nothing(path):
    """The positive control."""


@hostile(accepted)
def statistics_of_a_liar(path):
    sql(path, "ANALYZE; UPDATE sqlite_stat1 SET stat = '9223372036854775807 1 1 1 1 1 1 1'")


@hostile(accepted)
def statistics_of_noise(path):
    sql(path, "ANALYZE; UPDATE sqlite_stat1 SET stat = x'ff00ff', idx = 'nobody'")


@hostile(accepted)
def view_of_another_that_never_ends(path):
    sql(path, "CREATE VIEW mine AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c")


@hostile(accepted)
def tables_of_others(path):
    sql(path, "CREATE TABLE mine (a INTEGER PRIMARY KEY, b TEXT UNIQUE, c REFERENCES customer (id));"
        "CREATE INDEX mine_b ON mine (b DESC, c); CREATE INDEX mine_customer ON customer (city COLLATE NOCASE)")


@hostile(accepted)
def many_tables_of_others(path):
    sql(path, "BEGIN;" + "".join(f"CREATE TABLE m{i} (a, b, c, d);" for i in range(500)) + "COMMIT")


def main():
    os.makedirs(DIRECTORY, exist_ok=True)
    for kind, makers in (("refused", refused), ("damaged", damaged), ("accepted", accepted)):
        with open(os.path.join(DIRECTORY, kind), "w", encoding="utf-8") as names:
            for make in makers:
                path = os.path.join(DIRECTORY, make.__name__, "crm.db")
                os.mkdir(os.path.dirname(path), 0o700)
                shutil.copy(SOUND, path)
                os.chmod(path, 0o600)
                make(path)
                print(make.__name__, file=names)


main()
