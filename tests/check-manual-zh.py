#!/usr/bin/env python3
"""The Chinese manual and README against the English: check-manual-zh.py; speaks TAP.

Each page has the same parts in the same order: headings, tables of the program, examples to the letter, and paragraphs that
name the same commands, options and fields. `meson test` gives it SOURCE_ROOT and BUILD_ROOT.
"""

import difflib
import glob
import itertools
import os
import re
import shutil
import subprocess

MAN = os.path.join(os.environ["SOURCE_ROOT"], "man")
READMES = [os.path.join(os.environ["SOURCE_ROOT"], name) for name in ("README.md", "README.zh-CN.md")]
BUILT = os.path.join(os.environ["BUILD_ROOT"], "man", "zh_CN")

STARTS = re.compile(r"\t*([-.] |@|#|[|:\[\]][-\[\]<> ] )")  # what does not go on with the line above
SPAN = re.compile(r"\*(.+?)\*|(?<![A-Za-z0-9])_(.+?)_(?![A-Za-z0-9])")
# Emphasis, names of parts and heads of tables, which are translated.
PROSE = re.compile(r"(?!crm )([A-Z]|[A-Z]?[a-z]+)(,? [A-Za-z0-9/_]+)+|[A-Z][a-z]+|[A-Z]+( [A-Z]+)+")
NAMED = re.compile(r"(?:\*([a-z-]+)\*\((\d)\) 的|(各页的))?“([^”]+)”一节")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
WIDE = re.compile("[\u2014-\u206f\u2e80-\u9fff\uff00-\uffef]$")


def pages(folder):
    return {os.path.basename(path): path for path in sorted(glob.glob(os.path.join(folder, "*.scd")))}


def indent(line):
    return len(line) - len(line.lstrip("\t"))


def blocks(path):
    """The number of its first line and the lines of each paragraph, heading, item, cell, and of each line of an example."""
    with open(path, encoding="utf-8") as source:
        lines = source.read().split("\n")
    block, start, literal = [], 0, False
    for number, line in enumerate(lines, 1):
        fence = line.strip().startswith("```")
        literal = literal != fence
        goes_on = block and line.strip() and not (literal or fence or STARTS.match(line) or indent(line) != indent(block[-1]))
        if block and not goes_on:
            yield start, block
            block = []
        if line.strip() or literal:
            start = start if block else number
            block.append(("```" if literal or fence else "") + line)


def typed(text):
    """What is bold or underlined in it, where that is the same in all languages."""
    spans = {bold or "_" + under for bold, under in SPAN.findall(re.sub(r"\\.", "%", text))}
    return sorted(span for span in spans if span.isascii() and not PROSE.fullmatch(span.lstrip("_")))


def skeleton(path):
    """A line for each block, as it has to be in all languages; and where it stands."""
    for number, block in blocks(path):
        first = block[0]
        mark = STARTS.match(first)
        if number == 1 or first.startswith("```") or first.startswith("@"):
            yield number, first.replace("@file ../", "@file ")
        elif first.startswith("#"):
            yield number, first.split(" ")[0]
        else:
            words = typed(" ".join(line.strip() for line in block))
            yield number, "".join(["\t" * indent(first), mark.group(1) if mark else "text", *(f" *{w}*" for w in words)])


def check_pages():
    yield from (f"{name} has no Chinese" for name in sorted(set(pages(MAN)) - set(pages(os.path.join(MAN, "zh_CN")))))


def check_parts():
    for name, path in pages(os.path.join(MAN, "zh_CN")).items():
        if name not in pages(MAN):
            yield f"zh_CN/{name}: there is no such page in English"
            continue
        english, chinese = list(skeleton(pages(MAN)[name])), list(skeleton(path))
        matcher = difflib.SequenceMatcher(None, [s for _, s in english], [s for _, s in chinese], autojunk=False)
        for what, i, i_end, j, j_end in matcher.get_opcodes():
            if what != "equal":
                yield from (f"{name}:{number}: not so in Chinese: {s}" for number, s in english[i:i_end])
                yield from (f"zh_CN/{name}:{number}: not so in English: {s}" for number, s in chinese[j:j_end])


def check_breaks():
    """Between two lines comes a blank, and there are none between Chinese characters."""
    for name, path in pages(os.path.join(MAN, "zh_CN")).items():
        for number, block in blocks(path):
            for i, line in enumerate(block[:-1]):
                if WIDE.search(line):
                    yield f"zh_CN/{name}:{number + i}: ends in the middle of a paragraph"


def check_named():
    """“…”一节 is a part of the page, or of the one that is named before it; 各页的 says that it is one of several."""
    chinese = pages(os.path.join(MAN, "zh_CN"))
    heads = {name: {block[0].lstrip("# ") for _, block in blocks(path) if block[0].startswith("#")}
             for name, path in chinese.items()}
    for name, path in chinese.items():
        for number, block in blocks(path):
            for page, section, several, head in NAMED.findall(" ".join(block)):
                if not several and head not in heads.get(f"{page}.{section}.scd" if page else name, ()):
                    yield f"zh_CN/{name}:{number}: there is no part {head}"


def to_type(readme):
    """The marks of its headings, and the lines that one types."""
    with open(readme, encoding="utf-8") as source:
        lines = re.sub(r"```.*?```", lambda block: "\n" * block.group().count("\n"), source.read(), flags=re.DOTALL).split("\n")
    for number, line in enumerate(lines, 1):
        if line.startswith(("#", "    ")):
            yield number, re.sub(r"^(#+) .*", r"\1", line)


def means_the_same(english, chinese):
    """But for what is quoted, which may be Chinese."""
    quoted = zip(QUOTED.findall(english), QUOTED.findall(chinese))
    return QUOTED.sub("''", english) == QUOTED.sub("''", chinese) and all(e == c or not c.isascii() for e, c in quoted)


def check_readme():
    for (number, english), (at, chinese) in itertools.zip_longest(*map(to_type, READMES), fillvalue=(0, "nothing")):
        if not means_the_same(english, chinese):
            yield f"README.md:{number}: {english}"
            yield f"README.zh-CN.md:{at}: {chinese}"
            return


def built():
    return sorted(glob.glob(os.path.join(BUILT, "*.[1-8]")))


def said_by(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "200"})
    return done.stdout, done.stderr


def check_formatted():
    """man says nothing about the page, and whatis finds what it is about."""
    if len(built()) != len(pages(os.path.join(MAN, "zh_CN"))):
        yield f"{len(built())} pages are built"
    for path in built():
        if shutil.which("man"):
            yield from said_by("man", "--warnings", "-l", path)[1].splitlines()
        if shutil.which("lexgrog"):
            name = os.path.basename(path).rsplit(".", 1)[0]
            found = said_by("lexgrog", path)[0]
            if not re.search(rf'"{name} - .*"$', found):
                yield f"{name}: no name for whatis: {found.strip()}"


def tap(number, what, wrong):
    print(f"{'not ok' if wrong else 'ok'} {number} - {what}", *(f"# {w}" for w in wrong), sep="\n")


def main():
    print("1..6")
    tap(1, "every page is there in Chinese", list(check_pages()))
    tap(2, "the pages have the parts of the English ones", list(check_parts()))
    tap(3, "no blank comes between Chinese characters", list(check_breaks()))
    tap(4, "parts that are named are there", list(check_named()))
    tap(5, "the pages can be formatted", list(check_formatted()))
    tap(6, "the README has the headings and commands of the English one", list(check_readme()))


main()
