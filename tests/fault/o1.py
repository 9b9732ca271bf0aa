"""Memory is short: each allocation of a command fails, it alone, or it and all after it.

shim_malloc.c names each allocation by the calls that led to it. In the quick part the first of each path through the
program and its library fails, in the long one the first of each path through SQLite and the others too. The command then
ends with status 1 and one line that says so, and the store is as before, or as after; or it ends with status 0, and its
output and the store are what they are otherwise.
"""

import os
import re
import shutil
import subprocess

import judge
from harness import Bad, Result, control

SAYS_SO = re.compile(r"\Acrm: [^\n]*(out of memory|too little memory|Cannot allocate memory)[^\n]*\Z")
ERROR = re.compile(r"^crm: (?!warning: )[^\n]*", re.MULTILINE)

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
    ["rule", "add", "--name", "close", "--event", "tick", "--condition", "status:solved", "--actions",
     "set status=closed"],
    ["view", "add", "customer", "vips", "tag:vip"],
]

COMMANDS = [
    ("init", "init"),
    ("add", "customer add --name 新 --email n@example.com --phone +441174960100 --tag a --set colour=blue"),
    ("edit", "customer edit 1 --city Bath --note short --tag x"),
    ("rm", "customer rm 1 --yes"),
    ("log", "log phone 1 --in -m lamp"),
    ("solve", "ticket solve 1 -m sent"),
    ("done", "followup done 2 -m yes --channel phone"),
    ("survey", "survey add 2 --nps 3"),
    ("import", "import customer rows.csv"),
    ("lines", "import customer rows.jsonl"),
    ("lint", "import customer rows.csv --check"),
    ("merge", "customer merge 1 3"),
    ("undo", "undo"),
    ("tick", "tick"),
    ("erase", "privacy erase 3 --yes"),
    ("personal", "privacy export 1"),
    ("vacuum", "vacuum"),
    ("backup", "backup copy.db"),
    ("list", "customer list city:Leeds or name:~zhang|li"),
    ("sorted", "customer list --sort -name --limit 2"),
    ("show", "customer show 1 --history"),
    ("json", "ticket list --format json"),
    ("table", "log list --format table"),
    ("due", "followup due"),
    ("digest", "followup digest --for bob --format html"),
    ("report", "report activity --by week --since 2026-01-01 --format table"),
    ("page", "report tickets --format html"),
    ("summary", "report summary --format markdown"),
    ("export", "export customer"),
    ("vcard", "export customer --format vcard"),
    ("ics", "export followup --format ics"),
    ("versus", "report sales --vs previous --since 2026-01-01"),
    ("next", "ticket next --explain"),
    ("promise", "sla explain 1"),
    ("search", "search lamp"),
    ("near", "customer duplicates"),
    ("history", "history customer:1"),
    ("sql", "sql SELECT\xa0name\xa0FROM\xa0v_customer\xa0ORDER\xa0BY\xa0id"),
    ("check", "check"),
    ("dump", "dump"),
    ("load", "load dump.crm"),
    ("whoami", "whoami"),
    ("help", "customer add --help"),
]
OWING = {"erase"}  # what it could not do of its second step, vacuum does
WITHOUT_STORE, EMPTY_STORE = {"init"}, {"load"}


class Stage:
    """A command with what it starts from, says and leaves."""

    def __init__(self, run, start, name, words, program=None):
        self.run, self.start, self.name, self.program = run, start, name, program
        self.words = [word.replace("\xa0", " ") for word in words.split(" ") if word]
        self.files = {}
        for entry in os.scandir(start):
            if entry.is_file():
                with open(entry.path, "rb") as file:
                    self.files[entry.name] = file.read()
        if name in WITHOUT_STORE:
            self.files.pop("crm.db")
        elif name in EMPTY_STORE:
            self.files["crm.db"] = self.files["empty.db"]
        home = self.fresh()
        self.before = judge.dump(f"{home}/crm.db")
        self.wanted, self.after, self.beside = self.do(home), judge.dump(f"{home}/crm.db"), sorted(os.listdir(home))
        if self.wanted.status:
            raise Bad(f"with nothing in its way: status {self.wanted.status}: {self.wanted.err}")
        home = self.fresh()
        if self.do(home).out != self.wanted.out or judge.dump(f"{home}/crm.db") != self.after:
            raise Bad("not the same twice")

    def fresh(self):
        home = self.run.scratch("short")
        for name, content in self.files.items():
            with open(os.open(f"{home}/{name}", os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
                file.write(content)
        return home

    def do(self, home, **env):
        if env:
            env["LD_PRELOAD"] = f"{self.run.shims}/libshim_malloc.so"
        done = self.run.crm(home, *self.words, env=env, program=self.program)
        return done._replace(out=done.out.replace(home, "~"))

    def held(self, home):
        """What is stored: at once when not a byte is another."""
        if "crm.db" in self.files and not os.path.exists(f"{home}/crm.db-wal"):
            with open(f"{home}/crm.db", "rb") as file:
                if file.read() == self.files["crm.db"]:
                    return self.before
        return judge.dump(f"{home}/crm.db")

    def paths(self):
        """Of each allocation the calls that led to it: all, and those within the program and its library."""
        home = self.fresh()
        self.do(home, OOM_COUNT=f"{home}/count")
        with open(f"{home}/count", encoding="ascii") as lines:
            return [line.split() for line in lines]

    def calls(self, n):
        """Our functions that led to an allocation, the innermost first."""
        lines = self.do(self.fresh(), OOM_AT=str(n), OOM_TRACE="1").err.splitlines()
        calls = []
        for line in lines:
            found = re.match(r"(\S*(?:libcrm\S*|/crm))\(\S*\+(0x[0-9a-f]+)\)\[", line)
            if found and len(calls) < 6:
                where = subprocess.run(["addr2line", "-sfpe", found[1], hex(int(found[2], 16) - 1)],
                                       capture_output=True, check=False, text=True).stdout
                calls.append(where.split(" (disc")[0].strip())
        return " < ".join(call.replace(" at ", " ") for call in calls if not call.startswith("??"))

    def look(self, n, on):
        """One point; Bad says what is wrong."""
        home = self.fresh()
        done = self.do(home, OOM_AT=str(n), **({"OOM_PERSIST": "1"} if on else {}))
        if done.status < 0 or done.status >= 128:
            raise Bad(f"killed by a signal: {done.status} {done.err[-200:]!r}")
        held = self.held(home)
        if done.status == 0:
            if done.out != self.wanted.out:
                raise Bad(f"silent: status 0 and another output: {done.out[:200]!r}")
            if held != self.after:
                raise Bad(f"silent: status 0 and another store: {judge.differ(self.after, held)}")
            return "unharmed"
        if held not in (self.before, self.after) and self.name in OWING:
            self.run.ok(home, "vacuum")
            held = judge.dump(f"{home}/crm.db")
        if held not in (self.before, self.after):
            raise Bad(f"half: {judge.differ(self.before, held)}")
        said = ERROR.findall(done.err)
        if done.status != 1 or len(said) != 1 or not SAYS_SO.match(said[0]):
            raise Bad(f"status {done.status}, and says: {done.err[:300]!r}")
        return "refused"

    def point(self, at):
        n, on = at
        try:
            return self.look(n, on)
        except Bad as bad:
            raise Bad(f"{bad} [{self.calls(n)}]") from bad


def make_start(run):
    home = run.scratch("start-short")
    with open(f"{home}/rows.csv", "w", encoding="utf-8") as file:
        file.write("key,name,email,phone,city,tags\n")
        file.writelines(f"K{i:03},Name {i},u{i}@example.com,+44117496{i:04},{'北京' if i % 3 else 'Leeds'},\"v,t{i % 7}\"\n"
                        for i in range(60))
    with open(f"{home}/rows.jsonl", "w", encoding="utf-8") as file:
        file.writelines(f'{{"key":"J{i}","name":"Name {i}","note":"{"long " * 20}","tags":["v","t{i % 7}"]}}\n'
                        for i in range(40))
    for words in SETUP:
        run.ok(home, *words)
    with open(f"{home}/dump.crm", "w", encoding="utf-8") as file:
        file.write(run.ok(home, "dump"))
    run.ok(home, "--store", f"{home}/empty.db", "init")
    start = f"{run.folder}/short"
    shutil.rmtree(start, ignore_errors=True)
    return shutil.copytree(home, start)


def one(run, stage, seen):
    paths, points = stage.paths(), []
    for n, path in enumerate(paths, 1):
        path = path[0 if run.long else 1]
        if path not in seen:
            seen.add(path)
            points += [(n, False), (n, True)]
    outcome = run.each(points, stage.point)
    return Result(f"O1 {stage.name}", f"{len(paths)} allocations, {len(points)} points: {outcome.count['refused']} refused,"
                  f" {outcome.count['unharmed']} unharmed, {len(outcome.bad)} bad", outcome.bad)


def unchecked(run):
    """A program that does not look whether a value was bound."""
    home = run.scratch("start-unchecked")
    subprocess.run(["sqlite3", f"{home}/crm.db", "CREATE TABLE ours (v TEXT)"], check=True)
    start = f"{run.folder}/unchecked"
    shutil.rmtree(start, ignore_errors=True)
    stage = Stage(run, shutil.copytree(home, start), "unchecked", "", program=[f"{run.shims}/unchecked"])
    outcome = run.each([(n, False) for n in range(1, len(stage.paths()) + 1)], stage.point)
    return control("O1", "values that are not looked after", sum("silent" in wrong for wrong in outcome.bad))


def tests(run):
    if not run.shims:
        yield Result("O1", "", skipped="--shims says where libshim_malloc.so is")
        return
    start, seen = make_start(run), set()
    for name, words in COMMANDS:
        if run.only.scenario("O1", name):
            try:
                yield one(run, Stage(run, start, name, words), seen)
            except Bad as bad:
                yield Result(f"O1 {name}", "could not begin", [str(bad)])
    if run.only.scenario("O1", "control"):
        yield unchecked(run)
