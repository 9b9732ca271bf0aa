"""EIO and ENOSPC at each system call that touches storage, once and from then on.

Either it is refused, with one clear line, and the store is sound, or all of it is stored. Status 0 means stored.
"""

import os
import sqlite3

import inject
from harness import Bad, Outcome, Result, control
from scenarios import Scenario, Stage, foreign_table

# What is said of an error that comes when all is stored.
AFTER = ("outcome unknown", "is stored)", "crm: stdout: ", "erased, but traces remain")
CHECK_FOUND = 5  # the status of `check` when something remains that it could not mend

SILENT = """
import sqlite3
db = sqlite3.connect("crm.db")
try:
    db.execute("UPDATE ours SET v = v || 'x', n = -n")
    db.commit()
except sqlite3.Error:
    pass
"""
CONTROL = Scenario("stand-in", foreign_table, ["-c", SILENT], program=["python3"])


def check_message(call, done):
    """Refused with one line that says so. Where what is written fails, the line may be what could not be written."""
    lines = [line for line in done.err.splitlines() if line.startswith("crm: ") and not line.startswith("crm: warning: ")]
    if call != "write" and len(lines) != 1:
        raise Bad(f"status {done.status} with {len(lines)} lines of error: {done.err.strip()!r}")


def check_honest(call, done, verdict):
    """Where all is stored, the error is one that came after it, or says that this is not known; check lists the rest."""
    told = any(words in done.err for words in AFTER) or done.status == CHECK_FOUND
    if "outcome unknown" in done.err and ("nothing was" in done.err or " 0 created" in done.err):
        raise Bad(f"unknown, and said to be known: {done.err.strip()!r}")
    if verdict == "after" and call != "write" and not told:
        raise Bad(f"status {done.status}, and it is stored: {done.err.strip()!r}")


class Onlooker:
    """Somebody else has the store open, so that its log stays; then everything ends at once: the log is recovered."""

    def __init__(self, home):
        self.home, self.db = home, sqlite3.connect(f"{home}/crm.db")
        self.db.execute("SELECT count(*) FROM customer").fetchone()

    def crash(self, run):
        """What the files hold, in another folder."""
        home = Stage.copy(self.home, run.scratch("left"))
        self.db.close()
        os.unlink(f"{home}/crm.db-shm")
        return home


def tests(run):
    reason = inject.why_not()
    if reason:
        yield Result("I1", "", skipped=reason)
        return

    def fail(stage, points, watched=False):
        def point(at):
            call, k, error, on = at
            home = stage.fresh(run)
            onlooker = Onlooker(home) if watched else None
            done = stage.do(run, home, wrap=inject.wrap(call, f"{k}{on}", f"error={error}"))
            if watched:
                home = onlooker.crash(run)
            if done.status < 0 or done.status >= 128:
                raise Bad(f"ended by a signal: status {done.status}")
            verdict = stage.judge(run, home, acknowledged=done.status == 0)
            if done.status != 0:
                check_message(call, done)
                check_honest(call, done, verdict)
            return "stored" if done.status == 0 else "refused" if verdict == "before" else "unknown"
        # who waits for a lock needs no processor
        waiting = run.each([p for p in points if p[0] == "fcntl" and p[3]], point, jobs=run.jobs * 16)
        others = run.each([p for p in points if p[0] != "fcntl" or not p[3]], point)
        return Outcome(waiting.count + others.count, waiting.bad + others.bad)

    def every(points):
        """Once and from then on. A lock that cannot be had from then on is asked for 20 seconds: in the long run only."""
        return [(*p, error, on) for p in points for error in ("EIO", "ENOSPC") for on in ("", "+")
                if run.long or (p[0], on) != ("fcntl", "+")]

    def report(name, found, points, outcome):
        return Result(f"I1 {name}", f"{len(points)} errors at {len({p[:2] for p in points})} of {len(found)} points: "
                      + ", ".join(f"{n} {what}" for what, n in sorted(outcome.count.items()))
                      + f", {len(outcome.bad)} bad", outcome.bad)

    def one(stage):
        found = inject.points(run, stage)
        points = every(inject.sample(run, found, 30))
        return report(stage.name, found, points, fail(stage, points))

    def watched(stage):
        """Writing alone: only then is it seen whether an error at COMMIT left all of it in the log."""
        found = [p for p in inject.points(run, stage) if p[0] in ("pwrite64", "fdatasync")]
        points = every(inject.sample(run, found, 25))
        outcome = fail(stage, points, watched=True)
        return report(f"{stage.name} watched", found, points, outcome)

    yield from run.over("I1", one)
    yield from run.over("I1", watched, names=("add", "import"))
    if run.only.scenario("I1", "control"):
        stage = CONTROL.prepare(run)
        points = [p for p in every(inject.points(run, stage)) if p[0] == "pwrite64"][:40]
        yield control("I1", "a program that does not look at errors", len(fail(stage, points).bad))
