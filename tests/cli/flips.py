"""Flips bits and overwrites bytes of a store's file, and looks at what crm says of it.

Nothing may crash or hang, and `check` may not call a store sound whose dump is another one, or cannot be made. The
positive control is the same store without its sums and digests, where some changes must go unnoticed.
"""

import collections
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys

CRM = os.environ["CRM"]
TIMEOUT = 60
MEMORY = 1 << 30
WORDS = "Li Wang Zhang 张 王 李 Anna Otto coffee maker 退货 refund broken box late order blue green".split()


def limit():
    if os.environ.get("SANITIZED") != "yes":  # whose shadow takes more than there is
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def crm(store, *arguments):
    """Status and stdout; -1000 when it hangs."""
    try:
        run = subprocess.run([CRM, "--store", store, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                             timeout=TIMEOUT, preexec_fn=limit, check=False)
    except subprocess.TimeoutExpired:
        return -1000, b""
    return run.returncode, run.stdout


def must(store, *arguments):
    status, out = crm(store, *arguments)
    if status != 0:
        sys.exit(f"crm {' '.join(arguments)}: status {status}")
    return out


def make(store, rng):
    """Something of everything, and changes of it."""
    phrase = lambda n: " ".join(rng.choice(WORDS) for _ in range(n))
    must(store, "init")
    must(store, "agent", "add", "--name", "ann")
    must(store, "field", "add", "customer", "size")
    with open("customers.csv", "w", encoding="utf-8") as f:
        f.write("key,name,city,email,note,tags,size\n")
        for i in range(300):
            f.write(f"K{i},{phrase(2)},{phrase(1)},c{i}@example.com,{phrase(9)},{rng.choice('ab丙')},{i % 9}\n")
    with open("logs.csv", "w", encoding="utf-8") as f:
        f.write("customer,at,channel,content\n")
        for i in range(300):
            f.write(f"key:K{rng.randrange(300)},2026-02-{1 + i % 28:02} 10:00,phone,{phrase(12)}\n")
    must(store, "import", "customer", "customers.csv")
    must(store, "import", "log", "logs.csv")
    must(store, "customer", "edit", "--where", "id<=80", "--yes", "--city", "Ulm")
    for i in range(1, 13):
        must(store, "ticket", "add", str(i), "--type", "question", "--subject", phrase(4))
        must(store, "customer", "edit", str(i), "--phones", f"w:+86138001380{i:02}", "--tag", "B")
    must(store, "customer", "rm", "290", "--yes")
    must(store, "undo")
    must(store, "customer", "merge", "20", "21")


def damaged(sound, rng):
    data = bytearray(sound)
    at = rng.randrange(len(data))
    kind = rng.randrange(4)
    if kind < 2:
        data[at] ^= 1 << rng.randrange(8)
    elif kind == 2:
        data[at] = rng.randrange(256)
    else:
        end = min(len(data), at + rng.choice((2, 8, 64, 512)))
        data[at:end] = rng.randbytes(end - at) if rng.randrange(2) else bytes(end - at)
    return bytes(data)


def try_all(name, sound, count, seed):
    """How many changes were silent, and what found the others; exits when anything crashes."""
    rng = random.Random(seed)
    store = f"{name}.db"
    with open(store, "wb") as f:
        f.write(sound)
    os.chmod(store, 0o600)
    dump = must(store, "dump")
    silent, changed, found, by = [], 0, 0, collections.Counter()
    for i in range(count):
        for suffix in "-wal", "-shm", "-journal":
            if os.path.exists(store + suffix):
                os.unlink(store + suffix)
        with open(store, "wb") as f:
            f.write(damaged(sound, rng))
        checked, rows = crm(store, "check", "--quiet", "--format", "tsv", "--no-header")
        runs = {"check": checked, "list": crm(store, "customer", "list")[0],
                "export": crm(store, "export", "customer")[0]}
        dumped, now = crm(store, "dump")
        runs["dump"] = dumped
        for what, status in runs.items():
            if status not in ((0, 5, 6) if what == "check" else (0, 1, 5, 6)):
                sys.exit(f"{name}, change {i}: {what} ended with {status}")
        names = {line.split(b"\t")[0].decode() for line in rows.splitlines()} or {"not opened"}
        differs = dumped != 0 or now != dump
        changed += differs
        found += checked != 0
        if checked != 0:
            by.update(names)
        elif differs:
            silent.append(i)
            if os.environ.get("FLIPS_TELL"):
                old, new = dump.splitlines(), now.splitlines()
                print(i, dumped, [(a, b) for a, b in zip(old, new) if a != b][:1])
    print(f"{name}: {count} changes, {changed} of them of content, {found} found"
          f" ({', '.join(f'{n} {k}' for n, k in by.most_common())}), {len(silent)} silent")
    return silent


def without_sums(source, target):
    shutil.copy(source, target)
    with sqlite3.connect(target) as db:
        for (table,) in db.execute("SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name ="
                                   " 'row_sum' WHERE m.type = 'table'").fetchall():
            db.execute(f"UPDATE {table} SET row_sum = NULL")
        db.execute("UPDATE operation SET digest = NULL")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def read(path):
    with open(path, "rb") as f:
        return f.read()


def main():
    count, seed = int(sys.argv[1]), int(os.environ.get("FLIPS_SEED", "20261201"))
    make("made.db", random.Random(1))
    without_sums("made.db", "plain.db")
    silent = try_all("sums", read("made.db"), count, seed)
    control = try_all("control", read("plain.db"), count, seed)
    if silent:
        sys.exit(f"FLIPS_SEED={seed}: check called a changed store sound: changes {silent}")
    if not control:
        sys.exit(f"FLIPS_SEED={seed}: without sums all was found as well: this shows nothing")


main()
