"""Features of texts against a calculation of its own: feature_oracle.py FEATURE_ROWS. tf-idf as scikit-learn's
documentation of TfidfTransformer(sublinear_tf=True, smooth_idf=True, norm='l2') has it; grams and words as
lib/analysis/features.h describes them."""

import math
import random
import re
import subprocess
import sys
import unicodedata
from collections import Counter

FIELD = "\x1f"
WORD = re.compile(r"[^\W\u4e00-\u9fff]+(?:'[^\W\u4e00-\u9fff]+)*")


def prepared(text):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def features(fields):
    """How often a text has each feature: grams of the fields with a blank around each, words, pairs."""
    found = Counter()
    for field in filter(None, map(prepared, fields)):
        padded = f" {field} "
        for size in (1, 2, 3):
            for at in range(len(padded) - size + 1):
                gram = padded[at:at + size]
                if gram != " ":
                    found["c", gram.replace(" ", "␣")] += 1
        last = None
        for word in WORD.finditer(field):
            found["w", word.group()] += 1
            if last and field[last.end():word.start()] == " ":
                found["w", last.group() + " " + word.group()] += 1
            last = word
    return found


def weights(texts, least):
    counted = [features(t) for t in texts]
    df = Counter(f for c in counted for f in c)
    df = {f: n for f, n in df.items() if n >= least}
    rows = []
    for c in counted:
        row = {f: (1 + math.log(n)) * (1 + math.log((1 + len(texts)) / (1 + df[f]))) for f, n in c.items() if f in df}
        length = math.sqrt(sum(w * w for w in row.values())) or 1
        rows.append({f: w / length for f, w in row.items()})
    return df, rows


def answer(program, texts):
    out = subprocess.run([program], input="".join(FIELD.join(t) + "\n" for t in texts).encode(), check=True,
                         capture_output=True).stdout.decode()
    head, body = out.split("\n\n", 1) if not out.startswith("\n") else ("", out[1:])
    df = {}
    for line in filter(None, head.split("\n")):
        kind, feature, n = line.split("\t")
        df[kind, feature] = int(n)
    rows = []
    for line in body.split("\n")[:-1]:
        row = {}
        for item in line.split("\t")[:-1]:
            name, weight = item.rsplit("=", 1)
            row[name[0], name[2:]] = float(weight)
        rows.append(row)
    return df, rows


def same(a, b):
    return a.keys() == b.keys() and all(abs(a[f] - b[f]) < 2e-6 for f in a)


def check(program, texts, least):
    df, rows = answer(program, texts)
    wanted_df, wanted = weights(texts, least)
    assert df == wanted_df, (df.items() ^ wanted_df.items(), texts)
    assert len(rows) == 2 * len(texts)
    for got, want in zip(rows, wanted + wanted):
        assert same(got, want), {f: (got.get(f), want.get(f)) for f in got.keys() | want.keys()
                                 if abs(got.get(f, 0) - want.get(f, 0)) > 2e-6}


ENGLISH = ("where is my parcel it's late the box was broken i want a refund please card declined don't Card PARCEL "
           "e-mail 3rd 2024 ＡＢＣ").split()
CHINESE = ["快递", "到了吗", "我要退货", "屏幕坏了", "谢谢", "发票", "，", "。", "iPhone12", "退款", "多少钱？"]


def random_text(r):
    if r.random() < 0.5:
        return "".join(r.choice(CHINESE) for _ in range(r.randint(0, 6)))
    return r.choice([" ", ", ", "  "]).join(r.choice(ENGLISH) for _ in range(r.randint(0, 9)))


def main():
    program, r = sys.argv[1], random.Random(6)
    check(program, [["Refund, please"], [""], ["  "], ["refund please"], ["退货 退款"], ["a\u3000b"]], 1)
    check(program, [["ab", "cd"], ["ab cd"], ["", "ab"]], 1)
    for n in (1, 7, 49, 50, 120):
        texts = [[random_text(r) for _ in range(r.randint(1, 3))] for _ in range(n)]
        check(program, texts, 1 if n < 50 else 2)


main()
