#!/usr/bin/env python3
"""What hostile text does on a terminal, by every verb: commands_terminal.py FOLDER PART.

Each PART runs the program on a terminal of its own and looks at every byte that arrives there:
stored    what was let in, in all fields of all records: each verb, each format
planted   what could not come in, put into the store's tables behind its back: each verb that reads
given     words of the command line, file names, surroundings and settings
around    completion, hooks, questions, the pager
"""
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import struct
import sys
import termios
import time

from commands import PROGRAM, Town
from payloads import INVALID, VALID, acting

SECONDS = 20
FORMATS = ["table", "tsv", "csv", "json", "jsonl", "record", "markdown", "vcard", "ics", "html", "svg", "text"]
problems = []
shown_escaped = 0


def on_terminal(town, words, typed=b"\x04", env=None):
    """All that the terminal gets, as it was written, and the status."""
    master, slave = pty.openpty()
    mode = termios.tcgetattr(slave)
    mode[1] &= ~termios.OPOST
    mode[3] &= ~termios.ECHO
    termios.tcsetattr(slave, termios.TCSANOW, mode)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 9000, 0, 0))
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        os.closerange(3, 100)
        os.chdir(town.folder)
        os.execve(PROGRAM, [PROGRAM, *words], {**os.environb, **{k.encode(): os.fsencode(v) for k, v in
                                                                  {**town.env, **(env or {})}.items()}})
    os.close(slave)
    os.write(master, typed)
    shown, until = b"", time.monotonic() + SECONDS
    while select.select([master], [], [], max(0, until - time.monotonic()))[0]:
        try:
            chunk = os.read(master, 1 << 20)
        except OSError:
            chunk = b""
        if not chunk:
            break
        shown += chunk
    else:
        os.kill(pid, signal.SIGKILL)
        problems.append(f"crm {words}: does not end")
    os.close(master)
    return shown, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def look(words, shown, status):
    global shown_escaped
    found = acting(shown)
    if found is not None:
        problems.append(f"crm {words!r} shows {found!r}")
    if status < 0:
        problems.append(f"crm {words!r}: signal {-status}")
    shown_escaped += re.search(rb"\\(x1b|u001b|u202e)", shown) is not None


def try_on_terminal(town, words, **how):
    shown, status = on_terminal(town, words, **how)
    look(words, shown, status)
    return shown


# --- what was let in ---

def kinds(town):
    for line in town.must("__complete", "import", "").stdout.decode().splitlines():
        if not town.run("export", line.split("\t")[0], "--limit", "1").returncode:
            yield line.split("\t")[0]


def text_fields(town, kind):
    described = [line.split() for line in town.must("export", kind, "--fields", "help").stdout.decode().splitlines()]
    return [words[0] for words in described if len(words) > 1 and words[1] in ("text", "tags")]


def let_in(town, kind):
    """
    New records of that kind, like those there are, with every text that may come in, in each text field that takes any.
    Returns the fields that took them, and those that have a language of their own and did not.
    """
    text = "".join(f"<{exact.decode()}>" for _, exact in VALID)
    rows = [json.loads(row) for row in town.must("export", kind, "--format", "jsonl").stdout.splitlines()]
    fields, special = [f for f in text_fields(town, kind) if rows and f in rows[0]], set()
    while rows and set(fields) - special:
        lines = []
        for number, row in enumerate(rows):
            for field in set(fields) - special:
                row = {**row, field: [f"{number}{text}"] if isinstance(row[field], list) else f"{number}{text}"}
            lines.append(json.dumps({k: v for k, v in row.items() if k not in ("email", "emails", "phone", "phones")}))
        got = town.run("import", kind, "-", "--mode", "insert", "--near", "off", input="\n".join(lines).encode(), stdin=None) \
            if kind == "customer" else \
            town.run("import", kind, "-", "--mode", "insert", input="\n".join(lines).encode(), stdin=None)
        if got.returncode == 0:
            return set(fields) - special, special
        refused = re.match(r"crm: stdin:([0-9]+): (?:([a-z_]+): )?", got.stderr.decode())
        if refused and refused[2] in fields:
            special.add(refused[2])
        elif refused:
            del rows[int(refused[1]) - 1]
        else:
            raise SystemExit(f"import {kind}: {got.stderr.decode()}")
    return set(), special


# These are read by the program: a text in them is refused unless it says something.
SPECIAL = {"cadence", "timezone", "after", "on", "every", "currency", "category", "new_value", "old_value", "first_reply",
           "pauses", "resolution", "next_reply", "workdays", "hours", "zone", "holidays", "steps", "quiet_hours", "entity"}


def forms(town, words):
    """The line as it is, and in every format that it can be written in."""
    yield words
    for form in FORMATS:
        if "--format" not in words and b"--format" not in town.run(*words, "--format", form).stderr:
            yield [*words, "--format", form]


def stored(town):
    took = set()
    for kind in kinds(town):
        fields, special = let_in(town, kind)
        took |= {(kind, field) for field in fields}
        if special - SPECIAL - {"name"}:
            problems.append(f"{kind}: {special - SPECIAL} take no text any more")
    if len(took) < 40:
        problems.append(f"only {len(took)} fields took the texts")
    longest = "".join(f"<{exact.decode()}>" for _, exact in VALID)
    for words in (["customer", "edit", "1", "--note", longest, "--name", "A" + longest],
                  ["log", "email", "1", "-m", longest, "--subject", longest],
                  ["ticket", "note", "1", "-m", longest], ["customer", "edit", "1", "--city", "Rome"]):
        town.must(*words)
    town.keep()
    tried = 0
    for words in town.examples("read", "none"):
        for form in forms(town, words):
            try_on_terminal(town, form)
            tried += 1
        town.again()
    for words in town.examples("write"):
        town.again()
        try_on_terminal(town, [w for w in words if w != "--yes"], typed=b"n\n\x04")
        try_on_terminal(town, words)
        try_on_terminal(town, ["undo"])
        tried += 3
    return tried


# --- what could not come in ---

def planted(town):
    """Behind the program's back, in one table after the other, so that the rest still works."""
    everything = b"".join(b"<" + exact + b">" for _, exact in VALID + INVALID)
    reading = town.examples("read")
    tried, columns = 0, 0
    for table in town.counts():
        town.again()
        columns += plant(town.store, table, everything)
        town_kept, town.kept = town.kept, town.folder + ".planted"
        shutil.copytree(town.folder, town.kept)
        for number, words in enumerate(reading):
            if concerns(words, table) or os.environ.get("CRM_LONG"):
                try_on_terminal(town, words)
                try_on_terminal(town, [*words, "--format", "json"])
                tried += 2
        shutil.rmtree(town.kept)
        town.kept = town_kept
    if columns < 100:
        problems.append(f"only {columns} columns took the texts")
    return tried


def plant(path, table, text):
    """Adds the text to every text of the table. Returns how many columns let it."""
    db, planted_in = sqlite3.connect(path, isolation_level=None), 0
    db.execute("PRAGMA foreign_keys = OFF")
    for (column,) in db.execute("SELECT name FROM pragma_table_info(?) WHERE type IN ('TEXT', 'ANY')", (table,)).fetchall():
        try:
            done = db.execute(f'UPDATE "{table}" SET "{column}" = CAST(CAST("{column}" AS BLOB) || ? AS TEXT) '
                              f'WHERE typeof("{column}") = \'text\'', (text,))
            planted_in += done.rowcount > 0
        except sqlite3.Error:
            pass  # a check of the column's own refuses it
    db.close()
    return planted_in


# What is read by more than the commands of its own name.
EVERYWHERE = {"customer", "agent", "operation", "change", "field", "view"}


def concerns(words, table):
    """Whether a command is likely to read the table; CRM_LONG tries them all."""
    return table in EVERYWHERE or words[0] in table or table.split("_")[0] in " ".join(words) or \
        words[0] in ("check", "dump", "sql", "history", "search", "whoami") or (words[0] == "report" and table in (
            "log", "ticket", "sales_order", "survey", "followup", "sla"))


# --- words, files, surroundings ---

def given(town):
    text = os.fsdecode(b"".join(exact for _, exact in VALID + INVALID))
    short = os.fsdecode(b"\x1b[2J\xe2\x80\xae\xc2\x9b31m\x9b\xe2\x80\x8b\x07")
    verbs = sorted({line.split("\t")[0] for line in town.must("__tables").stdout.decode().splitlines()})
    tried = 0
    for verb in verbs:
        words = verb.split()
        for more in ([text], [f"--{short}"], [f"--format={short}"], ["1", f"{short}:1", text], [f"key:{text}", text],
                     ["customer", text], ["--fields", short, "1"], ["--set", f"{text}=1", "1"], ["-F", short, "1"],
                     ["-o", f"no/{short}", "customer"]):
            try_on_terminal(town, [*words, *more])
            tried += 1
        town.again()
    for words in ([text], ["help", text], ["--store", short, "customer", "list"], ["--now", text, "whoami"],
                  ["--as", text, "customer", "add", "--name", "x"], ["--tz", text, "whoami"],
                  ["config", "set", "user.agent", text], ["config", "get", text], ["search", text]):
        try_on_terminal(town, words)
        tried += 1
    for name in ("CRM_STORE", "CRM_AGENT", "CRM_NOW", "TZ", "CRM_PAGER", "HOME", "XDG_CONFIG_HOME", "LC_ALL", "EDITOR"):
        for words in (["customer", "list"], ["whoami"], ["log", "phone", "1"]):
            try_on_terminal(town, words, env={name: short})
            tried += 1
        town.again()
    os.makedirs(os.path.dirname(config(town)), exist_ok=True)
    with open(config(town), "wb") as f:
        f.write(b"[" + os.fsencode(short) + b"]\nx = y\n[ui]\n" + os.fsencode(short) + b" = " + os.fsencode(short) +
                b"\ncolor = " + os.fsencode(short) + b"\n[user]\nagent = " + os.fsencode(short) + b"\n")
    for words in (["customer", "list"], ["config", "list"], ["config", "get", "user.agent"], ["whoami"]):
        try_on_terminal(town, words)
        tried += 1
    town.again()
    with open(os.fsencode(town.folder) + b"/" + os.fsencode(short), "wb") as f:
        f.write(b"key,na" + os.fsencode(short) + b"me\n1,2,3\n\x9b,b\n\"c")
    for words in (["import", "customer", short], ["import", "customer", short, "--partial"], ["load", short],
                  ["import", "customer", short, "--check"], ["apply", short], ["rule", "import", short],
                  ["calendar", "holidays", "1", short], ["classify", "eval", short, "--model", "topics"]):
        try_on_terminal(town, words)
        tried += 1
    return tried


def config(town):
    return town.env["XDG_CONFIG_HOME"] + "/crm/config"


# --- completion, hooks, questions, the pager ---

def around(town):
    for kind in kinds(town):
        let_in(town, kind)
    acts = "".join(exact.decode() for _, exact in VALID)
    town.must("customer", "edit", "1", "--name", "A" + acts)
    tried = 0
    verbs = sorted({line.split("\t")[0] for line in town.must("__tables").stdout.decode().splitlines()})
    for verb in verbs:
        for more in ([""], ["-"], ["--"], ["customer", ""], ["1", ""], ["name:"], ["--owner", ""], ["--sort", ""]):
            got = town.run("__complete", *verb.split(), *more, program=PROGRAM)
            look(["__complete", verb, *more], got.stdout + got.stderr, got.returncode)
            tried += 1
    hook = os.path.dirname(config(town)) + "/hooks/shout"
    os.makedirs(os.path.dirname(hook), exist_ok=True)
    for status in (0, 1):
        with open(hook, "wb") as f:
            f.write(b"#!/bin/sh\ncat\nprintf '" + HOOK_SAYS + b"'\nprintf '" + HOOK_SAYS + b"' >&2\nexit %d\n" % status)
        os.chmod(hook, 0o755)
        for folder in (hook, os.path.dirname(hook)):
            os.chmod(folder, 0o755)
        if status == 0:
            town.must("rule", "add", "--name", "loud", "--event", "created", "--actions", "hook shout")
        shown = try_on_terminal(town, ["ticket", "add", "1", "--type", "question", "--subject", acts, "-m", acts])
        if b"\\x1b]0;shout" not in shown:
            problems.append(f"what a hook says is not shown: {shown!r}")
        tried += 1
    for words in (["customer", "rm", "1"], ["customer", "edit", "--where", "id:1", "--city", acts], ["log", "rm", "1"],
                  ["agent", "edit", "1", "--full-name", acts], ["view", "rm", "customer", "v"]):
        shown = try_on_terminal(town, words, typed=b"n\n")
        tried += 1
    paged = try_on_terminal(town, ["customer", "list"], env={"CRM_PAGER": "sed s/^/paged:/"})
    if paged.count(b"paged:") < 3:
        problems.append("the pager was not asked")
    return tried + 1


HOOK_SAYS = b"\\033]0;shout\\007\\342\\200\\256\\233\\n\\302\\2332J\\n"


PARTS = {"stored": stored, "planted": planted, "given": given, "around": around}


def main():
    town = Town(sys.argv[1])
    tried = PARTS[sys.argv[2]](town)
    for line in problems[:100]:
        print(line)
    print(f"{sys.argv[2]}: {tried} runs, {shown_escaped} with escaped text, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
