#!/usr/bin/env python3
"""Output that cannot be written, of every verb: commands_output.py FOLDER full|closed|pipe|ignored|descriptors.

A command whose stdout nobody can take fails and says so, if it has anything to say there; what it writes is made exactly as
often as without that. The expected counts are those of the same line with an ordinary stdout.
"""
import itertools
import os
import re
import signal
import subprocess
import sys

from commands import NEED_TERMINAL, PROGRAM, Town

problems = []


def problem(words, what):
    problems.append(f"crm {' '.join(words)}: {what}")


def bad_stdout(kind):
    """What Popen gets, and what is done in the child before crm begins."""
    if kind == "full":
        return os.open("/dev/full", os.O_WRONLY), None
    if kind == "closed":
        return None, lambda: os.close(1)
    reader, writer = os.pipe()
    os.close(reader)
    wanted = signal.SIG_IGN if kind == "ignored" else signal.SIG_DFL
    return writer, lambda: signal.signal(signal.SIGPIPE, wanted)


def lines(text):
    """What was said, but for figures, of which some say how long it took."""
    return {re.sub("[0-9.]+", "#", line) for line in text.decode("utf-8", "replace").splitlines()}


def judge(words, kind, usual, got):
    speaks = usual.stdout != b""
    said = got.stderr.decode("utf-8", "replace")
    if kind in ("full", "closed"):
        if speaks and (got.returncode == 0 or "crm: " not in said):
            problem(words, f"{kind}: status {got.returncode}, said {said!r}")
        if not speaks and got.returncode != usual.returncode:
            problem(words, f"{kind}: status {got.returncode} without anything to say")
        if got.returncode < 0:
            problem(words, f"{kind}: ended by signal {-got.returncode}")
        return
    if got.returncode not in ((-signal.SIGPIPE,) if speaks else (usual.returncode,)):
        problem(words, f"{kind}: status {got.returncode}")
    if not lines(got.stderr) <= lines(usual.stderr):
        problem(words, f"{kind}: said {said!r}")


def try_outputs(town, kind):
    tried = 0
    for words in town.examples():
        town.again()
        usual = town.run(*words)
        if usual.returncode not in (0, 5) and words not in NEED_TERMINAL:
            problem(words, f"the example fails: {usual.returncode} {usual.stderr.decode()}")
            continue
        after = town.counts()
        town.again()
        stdout, before = bad_stdout(kind)
        got = subprocess.run([PROGRAM, *words], cwd=town.folder, env=town.env, stdin=subprocess.DEVNULL, stdout=stdout,
                             stderr=subprocess.PIPE, preexec_fn=before)
        if stdout is not None:
            os.close(stdout)
        judge(words, kind, usual, got)
        if town.counts() != after:
            problem(words, f"{kind}: the store differs from one that was written with a good stdout")
        tried += 1
    return tried


def try_descriptors(town):
    """Each verb without some of 0, 1 and 2: what it says never ends in the store, which stays sound."""
    tried = 0
    combinations = [c for n in (1, 2, 3) for c in itertools.combinations((0, 1, 2), n)]
    for number, words in enumerate(town.examples("read", "write")):
        # all combinations for some, one for each of the others, so that every verb meets several in two dozen runs
        chosen = combinations if number % 8 == 0 or os.environ.get("CRM_LONG") else combinations[number % 7:][:1]
        for closed in chosen:
            town.again()
            subprocess.run([PROGRAM, *words], cwd=town.folder, env=town.env,
                           stdin=None if 0 in closed else subprocess.DEVNULL,
                           stdout=None if 1 in closed else subprocess.DEVNULL,
                           stderr=None if 2 in closed else subprocess.DEVNULL,
                           preexec_fn=lambda which=closed: [os.close(fd) for fd in which])
            for path in (town.store, town.folder + "/empty.db"):
                with open(path, "rb") as f:
                    if f.read(16) != b"SQLite format 3\0":
                        problem(words, f"without {closed}: {path} is written over")
            check = town.run("check")
            if check.returncode:
                problem(words, f"without {closed}: {check.stdout.decode()}{check.stderr.decode()}")
            tried += 1
    return tried


def main():
    town = Town(sys.argv[1])
    tried = try_descriptors(town) if sys.argv[2] == "descriptors" else try_outputs(town, sys.argv[2])
    for line in problems:
        print(line)
    print(f"{sys.argv[2]}: {tried} runs, {len(problems)} problems")
    sys.exit(1 if problems or tried < 100 and "CRM_STEP" not in os.environ else 0)


main()
