"""System calls of a command: which it makes, and another end for one of them (strace)."""

import collections
import re
import subprocess

# What a store is read and written with. Each is injected alone: strace counts calls one by one, for each name.
STORAGE = ("pwrite64", "write", "fsync", "fdatasync", "ftruncate", "unlink", "openat", "fcntl", "mmap", "close",
           "pread64", "rename", "link")
# Seldom and decisive: none of these is left out of a sample.
DECISIVE = ("write", "fsync", "fdatasync", "ftruncate", "unlink", "rename", "link")

CALL = re.compile(r"(\d+) +(\w+)\(")


def why_not():
    """Why nothing can be traced here, or None."""
    try:
        done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return "no strace"
    return None if done.returncode == 0 else "tracing is not allowed here"


def points(run, stage):
    """[(call, k)]: the k-th use of each call from the moment on that the store is first looked at."""
    trace, home = f"{run.folder}/trace", stage.fresh(run)
    names = ",".join(STORAGE)
    stage.do(run, home, wrap=["strace", "-f", "-o", trace, "-e", f"trace={names},newfstatat,access,readlink"])
    made, first, main = collections.Counter(), None, None
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            call = CALL.match(line)
            if not call:
                continue
            main = main or call[1]
            if first is None and f'"{home}/crm.db' in line:
                first = dict(made)
            if call[1] == main:  # strace counts for each thread; only the first one has the store
                made[call[2]] += 1
    return [(name, k) for name in STORAGE for k in range((first or {}).get(name, 0) + 1, made[name] + 1)]


def wrap(call, when, what):
    """Words before a command that give its call another end: `what` as strace has it, signal=SIGKILL, error=EIO."""
    return ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={when}"]


def sample(run, found, wanted):
    """A sample of points() with all that are decisive."""
    decisive = [p for p in found if p[0] in DECISIVE]
    return decisive + run.sample([p for p in found if p[0] not in DECISIVE], max(wanted - len(decisive), wanted // 2))
