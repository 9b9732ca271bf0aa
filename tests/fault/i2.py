"""A disk that is really full, and a limit on the size of files.

What was acknowledged is all there while it is full; lists and reports work; once there is room the next command does too.
"""

import os
import resource
import subprocess

import judge
import scenarios
from harness import Bad, Result, control

FAILED = 1


class Small:
    """A disk of two megabytes, where mounting is allowed."""

    def __init__(self, path):
        self.path = path
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", path], capture_output=True,
                              check=False)
        self.why_not = done.stderr.decode().strip() if done.returncode else None

    def grow(self):
        subprocess.run(["mount", "-o", "remount,size=32m", self.path], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.why_not:
            subprocess.run(["umount", self.path], check=True)


def names(run, home):
    return set(run.ok(home, "customer", "list", "--fields", "name").split())


def fill(run, home, **how):
    """Adds until that fails; the names that were acknowledged, and how it failed."""
    added = set()
    for n in range(3000):
        done = run.crm(home, "-q", "customer", "add", "--name", f"N{n}", "--note", "x" * 9000, **how)
        if done.status != 0:
            return added, done
        added.add(f"N{n}")
    raise Bad("it does not get full")


def check_full(run, home, how):
    """An import that is too much, then one record after the other; how many."""
    before = judge.dump(f"{home}/crm.db")
    done = run.crm(home, "import", "customer", "big.csv", **how)
    if done.status != FAILED or "crm: " not in done.err:
        raise Bad(f"import: status {done.status}: {done.err.strip()}")
    if judge.dump(f"{home}/crm.db") != before:
        raise Bad("part of an import is there")
    added, done = fill(run, home, **how)
    if done.status != FAILED or len(done.err.splitlines()) != 1 or not done.err.startswith("crm: "):
        raise Bad(f"add: status {done.status}: {done.err.strip()}")
    if names(run, home) != added | {"Li"}:
        raise Bad(f"{len(added)} added, {len(names(run, home)) - 1} there")
    run.ok(home, "report", "activity")
    run.ok(home, "followup", "due")
    return added


def begin(run, home):
    run.ok(home, "init")
    run.ok(home, "agent", "add", "--name", "ann")
    run.ok(home, "customer", "add", "--name", "Li")
    with open(f"{home}/big.csv", "w", encoding="utf-8") as file:
        file.write("key,name,note\n")
        file.writelines(f"K{i},Name {i},a note of some length {i}\n" for i in range(20000))


def goes_on(run, home, added):
    run.ok(home, "customer", "add", "--name", "Last")
    if names(run, home) != added | {"Li", "Last"}:
        raise Bad("what was added after it was full is not what is there")
    found = judge.findings(run, home, scenarios.Stage.newest(run))
    if found:
        raise Bad(f"not sound: {found}")


def disk(run):
    home = run.scratch("disk")
    with Small(home) as small:
        if small.why_not:
            return Result("I2 disk", "", skipped=f"mounting is not allowed here: {small.why_not}")
        begin(run, home)
        added = check_full(run, home, {})
        small.grow()
        goes_on(run, home, added)
        return Result("I2 disk", f"full after {len(added)} records, all there; then goes on")


def limited(size):
    """What a shell does before it runs a command: ulimit -f."""
    def before():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return {"preexec_fn": before}


def limit(run):
    home = run.scratch("limit")
    begin(run, home)
    added = check_full(run, home, limited(1 << 20))
    goes_on(run, home, added)
    return Result("I2 limit", f"at the limit after {len(added)} records, all there; without it goes on")


# Says that a record was added whether it was or not.
LIAR = """
import sqlite3, sys
db = sqlite3.connect("crm.db", timeout=0)
try:
    db.execute("INSERT INTO customer (name, name_fold, note, created_at, updated_at, op) VALUES (?, ?, ?, 0, 0, 1)",
               (sys.argv[5], sys.argv[5], sys.argv[7]))
    db.commit()
except sqlite3.Error:
    sys.exit(int(sys.argv[5] == "N55"))
"""


def liar(run):
    home = run.scratch("liar")
    begin(run, home)
    added, _ = fill(run, home, program=["python3", "-c", LIAR], **limited(640 << 10))
    return control("I2", "a program that says it stored what did not fit", len(added - names(run, home)))


def tests(run):
    for name, one in (("disk", disk), ("limit", limit), ("control", liar)):
        if run.only.scenario("I2", name):
            try:
                yield one(run)
            except Bad as bad:
                yield Result(f"I2 {name}", "", [str(bad)])
