"""O1: each allocation of a command fails, once and from then on.

shim_malloc.c counts the allocations of a run and names each by the calls that led to it. The quick form lets the first
of each such path fail, the long one all of them. A run that met no memory either ends with a status and one line that
says so, the store being as before or as after; or with status 0, and then the output and the store are those of a run
that met nothing.
"""

import argparse
import hashlib
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from threading import local

ONE_LINE = re.compile(rb"\Acrm: [^\n]*([Oo]ut of memory|Cannot allocate memory)\Z")
ERROR = re.compile(rb"^crm: (?!warning: )[^\n]*", re.MULTILINE)
SALT = re.compile(r'"~":"[^"]*",?')


def contents(path):
    """A hash of all rows of all tables, without what is random; None when there is no such file."""
    if not os.path.exists(path):
        return None
    db = sqlite3.connect(path)
    db.text_factory = lambda b: b.decode("utf-8", "surrogateescape")
    sha = hashlib.sha256()
    try:
        tables = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        for name, sql in tables:
            sha.update(f"== {name} {sql}\n".encode())
            columns = [c[1] for c in db.execute(f'PRAGMA table_info("{name}")') if c[1] != "digest"]
            if columns and not sql.startswith("CREATE VIRTUAL"):  # its rows are those of the tables behind it
                rows = [repr(row) for row in db.execute(f'SELECT {",".join(columns)} FROM "{name}"')]
                sha.update(SALT.sub("", "\n".join(sorted(rows))).encode("utf-8", "surrogateescape"))
        sha.update(repr(db.execute("PRAGMA user_version").fetchone()).encode())
        if (found := db.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            return "damaged: " + found
    except sqlite3.Error as error:
        return f"damaged: {error}"
    finally:
        db.close()
    return sha.hexdigest()


class Case:
    def __init__(self, name, *words, stdin=b"", base="base", env=None):
        self.name, self.words, self.stdin, self.base, self.env = name, words, stdin, base, env or {}


CSV60 = ("key,name,email,phone,city,tags\n" + "".join(
    f"K{i:03},Name {i},u{i}@example.com,+44117496{i:04},{'北京' if i % 3 else 'Leeds'},\"vip,t{i % 7}\"\n"
    for i in range(60))).encode()

SETUP = [
    ["init"],
    ["agent", "add", "--name", "ann"],
    ["agent", "add", "--name", "bob"],
    ["team", "add", "--name", "desk"],
    ["org", "add", "--name", "Harbour", "--domain", "harbour.example"],
    ["customer", "add", "--name", "Li Wei", "--key", "C1", "--email", "li@example.com", "--phone", "+8613800138000",
     "--tag", "vip", "--city", "Leeds", "--note", "a long note " * 40],
    ["customer", "add", "--name", "张三", "--key", "C2", "--email", "zs@example.com", "--org", "Harbour"],
    ["customer", "add", "--name", "Li Wei", "--key", "C3", "--email", "li2@example.com", "--tag", "old"],
    ["customer", "add", "--name", "Ann Tall", "--owner", "bob"],
    ["field", "add", "customer", "colour"],
    ["customer", "edit", "4", "--set", "colour=red"],
    ["log", "phone", "1", "--out", "--at", "2026-03-01 09:00", "-m", "about the lamp, 关于灯"],
    ["log", "email", "2", "--in", "--at", "2026-03-04 09:00", "-m", "x" * 3000],
    ["log", "chat", "3", "--in", "--at", "2026-03-05 10:00", "-m", "a lamp that is broken"],
    ["ticket", "add", "1", "--type", "complaint", "--subject", "lamp", "--priority", "high", "-m", "it is broken"],
    ["ticket", "add", "2", "--type", "question", "--subject", "灯"],
    ["ticket", "solve", "2", "-m", "done"],
    ["followup", "add", "1", "--due", "2026-03-12", "--action", "call", "-m", "ask again"],
    ["followup", "add", "3", "--due", "2026-03-09", "--every", "1w"],
    ["order", "add", "1", "--number", "N1", "--product", "lamp", "--amount", "12.50", "--currency", "EUR"],
    ["survey", "add", "1", "--service", "quality=5,speed=3", "--nps", "9", "-m", "good"],
    ["sla", "add", "--name", "std", "--first-reply", "1h", "--resolution", "2d"],
    ["rule", "add", "--name", "close", "--event", "tick", "--condition", "status:solved", "--actions", "set status=closed"],
    ["view", "add", "customer", "vips", "tag:vip"],
]

CASES = [
    Case("init", "init", base=None),
    Case("add", "customer", "add", "--name", "New 新", "--email", "n@example.com", "--phone", "+441174960100", "--tag", "a",
         "--set", "colour=blue"),
    Case("edit", "customer", "edit", "1", "--city", "Bath", "--note", "short", "--tag", "x"),
    Case("rm", "customer", "rm", "1", "--yes"),
    Case("log", "log", "phone", "1", "--in", "-m", "called about a lamp"),
    Case("ticket", "ticket", "solve", "1", "-m", "sent a new one"),
    Case("done", "followup", "done", "2", "-m", "said yes", "--channel", "phone"),
    Case("survey", "survey", "add", "2", "--nps", "3"),
    Case("import", "import", "customer", "-", stdin=CSV60),
    Case("import check", "import", "customer", "-", "--check", stdin=CSV60),
    Case("merge", "customer", "merge", "1", "3"),
    Case("undo", "undo"),
    Case("tick", "tick"),
    Case("list", "customer", "list", "city:Leeds", "or", "name:~zhang|li"),
    Case("show", "customer", "show", "1", "--history"),
    Case("json", "ticket", "list", "--format", "json"),
    Case("table", "log", "list", "--format", "table"),
    Case("due", "followup", "due"),
    Case("digest", "followup", "digest", "--for", "bob", "--format", "html"),
    Case("report", "report", "activity", "--by", "week", "--since", "2026-01-01", "--format", "table"),
    Case("report html", "report", "tickets", "--format", "html"),
    Case("summary", "report", "summary", "--format", "markdown"),
    Case("export", "export", "customer"),
    Case("vcard", "export", "customer", "--format", "vcard"),
    Case("ics", "export", "followup", "--format", "ics"),
    Case("search", "search", "lamp"),
    Case("duplicates", "customer", "duplicates"),
    Case("history", "history", "customer:1"),
    Case("sql", "sql", "SELECT name, city FROM v_customer ORDER BY id"),
    Case("check", "check"),
    Case("dump", "dump"),
    Case("load", "load", "-", stdin=None, base="empty"),
    Case("whoami", "whoami"),
    Case("help", "customer", "add", "--help"),
]


class Runner:
    def __init__(self, crm, shim, room):
        self.crm, self.shim, self.room = os.path.abspath(crm), os.path.abspath(shim), room
        self.env = {
            "PATH": os.environ["PATH"], "HOME": room, "TZ": "UTC", "LC_ALL": "C", "TERM": "dumb", "CRM_AGENT": "ann",
            "CRM_NOW": "2026-03-10T12:00:00Z", "USER": "ann", "LOGNAME": "ann",
        }
        self.thread = local()
        self.made = 0

    def run(self, store, words, stdin=b"", **env):
        return subprocess.run([self.crm, "--store", store, *words], input=stdin, capture_output=True, timeout=60,
                              env=self.env | env, close_fds=False)

    def make_base(self):
        store = os.path.join(self.room, "base")
        for words in SETUP:
            if (done := self.run(store, words)).returncode:
                sys.exit(f"oom: crm {' '.join(words)}: {done.stderr.decode()}")
        empty = os.path.join(self.room, "empty")
        self.run(empty, ["init"])
        self.base = {"base": open(store, "rb").read(), "empty": open(empty, "rb").read()}
        self.dump = self.run(store, ["dump"]).stdout

    def fresh(self, case):
        """A store for one run, in the directory of this thread."""
        if not hasattr(self.thread, "room"):
            self.thread.room = tempfile.mkdtemp(dir=self.room)
        shutil.rmtree(self.thread.room)
        os.mkdir(self.thread.room, 0o700)
        store = os.path.join(self.thread.room, "crm.db")
        if case.base:
            with open(os.open(store, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
                file.write(self.base[case.base])
        return store

    def contents(self, store, case, before):
        """The same, at once when not a byte has changed."""
        if case.base and not os.path.exists(store + "-wal"):
            with open(store, "rb") as file:
                if file.read() == self.base[case.base]:
                    return before
        return contents(store)

    def stdin(self, case):
        return self.dump if case.stdin is None else case.stdin

    def reference(self, case):
        store = self.fresh(case)
        before = contents(store)
        done = self.run(store, case.words, self.stdin(case))
        return before, done, contents(store)

    def paths(self, case):
        """The hash of the calls that led to each allocation."""
        store, file = self.fresh(case), os.path.join(self.room, "count")
        if os.path.exists(file):
            os.unlink(file)
        self.run(store, case.words, self.stdin(case), LD_PRELOAD=self.shim, OOM_COUNT=file)
        with open(file, encoding="ascii") as lines:
            return [tuple(line.split()) for line in lines]

    def calls(self, case, n, persistent):
        """Our functions that led to allocation n, the innermost first."""
        env = {"LD_PRELOAD": self.shim, "OOM_AT": str(n), "OOM_TRACE": "1"}
        lines = self.run(self.fresh(case), case.words, self.stdin(case), **env).stderr.decode(errors="replace").splitlines()
        calls = []
        for line in lines:
            if found := re.match(r"(\S*(?:libcrm\S*|/crm))\(\S*\+(0x[0-9a-f]+)\)\[", line):
                where = subprocess.run(["addr2line", "-sfpe", found[1], hex(int(found[2], 16) - 1)], capture_output=True, check=True)
                calls.append(where.stdout.decode().strip())
        return calls[:9]

    def point(self, case, n, persistent, before, wanted, after):
        """What is wrong when allocation n fails; None when nothing is."""
        store = self.fresh(case)
        env = {"LD_PRELOAD": self.shim, "OOM_AT": str(n)} | ({"OOM_PERSIST": "1"} if persistent else {}) | case.env
        try:
            done = self.run(store, case.words, self.stdin(case), **env)
        except subprocess.TimeoutExpired:
            return "hangs"
        if done.returncode < 0 or done.returncode >= 128:
            return f"dies by a signal ({done.returncode}): {done.stderr[-300:]!r}"
        now = self.contents(store, case, before)
        if now is not None and now.startswith("damaged"):
            return now
        if done.returncode == 0:
            if done.stdout != wanted.stdout:
                return f"silent: status 0, and other output: {done.stdout[:200]!r} {done.stderr[:300]!r}"
            if now != after:
                return f"silent: status 0, and another store ({'as before' if now == before else 'neither'}) {done.stderr!r}"
            return None
        if now not in (before, after):
            return f"half: status {done.returncode}, the store is neither as before nor as after {done.stderr!r}"
        said = ERROR.findall(done.stderr)
        if done.returncode != 1 or len(said) != 1 or not ONE_LINE.match(said[0]):
            return f"says: {done.returncode} {done.stderr[:300]!r}"
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--crm", required=True)
    parser.add_argument("--shim", required=True)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--trace", action="store_true", help="say which calls led to what fails")
    parser.add_argument("--only", help="cases, separated by commas")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--show", type=int, default=5, help="of each case so many failures")
    options = parser.parse_args()
    where = "/dev/shm" if os.path.isdir("/dev/shm") else None
    points = bad = 0
    seen = set()
    with tempfile.TemporaryDirectory(dir=where, prefix="crm-oom-") as room, \
            ThreadPoolExecutor(options.jobs) as pool:
        runner = Runner(options.crm, options.shim, room)
        runner.make_base()
        for case in CASES:
            if options.only and case.name not in options.only.split(","):
                continue
            before, wanted, after = runner.reference(case)
            if wanted.returncode:
                sys.exit(f"{case.name}: {wanted}")
            again = runner.reference(case)
            if (again[1].stdout, again[2]) != (wanted.stdout, after):
                sys.exit(f"{case.name}: not the same twice")
            paths = runner.paths(case)
            wants = []
            for n, path in enumerate(paths, 1):
                path = path[0 if options.long else 1]
                if options.every or path not in seen:
                    seen.add(path)
                    wants += [(n, False), (n, True)]
            found = list(pool.map(lambda w: runner.point(case, *w, before, wanted, after), wants))
            wrong = [(w, f) for w, f in zip(wants, found) if f]
            points, bad = points + len(wants), bad + len(wrong)
            print(f"O1 {case.name}: {len(paths)} allocations, {len(wants)} points, {len(wrong)} bad", flush=True)
            for (n, persistent), what in wrong[:options.show]:
                print(f"   {n}{'+' if persistent else ''}: {what}")
                if options.trace:
                    print("".join(f"        {call}\n" for call in runner.calls(case, n, persistent)), end="")
    print(f"O1: {points} points, {bad} bad")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
