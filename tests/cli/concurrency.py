"""Many processes on one store, each step a run of crm ($CRM) on the default store.

counter PROCESSES STEPS guarded|blind   each adds 1 to a number that it has read; prints what it came to, and how often a
                                        step was told that somebody else had been there
crowd SECONDS [lose]                    thirty processes that add, edit, import, merge, take back, restrict, erase, tick,
                                        list, report, check and back up; then what was acknowledged is looked for;
                                        `lose`: one of it is removed first, which must be found out

Prints a line for each thing that is wrong, and then the status is 1.
"""

import collections
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time

CRM = os.environ["CRM"]
CONFLICT = 4


def run(*words, stdin=None):
    done = subprocess.run([CRM, "-q", *words], input=stdin, stdin=None if stdin else subprocess.DEVNULL,
                          capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


# --- read, count, write ---

def count(steps, guarded, conflicts):
    for _ in range(steps):
        while True:
            _, out, _ = run("customer", "show", "1", "--fields", "version,city", "--format", "json")
            seen = json.loads(out)
            guard = ["--if-unchanged", str(seen["version"])] if guarded else []
            status, _, err = run("customer", "edit", "1", "--city", str(int(seen["city"]) + 1), *guard)
            if status == 0:
                break
            if status != CONFLICT or "was changed since version" not in err:
                print(f"edit: status {status}: {err}", end="")
                sys.exit(1)
            with conflicts.get_lock():
                conflicts.value += 1
            time.sleep(random.random() * 0.1)


def counter(processes, steps, how):
    conflicts = multiprocessing.Value("i", 0)
    workers = [multiprocessing.Process(target=count, args=(int(steps), how == "guarded", conflicts))
               for _ in range(int(processes))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    _, out, _ = run("customer", "show", "1", "--fields", "city", "--format", "json")
    print(json.loads(out)["city"], conflicts.value)
    return any(worker.exitcode for worker in workers)


# --- thirty at once ---

class Worker:
    """One process: what it does again and again, which statuses are fair, and what it was promised."""

    def __init__(self, name, step, fair=(0,)):
        self.name, self.step, self.fair = name, step, fair
        self.there, self.gone, self.wrong, self.steps = set(), set(), [], 0
        self.random = random.Random(name)

    def crm(self, *words, fair=None, stdin=None):
        status, out, err = run("--as", self.name, *words, stdin=stdin)
        err = "\n".join(line for line in err.splitlines() if "is not an agent" not in line)
        if status not in (self.fair if fair is None else fair) or "locked" in err:
            self.wrong.append(f"{self.name}: {' '.join(words[:3])}: status {status}: {err}")
        return status, out

    def add(self, n=0):
        _, out = self.crm("customer", "add", "--name", f"{self.name} {self.steps} {n}", fair=(0,))
        return out.strip()


def add(w):
    w.there.add(w.add())


def edit(w):
    w.crm("customer", "edit", str(w.random.randint(1, 40)), "--city", f"{w.name} {w.steps}")


def log(w):
    w.crm("log", "phone", str(w.random.randint(1, 20)), "-m", f"said {w.steps}")


def import_rows(w):
    rows = [f"{w.name}-{w.steps}-{n}" for n in range(50)]
    status, _ = w.crm("import", "customer", "-", stdin="key,name\n" + "".join(f"{key},{key}\n" for key in rows))
    if status == 0:
        w.there.update("key:" + key for key in rows)


def merge(w):
    keep, other = w.add(1), w.add(2)
    status, _ = w.crm("customer", "merge", keep, other)
    w.there.add(keep)
    (w.gone if status == 0 else w.there).add(other)


def take_back(w):
    made = w.add()
    status, _ = w.crm("undo")
    (w.gone if status == 0 else w.there).add(made)


def restrict(w):
    made = w.add()
    w.there.add(made)
    w.crm("privacy", "restrict", made)
    w.crm("privacy", "unrestrict", made)


def erase(w):
    made = w.add()
    w.crm("privacy", "erase", made, "--yes")
    w.gone.add(made)


def ticket(w):
    _, out = w.crm("ticket", "add", str(w.random.randint(1, 20)), "--type", "question", "--subject", f"{w.name} {w.steps}")
    w.crm("ticket", "solve", out.strip())


def back_up(w):
    with tempfile.TemporaryDirectory(dir=".") as folder:
        w.crm("backup", os.path.join(folder, "copy.db"))


def reads(*words):
    return lambda w: w.crm(*words)


def cast():
    people = [Worker(f"add{n}", add) for n in range(6)]
    people += [Worker(f"edit{n}", edit, (0, 3)) for n in range(3)]
    people += [Worker(f"log{n}", log) for n in range(2)]
    people += [Worker(f"import{n}", import_rows) for n in range(2)]
    people += [Worker(f"merge{n}", merge) for n in range(2)]
    people += [Worker(f"undo{n}", take_back, (0, CONFLICT)) for n in range(2)]
    people += [Worker(f"ticket{n}", ticket) for n in range(2)]
    people += [Worker("restrict", restrict), Worker("erase", erase, (0, 6))]
    people += [Worker(f"tick{n}", reads("tick")) for n in range(2)]
    people += [Worker("list", reads("customer", "list")), Worker("due", reads("followup", "due")),
               Worker("report", reads("report", "activity")), Worker("search", reads("search", "said")),
               Worker("export", reads("export", "customer")), Worker("check", reads("check"), (0, 5))]
    if run("backup", "-h")[0] == 0:
        people.append(Worker("backup", back_up))
    else:
        people.append(Worker("tickets", reads("report", "tickets")))
    assert len(people) == 30, len(people)
    return people


def work(worker, until, results):
    while time.monotonic() < until or worker.steps == 0:
        worker.steps += 1
        worker.step(worker)
    results.put((worker.name, worker.steps, worker.there, worker.gone, worker.wrong))


def names(field):
    _, out, _ = run("customer", "list", "--fields", field)
    return collections.Counter(out.splitlines())


def crowd(seconds, lose=None):
    for n in range(40):
        run("customer", "add", "--name", f"first {n}")
    results = multiprocessing.Queue()
    until = time.monotonic() + float(seconds)
    workers = [multiprocessing.Process(target=work, args=(worker, until, results)) for worker in cast()]
    for worker in workers:
        worker.start()
    told = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    if lose:
        run("customer", "rm", next(one for _, _, there, _, _ in told for one in there), "--yes")
    wrong = [line for _, _, _, _, lines in told for line in lines]
    ids, keys = names("id"), names("key")
    for name, steps, there, gone, _ in sorted(told):
        print(f"# {name}: {steps}", file=sys.stderr)
        for one in there:
            found = keys[one[4:]] if one.startswith("key:") else ids[one]
            if found != 1:
                wrong.append(f"{name}: {one} is there {found} times")
        wrong += [f"{name}: {one} is there still" for one in gone if ids[one]]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit({"counter": counter, "crowd": crowd}[sys.argv[1]](*sys.argv[2:]))
