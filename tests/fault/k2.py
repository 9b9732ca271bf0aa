"""Killed on entry of each system call that touches storage.

The store is then as before or as after, sound, and the next command works; repeated, the command does what it should.
"""

import signal

import inject
from harness import Bad, Result


def tests(run):
    reason = inject.why_not()
    if reason:
        yield Result("K2", "", skipped=reason)
        return

    def one(stage):
        found = inject.points(run, stage.fresh(run), stage.command)
        points = inject.sample(run, found, 40)

        def point(at):
            home = stage.fresh(run)
            done = run.crm(home, *stage.command, wrap=inject.wrap(*at, "signal=SIGKILL"))
            if done.status != -signal.SIGKILL:
                raise Bad(f"not killed: status {done.status}")
            return stage.judge(run, home, acknowledged=False)

        outcome = run.each(points, point)
        before, after = outcome.count["before"], outcome.count["after"]
        return Result(f"K2 {stage.name}", f"killed at {len(points)} of {len(found)} points: {before} times as before,"
                      f" {after} as after, {len(outcome.bad)} bad", outcome.bad)

    yield from run.over("K2", one)
