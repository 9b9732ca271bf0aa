"""Killed on entry of each system call that touches storage.

The store is then as before or as after, sound, and the next command works; repeated, the command does what it should.
"""

import signal

import inject
from harness import Bad, Result, control
from scenarios import Scenario, foreign_table


# SQLite's promise needs a journal that survives: in memory it does not.
CONTROL = Scenario("stand-in", foreign_table, ["-cmd", "PRAGMA journal_mode=MEMORY", "crm.db",
                                               "UPDATE ours SET v = v || 'x', n = -n"], program=["sqlite3"])


def tests(run):
    reason = inject.why_not()
    if reason:
        yield Result("K2", "", skipped=reason)
        return

    def kill(stage, points):
        def point(at):
            home = stage.fresh(run)
            done = stage.do(run, home, wrap=inject.wrap(*at, "signal=SIGKILL"))
            if done.status != -signal.SIGKILL:
                raise Bad(f"not killed: status {done.status}")
            return stage.judge(run, home, acknowledged=False)
        return run.each(points, point)

    def one(stage):
        found = inject.points(run, stage)
        points = inject.sample(run, found, 40)
        outcome = kill(stage, points)
        before, after, between = (outcome.count[v] for v in ("before", "after", "between"))
        return Result(f"K2 {stage.name}", f"killed at {len(points)} of {len(found)} points: {before} times as before,"
                      f" {after} as after," + (f" {between} between its two steps," if between else "")
                      + f" {len(outcome.bad)} bad", outcome.bad)

    yield from run.over("K2", one)
    if run.only.scenario("K2", "control"):
        stage = CONTROL.prepare(run)
        points = [p for p in inject.points(run, stage) if p[0] == "pwrite64"]
        yield control("K2", "a journal in memory, killed while it writes", len(kill(stage, points).bad))
