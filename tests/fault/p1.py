"""Power cut at each moment of a command, or of a session of several: what may then be on the disk.

It opens, is sound, holds what was acknowledged, and nothing but whole commands. disk.py says what may be on a disk.
"""

import os
import random
import sqlite3
import sys

import disk
import judge
from harness import Bad, Result, control
from scenarios import Scenario, settle, small

SEED = 20260310

# Commands one after another, each acknowledged before the next one begins.
SESSION = [
    ["customer", "add", "--name", "Wu", "--email", "wu@example.com", "--tag", "new"],
    ["customer", "edit", "key:K3", "--city", "Bath", "--note", "moved"],
    ["log", "add", "key:K4", "--channel", "email", "--in", "-m", "a question"],
    ["undo"],
    ["ticket", "solve", "1", "-m", "sent again"],
    ["import", "customer", "rows.csv"],
    ["customer", "rm", "5", "--yes"],
    ["undo"],
]


def logged(run, home, do):
    """What a command does to its home: [(op, words, bytes)]. do(env) runs it."""
    log = f"{home}.log"
    done = do({"LD_PRELOAD": f"{run.shims}/libshim_disk.so", "DISK_LOG": log, "DISK_FOLDER": home})
    if done.status != 0:
        raise Bad(f"with nothing in its way: status {done.status}: {done.err.strip()}")
    lines = list(disk.read_log(log))
    os.unlink(log)
    return lines


def acknowledged_once(lines):
    """`ack` where a command first says something on stdout, else at its end."""
    said = next((i for i, line in enumerate(lines) if line[0] == "said"), len(lines))
    return [*lines[:said], ("ack", (), b""), *lines[said:]]


def complete(start, home, lines):
    """The log has all that was done: what it leads to is what is there."""
    there = disk.Disk(home)
    for line in lines:
        start.do(*line)
    for name, file in there.names.items():
        if name not in start.names or start.names[name].content(start.names[name].pending) != file.durable:
            raise Bad(f"the log lacks something of {name}")
    for name in start.names:
        if name not in there.names:
            raise Bad(f"the log lacks how {name} went")


def moments(run, lines, wanted):
    """The places in the log at which the power goes: each that changes the disk, or a sample, with all around an `ack`."""
    all_of_them = range(len(lines) + 1)
    if run.long:
        return set(all_of_them)
    acks = [i for i, line in enumerate(lines) if line[0] == "ack"]
    near = {i + d for i in acks for d in range(-4, 12) if 0 <= i + d <= len(lines)}
    return near | set(run.sample(all_of_them, wanted))


def states(run, start, lines, wanted, more):
    """(acknowledged, image) of each state that may be on the disk, each once."""
    rng, seen, acknowledged, count = random.Random(SEED), set(), 0, 0
    when = moments(run, lines, wanted)
    distinct = []
    for i in range(len(lines) + 1):
        if i in when:
            for image in start.images(rng, more):
                count += 1
                key = (acknowledged, disk.fingerprint(image))
                if key not in seen:
                    seen.add(key)
                    distinct.append((acknowledged, image))
        if i < len(lines):
            acknowledged += lines[i][0] == "ack"
            start.do(*lines[i])
    return count, distinct


class Tally:
    """Verdicts on states: what is wrong with each kind."""

    def __init__(self):
        self.count, self.bad = {"corrupt": 0, "not atomic": 0, "lost": 0}, []

    def take(self, bad):
        self.bad = bad
        for kind in self.count:
            self.count[kind] = sum(f": {kind}: " in wrong for wrong in bad)

    def text(self):
        return ", ".join(f"{n} {kind}" for kind, n in self.count.items())


def judge_all(run, distinct, look):
    """look(acknowledged, image) raises Bad with a kind before a colon."""
    tally = Tally()
    tally.take(run.each(range(len(distinct)), lambda i: look(*distinct[i])).bad)
    return tally


def look_at(run, stage, image, acknowledged, versions, own=True):
    """Opens what is left by the program itself, and compares it with the versions that it may be; the number of the one.

    Not its `own`: the versions are those of another command than the scenario's.
    """
    scenario, home, known = stage.scenario, run.scratch(), stage.known
    disk.put(image, home)
    found = judge.findings(run, home, stage.current)
    if own and scenario.owing and found and all(scenario.owing in line for line in found):
        run.ok(home, "vacuum")
        found = judge.findings(run, home, stage.current)
    key = judge.fingerprint(home)
    if key not in known:
        try:
            known[key] = stage.state(run, home)
        except Bad as bad:
            raise Bad(f"corrupt: {bad}") from bad
    held = known[key]
    for number, (wanted, wanted_found) in enumerate(versions):
        if held == wanted and number >= acknowledged:
            break
    else:
        lost = [n for n, (wanted, _) in enumerate(versions) if wanted == held]
        if lost:
            raise Bad(f"lost: it is as after {lost[-1]} commands, {acknowledged} were acknowledged")
        if found:
            raise Bad(f"corrupt: {' / '.join(found)}")
        raise Bad("not atomic: " + "; ".join(judge.differ(wanted, held) for wanted, _ in versions[acknowledged:]))
    if found != wanted_found:
        raise Bad(f"corrupt: {' / '.join(found)}")
    if own and scenario.extra:
        scenario.extra(run, home, ("before", "after")[number > 0])
    return number


def of_scenario(run, stage):
    home = stage.copy(stage.start, run.scratch("logged"))
    lines = acknowledged_once(logged(run, home, lambda env: stage.do(run, home, env=env)))
    complete(disk.Disk(stage.start), home, lines)
    count, distinct = states(run, disk.Disk(stage.start), lines, 40, 6)
    versions = [(held, found) for _, held, found in stage.states]
    steps = len(versions) - 1  # one command may take several, and is acknowledged behind the last
    tally = judge_all(run, distinct, lambda acknowledged, image: look_at(
        run, stage, image, acknowledged * steps, versions))
    return Result(f"P1 {stage.name}", f"{count} states of {len(lines)} moments, {len(distinct)} differ: {tally.text()}",
                  tally.bad)


def of_session(run):
    stage = Scenario("session", small, SESSION[0]).prepare(run)
    home = stage.copy(stage.start, run.scratch("logged"))
    versions = [(judge.dump(f"{home}/crm.db"), [])]
    for command in SESSION:
        run.ok(home, *command)
        versions.append((judge.dump(f"{home}/crm.db"), []))
    home, lines = stage.copy(stage.start, run.scratch("logged")), []
    for command in SESSION:
        lines += acknowledged_once(logged(run, home, lambda env, c=command: run.crm(home, *c, env=env)))
    complete(disk.Disk(stage.start), home, lines)
    count, distinct = states(run, disk.Disk(stage.start), lines, 60, 6)
    tally = judge_all(run, distinct, lambda acknowledged, image: look_at(run, stage, image, acknowledged, versions))
    return Result("P1 session", f"{len(SESSION)} commands, {count} states of {len(lines)} moments, {len(distinct)} differ:"
                  f" {tally.text()}", tally.bad)


# --- controls: what a store must not be kept with ---

WRITER = """
import os, sqlite3, sys
db = sqlite3.connect("crm.db", isolation_level=None)
db.execute("PRAGMA journal_mode = " + sys.argv[1])
db.execute("PRAGMA synchronous = " + sys.argv[2])
db.execute("PRAGMA wal_autocheckpoint = " + sys.argv[3])
for i in range(12):
    db.execute("BEGIN IMMEDIATE")
    for k in range(8):
        db.execute("UPDATE t SET v = v + 1, pad = ? WHERE id = ?", (chr(97 + i) * 700, 1 + (i * 5 + k * 3) % 40))
    db.execute("UPDATE n SET n = n + 1")
    db.execute("COMMIT")
    os.write(1, b".")
"""


def stand_in(run, mode, synchronous, checkpoint):
    """Twelve transactions of a program that has its store like that; what is wrong with the states."""
    home = run.scratch("logged")
    db = sqlite3.connect(f"{home}/crm.db")
    db.executescript(f"PRAGMA journal_mode = {mode}; CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, pad TEXT);"
                     "CREATE INDEX t_pad ON t (pad, v); CREATE TABLE n (n INTEGER); INSERT INTO n VALUES (0);")
    db.executemany("INSERT INTO t VALUES (?, 0, ?)", [(i, "-" * 700) for i in range(1, 41)])
    db.commit()
    db.close()
    start = disk.Disk(home)
    again = disk.Disk(home)
    lines = [("ack" if op == "said" else op, words, data) for op, words, data in logged(
        run, home, lambda env: run.crm(home, WRITER, mode, synchronous, checkpoint, program=[sys.executable, "-c"], env=env))]
    complete(again, home, lines)
    _, distinct = states(run, start, lines, 200, 2)

    def look(acknowledged, image):
        there = run.scratch()
        disk.put(image, there)
        db = sqlite3.connect(f"{there}/crm.db")
        try:
            if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise Bad("corrupt: integrity_check")
            n = db.execute("SELECT n FROM n").fetchone()[0]
            if db.execute("SELECT sum(v) FROM t").fetchone()[0] != 8 * n:
                raise Bad("not atomic: half a transaction")
            if n < acknowledged:
                raise Bad(f"lost: {n} of {acknowledged}")
        except sqlite3.Error as error:
            raise Bad(f"corrupt: {error}") from error
        finally:
            db.close()
    return len(distinct), judge_all(run, distinct, look)


def controls(run):
    for mode, synchronous, checkpoint, kind in (
            ("WAL", "FULL", "8", None), ("DELETE", "EXTRA", "8", None), ("WAL", "OFF", "8", "corrupt"),
            ("WAL", "NORMAL", "1000", "lost"), ("DELETE", "FULL", "8", "lost")):
        n, tally = stand_in(run, mode, synchronous, checkpoint)
        what = f"{mode} and synchronous={synchronous}, {n} states"
        if kind:
            yield control("P1", f"{what}, {kind}", tally.count[kind])
        else:
            yield Result("P1 stand-in", f"{what}: {tally.text()}", tally.bad)


def tests(run):
    if not run.shims:
        yield Result("P1", "", skipped="--shims says where libshim_disk.so is")
        return
    yield from run.over("P1", lambda stage: of_scenario(run, stage))
    if run.only.scenario("P1", "session"):
        yield of_session(run)
    if run.only.scenario("P1", "control"):
        yield from controls(run)
