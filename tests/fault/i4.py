"""A file that cannot be read or written, a helper that cannot be started: each such system call fails once.

Of commands that read and write more than the store. Each is refused with a line that says so, or did all of it: status
0 means the same output, the same store and the same files as without.
"""

import os
import re
import sqlite3
import zipfile

import inject
import judge
import scenarios
from harness import Bad, Result, control

CALLS = {"openat": "EACCES", "read": "EIO", "write": "ENOSPC", "pipe2": "EMFILE", "memfd_create": "EMFILE", "clone": "EAGAIN",
         "clone3": "EAGAIN", "vfork": "EAGAIN", "execve": "ENOENT", "fsync": "EIO", "fchmod": "EPERM", "mkdir": "EACCES",
         "rename": "EACCES", "link": "EPERM", "lseek": "EINVAL", "poll": "ENOMEM", "newfstatat": "EIO"}
NOT_LOADED = 127, "error while loading shared libraries"  # the end that the loader makes of it


def sheet(path):
    """The smallest spreadsheet: one column, one name."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    cell = '<c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/officeDocument"'
                       ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="b"/>'
                           "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="b" Type="{office}/worksheet"'
                                      ' Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1">{cell.format(1, "name")}</row>'
                                    f'<row r="2">{cell.format(2, "Bo")}</row></sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>\n' + text)


def make(run, home):
    scenarios.small(run, home)
    scenarios.rows(home, "few.csv", 1, 3)
    sheet(f"{home}/a.xlsx")
    db = sqlite3.connect(f"{home}/other.db")
    db.executescript("CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('Bo');")
    db.close()
    texts = {
        "a.eml": "From: u1@example.com\nTo: us@example.com\nDate: Tue, 10 Mar 2026 10:00:00 +0000\n"
                 "Message-ID: <a@example.com>\nSubject: Hello\n\nHello\n",
        "days.txt": "2026-01-01 New Year\n",
        "bad.csv": "name,email\n,nobody\nBo,bo@example.com\n",
        "words.txt": "a text\n",
        ".config/crm/config": "[store]\nwait = 0\n",
    }
    for name, text in texts.items():
        with open(f"{home}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    with open(f"{home}/texts.csv", "w", encoding="utf-8") as file:
        file.write("text,label\n")
        file.writelines(f"{word} number {i},{label}\n" for i in range(30)
                        for word, label in (("refund please", "money"), ("my parcel", "post")))
    os.makedirs(f"{home}/.config/crm/hooks", mode=0o755, exist_ok=True)
    hook = f"{home}/.config/crm/hooks/told"
    with open(hook, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 0\n")
    for path in (f"{home}/.config", f"{home}/.config/crm", f"{home}/.config/crm/hooks", hook):
        os.chmod(path, 0o755)
    run.ok(home, "rule", "add", "--name", "r", "--event", "created", "--actions", "hook told")
    run.ok(home, "dump", "-o", "a.dump")
    run.ok(home, "import", "customer", "rows.csv", "--plan", "a.plan")
    run.ok(home, "backup", "a.backup")


COMMANDS = {
    "import": ["import", "customer", "few.csv"],
    "import gz": ["import", "customer", "few.csv", "--preset", "./none.json"],
    "rejects": ["import", "customer", "bad.csv", "--partial", "--rejects", "bad.out"],
    "xlsx in": ["import", "customer", "a.xlsx"],
    "sqlite in": ["import", "customer", "other.db"],
    "mail in": ["import", "log", "a.eml"],
    "xlsx out": ["export", "customer", "-o", "all.xlsx"],
    "csv out": ["export", "customer", "-o", "all.csv"],
    "dump": ["dump", "-o", "b.dump"],
    "plan": ["import", "customer", "rows.csv", "--plan", "b.plan"],
    "apply": ["apply", "a.plan"],
    "train": ["classify", "train", "--from", "texts.csv", "--text", "text", "--label", "label", "--name", "m"],
    "holidays": ["calendar", "holidays", "office", "days.txt"],
    "config": ["config", "set", "ui.color", "never"],
    "alias": ["alias", "add", "y", "customer list"],
    "hook": ["ticket", "add", "1", "--type", "question", "--subject", "x"],
    "text": ["log", "phone", "1", "-F", "words.txt"],
    "backup": ["backup", "b.backup"],
    "restore": ["restore", "a.backup", "--yes"],
    "check": ["check"],
    "init": ["--store", "new/crm.db", "init"],
}


def points(run, home, words):
    """[(call, k)]: of crm from the moment on that it is loaded, of what it starts all."""
    trace = f"{run.folder}/trace-i4"
    run.crm(home, *words, wrap=["strace", "-f", "-o", trace, "-e", "trace=" + ",".join((*CALLS, "set_tid_address"))])
    made, loaded, ending = {}, None, set()
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            call = inject.CALL.match(line)
            if call and '.gcda"' in line:  # from here on a build that counts its lines writes that down
                ending.add(call[1])
            if not call or call[1] in ending:
                continue
            counts = made.setdefault(call[1], {})
            counts[call[2]] = counts.get(call[2], 0) + 1
            if call[2] == "set_tid_address" and loaded is None:
                loaded = dict(counts)
    main, *started = made.values()
    found = {(name, k) for name in CALLS for k in range(loaded.get(name, 0) + 1, main.get(name, 0) + 1)}
    found |= {(name, k) for counts in started for name in CALLS for k in range(1, counts.get(name, 0) + 1)}
    return sorted(found)


def outcome_of(home, done):
    """What it wrote: on stdout, into the store, as files. Those that are packed or of SQLite are known by their names."""
    files = {}
    for folder, _, names in os.walk(home):
        for path in (f"{folder}/{name}" for name in names):
            if re.search(r"/[^/]*\.db(-\w+)?$", path):
                continue
            with open(path, "rb") as file:
                files[path[len(home):]] = b"" if path.endswith((".xlsx", ".backup")) else file.read()
    return done.out, judge.dump(f"{home}/crm.db"), files


def verdict(call, done):
    if done.status < 0 or done.status >= 128:
        raise Bad(f"ended by a signal: status {done.status}")
    if done.status == NOT_LOADED[0] and NOT_LOADED[1] in done.err:
        return "not begun"
    said = re.search(r"^crm(-[a-z-]+)?: ", done.err, re.MULTILINE)
    if done.status and not said and call != "write":  # which may have been what would have said it
        raise Bad(f"status {done.status} and nothing is said: {done.err.strip()!r}")
    return "refused" if done.status else "done"


def tests(run):
    reason = inject.why_not()
    if reason:
        yield Result("I4", "", skipped=reason)
        return
    start = f"{run.folder}/start-i4"
    os.makedirs(f"{start}/.config/crm", mode=0o700)
    make(run, start)

    def begin(name="home"):
        return scenarios.Stage.copy(start, run.scratch(name))

    def fail(words, found, program=None):
        home = begin("whole")
        whole = words[:1] != ["classify"] and outcome_of(home, run.crm(home, *words, program=program))  # which tells seconds

        def point(at):
            call, k = at
            home = begin()
            done = run.crm(home, *words, program=program, wrap=inject.wrap(call, k, f"error={CALLS[call]}"))
            said = verdict(call, done)
            if said == "done" and whole and outcome_of(home, done) != whole:
                raise Bad(f"status 0, and not all of it is done: {done.err.strip()!r}")
            return said
        return run.each(found, point)

    for name, words in COMMANDS.items():
        if not run.only.scenario("I4", name):
            continue
        found = points(run, begin(), words)
        chosen = run.sample(found, 25)
        outcome = fail(words, chosen)
        yield Result(f"I4 {name}", f"{len(chosen)} of {len(found)} calls: {outcome.count['refused']} refused, "
                     f"{outcome.count['done']} done all the same, {len(outcome.bad)} bad", outcome.bad)
    if run.only.scenario("I4", "control"):
        wanted = [("openat", k) for k in range(3, 12)]
        silent = ["sh", "-c", "cat few.csv 2>/dev/null"]
        yield control("I4", "a program that says nothing", len(fail([], wanted, program=silent).bad))
