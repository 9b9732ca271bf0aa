"""kill -9 at random moments of bulk work: many imports one after the other, and one big one.

Whatever was acknowledged (by status 0) is there, and nothing but whole imports. Every other time somebody else has the
store open, so that its log is never emptied and has to be recovered.
"""

import os
import random
import signal
import sqlite3
import subprocess
import time

import judge
import scenarios
from harness import Bad, Result, control

BATCHES, BATCH = 12, 40
BIG = 6000
SEED = 7


def batches(run, home):
    run.ok(home, "init")
    run.ok(home, "agent", "add", "--name", "ann")
    for n in range(BATCHES):
        scenarios.rows(home, f"{n}.csv", 1 + n * BATCH, BATCH)
    scenarios.rows(home, "big.csv", 1, BIG)


class Work:
    """Command lines, done one after the other, and what is stored after each."""

    def __init__(self, run, make, lines, program=None):
        self.lines, self.program, self.start = lines, program or [run.program], f"{run.folder}/start-bulk"
        if not os.path.isdir(self.start):
            os.makedirs(self.start, mode=0o700)
            make(run, self.start)
            scenarios.settle(f"{self.start}/crm.db")
        self.current = scenarios.Stage.newest(run)
        home = scenarios.Stage.copy(self.start, run.scratch("bulk"))
        took, self.states = 0, [judge.dump(f"{home}/crm.db")]
        for line in lines:
            began = time.monotonic()
            run.ok(home, *line, program=self.program)
            took += time.monotonic() - began
            self.states.append(judge.dump(f"{home}/crm.db"))
        self.seconds = took

    def until_killed(self, run, home, seconds):
        """Begins each line when the one before has said that it is done; the number of those."""
        deadline, acknowledged = time.monotonic() + seconds, 0
        for line in self.lines:
            with subprocess.Popen([*self.program, *line], cwd=home, env=run.environment(home), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                try:
                    status = process.wait(max(0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    status = process.wait()
            if status == 0:
                acknowledged += 1
            elif status == -signal.SIGKILL:
                break
            else:
                raise Bad(f"status {status}")
        return acknowledged

    def judge(self, run, home, acknowledged):
        """How many lines are stored."""
        found = judge.findings(run, home, self.current)
        if found:
            raise Bad(f"not sound: {' / '.join(found)}")
        state = judge.dump(f"{home}/crm.db")
        if state not in self.states:
            raise Bad(f"part of one is there: {judge.differ(self.states[acknowledged], state)}")
        stored = self.states.index(state)
        if not acknowledged <= stored <= acknowledged + 1:
            raise Bad(f"{acknowledged} acknowledged, {stored} stored")
        return stored


def kill(run, work, runs, seed):
    """Outcomes: whether the kill left something to recover."""
    chance = random.Random(seed)

    def once(point):
        number, at = point
        home = scenarios.Stage.copy(work.start, run.scratch())
        onlooker = sqlite3.connect(f"{home}/crm.db") if number % 2 else None
        if onlooker:
            onlooker.execute("SELECT count(*) FROM customer").fetchone()
        acknowledged = work.until_killed(run, home, at)
        if onlooker:  # it dies too, without tidying up: what counts is what the files hold now
            home = scenarios.Stage.copy(home, run.scratch("left"))
            onlooker.close()
            os.unlink(f"{home}/crm.db-shm")
        log = f"{home}/crm.db-wal"
        hot = os.path.exists(log) and os.path.getsize(log) > 0
        work.judge(run, home, acknowledged)
        return "hot" if hot else "cold"

    return run.each([(n, chance.uniform(0, work.seconds)) for n in range(runs)], once)


def report(name, outcome, runs):
    return Result(name, f"{runs} kills, {outcome.count['hot']} of them left a log to recover, {len(outcome.bad)} bad",
                  outcome.bad)


# Rows go in by twos that belong together, each row a transaction of its own: what must not be done.
HALVES = """
import sqlite3, sys
db = sqlite3.connect("crm.db", isolation_level=None)
for side in "ab":
    db.execute("CREATE TABLE IF NOT EXISTS ours (n, side)")
    for n in range(4000):
        db.execute("INSERT INTO ours VALUES (?, ?)", (n, side))
"""


def tests(run):
    runs = 400 if run.long else 45
    if run.only.scenario("K1", "batches"):
        work = Work(run, batches, [["import", "customer", f"{n}.csv"] for n in range(BATCHES)])
        yield report("K1 batches", kill(run, work, runs, SEED), runs)
    if run.only.scenario("K1", "big"):
        work = Work(run, batches, [["import", "customer", "big.csv"]])
        yield report("K1 big", kill(run, work, runs // 3, SEED + 1), runs // 3)
    if run.only.scenario("K1", "control"):
        work = Work(run, batches, [["-c", HALVES]], program=["python3"])
        yield control("K1", "a program without transactions, killed", len(kill(run, work, 10, SEED + 2).bad))
