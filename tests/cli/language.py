#!/usr/bin/env python3
"""The two languages of the program: language.py FOLDER PART.

machine   what programs read is the same bytes in both, of every verb in every format: output, status, what is stored
marked    with a catalogue that puts every text between brackets nothing is said outside them but names and values
narrow    Chinese help keeps to 79 columns, as Unicode counts them
"""
import glob
import os
import pwd
import re
import subprocess
import sys
import unicodedata

from commands import EXAMPLES, FILES, PROGRAM, TOWN, Town
from commands_terminal import on_terminal

HERE = os.path.dirname(os.path.abspath(__file__))
ENGLISH = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
CHINESE = {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN"}
# Types of fields, fields and checks that no help names; who runs this.
NAMES = ["ref", "tags", "bool", "pinyin", "content", "ok", "journal", "undone", "digests", "numbers", "erasures", "modes",
         "integrity", "facts", "rows", "foreign", "keys", "restricted", "or", pwd.getpwuid(os.getuid()).pw_name]
MACHINE = ["tsv", "csv", "json", "jsonl", "record"]
problems = []


def problem(words, what):
    problems.append(f"crm {' '.join(words)}: {what}")


def verbs(town):
    return [line.split("\t")[0].split() for line in town.must("__tables").stdout.decode().splitlines()]


def reports(town):
    return [line.split("\t")[0] for line in town.must("report").stdout.decode().splitlines()]


# --- machine ---

def for_people(words):
    """Help, tables, pages and letters."""
    line = " ".join(words)
    return "help" in words or line.startswith("followup digest") or re.search("--format (table|markdown|html|svg)|--chart", line)


def without_time(out):
    """Some answers say how long they took, and a dump what it comes to with that."""
    return re.sub(rb'((?:seconds|rows_per_second|"sha256")\W+)[0-9a-f.]+', rb"\1", out)


def kept(town):
    """Records, and the journal but for its salted images; files."""
    return without_time(town.must("dump", "--no-history").stdout), town.must("history", "--format", "tsv").stdout, files_of(town)


def difference(one, other):
    one, other = repr(one), repr(other)
    at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), 0)
    return f"{one[max(at - 40, 0):at + 80]} / {other[max(at - 40, 0):at + 80]}"


def files_of(town):
    found = {}
    for path in sorted(glob.glob(town.folder + "/*")):
        if os.path.isfile(path) and not path.endswith((".db", ".copy", ".html", ".svg")):
            with open(path, "rb") as f:
                found[os.path.basename(path)] = f.read()
    return found


def machine(town):
    tried = 0
    for kind in ("read", "none", "write"):
        for words in town.examples(kind):
            if for_people(words):
                continue
            asks = [words] + [[*words, "--format", f] for f in MACHINE if kind == "read" and "--format" not in words]
            for line in asks:
                got = []
                for language in (ENGLISH, CHINESE):
                    if line == words:
                        town.again()
                    run = town.run(*line, program=PROGRAM, more=language)
                    got.append((run.returncode, without_time(run.stdout), kept(town) if kind != "read" else None))
                tried += 1
                for what, one, other in zip(("status", "output", "what is kept"), *got):
                    if one != other:
                        problem(line, f"{what} differs: {difference(one, other)}")
    return tried


# --- marked ---

def between(text):
    """The text, as a catalogue writes it, between the brackets; a line that it ends stays ended."""
    end = "\\n" if text.endswith('\\n"\n') else ""
    return f'"⟦"\n{text[:len(text) - len(end) - 2]}⟧{end}"\n'


def marking(folder):
    """The directory of a catalogue in which every text of the sources stands between ⟦ and ⟧."""
    texts = subprocess.run([os.path.join(HERE, "..", "..", "po", "texts"), "pot"], check=True, stdout=subprocess.PIPE, text=True)
    out = ['msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=n != 1;\\n"']
    for entry in texts.stdout.split("\n\n")[1:]:
        one, many = (re.search(rf'^{key} ((?:".*"\n)+)', entry, re.M) for key in ("msgid", "msgid_plural"))
        out.append("msgid " + one.group(1) + (f"msgid_plural {many.group(1)}msgstr[0] {between(one.group(1))}"
                                              f"msgstr[1] {between(many.group(1))}" if many else
                                              f"msgstr {between(one.group(1))}"))
    place = os.path.join(folder, "zh_CN", "LC_MESSAGES")
    os.makedirs(place)
    subprocess.run(["msgfmt", "-o", os.path.join(place, "crm.mo"), "-"], input="\n\n".join(out), check=True, text=True)
    return folder


def outside(text):
    """What stands outside all brackets."""
    depth, kept = 0, []
    for c in text:
        depth += (c == "⟦") - (c == "⟧")
        kept.append(c if depth <= 0 and c not in "⟦⟧" else " ")
        depth = max(depth, 0)
    return "".join(kept)


# Words of sentences, of which names and values have none but these.
SENTENCE = set("""
a an the is are was were be been has have had not no none nothing of in on at to from for with without and or but that which
who this there it its they them their than more most only cannot can could would will already yet still too
""".split()) - {"to", "from", "at", "in", "on"}


def words_of(text):
    return re.findall(r"(?<![\w.:/=@%+-])[a-z]+(?![\w:/=@-])", text)


# What these print is data: of the store, of other systems, of a new store.
DATA = ("dump|rule export|import presets|classify explain|ticket status list|calendar (show|list)|privacy export|completion|sql|"
        ".*--format (html|svg)")


class Names:
    """What is said in no language: what help shows outside the brackets, and all that the examples are made of."""

    def __init__(self):
        with open(EXAMPLES, encoding="utf-8") as f:
            self.known = set(re.findall("[a-z]+", " ".join([f.read(), TOWN, *FILES, *FILES.values(), *NAMES])))

    def learn(self, words, shown):
        for line in outside(shown).splitlines():
            said = [w for w in words_of(line.replace("--color WHEN ", "")) if w in SENTENCE]
            if said:
                problem(words, f"not marked: {line.strip()} ({' '.join(said)})")
            self.known.update(re.findall("[a-z]+", line))

    def judge(self, words, shown):
        for line in outside(shown).splitlines():
            said = [w for w in words_of(line) if w not in self.known]
            if said:
                problem(words, f"not marked: {line.strip()} ({' '.join(said)})")


def marked(town):
    more = {**CHINESE, "CRM_LOCALEDIR": marking(town.folder + ".marks")}
    names, tried = Names(), 0

    def told(*words, terminal=True, typed=b"n\nn\nn\n\x04"):
        nonlocal tried
        tried += 1
        run = town.run(*words, program=PROGRAM, more=more)
        names.judge(words, run.stderr.decode("utf-8", "replace"))
        if terminal:
            town.again()
            names.judge(words, on_terminal(town, list(words), typed, {**more, "CRM_PAGER": "cat"})[0].decode("utf-8", "replace"))

    for words in [[], *verbs(town), *(["report", name] for name in reports(town))]:
        names.learn([*words, "-h"], town.run(*words, "-h", program=PROGRAM, more=more).stdout.decode())
    for words in verbs(town):
        told(*words, "--bogus", terminal=False)
        told(*words, "a", "b", "c", "d", "e", terminal=False)
    for words in town.examples():
        if not re.match(DATA, " ".join(words)):
            town.again()
            told(*words)
    return tried


# --- narrow ---

def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


def narrow(town):
    tried = 0
    whole = {tuple(words[:1]) for words in verbs(town)} | {tuple(words) for words in verbs(town)} | {()}
    for words in sorted(whole | {("report", name) for name in reports(town)}):
        text = town.must(*words, "-h", more=CHINESE, program=PROGRAM).stdout.decode()
        for line in text.splitlines():
            if width(line) > 79:
                problem([*words, "-h"], f"{width(line)} columns: {line}")
            if re.match(r" *[，。；：、？！）]", line) or re.search("[（]$", line):
                problem([*words, "-h"], f"broken before or behind a sign: {line}")
        tried += 1
    return tried


PARTS = {"machine": machine, "marked": marked, "narrow": narrow}


def main():
    town = Town(sys.argv[1])
    tried = PARTS[sys.argv[2]](town)
    for line in problems[:200]:
        print(line)
    print(f"{sys.argv[2]}: {tried} runs, {len(problems)} problems")
    sys.exit(1 if problems else 0)


main()
