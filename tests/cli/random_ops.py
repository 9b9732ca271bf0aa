"""Random sequences of commands, then all of them undone, latest first.

What is right is known from dumps taken after each command: the store after the undos is the store before the sequence,
the history of each customer says of each operation what two dumps differ in, every line of `history --digest` that was
printed fits ever after, and check is content.
"""

import json
import os
import random
import subprocess
import sys

CRM = os.environ["CRM"]
COMPARED = ("name", "city", "note", "title", "company")
REFUSED = (2, 3, 4, 5)  # a name that fits nobody, an undo that is in the way, nothing to undo


def crm(*arguments, text=None):
    run = subprocess.run([CRM, *arguments], input=text, capture_output=True, text=True, check=False,
                         stdin=None if text is not None else subprocess.DEVNULL)
    if run.returncode not in (0, *REFUSED):
        sys.exit(f"crm {arguments}: status {run.returncode}: {run.stderr}")
    return run


def must(*arguments, text=None):
    run = crm(*arguments, text=text)
    if run.returncode != 0:
        sys.exit(f"crm {arguments}: status {run.returncode}: {run.stderr}")
    return run.stdout


def dump():
    """Lines of everything but the journal, and what says how far numbers went."""
    return [line for line in must("dump", "--no-history").splitlines() if not line.startswith(("sequence ", "end "))]


def customers(lines):
    return {row["id"]: row for row in (json.loads(line.split(" ", 1)[1]) for line in lines
                                       if line.startswith("customer "))}


def operations(limit=None):
    return json.loads(must("history", "--format", "json", *(["--limit", str(limit)] if limit else [])) or "[]")


def last_operation():
    found = operations(1)
    return found[0]["id"] if found else 0


class Sequence:
    def __init__(self, rng):
        self.rng = rng
        self.steps = []  # operation, customers before, customers after
        self.refused = 0

    def some(self):
        return str(self.rng.randrange(1, 16))

    def act(self):
        rng, some = self.rng, self.some
        word = lambda: rng.choice(["Ulm", "北京", "a, b", '"x"', "7"])
        choices = [
            ("customer", "add", "--name", word(), "--tag", rng.choice("abc"), "--note", word()),
            ("customer", "edit", some(), rng.choice(["--city", "--note", "--title", "--company"]), word()),
            ("customer", "edit", some(), "--name", word(), "--city", ""),
            ("customer", "edit", some(), "--set", f"size={word()}"),
            ("customer", "edit", "--where", "id<=5", "--yes", "--city", word()),
            ("customer", "rm", some(), "--yes"),
            ("customer", "edit", some(), "--tag", rng.choice("abc")),
            ("log", "phone", some(), "-m", word(), "--in"),
            ("ticket", "add", some(), "--subject", word(), "--type", "question"),
            ("ticket", "solve", some(), "-m", "done"),
            ("followup", "add", some(), "--due", "2026-03-12", "--every", "1w"),
            ("import", "customer", "in.csv"),
            ("customer", "merge", some(), some()),
            ("customer", "unmerge", some()),
            ("rule", "add", "--name", f"r{rng.randrange(99)}", "--event", "created", "--actions", "tag queued"),
            ("field", "add", "customer", f"f{rng.randrange(9)}"),
            ("field", "rm", f"customer.f{rng.randrange(9)}", "--yes"),
            ("tick",), ("undo",), ("undo",), ("redo",), ("redo",),
            ("undo", str(max(1, last_operation() - rng.randrange(6)))),
            ("undo", "--force", str(max(1, last_operation() - rng.randrange(6)))),
        ]
        with open("in.csv", "w", encoding="utf-8") as f:
            f.write("key,name,city\n")
            f.writelines(f"K{rng.randrange(9)},{word().replace(',', '').replace(chr(34), '')},Rom\n" for _ in range(3))
        before, was = customers(dump()), last_operation()
        self.refused += crm(*rng.choice(choices)).returncode != 0
        if last_operation() != was:
            self.steps.append((last_operation(), before, customers(dump())))

    def check_history(self):
        """What each operation did to each customer, from two dumps, against what the journal tells."""
        told = {}
        everyone = sorted({n for _, before, after in self.steps for n in (*before, *after)})
        for number in list(everyone):
            run = crm("history", f"customer:{number}", "--format", "json")
            if run.returncode != 0 or "was merged into" in run.stderr:
                everyone.remove(number)  # its number means the other one now
                continue
            for row in json.loads(run.stdout):
                told.setdefault((row["operation"], number), set()).add((row["field"], row["old"], row["new"]))
        for operation, before, after in self.steps:
            for number in everyone:
                old, new = before.get(number), after.get(number)
                said = {change for change in told.get((operation, number), ())
                        if change[0] in (*COMPARED, "created", "deleted")}
                if old is None or new is None:
                    word = "created" if old is None else "deleted"
                    expected = {(word, None, None)} if old is not new else set()
                else:
                    expected = {(f, old.get(f), new.get(f)) for f in COMPARED if old.get(f) != new.get(f)}
                if said != expected:
                    sys.exit(f"operation {operation}, customer {number}: told {said}, it was {expected}")


def run_sequence(number, rng, lines):
    base, start = last_operation(), dump()
    sequence = Sequence(rng)
    for _ in range(rng.randrange(2, 9)):
        sequence.act()
    sequence.check_history()
    for number_of in range(last_operation(), base, -1):  # undoing an undo puts an earlier one in force again
        if next(o for o in operations() if o["id"] == number_of)["undone_by"] is None:
            must("undo", str(number_of))
    if dump() != start:
        with open("start", "w", encoding="utf-8") as f:
            f.write("\n".join(start))
        sys.exit(f"sequence {number}: after all undos the store is another one: "
                 f"{[(a, b) for a, b in zip(start, dump()) if a != b][:3]}")
    lines.append(must("history", "--digest"))
    for line in rng.sample(lines, min(3, len(lines))):
        must("history", "--verify", line)
    must("check", "--quiet")
    return len(sequence.steps), sequence.refused


def main():
    count, seed = int(sys.argv[1]), int(os.environ.get("OPS_SEED", "20261201"))
    rng = random.Random(seed)
    must("init")
    must("agent", "add", "--name", "ann")
    must("field", "add", "customer", "size")
    for i in range(12):
        must("customer", "add", "--name", f"n{i}", "--tag", "ab"[i % 2])
    lines, done, refused = [must("history", "--digest")], 0, 0
    for number in range(count):
        try:
            steps = run_sequence(number, rng, lines)
        except SystemExit as e:
            sys.exit(f"OPS_SEED={seed}, sequence {number}: {e}")
        done, refused = done + steps[0], refused + steps[1]
    print(f"{count} sequences, {done} operations, {refused} refused: undone, told and verified")
    if done < 2 * count:
        sys.exit("too few did anything: this shows nothing")


main()
