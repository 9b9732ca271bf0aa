#!/usr/bin/env python3
"""Whether what a terminal showed fits and stands straight: terminal_widths.py COLUMNS narrow|wide <SHOWN

Widths are counted by the data of Python's unicodedata. No line is wider than the terminal; in a table, a block of lines
below one that begins with a title of TITLES, no cell reaches into the gap before the next title.
"""
import re
import sys
import unicodedata

TITLES = ("Id ", "Time ")
columns, wide = int(sys.argv[1]), sys.argv[2] == "wide"
problems = []


def width(char):
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F", *("A" if wide else "")) else 1


def places(line):
    """What stands in each column; of a wide character the second is empty."""
    return [piece for char in line for piece in [char, ""][:width(char)]]


def gaps(title):
    """The columns before each title but the first."""
    at = places(title)
    return [i for i in range(1, len(at) - 1) if at[i] == at[i - 1] == " " and at[i + 1] != " "]


lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in sys.stdin.read().split("\n")]
between, tables = [], 0
for number, line in enumerate(lines, 1):
    at = places(line)
    if len(at) > columns:
        problems.append(f"line {number} takes {len(at)} columns of {columns}: {line}")
    if line.startswith(TITLES):
        between = gaps(line)
        tables += 1
    elif not line.startswith((" ", "1", "2", "3", "4", "5", "6", "7", "8", "9")):
        between = []  # a table's lines begin with a number
    for gap in between:
        if at[gap - 1:gap + 1] not in ([], [" "], [" ", " "]):
            problems.append(f"line {number} has {at[gap - 1:gap + 1]} where the title has blanks, at {gap}: {line}")
print(*problems, sep="\n", end="\n" if problems else "")
sys.exit(1 if problems else 0)
