"""Customers, their orders and contacts without pattern, and the reports on them worked out again from an export.

    sales_figures.py make               writes customers.csv, orders.csv, log.csv, surveys.csv, tickets.csv
    sales_figures.py check REPORT [BY]  compares the JSON on standard input with the report, worked out from
                                        orders.json, customers.json, log.json, surveys.json, tickets.json

Nothing here is shared with the program: every figure is by its definition in crm-report(1), with decimals and lists.
"""
import csv
import json
import math
import random
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

NOW = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
LEFT_OUT = ("cancelled", "returned", "refunded")
PLACES = dict(EUR=2, USD=2, JPY=0, KWD=3)


# --- making ---

def make():
    rng = random.Random(20260310)
    files = dict(customers="name city owner customer_since",
                 orders="number source customer product quantity amount currency at status",
                 log="customer at channel direction content internal duration",
                 surveys="customer answered_at service_quality service_speed score nps",
                 tickets="customer subject type status created_at")
    out = {}
    for name, header in files.items():
        out[name] = csv.writer(open(name + ".csv", "w"))
        out[name].writerow(header.split())
    for c in range(1, 81):
        out["customers"].writerow([f"C{c}", rng.choice(["London", "北京", ""]), rng.choice(["ann", "bob", ""]),
                                   rng.choice(["2025-11-03", "2025-12", "2026-01-31", "2024", ""])])
        back = lambda days: (NOW - timedelta(seconds=rng.randrange(days * 86400))).replace(second=0).isoformat()
        for order in range(rng.choice([0, 1, 1, 2, 3, 7])):
            number, source, at = f"N{rng.randrange(60)}-{c}", rng.choice(["", "shop", "web"]), back(200)
            for line in range(rng.choice([1, 1, 2, 3])):
                currency = rng.choice(["EUR", "EUR", "USD", "JPY", "KWD", ""])
                amount = rng.choice([rng.randrange(-2000, 90000), 5000])
                amount = f"{Decimal(amount).scaleb(-PLACES[currency])}" if currency else ""
                out["orders"].writerow([rng.choice([number, ""]), source, c, f"P{order}{line}{rng.randrange(9)}",
                                        rng.choice([1, 2, 0, -1, ""]), amount, currency, at,
                                        rng.choice(["paid", "shipped", "", "delivered"] * 2 + list(LEFT_OUT))])
        for _ in range(rng.choice([0, 1, 2, 3, 9])):
            out["log"].writerow([c, back(rng.choice([3, 90, 400])), rng.choice(["phone", "email", "visit"]),
                                 rng.choice(["in", "out"]), "x", rng.choice(["no", "no", "yes"]),
                                 rng.choice(["", "60", "90"])])
        for _ in range(rng.choice([0, 0, 1, 2])):
            q, s, score, nps = [rng.choice(["", rng.randrange(1, 6)]) for _ in range(4)]
            if q or s or score or nps:
                out["surveys"].writerow([c, back(300), q, s, score, nps])
        for _ in range(rng.choice([0, 0, 1, 3])):
            out["tickets"].writerow([c, "x", rng.choice(["complaint", "question"]),
                                     rng.choice(["open", "pending", "solved"]), back(100)])


# --- what the export says ---

def rows(name):
    return json.load(open(name + ".json"))


def time(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


def lines():
    for r in rows("orders"):
        r["at"] = time(r["at"])
        if r["amount"] is None:
            r["currency"] = None
        r["order"] = (r["source"] or "", r["number"]) if r["number"] is not None else r["id"]
        if r["status"] not in LEFT_OUT and r["at"] <= NOW:
            yield r


def month_of(t):
    return t.year * 12 + t.month - 1


def month_name(n):
    return f"{n // 12:04}-{n % 12 + 1:02}"


def money(amount, currency):
    return str(amount.quantize(Decimal(1).scaleb(-PLACES[currency]), ROUND_HALF_UP))


def none_last(text):
    return (text is None, text or "")


# --- sales ---

def sales(by):
    customers = {c["id"]: c for c in rows("customers")}
    bucket = dict(month=lambda r: month_of(r["at"]),
                  week=lambda r: (r["at"].date() - datetime(1970, 1, 5).date()).days // 7,
                  day=lambda r: (r["at"].date() - datetime(1970, 1, 1).date()).days,
                  product=lambda r: r["product"], status=lambda r: r["status"],
                  city=lambda r: customers[r["customer"]]["city"], source=lambda r: r["source"],
                  agent=lambda r: customers[r["customer"]]["owner"],
                  customer=lambda r: f"{r['customer']} {customers[r['customer']]['name']}")[by]
    groups = defaultdict(list)
    for r in lines():
        groups[r["currency"], bucket(r)].append(r)
    timed = by in ("month", "week", "day")
    result = []
    for currency in sorted({c for c, _ in groups}, key=none_last):
        mine = {b: g for (c, b), g in groups.items() if c == currency}
        total = {b: sum(Decimal(r["amount"] or 0) for r in g) for b, g in mine.items()}
        everything = sum(total.values())
        if timed:
            order = range(min(mine), max(mine) + 1)
        else:
            order = sorted(mine, key=lambda b: (-total[b], -len(mine[b]), none_last(b)))
        before = None
        for b in order:
            g, amount = mine.get(b, []), total.get(b, Decimal(0))
            orders = len({r["order"] for r in g})
            pieces = [r["quantity"] for r in g if r["quantity"] is not None]
            name = month_name(b) if by == "month" else b
            if by == "week":
                year, week, _ = (datetime(1970, 1, 5) + timedelta(weeks=b)).isocalendar()
                name = f"{year:04}-W{week:02}"
            if by == "day":
                name = (datetime(1970, 1, 1) + timedelta(days=b)).strftime("%Y-%m-%d")
            result.append([name, currency, orders, len(g), sum(pieces) if pieces else None,
                           money(amount, currency) if currency else None,
                           money(amount / orders, currency) if currency and orders else None,
                           float(amount * 100 / everything) if currency and everything > 0 else None,
                           float((amount - before) * 100 / before) if currency and timed and before and before > 0
                           else None])
            before = amount
    return result


# --- rfm ---

def ntile(values):
    """The class of each value: NTILE(5) over them in order, equal ones all in the lowest that one of them gets."""
    ordered, size, longer = sorted(values), len(values) // 5, len(values) % 5
    tiles = [tile for tile in range(1, 6) for _ in range(size + (tile <= longer))]
    lowest = {}
    for value, tile in zip(ordered, tiles):
        lowest.setdefault(value, tile)
    return lowest


SEGMENTS = """lost hibernating at_risk at_risk cannot_lose
hibernating hibernating at_risk at_risk cannot_lose
about_to_sleep about_to_sleep need_attention loyal loyal
promising potential_loyalist potential_loyalist loyal loyal
new potential_loyalist potential_loyalist champions champions"""


def rfm():
    names = {c["id"]: c["name"] for c in rows("customers")}
    groups = defaultdict(list)
    for r in lines():
        groups[r["customer"], r["currency"]].append(r)
    figures = {key: (-(NOW.date() - max(r["at"] for r in g).date()).days, len({r["order"] for r in g}),
                     sum(Decimal(r["amount"]) for r in g) if key[1] else None) for key, g in groups.items()}
    result = []
    for key in sorted(figures, key=lambda k: (k[0], none_last(k[1]))):
        peers = [f for k, f in figures.items() if k[1] == key[1]]
        classes = [ntile([p[i] for p in peers])[figures[key][i]] if figures[key][i] is not None else None
                   for i in range(3)]
        recency, frequency, monetary = figures[key]
        result.append([key[0], names[key[0]], -recency, frequency, money(monetary, key[1]) if key[1] else None, key[1],
                       *classes, SEGMENTS.split("\n")[classes[0] - 1].split()[classes[1] - 1]])
    return result


def segments():
    names = "champions loyal potential_loyalist new promising need_attention about_to_sleep at_risk cannot_lose " \
            "hibernating lost".split()
    every, result = rfm(), []
    for currency in sorted({r[5] for r in every}, key=none_last):
        peers = [r for r in every if r[5] == currency]
        for name in names:
            part = [r for r in peers if r[9] == name]
            if part:
                result.append([name, currency, len(part), len(part) * 100 / len(peers),
                               money(sum(Decimal(r[4]) for r in part), currency) if currency else None,
                               sum(r[2] for r in part) / len(part), sum(r[3] for r in part) / len(part)])
    return result


# --- contacts ---

def contacts():
    for r in rows("log"):
        r["at"] = time(r["at"])
        if not r["internal"] and r["at"] <= NOW:
            yield r


def cohort(by):
    months = defaultdict(set)
    for r in contacts() if by == "first_contact" else lines():
        months[r["customer"]].add(month_of(r["at"]))
    if by == "customer_since":
        begins = {c["id"]: int(c["customer_since"][:4]) * 12 + int(c["customer_since"][5:7]) - 1
                  for c in rows("customers") if c["customer_since"] and len(c["customer_since"]) >= 7}
    else:
        begins = {customer: min(m) for customer, m in months.items()}
    result = []
    for start in sorted(set(begins.values())):
        members = [c for c, b in begins.items() if b == start]
        for k in range(month_of(NOW) - start + 1):
            active = sum(start + k in months[c] for c in members)
            result.append([month_name(start), k, len(members), active, active * 100 / len(members)])
    return result


def silence():
    times = defaultdict(list)
    for r in contacts():
        times[r["customer"]].append(r["at"])
    return {c: (min(t), max(t), len(t)) for c, t in times.items()}


def complaints(customer, tickets, kind="complaint"):
    return sum(t["customer"] == customer and t["state"] != "resolved" and kind in (t["type"], None) for t in tickets)


def churn():
    names = {c["id"]: c["name"] for c in rows("customers")}
    surveys, tickets, result = rows("surveys"), rows("tickets"), []
    for c, (first, last, n) in silence().items():
        if n < 2:
            continue
        gap = (last - first).total_seconds() / 86400 / (n - 1)
        ratio = (NOW - last).total_seconds() / 86400 / max(gap, 1)
        silent = min(max(25 * (ratio - 1), 0), 50)
        answers = [(s["answered_at"], s["id"], s) for s in surveys if s["customer"] == c and any(
            s[f] is not None for f in ("service_quality", "service_speed", "score"))]
        satisfaction = unhappy = None
        if answers:
            s = max(answers)[2]
            service = [s[f] for f in ("service_quality", "service_speed") if s[f] is not None]
            satisfaction = sum(service) / len(service) if service else s["score"]
            unhappy = 30 * (5 - satisfaction) / 4
        open_ = complaints(c, tickets)
        angry = min(10 * open_, 20)
        risk = (silent + angry) * 100 / 70 if unhappy is None else silent + angry + unhappy
        result.append([c, names[c], risk, ratio, silent, satisfaction, unhappy, open_, angry, last.isoformat(), gap])
    return sorted(result, key=lambda r: (-round(r[2], 9), -r[3], r[0]))


def stale():
    customers = {c["id"]: c for c in rows("customers")}
    tickets, result = rows("tickets"), []
    sums = defaultdict(lambda: defaultdict(Decimal))
    for r in lines():
        if r["currency"]:
            sums[r["customer"]][r["currency"]] += Decimal(r["amount"])
    for c, (first, last, n) in silence().items():
        if last >= NOW - timedelta(days=90):
            continue
        mine = sums[c]
        one = next(iter(mine)) if len(mine) == 1 else None
        gap = (last - first).total_seconds() / 86400 / (n - 1) if n > 1 else None
        row = [c, customers[c]["name"], customers[c]["owner"], last.isoformat(), (NOW.date() - last.date()).days, n, gap,
               complaints(c, tickets, None), money(mine[one], one) if one else None, one,
               ", ".join(f"{money(mine[k], k)} {k}" for k in sorted(mine)) or None]
        result.append(((len(mine) < 2, none_last(one), -mine[one] if one else 0, last, c), row))
    return [row for _, row in sorted(result)]


def channels(by="month"):
    cities = {c["id"]: c["city"] for c in rows("customers")}
    bucket = {"month": lambda r: month_name(month_of(r["at"])), "customer.city": lambda r: cities[r["customer"]]}[by]
    groups = defaultdict(list)
    for r in contacts():
        groups[bucket(r), r["channel"]].append(r)
    result = []
    for (b, channel), g in sorted(groups.items(), key=lambda i: (i[0][0] or "", -len(i[1]), i[0][1])):
        whole = sum(len(x) for (m, _), x in groups.items() if m == b)
        timed = [r["duration"] for r in g if r["duration"] is not None]
        result.append([b, channel, len(g), sum(r["direction"] == "in" for r in g),
                       sum(r["direction"] == "out" for r in g), len({r["customer"] for r in g}), len(g) * 100 / whole,
                       sum(timed) / len(timed) if timed else None])
    return result


# --- comparing ---

def same(a, b):
    if isinstance(a, str) and isinstance(b, str) and "T" in a and "T" in b and a[0] == "2":
        return time(a) == time(b)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b


def check(wanted):
    got = [list(r.values()) for r in json.load(sys.stdin)]
    for i, (g, w) in enumerate(zip(got, wanted)):
        if len(g) != len(w) or not all(map(same, g, w)):
            sys.exit(f"row {i}:\ngot    {g}\nwanted {w}")
    if len(got) != len(wanted):
        sys.exit(f"{len(got)} rows, wanted {len(wanted)}")
    if len(wanted) < 3:
        sys.exit("too few rows to prove anything")


if sys.argv[1] == "make":
    make()
else:
    check(globals()[sys.argv[2]](*sys.argv[3:]))
