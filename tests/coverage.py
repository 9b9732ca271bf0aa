"""What the tests reached, of a build with -Db_coverage=true that has run them: coverage.py BUILD

Prints shares of lines and branches by folder, then in TAP whether they are enough, and whether every message has been
said by some test. What only passes on the words of the system (strerror) is left to tests/fault, I4, which makes each
system call fail and would spoil the counts. Messages that no test brings about are lines of coverage-unsaid, with the
reason above them: FILE: a piece of the message.
"""

import glob
import json
import os
import re
import subprocess
import sys

LINES, BRANCHES = 95, 85  # percent
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
UNSAID = os.path.join(ROOT, "tests", "coverage-unsaid")
BUILDERS = {"buf_printf", "strbuf_printf", "out_printf"}  # take a format, and make no message by themselves


def measure(build):
    """The files of lib/ and cmd/ as gcovr tells them, headers left out."""
    report = subprocess.run(
        ["gcovr", "--root", ROOT, "--object-directory", build, "--filter", ROOT + "/lib/", "--filter", ROOT + "/cmd/",
         "--exclude", r".*-gen\.c", "--exclude", r".*\.h", "--json", "-j", str(os.cpu_count())],
        check=True, stdout=subprocess.PIPE)
    return json.loads(report.stdout)["files"]


def reached(file):
    """Lines, branches of a file, and how many of them were reached."""
    lines = [l for l in file["lines"] if not l.get("gcovr/noncode")]
    branches = [b for l in lines for b in l["branches"]]
    return [len(lines), sum(l["count"] > 0 for l in lines), len(branches), sum(b["count"] > 0 for b in branches)]


def percent(part, whole):
    return 100 * part / whole if whole else 100


def print_folders(files):
    folders = {}
    for f in files:
        sums = folders.setdefault(os.path.dirname(f["file"]), [0] * 4)
        for i, n in enumerate(reached(f)):
            sums[i] += n
    folders["all"] = [sum(column) for column in zip(*folders.values())]
    print("# %-28s %7s %7s %9s %7s" % ("folder", "lines", "%", "branches", "%"))
    for name, (lines, lines_hit, branches, branches_hit) in folders.items():
        print("# %-28s %7d %7.1f %9d %7.1f"
              % (name, lines, percent(lines_hit, lines), branches, percent(branches_hit, branches)))
    return folders["all"]


def message_makers():
    """Names of the functions that take the format of a message."""
    names = set()
    for path in glob.glob(ROOT + "/**/*.[ch]", recursive=True):
        with open(path, encoding="utf-8") as source:
            names.update(re.findall(r"(\w+)\((?:[^()]|\([^()]*\))*\)\s*CRM_PRINTF", source.read()))
    return names - BUILDERS


def unsaid(files):
    """FILE, LINE, text of each call of theirs that no test came to."""
    call = re.compile(r"\b(?:%s)\(" % "|".join(sorted(message_makers())))
    for f in files:
        with open(os.path.join(ROOT, f["file"]), encoding="utf-8") as source:
            text = source.read().split("\n")
        counts = {l["line_number"]: l["count"] for l in f["lines"] if not l.get("gcovr/noncode")}
        for number, line in enumerate(text, 1):
            if not line.startswith(("\t", " ")) or not call.search(line):
                continue
            if "strerror" in "".join(text[number - 1:number + 3]).split(";")[0]:
                continue
            said = next((counts[n] for n in range(number, number + 4) if n in counts), None)
            if said == 0:
                yield f["file"], number, " ".join(part.strip() for part in text[number - 1:number + 3])


def excused():
    with open(UNSAID, encoding="utf-8") as lines:
        return [tuple(line.strip().split(": ", 1)) for line in lines if line.strip() and not line.startswith("#")]


def check_messages(files):
    excuses, bad = excused(), []
    used = set()
    for file, number, text in unsaid(files):
        excuse = next((e for e in excuses if e[0] == file and e[1] in text), None)
        if excuse:
            used.add(excuse)
        else:
            bad.append(f"{file}:{number}: {text[:150]}")
    return bad, [": ".join(e) for e in excuses if e not in used]


def tap(number, good, what, details=()):
    print(f"{'ok' if good else 'not ok'} {number} - {what}", *(f"# {d}" for d in details), sep="\n")
    return good


def main():
    files = measure(sys.argv[1])
    lines, lines_hit, branches, branches_hit = print_folders(files)
    bad, stale = check_messages(files)
    print("1..4")
    good = [
        tap(1, percent(lines_hit, lines) >= LINES, f"{percent(lines_hit, lines):.1f} % of lines, wanted {LINES}"),
        tap(2, percent(branches_hit, branches) >= BRANCHES,
            f"{percent(branches_hit, branches):.1f} % of branches, wanted {BRANCHES}"),
        tap(3, not bad, "every message is said in some test", bad),
        tap(4, not stale, "every excuse in coverage-unsaid is needed", stale),
    ]
    sys.exit(0 if all(good) else 1)


main()
