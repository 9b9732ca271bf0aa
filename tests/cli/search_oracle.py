#!/usr/bin/env python3
"""A second look at `crm search`: makes texts, and says which of them have a piece of Chinese, a word, a beginning.

search_oracle.py make                 log.csv
search_oracle.py check CRM log.csv    asks crm for pieces of them, and compares
"""
import csv
import random
import re
import subprocess
import sys
import unicodedata

HAN = "退款货物流屏幕键盘发票电池保修说明书申请售后洗衣机门锁缺颜色偏差延误漏水㐀𠀀〇"
WORDS = "refund Refunds REFUNDING fun fund café naïve don't e-mail x86 3rd v2.0 Ａpple straße".split()
MARKS = ["，", "。", "！", " ", "\n", "", "", "", "——", ",", "　"]
TEXTS = 2100  # more than an import puts into the index at once
QUERIES = 80


def make():
    r = random.Random(6)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["customer", "at", "channel", "content"])
    for i in range(TEXTS):
        text = ""
        for _ in range(r.randint(2, 7)):
            piece = "".join(r.choice(HAN) for _ in range(r.randint(1, 8)))
            text += r.choice(MARKS) + (piece if r.random() < 0.6 else " " + r.choice(WORDS) + " ")
        out.writerow(["key:A", f"@{1700000000 + i * 60}", "chat", text])


def plain(text):
    """Compatibility forms, case and accents do not count."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))


def is_han(c):
    return c == "〇" or "CJK UNIFIED" in unicodedata.name(c, "")


def words(text):
    """Each Han by itself, runs of the other letters and digits."""
    found = []
    for run in re.findall(r"[^\W_]+", plain(text)):
        for piece in re.findall(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]|[^\u3007\u3400-\u9fff\U00020000-\U0003ffff]+", run):
            found.append(piece)
    return found


def has(text_words, wanted, prefix):
    n = len(wanted)
    for i in range(len(text_words) - n + 1):
        part = text_words[i : i + n]
        if part == wanted or (prefix and part[:-1] == wanted[:-1] and part[-1].startswith(wanted[-1])):
            return True
    return False


def han_runs(text):
    return re.findall(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+", text)


def check(crm, file):
    with open(file, encoding="utf-8") as f:
        texts = [row["content"] for row in csv.DictReader(f)]
    split = [words(t) for t in texts]
    r = random.Random(7)
    queries = []
    while len(queries) < QUERIES:
        runs = han_runs(r.choice(texts))
        if not runs:
            continue
        run = r.choice(runs)
        at = r.randrange(len(run))
        queries.append((run[at : at + r.randint(1, 4)], False))
    for word in WORDS:
        queries += [(word, False), (word[: len(word) // 2 + 1] + "*", True)]
    wrong = 0
    for query, prefix in queries:
        wanted = {i + 1 for i, w in enumerate(split) if has(w, words(query), prefix)}
        answer = subprocess.run([crm, "search", query, "--in", "log", "--fields", "id"], check=True, capture_output=True)
        got = {int(line) for line in answer.stdout.split()}
        # recall, told in the plainest way: whatever has the piece as it stands
        plainly = {i + 1 for i, t in enumerate(texts) if not prefix and all(map(is_han, query)) and query in t}
        if got != wanted or not plainly <= got:
            wrong += 1
            print(f"search {query!r}: lacks {sorted((wanted | plainly) - got)}, has too many {sorted(got - wanted)}")
    sys.exit(wrong > 0)


if sys.argv[1] == "make":
    make()
else:
    check(*sys.argv[2:])
