"""valgrind: nothing uninitialised is used, nothing is lost, where a command succeeds and where it is refused.

Every verb of the program's tables has examples (tests/data/commands). Those with a regular expression are left out: of the
code that PCRE2 makes for one, valgrind says what is not so. In the long run the tests of the command line are
run with the program under valgrind too; only what valgrind says counts there, as much is too slow then.
"""

import copy
import glob
import os
import shlex
import shutil
import subprocess
import sys

from harness import Bad, Result, control

WORDS = ["valgrind", "-q", "--leak-check=full", "--error-exitcode=99", "--trace-children=no"]
FOUND = 99
REGEX = {"--regex"}


def town_of(run):
    """The store and files of the examples, made once."""
    os.environ["CRM"] = run.program
    sys.path.insert(0, f"{run.root}/tests/cli")
    from commands import Town
    return Town(f"{run.folder}/town")


def house_of(run, town):
    """The same for this process, as in the beginning."""
    from commands import environment
    house = copy.copy(town)
    house.folder = run.scratch("town")
    shutil.copytree(town.kept, house.folder, dirs_exist_ok=True)
    house.env = environment(house.folder)
    return house


def refused(words):
    """An example made wrong: numbers of records that are not there, or else an option that is not."""
    wrong = ["9999" if w.isdigit() and i > 0 else w for i, w in enumerate(words)]
    return wrong if wrong != words else [*words, "--nonsense"]


def check(run, town):
    def one(point):
        kind, words = point
        house = house_of(run, town)
        done = house.run(*WORDS[1:], run.program, *words, program=WORDS[0])
        if done.returncode == FOUND or done.returncode < 0 or b"==" in done.stderr:
            raise Bad(f"{shlex.join(words)}: status {done.returncode}: "
                      + " / ".join(done.stderr.decode(errors="replace").splitlines()[:12]))
        return kind if (done.returncode == 0) == (kind == "done") else "other"
    return one


def examples(run, town):
    """Each one, and each made wrong; in the quick run every other, and every third."""
    try:
        words = [w for w in town.examples() if w[0] != "help" and not REGEX & set(w)]  # help runs man
    except SystemExit as missing:
        raise Bad(str(missing)) from missing
    return ([("done", w) for w in words[::1 if run.long else 2]]
            + [("refused", refused(w)) for w in words[1::1 if run.long else 3]])


WRAPPER = """#!/bin/sh
exec valgrind -q --leak-check=full --trace-children=no --log-file={folder}/vg.%p {program} "$@"
"""


def suite(run):
    """The tests of the command line with each run of the program under valgrind."""
    folder = f"{run.folder}/suite"
    os.makedirs(folder)
    with open(f"{folder}/crm", "w", encoding="utf-8") as file:
        file.write(WRAPPER.format(folder=folder, program=run.program))
    os.chmod(f"{folder}/crm", 0o755)
    helpers = f"{os.path.dirname(run.program)}/helpers"
    if os.path.isdir(helpers):
        os.symlink(helpers, f"{folder}/helpers")

    def one(path):
        env = {**os.environ, "CRM": f"{folder}/crm", "SANITIZED": "yes", "SOURCE_ROOT": run.root, "LC_ALL": "C.UTF-8"}
        subprocess.run(["timeout", "3600", "bats", "--tap", path], env=env, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return "file"

    files = run.each(sorted(glob.glob(f"{run.root}/tests/cli/*.bats")), one)
    logs, bad = glob.glob(f"{folder}/vg.*"), []
    for log in logs:
        with open(log, encoding="utf-8", errors="replace") as text:
            said = text.read().strip()
        if said:
            bad.append(" / ".join(said.splitlines()[:12]))
    return Result("V1 suite", f"{files.count['file']} files, {len(logs)} runs of the program, {len(bad)} with errors", bad)


def tests(run):
    if not shutil.which("valgrind"):
        yield Result("V1", "", skipped="no valgrind")
        return
    if run.only.scenario("V1", "examples"):
        town = town_of(run)
        points = examples(run, town)
        outcome = run.each(points, check(run, town))
        yield Result("V1 examples", f"{len(points)} command lines of every verb: {outcome.count['done']} done, "
                     f"{outcome.count['refused']} refused, {outcome.count['other']} the other way,"
                     f" {len(outcome.bad)} bad", outcome.bad)
    if run.long and run.only.scenario("V1", "suite"):
        yield suite(run)
    if run.only.scenario("V1", "control"):
        program = run.shim("fault_leaky")
        for fault in ("leak", "uninitialised"):
            done = run.crm(run.scratch(), *WORDS[1:], program, fault, program=WORDS[:1])
            yield control("V1", f"a program with a fault of memory ({fault})", done.status == FOUND)
