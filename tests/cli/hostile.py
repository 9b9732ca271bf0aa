#!/usr/bin/env python3
"""Runs crm on each store of a list that tests/data/hostile/make.py made, and says what should not be.

    hostile.py CRM DIRECTORY refused|damaged|accepted

Refused: status 6, a message, nothing on stdout, less than a second of processor time and 64 MB, and the file and what lies
beside it as they were. Damaged: any status that says so, within seconds, by itself, and commands that read change
nothing. Accepted: status 0.
"""

import hashlib
import os
import resource
import subprocess
import sys
import time

CRM, DIRECTORY, KIND = sys.argv[1:]
READ = [["customer", "list"], ["check"], ["export", "customer"], ["search", "words"]]
WRITE = [["customer", "add", "--name", "New"], ["undo"], ["check", "--fix"]]
SANITIZED = os.environ.get("SANITIZED") == "yes"
wrong = 0


def complain(name, command, what):
    global wrong
    wrong += 1
    print(f"{name}: crm {' '.join(command)}: {what}")


def snapshot(place):
    """The bytes of all files but the memory that processes share."""
    found = {}
    for name in os.listdir(place):
        with open(os.path.join(place, name), "rb") as f:
            if not name.endswith("-shm"):
                found[name] = hashlib.sha256(f.read()).hexdigest()
    return found


def run(place, command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    child = subprocess.Popen([CRM, "--store", os.path.join(place, "crm.db"), "--wait", "1", *command],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = child.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return child.returncode, out, err, seconds, time.monotonic() - began


def largest():
    """Of all children so far, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def check_refused(name, place, command, result, before):
    status, out, err, seconds, _ = result
    if status != 6 or out or not err.startswith(b"crm: ") or err.count(b"\n") != 1:
        complain(name, command, f"status {status}, {out[:200]} {err[:300]}")
    if any(c < 0x20 and c != 0x0a for c in err):
        complain(name, command, f"a message that acts on a terminal: {err}")
    if seconds > (10 if SANITIZED else 1):
        complain(name, command, f"{seconds:.2f} s of processor time")
    if snapshot(place) != before:
        complain(name, command, f"the files changed: {before} {snapshot(place)}")


def check_damaged(name, place, command, result, before):
    status, _, err, seconds, _ = result
    if status not in (0, 1, 3, 4, 5, 6) or (status and not err.startswith(b"crm: ")):
        complain(name, command, f"status {status}, {err[:300]}")
    if seconds > 10:
        complain(name, command, f"{seconds:.2f} s of processor time")
    if command in READ and snapshot(place) != before:
        complain(name, command, f"the files changed: {before} {snapshot(place)}")


def check_accepted(name, place, command, result, before):
    status, _, err, seconds, _ = result
    if status != 0:
        complain(name, command, f"status {status}, {err[:300]}")
    if seconds > 10:
        complain(name, command, f"{seconds:.2f} s of processor time")
    if command in READ and snapshot(place)["crm.db"] != before["crm.db"]:
        complain(name, command, "the file changed")


JUDGES = {"refused": check_refused, "damaged": check_damaged, "accepted": check_accepted}


def try_all(name, place, commands):
    for command in commands:
        before = snapshot(place)
        result = run(place, command)
        if os.environ.get("VERBOSE"):
            print(name, command, result, file=sys.stderr)
        if result is None:
            complain(name, command, "did not end within a minute")
        elif result[0] < 0 or result[0] >= 128:
            complain(name, command, f"ended by signal {-result[0]}: {result[2][-2000:]}")
        else:
            JUDGES[KIND](name, place, command, result, before)


def main():
    with open(os.path.join(DIRECTORY, KIND), encoding="utf-8") as f:
        names = f.read().split()
    for name in names:
        place = os.path.join(DIRECTORY, name)
        try_all(name, place, READ[:3] if KIND == "refused" else READ)
        try_all(name, place, WRITE[:1] if KIND == "refused" else WRITE)
    if KIND == "refused" and not SANITIZED and largest() > 64:
        complain("all", [], f"{largest():.0f} MB of memory")
    print(f"{len(names)} stores, {wrong} complaints", file=sys.stderr)
    return wrong > 0


sys.exit(main())
