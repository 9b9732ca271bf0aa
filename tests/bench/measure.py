"""What the benches share: running a program and timing it, pairs of ours and a peer's, the table of ratios."""

import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOW = "2026-03-02T00:00:00Z"
NOW_SECONDS = 1772409600
DAY = 86400


def fail(message):
    sys.exit(f"bench: {message}")


class Run:
    """One finished process: seconds, peak megabytes of it and its children, what it printed."""

    measure = None  # the program that starts and times it
    nowhere = os.open(os.devnull, os.O_WRONLY)

    def __init__(self, argv, env, stdin=None, keep=False):
        with tempfile.TemporaryFile() as script, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, \
                tempfile.TemporaryFile() as result:
            script.write((stdin or "").encode())
            script.seek(0)
            actions = [(os.POSIX_SPAWN_DUP2, fd, target) for fd, target in
                       ((script.fileno(), 0), (out.fileno() if keep else self.nowhere, 1),
                        (err.fileno(), 2), (result.fileno(), 3))]
            pid = os.posix_spawn(self.measure, [self.measure, *argv], env, file_actions=actions)
            failed = os.waitpid(pid, 0)[1] != 0
            texts = []
            for file in (out, err, result):
                file.seek(0)
                texts.append(file.read().decode())
            self.output, self.errors, figures = texts
        seconds, kilobytes, status = figures.split() if figures else (0, 0, "none")
        if failed or status != "0":
            fail(f"{' '.join(argv)}: exit status {status}\n{self.errors[-2000:]}")
        self.seconds, self.megabytes = float(seconds), float(kilobytes) / 1024


class Pair:
    """The runs of ours and of the peer's, and the row of the table that they make."""

    def __init__(self, work, peer, goal, at_least=False):
        self.work, self.peer, self.goal, self.at_least = work, peer, goal, at_least
        self.ours, self.theirs = [], []

    def row(self, less=None):
        ours = statistics.median(r.seconds for r in self.ours)
        theirs = statistics.median(r.seconds for r in self.theirs)
        value = theirs / ours if self.at_least else ours / theirs
        met = value >= self.goal if self.at_least else value <= self.goal
        sign = "≥" if self.at_least else "≤"
        return (self.work, self.peer, f"{value:,.0f}×" if self.at_least else f"{value:.2f}",
                f"{sign} {self.goal:g}{'×' if self.at_least else ''}", "yes" if met else "NO",
                f"{show_time(ours)} / {show_time(theirs)}",
                f"{max(r.megabytes for r in self.ours):.0f} / {max(r.megabytes for r in self.theirs):.0f}")


def show_time(seconds):
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


class Bench:
    """A folder of stores, and the rows of the table."""

    def __init__(self, options):
        self.options = options
        Run.measure = os.path.join(options.build, "tests", "bench", "bench_measure")
        self.dir = tempfile.mkdtemp(prefix="crm-bench-", dir=options.tmp)
        self.program = os.path.join(options.build, "cmd", "crm")
        self.env = {"PATH": os.environ["PATH"], "HOME": self.dir, "TZ": "UTC", "LC_ALL": "C.UTF-8", "CRM_NOW": NOW,
                    "CRM_AGENT": "bench", "XDG_CONFIG_HOME": self.dir, "XDG_DATA_HOME": self.dir}
        self.rows = []

    def path(self, name):
        return os.path.join(self.dir, name)

    def remove(self, name):
        for tail in ("", "-wal", "-shm"):
            if os.path.exists(self.path(name) + tail):
                os.unlink(self.path(name) + tail)

    def copy(self, source, target):
        self.remove(target)
        shutil.copyfile(self.path(source), self.path(target))

    def crm(self, store, *arguments, keep=False):
        return Run([self.program, "--store", self.path(store), *arguments], self.env, keep=keep)

    def sqlite(self, store, script, *options):
        return Run(["sqlite3", "-batch", "-bail", *options, self.path(store)], self.env, stdin=script)

    def query(self, store, sql):
        """One statement as an argument, as one types it."""
        return Run(["sqlite3", self.path(store), sql], self.env)

    def value(self, store, sql):
        with sqlite3.connect(f"file:{self.path(store)}?mode=ro", uri=True) as db:
            return db.execute(sql).fetchone()[0]

    def expect(self, what, found, wanted):
        if found != wanted:
            fail(f"{what}: {found}, expected {wanted}")

    def new_store(self, name):
        self.remove(name)
        self.crm(name, "init")

    def report(self, *pairs):
        for pair in pairs:
            self.rows.append(pair.row())
            print("  " + "  ".join(self.rows[-1]), file=sys.stderr)

    def alternate(self, times, pair, ours, theirs):
        for _ in range(times):
            pair.ours.append(ours())
            pair.theirs.append(theirs())
        return pair

    def table(self):
        rows = [("work", "peer", "ratio", "goal", "met", "seconds", "MB"), *self.rows]
        widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())

    def close(self):
        self.table()
        if self.options.keep:
            print(f"stores: {self.dir}", file=sys.stderr)
        else:
            shutil.rmtree(self.dir)


def add_options(p):
    """Options of every bench."""
    p.add_argument("--quick", action="store_true", help="a fiftieth of the size")
    p.add_argument("--runs", type=int, default=5, help="runs of each (default 5); short reads run 40 times as often")
    p.add_argument("--build", default=os.path.join(SOURCE, "build-bench"), help="a build directory; made when missing")
    p.add_argument("--tmp", help="where the stores are made (about 3 GB at full size)")
    p.add_argument("--keep", action="store_true", help="keep the stores")


def make(build, *further):
    if not os.path.exists(os.path.join(build, "build.ninja")):
        subprocess.run(["meson", "setup", build, SOURCE], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "--quiet", "-C", build, "cmd/crm", "tests/bench/bench_gen", "tests/bench/bench_measure",
                    *further], check=True)
