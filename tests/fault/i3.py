"""A limit on the size of files, as a shell or cron sets it: an error like any other, not the end by SIGXFSZ."""

import judge
import scenarios
from harness import Bad, Result, control

FAILED = 1
KIB = 600


def make(run, home):
    scenarios.small(run, home)
    scenarios.rows(home, "big.csv", 2000, 20000)


def in_shell(run, home, program, *words):
    """As a crontab's line is run: by sh, which sets the limit, the signal as it is by default."""
    line = f'ulimit -f {KIB * 2}; "$@"; exit $?'  # dash counts in units of 512 bytes
    return run.crm(home, *words, program=["env", "--default-signal=XFSZ", "sh", "-c", line, "sh", *program])


def refused(run, home, program, *words):
    done = in_shell(run, home, program, *words)
    if done.status != FAILED:
        raise Bad(f"status {done.status}: {done.err.strip()}")
    if len([line for line in done.err.splitlines() if line.startswith("crm: ") and "warning" not in line]) != 1:
        raise Bad(f"no clear line: {done.err.strip()}")


def tests(run):
    if not run.only.scenario("I3", ""):
        return
    home, bad = run.scratch("shell"), []
    make(run, home)
    before = judge.dump(f"{home}/crm.db")
    try:
        refused(run, home, [run.program], "import", "customer", "big.csv")
        if judge.dump(f"{home}/crm.db") != before:
            raise Bad("part of an import is there")
        run.ok(home, "import", "customer", "big.csv")
        refused(run, home, [run.program], "export", "customer", "-o", "all.csv")
    except Bad as wrong:
        bad.append(str(wrong))
    yield Result("I3", f"ulimit -f {KIB}: an import and an export are refused, nothing of them is there", bad)
    try:
        refused(run, home, ["sqlite3"], "crm.db", "CREATE TABLE ours AS SELECT * FROM customer, customer LIMIT 99999")
        flagged = False
    except Bad:
        flagged = True
    yield control("I3", "a program that leaves the signal as it is", flagged)
