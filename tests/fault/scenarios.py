"""The commands that write, each with a store to start from and how its outcome is told.

Each must leave what was there, or all of what it does: nothing between, and the latter once it has said so. A new command
that writes is a line in SCENARIOS.
"""

import glob
import os
import shutil
import sqlite3

import judge
from harness import Bad

ROWS = 300


class Scenario:
    """`make(run, home)` makes the store to start from. `state(run, home)` is what is stored, to be compared.

    again    run once more after it was done, it changes nothing (an import of the same file, an edit to the same value)
    via      a command that makes the first of two steps that this one takes, each whole: another state it may leave
    owing    what `check` may find when the command was cut short after its main step, and vacuum then mends
    program  what runs the command, if not crm: a control
    extra    extra(run, home, verdict): raises Bad when something beside the store is not as it should be
    """

    def __init__(self, name, make, command, state=None, again=False, via=None, extra=None, owing=None, program=None):
        self.name, self.make, self.command = name, make, command
        self.again, self.via, self.extra, self.owing, self.program = again, via, extra, owing, program
        self.state = state or (lambda run, home: judge.dump(f"{home}/crm.db"))

    def prepare(self, run):
        return Stage(self, run)


class Stage:
    """A scenario made ready: its starting folder, and what is stored before and after."""

    def __init__(self, scenario, run):
        self.scenario, self.name = scenario, scenario.name
        self.start = f"{run.folder}/start-{scenario.name.replace(' ', '-')}"
        if os.path.exists(self.start):
            shutil.rmtree(self.start)
        os.makedirs(f"{self.start}/.config/crm", mode=0o700)
        with open(f"{self.start}/.config/crm/config", "w", encoding="utf-8") as file:
            file.write("[store]\nwait = 0\n")  # nobody else is there: what cannot be locked is not waited for
        scenario.make(run, self.start)
        settle(f"{self.start}/crm.db")
        self.known = {}
        self.current = self.newest(run)
        self.states = [("before", *self.reach(run, None))]
        if scenario.via:
            self.states.append(("between", *self.reach(run, lambda home: run.ok(home, *scenario.via))))
        self.states.append(("after", *self.reach(run, lambda home: self.succeed(run, home))))
        if self.states[0][1] == self.states[-1][1]:
            raise Bad("nothing tells before from after")
        if self.states[-1][2]:
            raise Bad(f"not sound when it is done: {self.states[-1][2]}")

    @staticmethod
    def newest(run):
        """The schema that this program makes."""
        home = run.scratch("newest")
        run.ok(home, "init")
        return judge.version(f"{home}/crm.db")

    def do(self, run, home, wrap=(), **how):
        """The command itself, behind the words of `wrap`."""
        return run.crm(home, *self.scenario.command, wrap=wrap, program=self.scenario.program, **how)

    def succeed(self, run, home):
        done = self.do(run, home)
        if done.status != 0:
            raise Bad(f"with nothing in its way: status {done.status}: {done.err.strip()}")

    def reach(self, run, act):
        """What is stored, and what `check` finds, after an act."""
        home = self.copy(self.start, run.scratch("reach"))
        if act:
            act(home)
        return self.state(run, home), judge.findings(run, home, self.current)

    def state(self, run, home):
        return self.scenario.state(run, home)

    @staticmethod
    def copy(start, home):
        shutil.copytree(start, home, dirs_exist_ok=True)
        return home

    def fresh(self, run):
        """A home of this process, as it is at the start."""
        return self.copy(self.start, run.scratch())

    def judge(self, run, home, acknowledged):
        """"before" or "after" ("between"); Bad when it is none, not sound, not what was acknowledged, or goes not on."""
        key = judge.fingerprint(home)
        verdict = self.known.get(key) or self.look(run, home)
        self.known[key] = verdict
        if acknowledged and verdict != "after":
            raise Bad("status 0, and nothing is stored")
        return verdict

    def look(self, run, home):
        found = judge.findings(run, home, self.current)
        if self.scenario.owing and found and all(self.scenario.owing in line for line in found):
            run.ok(home, "vacuum")
            found = judge.findings(run, home, self.current)
        verdict = self.verdict(run, home, found)
        if verdict != "after" or self.scenario.again:
            self.succeed(run, home)
            wrong = judge.differ(self.states[-1][1], self.state(run, home))
            if wrong:
                raise Bad(f"was as {verdict}; run again: {wrong}")
        return verdict

    def verdict(self, run, home, found):
        state = self.state(run, home)
        for verdict, wanted, wanted_found in self.states:
            if state == wanted:
                break
        else:
            raise Bad("none of what it may be: " + "; ".join(
                f"not {name}: {judge.differ(wanted, state)}" for name, wanted, _ in self.states))
        if found != wanted_found:
            raise Bad(f"as {verdict}, but not sound: {' / '.join(found)}")
        if self.scenario.extra:
            self.scenario.extra(run, home, verdict)
        return verdict


def settle(path):
    """One file, as a store is that nobody has open."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


# --- stores to start from ---


def rows(home, name, first, n):
    with open(f"{home}/{name}", "w", encoding="utf-8") as file:
        file.write("key,name,email,city\n")
        file.writelines(f"K{i},Name {i},u{i}@example.com,City {i % 7}\n" for i in range(first, first + n))


def small(run, home):
    """A few customers, a talk with one of them, a ticket."""
    run.ok(home, "init")
    for agent in ("ann", "bob"):
        run.ok(home, "agent", "add", "--name", agent)
    rows(home, "small.csv", 1, 12)
    run.ok(home, "import", "customer", "small.csv")
    run.ok(home, "log", "phone", "1", "-m", "about the order", "--at", "2026-03-01")
    run.ok(home, "ticket", "add", "2", "--type", "question", "--subject", "where is it", "-m", "not here yet")
    rows(home, "rows.csv", 1000, ROWS)


def imported(run, home):
    small(run, home)
    run.ok(home, "import", "customer", "rows.csv")


def ruled(run, home):
    """A ticket that has waited too long for what a rule says."""
    small(run, home)
    run.ok(home, "rule", "add", "--name", "late", "--event", "tick", "--condition", "created_at:..2026-03-09",
           "--actions", "set priority=urgent; tag late; note waiting")
    run.ok(home, "--now", "2026-03-01T08:00:00Z", "ticket", "add", "3", "--type", "problem", "--subject", "broken")


def spoilt(run, home):
    """A fact that is not what the records say, as `check` finds it."""
    small(run, home)
    settle(f"{home}/crm.db")
    db = sqlite3.connect(f"{home}/crm.db")
    db.execute("UPDATE customer SET contacts = 7 WHERE id = 3")
    db.commit()
    db.close()


def foreign_table(run, home):
    """A store in which another program keeps a table of its own, in rollback mode: for controls."""
    run.ok(home, "init")
    db = sqlite3.connect(f"{home}/crm.db")
    db.executescript("PRAGMA journal_mode = DELETE; CREATE TABLE ours (n INTEGER, v TEXT); CREATE INDEX ours_n ON ours (n);"
                     "INSERT INTO ours SELECT value, printf('%0400d', value) FROM (WITH RECURSIVE c(value) AS "
                     "(SELECT 1 UNION ALL SELECT value + 1 FROM c WHERE value < 200) SELECT value FROM c);")
    db.close()


def older(schema):
    def make(run, home):
        db = sqlite3.connect(f"{home}/crm.db")
        with open(f"{run.root}/tests/data/stores/schema-{schema}.sql", encoding="utf-8") as file:
            db.executescript(file.read())
        db.close()
        os.chmod(f"{home}/crm.db", 0o600)
    return make


def kept(schema):
    """What copies a migration leaves are as the store was before."""
    def extra(run, home, verdict):
        start = judge.dump(f"{run.folder}/start-migrate-{schema}/crm.db")
        copies = glob.glob(f"{home}/crm.db.schema-*")
        if verdict != "before" and not copies:
            raise Bad(f"no copy of schema {schema} was kept")
        for copy in copies:
            wrong = judge.differ(start, judge.dump(copy))
            if wrong:
                raise Bad(f"{os.path.basename(copy)} is not whole: {wrong}")
    return extra


MARKER = "qzxjvkpe"  # a word that nothing else holds


def marked(run, home):
    """A customer whose every trace can be told."""
    small(run, home)
    run.ok(home, "customer", "add", "--name", f"Wu {MARKER}", "--note", f"{MARKER} called")
    run.ok(home, "customer", "edit", "13", "--note", f"{MARKER} called twice")
    run.ok(home, "log", "phone", "13", "-m", f"said {MARKER}")


def erased(run, home):
    """An erasure whose traces are still owed."""
    marked(run, home)
    run.ok(home, "privacy", "erase", "13", "--yes")
    settle(f"{home}/crm.db")
    db = sqlite3.connect(f"{home}/crm.db")
    db.execute("UPDATE erasure SET traces = 1")
    db.commit()
    db.close()


def no_traces(run, home, verdict):
    """Where somebody was erased, nothing of them is left, and the ledger beside the store knows it."""
    if verdict == "before":
        return
    for name in ("crm.db", "crm.db-wal", "crm.db-erased"):
        if os.path.exists(f"{home}/{name}"):
            with open(f"{home}/{name}", "rb") as file:
                if MARKER.encode() in file.read().lower():
                    raise Bad(f"traces in {name}")
    if not os.path.exists(f"{home}/crm.db-erased"):
        raise Bad("the ledger is missing")


def backed_up(run, home):
    """A copy, and what came after it."""
    small(run, home)
    run.ok(home, "backup", "copy.db")
    run.ok(home, "customer", "edit", "key:K2", "--city", "Bath")
    run.ok(home, "customer", "rm", "3", "--yes")


def with_copy(_, home):
    return {"store": judge.dump(f"{home}/crm.db"), "copy": judge.dump(f"{home}/copy.db")}


def private(run, home, _):
    for name in os.listdir(home):
        mode = os.stat(f"{home}/{name}").st_mode & 0o777
        if name.startswith(("crm.db", "copy.db", ".crm-")) and mode & 0o077:
            raise Bad(f"{name} has mode {mode:o}")


def previous_kept(run, home, verdict):
    """The store that was there before a restore is whole under another name."""
    private(run, home, verdict)
    if verdict == "after":
        start = judge.dump(f"{run.folder}/start-restore/crm.db")
        if not any(judge.dump(path) == start for path in glob.glob(f"{home}/crm.db.*") if path[-4:] not in ("-wal", "-shm")):
            raise Bad("the previous store was not kept")


SCENARIOS = [
    Scenario("add", small, ["customer", "add", "--name", "Wu", "--email", "wu@example.com", "--tag", "new"]),
    Scenario("edit", small, ["customer", "edit", "key:K3", "--city", "Bath", "--note", "moved"], again=True),
    Scenario("log", small, ["log", "add", "key:K4", "--channel", "email", "--in", "-m", "a question"]),
    Scenario("import", small, ["import", "customer", "rows.csv"], again=True),
    Scenario("revert", imported, ["import", "revert", "2"]),
    Scenario("merge", small, ["customer", "merge", "1", "2"]),
    Scenario("solve", small, ["ticket", "solve", "1", "-m", "sent again"]),
    Scenario("tick", ruled, ["tick"], again=True),
    Scenario("fix", spoilt, ["check", "--fix"], again=True),
    *(Scenario(f"migrate {n}", older(n), ["customer", "edit", "2", "--city", "Bath"], again=True,
               via=["customer", "edit", "2", "--postcode", ""], extra=kept(n))
      for n in (1, 2, 3)),
    Scenario("erase", marked, ["privacy", "erase", "13", "--yes"], owing="traces", extra=no_traces),
    Scenario("vacuum", erased, ["vacuum"], again=True, extra=no_traces),
    Scenario("backup", backed_up, ["backup", "--force", "copy.db"], state=with_copy, again=True, extra=private),
    Scenario("restore", backed_up, ["restore", "--yes", "copy.db"], extra=previous_kept),
]
