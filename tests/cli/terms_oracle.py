"""A second look at `crm report terms`: makes conversations, and says from their texts which terms they have.

terms_oracle.py make                      log.csv
terms_oracle.py terms all|BY SINCE UNTIL  log.json → bucket, term, count, previous, share, change, rise, first, last, example
terms_oracle.py grep TERM SINCE UNTIL     in how many texts a plain search finds it
"""
import collections
import csv
import datetime
import json
import math
import random
import re
import sys
import unicodedata

CHINESE = "退款 物流 屏幕 键盘 发票 电池 保修期 充电器 说明书 申请售后 洗衣机 门锁 缺货 颜色偏差 延误 漏水".split()
ENGLISH = "refund Delivery SCREEN keyboard invoice battery warranty charger manual customer's don't wi_fi café".split()
FILLER = "the of and is please 12 3rd 2026-01-05 anna@shop.example https://shop.example/refund?x=1 www.shop.example/battery".split()
OTHER = [chr(c) for c in range(0x4E10, 0x5100, 3)]
QUOTED = "> 漏水 battery battery\n  > 门锁"
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def sentence(r, day):
    parts = []
    for _ in range(r.randint(2, 7)):
        kind = r.random()
        if kind < 0.35:
            parts.append(r.choice(OTHER) + r.choice(CHINESE[: 12 if day < 50 else 16]) + r.choice(OTHER))
        elif kind < 0.45:
            parts.append("".join(r.choice(OTHER) for _ in range(r.randint(1, 6))))
        elif kind < 0.8:
            parts.append(r.choice(ENGLISH[day // 20 :]))
        else:
            parts.append(r.choice(FILLER))
    return r.choice(["，", " ", "。", "\n", " ’ "]).join(parts)


def make():
    r = random.Random(5)
    with open("log.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["at", "customer", "channel", "subject", "content", "internal"])
        for i in range(900):
            day = r.randint(0, 69)
            at = START + datetime.timedelta(days=day, seconds=r.randint(0, 86399))
            subject = r.choice(["", sentence(r, day), "ＲＥＦＵＮＤ"])
            content = sentence(r, day) + r.choice(["", "\n" + QUOTED, "\r\n门锁"])
            out.writerow([at.isoformat(), 1, "chat", subject, content, int(i % 10 == 0)])


# --- what a text has ---


def folded(text):
    lines = [line for line in (text or "").split("\n") if not line.lstrip().startswith(">")]
    return "\n".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", line).casefold()) for line in lines)


TOKEN = re.compile(
    r"(?P<no>(?:https?://|www\.)[!-~]+|[a-z0-9._%+-]+@[a-z0-9.-]+)|(?P<han>[\u4e00-\u9fff]+)"
    r"|(?P<word>[a-z0-9é]+(?:['’_][a-z0-9é]+)*)"
)
STOP = set("the of and is don't".split())


def words_and_runs(text):
    words, runs = [], []
    for m in TOKEN.finditer(text):
        if m["han"]:
            runs.append(m["han"])
        elif m["word"] and not m["word"][0].isdigit():
            words.append(re.sub("'s$", "", m["word"].replace("’", "'")))
    return words, runs


# --- the words of Chinese, by counting all there is ---


def entropy(neighbours, total):
    return math.log(total) - sum(n * math.log(n) for n in neighbours.values()) / total


def chinese(runs):
    size = sum(map(len, runs))
    count = collections.Counter()
    before, behind = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for run in runs:
        for n in range(1, 5):
            for i in range(len(run) - n + 1):
                w = run[i : i + n]
                count[w] += 1
                if i > 0:
                    before[w][run[i - 1]] += 1
                if i + n < len(run):
                    behind[w][run[i + n]] += 1
    found = {}
    for w, n in count.items():
        if len(w) < 2 or n < 3 or w[0] in "的吗呢吧啊呀嘛哦们" or w[-1] in "的吗呢吧啊呀嘛哦了":
            continue
        holds = min(n * size / (count[w[:k]] * count[w[k:]]) for k in range(1, len(w)))
        if holds >= {2: 15, 3: 60, 4: 200}[len(w)] and min(entropy(before[w], n), entropy(behind[w], n)) >= 1.2:
            found[w] = n
    parts = {
        p
        for w in found
        for p in found
        if p != w and p in w and found[w] * 3 >= found[p] * 2
    }
    return set(found) - parts


# --- the report ---


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def read():
    with open("log.json", encoding="utf-8") as f:
        rows = [row for row in json.load(f) if not row["internal"]]
    rows.sort(key=lambda row: (seconds(row["at"]), row["id"]))
    for row in rows:
        row["text"] = folded(row["subject"]) + "\n" + folded(row["content"])
        row["when"] = seconds(row["at"])
        row["words"], row["runs"] = words_and_runs(row["text"])
    return rows


def rise(a, m, b, n):
    cells = [[a, m - a], [b, n - b]]
    g = 0
    for i in range(2):
        for k in range(2):
            expected = sum(cells[i]) * (cells[0][k] + cells[1][k]) / (m + n)
            if cells[i][k]:
                g += 2 * cells[i][k] * math.log(cells[i][k] / expected)
    return g if a * n > b * m else -g


def bucket_of(by, when):
    if by == "month":
        return when.strftime("%Y-%m")
    if by == "week":
        return "%d-W%02d" % when.isocalendar()[:2]
    return when.strftime("%Y-%m-%d")


def follows(by, a, b, rows):
    """Whether bucket b is the one right behind a: here none is empty."""
    order = []
    for row in rows:
        if bucket_of(by, row["when"]) not in order:
            order.append(bucket_of(by, row["when"]))
    return order.index(b) == order.index(a) + 1


def has(row, term):
    return any(term in run for run in row["runs"]) or term in row["words"]


def report(by, since, until):
    rows = read()
    since, until = since and seconds(since), seconds(until)
    if by == "all":
        now = [r for r in rows if r["when"] <= until and (not since or r["when"] >= since)]
        before = []
        if since:  # as many days earlier as there are days, begun ones too
            days = datetime.timedelta(days=math.ceil((until - since) / datetime.timedelta(days=1)))
            before = [r for r in rows if since - days <= r["when"] <= until - days]
        rows = before + now
        buckets = {"before": before, "now": now}
        names = ["now"]
        earlier = {"now": "before" if since else None}
    else:
        rows = [r for r in rows if r["when"] <= until and (not since or r["when"] >= since)]
        buckets = collections.defaultdict(list)
        for r in rows:
            buckets[bucket_of(by, r["when"])].append(r)
        names = sorted(buckets)
        earlier = dict(zip(names, [None] + names[:-1]))
        assert all(follows(by, a, b, rows) for a, b in zip(names, names[1:]))
    counts = collections.Counter(w for r in rows for w in r["words"] if len(w) > 1)
    terms = {w for w, n in counts.items() if n >= 3 and w not in STOP}
    terms |= chinese([run for r in rows for run in r["runs"]])
    for name in names:
        now, past = buckets[name], buckets[earlier[name]] if earlier[name] else None
        for term in sorted(terms):
            those = [r for r in now if has(r, term)]
            old = sum(has(r, term) for r in past) if past is not None else None
            if not those and not old:
                continue
            share = 100 * len(those) / len(now)
            print(*([name] if by != "all" else []), term, len(those), "" if old is None else old, "%.6f" % share,
                  "%.6f" % (share / (100 * old / len(past)) * 100 - 100) if old else "",
                  "%.6f" % rise(len(those), len(now), old, len(past)) if past else "",
                  those[0]["at"] if those else "", those[-1]["at"] if those else "",
                  those[-1]["id"] if those else "", sep="\t")


def grep(term, since, until):
    print(sum(has(r, term) for r in read() if seconds(since) <= r["when"] <= seconds(until)))


if __name__ == "__main__":
    {"make": make, "terms": report, "grep": grep}[sys.argv[1]](*sys.argv[2:])
