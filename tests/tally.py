"""Counts the single tests in a testlog.json of `meson test`: prints "PASSED FAILED", and on stderr what failed and why.

A cmocka or bats program speaks TAP and holds many tests. Those that it announced and never reached count as failed, and
so does a program that ended badly although each of its tests passed.
"""

import json
import re
import sys

RESULT = re.compile(r"^(not )?ok\b(.*)$", re.MULTILINE)
PLAN = re.compile(r"^1\.\.(\d+)", re.MULTILINE)


def show_failures(test, output):
    """The lines of TAP from each "not ok" to the next result, or the end of the output when there is none."""
    lines, shown, inside = output.splitlines() + test.get("stderr", "").splitlines(), [], False
    for line in lines:
        inside = line.startswith("not ok") or (inside and not line.startswith("ok"))
        if inside:
            shown.append(line)
    print(f"{test['name']}: {test['result']}", *(shown or lines[-40:]), sep="\n  ", file=sys.stderr)


def count(test):
    output = test.get("stdout", "")
    plan = PLAN.search(output)
    passed = failed = skipped = 0
    if plan:
        for bad, rest in RESULT.findall(output):
            if re.search(r"# *skip", rest, re.IGNORECASE):  # cmocka says "not ok" of these
                skipped += 1
                print(f"skipped: {test['name']}:{rest}", file=sys.stderr)
            elif bad:
                failed += 1
            else:
                passed += 1
        failed += max(0, int(plan.group(1)) - passed - failed - skipped)
    elif test["result"] == "OK":
        passed = 1
    if test["result"] != "OK" and not failed and not skipped:
        failed = 1
    if failed:
        show_failures(test, output)
    return passed, failed


with open(sys.argv[1], encoding="utf-8") as log:
    counts = [count(json.loads(line)) for line in log]
if not counts:
    sys.exit("no test ran")
print(sum(p for p, _ in counts), sum(f for _, f in counts))
