"""What all tests of this folder share.

A test is a module `x1.py` with a docstring whose first line says what it does, and

    def tests(run):            # run is a Run
        yield Result(…)        # one for each line of the summary, the controls among them

Its name stands in the list of the file `run`. It takes its starting stores, command lines and verdicts from
scenarios.SCENARIOS and does its work in parallel:

    def one(stage):                                      # starting folder, what is stored before and after: made once
        def point(k):
            home = stage.fresh(run)                      # a folder of this worker with the starting store
            done = stage.do(run, home, wrap=["strace", …])   # the command itself
            return stage.judge(run, home, acknowledged=done.status == 0)    # "before" or "after"; raises Bad
        outcome = run.each(points, point)                # in --jobs processes
        return Result(f"X1 {stage.name}", f"{len(points)} points", outcome.bad)

    yield from run.over("X1", one)                       # for each scenario

A home is a folder with the store `crm.db` and whatever the command reads or writes; the command line may name its files
without a path, it is run there.
"""

import collections
import ctypes
import multiprocessing
import os
import shutil
import subprocess

NOW = "2026-03-10T12:00:00Z"  # a Tuesday
ADDR_NO_RANDOMIZE = 0x0040000


class Bad(Exception):
    """What is wrong, in a line."""


class Result:
    def __init__(self, name, figures, bad=(), skipped=None):
        self.name, self.figures, self.bad, self.skipped = name, figures, list(bad), skipped


def control(name, what, flagged):
    """A control is a success when it was `flagged`: how many times, or whether."""
    return Result(f"{name} control", f"{what}: flagged" + (f" {flagged} times" if flagged > 1 else ""),
                  [] if flagged else [f"{what}: the harness did not notice"])


class Only:
    """--only: IDs, each alone or with the name of a scenario."""

    def __init__(self, text):
        self.terms = [term.lower().partition(":") for term in text.split(",") if term]

    def test(self, name):
        return not self.terms or any(term[0] == name.lower() for term in self.terms)

    def scenario(self, name, scenario):
        return not self.terms or any(t[0] == name.lower() and t[2] in ("", scenario.lower()) for t in self.terms)


Done = collections.namedtuple("Done", "status out err")  # status: negative when a signal ended it
Outcome = collections.namedtuple("Outcome", "count bad")  # of each value that was returned; what was raised

_task = None


def _work(item):
    try:
        return _task(item), None
    except Bad as bad:
        return None, f"{item}: {bad}"


class Run:
    def __init__(self, options, root, folder, only):
        self.long, self.jobs, self.root, self.folder, self.only = options.long, options.jobs, root, folder, only
        self.program = os.path.realpath(options.crm)
        self.shims = options.shims or f"{os.path.dirname(os.path.dirname(self.program))}/tests/fault"
        if not os.access(self.program, os.X_OK):
            raise SystemExit(f"{options.crm}: no program: build it (meson setup build-release -Dbuildtype=release), or name it by --crm")
        # Points are numbered by what the program does: it should do the same each time.
        ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE)

    def shim(self, name):
        """The path of what meson built of this folder."""
        path = f"{self.shims}/{name}"
        if not self.shims or not os.path.exists(path):
            raise Bad(f"{name} is not built: ninja -C BUILD fault, and --shims BUILD/tests/fault")
        return path

    def over(self, test, one, names=None):
        """The results of one(stage) for each scenario that was asked for, or of those with these names."""
        from scenarios import SCENARIOS
        for scenario in SCENARIOS:
            if not self.only.scenario(test, scenario.name) or (names and scenario.name not in names):
                continue
            try:
                yield one(scenario.prepare(self))
            except Bad as bad:
                yield Result(f"{test} {scenario.name}", "could not begin", [str(bad)])

    def scratch(self, name="home"):
        """An empty folder of this process."""
        path = f"{self.folder}/{os.getpid()}/{name}"
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path, mode=0o700)
        return path

    def environment(self, home):
        return {"PATH": os.environ["PATH"], "HOME": home, "XDG_CONFIG_HOME": f"{home}/.config",
                "XDG_DATA_HOME": f"{home}/.local/share", "CRM_STORE": f"{home}/crm.db", "CRM_NOW": NOW,
                "CRM_AGENT": "ann", "TZ": "UTC", "LC_ALL": "C", "TERM": "dumb"}

    def crm(self, home, *words, wrap=(), stdin=None, env=None, program=None, **how):
        """Runs crm, or `program`, in its home, behind the words of `wrap`."""
        done = subprocess.run([*wrap, *(program or [self.program]), *words], cwd=home,
                              env={**self.environment(home), **(env or {})}, input=stdin,
                              stdin=subprocess.DEVNULL if stdin is None else None, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=600, **how)
        return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def ok(self, home, *words, **how):
        """Runs crm where nothing is in its way; its stdout."""
        done = self.crm(home, *words, **how)
        if done.status != 0:
            raise Bad(f"crm {' '.join(words)}: status {done.status}: {done.err.strip()}")
        return done.out

    def each(self, items, task, jobs=None):
        """Does `task` with each, in as many processes as there are jobs; Bad is gathered, all else ends the test."""
        global _task
        _task, items = task, list(items)
        count, bad = collections.Counter(), []
        if not items:
            return Outcome(count, bad)
        with multiprocessing.get_context("fork").Pool(jobs or self.jobs) as pool:
            for value, wrong in pool.imap_unordered(_work, items, chunksize=4):
                if wrong:
                    bad.append(wrong)
                else:
                    count[value] += 1
        return Outcome(count, sorted(bad))

    def sample(self, points, wanted):
        """All of them in the long run, else about as many as wanted, evenly."""
        points = list(points)
        if self.long or len(points) <= wanted:
            return points
        return [points[i * len(points) // wanted] for i in range(wanted)]
