"""Surveys without pattern, and the reports on them worked out again from the rows that the program lists.

    survey_metrics.py make N             writes customers.csv, tickets.csv and surveys.csv with N answers and some unanswered
    survey_metrics.py csat|value [BY]    prints the report, from surveys.json, customers.json and tickets.json
    survey_metrics.py nps|ces [BY]
    survey_metrics.py satisfaction [WEIGHTS]
    survey_metrics.py loyalty B0 B1 B2
    survey_metrics.py fit nps|orders

Nothing here is shared with the program. Sums are exact fractions; Student's t is found by integrating the density;
the fit solves the normal equations by elimination, its errors are read off the inverse of X'X.
"""
import csv
import json
import math
import random
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

NOW = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
SERVICE = ["service_" + d for d in "quality efficiency speed professionalism value".split()]
PRODUCT = ["product_" + d for d in "quality function price service brand".split()]
SCORES = SERVICE + PRODUCT + ["score", "nps", "ces"]
Z = 1.9599639845400545


# --- making ---

def make(n):
    rng = random.Random(n)
    with open("customers.csv", "w") as f:
        out = csv.writer(f)
        out.writerow("key name customer_since".split())
        for i in range(40):
            since = date(2026, 3, 10) - timedelta(days=rng.randrange(3000))
            out.writerow([f"C{i}", f"Customer {i}", since if i % 9 else ""])
    with open("tickets.csv", "w") as f:
        out = csv.writer(f)
        out.writerow("key customer subject assignee created_at".split())
        for i in range(n + 30):
            out.writerow([f"T{i}", f"C{i % 40}", "x", rng.choice(["ann", "bob", ""]), "2025-01-01"])
    with open("surveys.csv", "w") as f:
        out = csv.writer(f)
        out.writerow(["customer", "ticket", "kind", "sent_at", "answered_at"] + SCORES)
        for i in range(n + 30):
            at = NOW - timedelta(seconds=rng.randrange(60, 90 * 86400))
            sent = at - timedelta(hours=rng.randrange(48)) if rng.randrange(3) or i >= n else ""
            row = {k: rng.randrange(1, 6) for k in SERVICE + PRODUCT + ["score"]}
            row.update(nps=rng.choice([0, 5, 6, 7, 8, 8, 9, 9, 10, 10]), ces=rng.randrange(1, 8))
            kind = rng.choice(["csat", "value", "nps", "ces", "general"])
            kept = dict(csat=SERVICE, value=PRODUCT, nps=["nps"], ces=["ces"], general=SCORES)[kind]
            dropped = rng.choice(SCORES) if rng.randrange(4) == 0 and kind in ("csat", "value", "general") else None
            if i < n:
                scores = [row[k] if k in kept and k != dropped else "" for k in SCORES]
                out.writerow([f"C{i % 40}", f"T{i}", kind, sent, at.isoformat()] + scores)
            else:
                out.writerow([f"C{i % 40}", f"T{i}", kind, sent, ""] + [""] * len(SCORES))


# --- statistics ---

def student(freedom):
    """the t that 95 % lie within: Simpson's rule over the density, then halving"""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def within(t, steps=4000):
        # in the angle, t = tan(a) * sqrt(freedom), the density is a smooth cosine
        end = math.atan(t / math.sqrt(freedom))
        h = end / steps
        s = sum((1 if i in (0, steps) else 4 if i % 2 else 2) * math.cos(i * h) ** (freedom - 1)
                for i in range(steps + 1))
        return 2 * scale * math.sqrt(freedom) * s * h / 3

    low, high = 0.0, 20.0
    for _ in range(48):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle) < 0.95 else (low, middle)
    return low


def mean_interval(values, low, high):
    n = len(values)
    if n < 2:
        return "", ""
    mean = sum(values) / n
    variance = sum((v - mean) ** 2 for v in values) / (n - 1)
    half = student(n - 1) * math.sqrt(variance / n)
    return max(float(low), float(mean) - half), min(float(high), float(mean) + half)


def share_interval(hits, n):
    if n == 0:
        return "", ""
    # the two roots of (p - share)^2 = z^2 p (1 - p) / n
    share, z2 = hits / n, Z * Z / n
    a, b, c = 1 + z2, -(2 * share + z2), share * share
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return 100 * (-b - root) / (2 * a), 100 * (-b + root) / (2 * a)


def show(*cells):
    print("\t".join("" if c == "" or c is None else c if isinstance(c, str) else
                    str(c) if isinstance(c, int) else f"{float(c):.6f}" for c in cells))


# --- reading ---

def load():
    surveys, customers, tickets = (json.load(open(n + ".json")) for n in ("surveys", "customers", "tickets"))
    assignee = {t["id"]: t["assignee"] for t in tickets}
    for s in surveys:
        s["assignee"] = assignee.get(s["ticket"])
        for k in ("sent_at", "answered_at"):
            s[k] = datetime.fromisoformat(s[k]) if s[k] else None
    return surveys, {c["id"]: c for c in customers}


def bucket(s, by, time):
    if by in ("kind", "assignee"):
        return s[by] or ""
    return {"all": "", "month": f"{s[time]:%Y-%m}", "day": f"{s[time]:%Y-%m-%d}",
            "week": "{0}-W{1:02}".format(*s[time].isocalendar())}[by]


def grouped(surveys, by, names, kind):
    """{bucket: (answers, sent, answered)}"""
    groups = defaultdict(lambda: [[], 0, 0])
    if by == "all":
        groups[""]
    for s in surveys:
        if s["answered_at"] and any(s[k] is not None for k in names):
            groups[bucket(s, by, "answered_at")][0].append(s)
        if s["sent_at"] and s["kind"] in (kind, "general"):
            group = groups[bucket(s, by, "sent_at")]
            group[1] += 1
            group[2] += s["answered_at"] is not None
    kinds = ["csat", "value", "nps", "ces", "general"]  # in the order of the field's words
    return sorted(groups.items(), key=lambda g: kinds.index(g[0]) if by == "kind" else g[0])


# --- reports ---

def tally(values, top, low, high):
    n, good = len(values), sum(v >= top for v in values)
    return ([n, sum(values, Fraction(0)) / n if n else "", Fraction(100 * good, n) if n else ""]
            + list(mean_interval(values, low, high)) + list(share_interval(good, n)))


def response(sent, answered):
    return [sent, answered, Fraction(100 * answered, sent) if sent else ""]


def dimensions(names, kind, by):
    single = ["score"] if kind == "csat" else []
    for name, (answers, sent, answered) in grouped(load()[0], by, names + single, kind):
        first = [] if by == "all" else [name]
        for k in names:
            show(*first, k.split("_")[1], *tally([Fraction(s[k]) for s in answers if s[k] is not None], 4, 1, 5),
                 "", "", "")
        whole = [sum(Fraction(s[k]) for k in names) / 5 for s in answers if all(s[k] is not None for k in names)]
        show(*first, "overall", *tally(whole, 4, 1, 5), *response(sent, answered))
        for k in single:
            values = [Fraction(s[k]) for s in answers if s[k] is not None]
            if values:
                show(*first, k, *tally(values, 4, 1, 5), "", "", "")


def nps(by):
    for name, (answers, sent, answered) in grouped(load()[0], by, ["nps"], "nps"):
        good, bad = (sum(low <= s["nps"] <= high for s in answers) for low, high in ((9, 10), (0, 6)))
        n = len(answers)
        signs = [Fraction(100 * ((s["nps"] >= 9) - (s["nps"] <= 6))) for s in answers]
        show(*([] if by == "all" else [name]), n, good, n - good - bad, bad, Fraction(100 * (good - bad), n) if n else "",
             *mean_interval(signs, -100, 100), *response(sent, answered))


def ces(by):
    for name, (answers, sent, answered) in grouped(load()[0], by, ["ces"], "ces"):
        show(*([] if by == "all" else [name]), *tally([Fraction(s["ces"]) for s in answers], 5, 1, 7),
             *response(sent, answered))


def satisfaction(weights):
    """{customer: [weighted sums]}"""
    sums = defaultdict(list)
    for s in load()[0]:
        if s["answered_at"] and all(s[k] is not None for k in weights):
            sums[s["customer"]].append(sum(w * s[k] for k, w in weights.items()))
    return dict(sorted(sums.items()))


def read_weights(text):
    weights = {}
    for item in text.split(","):
        name, weight = item.split("=")
        weights[name.replace(".", "_") if "." in name else "service_" + name] = Fraction(weight)
    return weights


ALIKE = {k: Fraction(1, 5) for k in SERVICE}


def mean(values):
    return sum(values) / Fraction(len(values))


def print_satisfaction(weights):
    customers, sums = load()[1], satisfaction(weights)
    for c, values in sums.items():
        show(c, customers[c]["name"], len(values), mean(values))
    everything = [v for values in sums.values() for v in values]
    show("", "total", len(everything), mean(everything) if everything else "")


def days(customer):
    since = customer["customer_since"]
    return (NOW.date() - date.fromisoformat(since)).days if since else None


def print_loyalty(b):
    customers = load()[1]
    for c, values in satisfaction(ALIKE).items():
        d = days(customers[c])
        show(c, customers[c]["name"], mean(values), "" if d is None else d,
             "" if d is None else b[0] + b[1] * mean(values) + b[2] * d)


def inverse(m):
    n = len(m)
    a = [row[:] + [Fraction(i == j) for j in range(n)] for i, row in enumerate(m)]
    for i in range(n):
        pivot = next(r for r in range(i, n) if a[r][i])
        a[i], a[pivot] = a[pivot], a[i]
        a[i] = [v / a[i][i] for v in a[i]]
        for r in range(n):
            if r != i:
                a[r] = [v - a[r][i] * w for v, w in zip(a[r], a[i])]
    return [row[n:] for row in a]


def fit(observed):
    surveys, customers = load()
    scores = defaultdict(list)
    for s in surveys:
        if s["answered_at"] and s["nps"] is not None:
            scores[s["customer"]].append(Fraction(s["nps"]))
    x, y = [], []
    for c, values in satisfaction(ALIKE).items():
        value = (mean(scores[c]) if scores[c] else None) if observed == "nps" else Fraction(customers[c][observed])
        if value is not None and days(customers[c]) is not None:
            x.append([Fraction(1), mean(values), Fraction(days(customers[c]))])
            y.append(value)
    n = len(x)
    if n < 3:
        for term in range(3):
            show(f"b{term}", "", "", "", n, "")
        return
    xx = inverse([[sum(r[i] * r[j] for r in x) for j in range(3)] for i in range(3)])
    xy = [sum(r[i] * v for r, v in zip(x, y)) for i in range(3)]
    b = [sum(xx[i][j] * xy[j] for j in range(3)) for i in range(3)]
    rest = sum((v - sum(p * q for p, q in zip(b, r))) ** 2 for r, v in zip(x, y))
    total = sum((v - mean(y)) ** 2 for v in y)
    for i in range(3):
        half = student(n - 3) * math.sqrt(rest / (n - 3) * xx[i][i]) if n > 3 else ""
        show(f"b{i}", b[i], float(b[i]) - half if n > 3 else "", float(b[i]) + half if n > 3 else "", n,
             1 - rest / total if total else "")


command, rest = sys.argv[1], sys.argv[2:]
if command == "make":
    make(int(rest[0]))
elif command in ("csat", "value"):
    dimensions(SERVICE if command == "csat" else PRODUCT, command, rest[0] if rest else "all")
elif command in ("nps", "ces"):
    dict(nps=nps, ces=ces)[command](rest[0] if rest else "all")
elif command == "satisfaction":
    print_satisfaction(read_weights(rest[0]) if rest else ALIKE)
elif command == "loyalty":
    print_loyalty([Fraction(v) for v in rest])
else:
    fit(rest[0])
