"""A second implementation of what the reports on communications say: counts from the rows of `crm log list`, for two periods.

Usage: make N | by FIELD SINCE UNTIL | versus FIELD|day SINCE UNTIL SINCE UNTIL   (days, in UTC; rows in log.json)
"""

import collections
import csv
import datetime
import json
import random
import sys


def make(n):
    pick = random.Random(7)
    day = datetime.datetime(2025, 12, 1)
    with open("log.csv", "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(["customer", "at", "channel", "direction", "agent", "internal"])
        for _ in range(n):
            at = day + datetime.timedelta(seconds=pick.randrange(99 * 86400))
            # wechat is new in March, letters end with January
            channels = ["phone", "email", "chat"] + ["wechat"] * (at.month == 3) + ["letter"] * (at.month in (12, 1))
            out.writerow([pick.randint(1, 6), at.isoformat() + "Z", pick.choice(channels), pick.choice(["in", "out"]),
                          pick.choice(["ann", "bob", ""]), "yes" if pick.random() < 0.1 else "no"])


def counts(field, since, until):
    """How many of each value of the field, of the days from since to until."""
    found = collections.Counter()
    for row in json.load(open("log.json", encoding="utf-8")):
        day = row["at"][:10]
        if not row["internal"] and since <= day <= until:
            found[day if field == "day" else row[field]] += 1
    return found


def show(value):
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def versus(field, since, until, since2, until2):
    now, then = counts(field, since, until), counts(field, since2, until2)
    rows = []
    if field == "day":
        days = [[datetime.date.fromisoformat(a) + datetime.timedelta(days=i)
                 for i in range((datetime.date.fromisoformat(b) - datetime.date.fromisoformat(a)).days + 1)]
                for a, b in ((since, until), (since2, until2))]
        for i in range(max(map(len, days))):
            a, b = (str(d[i]) if i < len(d) else None for d in days)
            rows.append((a, a and now[a], b and then[b]))
    else:
        keys = sorted(now, key=lambda k: k or "") + sorted(set(then) - set(now), key=lambda k: k or "")
        rows = [(k, now.get(k), then.get(k)) for k in keys]
    for key, a, b in rows:
        known = a is not None and b is not None
        print("\t".join(map(show, (key, a, b, a - b if known else None,
                                   (a - b) * 100 / b if known and b else None))))


if sys.argv[1] == "make":
    make(int(sys.argv[2]))
elif sys.argv[1] == "by":
    for key, n in sorted(counts(*sys.argv[2:]).items(), key=lambda item: item[0] or ""):
        print(f"{show(key)}\t{n}")
else:
    versus(*sys.argv[2:])
