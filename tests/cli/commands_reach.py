#!/usr/bin/env python3
"""What each verb reaches beyond its store, by strace: commands_reach.py FOLDER.

No socket; no file but the store's folder, the configuration, those named on the command line (all of them in FOLDER), and
what the system has for every program; nothing written but in FOLDER; no program but our own helpers.
"""
import os
import re
import subprocess
import sys

from commands import PROGRAM, Town

CALLS = ("open,openat,openat2,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,symlink,symlinkat,link,linkat,"
         "truncate,chmod,fchmodat,chown,fchownat,socket,socketpair,connect,bind,listen,sendto,execve,execveat,mknod,mknodat")
SYSTEM = re.compile(
    r"^/(etc/(ld\.so\.(cache|preload)|passwd|nsswitch\.conf|localtime|group|timezone|crm(/.*)?)$|"
    r"usr/share/(zoneinfo|locale|i18n)(/|$)|usr/lib/locale(/|$)|(usr/)?lib(32|64)?/|dev/(null|urandom|tty)$|proc/|sys/)")
PROGRAM_FOLDER = os.path.dirname(os.path.realpath(os.environ["CRM"]))
OURS = re.compile(r"^(execve\(\")?" + re.escape(PROGRAM_FOLDER) + r"/(crm|helpers/crm-[a-z-]+)$")
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|^(creat|unlink|rename|mkdir|symlink|link|truncate|chmod|fchmod|chown|fchown|mknod)")
LIBRARY = re.compile(r"\.so(\.[0-9.]+)?$")


def judge(line, town):
    """What is wrong with a traced call, or None."""
    call = re.match(r"(?:[0-9]+ +)?([a-z0-9]+)\((.*)", line)
    if not call:
        return None
    if call[1] in ("socket", "socketpair", "connect", "bind", "listen", "sendto"):
        return "uses the network"
    if re.search(r"= -1 E[A-Z]+ ", line):
        return None
    for path in re.findall(r'"((?:[^"\\]|\\.)*)"', line if call[1] != "execve" else line.split(",")[0]):
        path = os.path.normpath(os.path.join(town.folder, path))
        if path.endswith(".gcda"):  # what a build that counts its lines writes down
            continue
        ours = path == town.folder or path.startswith(town.folder + "/")
        if call[1].startswith("execve"):
            if not OURS.match(path):
                return f"runs {path}"
        elif WRITES.search(call[1] + call[2]) and not ours and path != "/dev/null":
            return f"writes {path}"
        elif not ours and not SYSTEM.match(path) and not LIBRARY.search(path) and not path.startswith(PROGRAM_FOLDER):
            return f"opens {path}"
    return None


def main():
    town = Town(sys.argv[1])
    problems, tried, calls = [], 0, 0
    examples = [words for words in town.examples() if words[0] != "help"]  # which asks man for the page
    for words in examples:
        town.again()
        subprocess.run(["strace", "-f", "-qq", "-s", "4096", "-e", "signal=none", "-o", town.kept + ".trace", "-e",
                        "trace=" + CALLS, PROGRAM, *words], cwd=town.folder, env=town.env, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(town.kept + ".trace", encoding="utf-8", errors="replace") as trace:
            for line in trace:
                calls += 1
                wrong = judge(line, town)
                if wrong:
                    problems.append(f"crm {' '.join(words)} {wrong}")
        tried += 1
    for line in sorted(set(problems)):
        print(line)
    print(f"{tried} commands, {calls} calls, {len(set(problems))} problems")
    sys.exit(1 if problems or calls < tried else 0)


main()
