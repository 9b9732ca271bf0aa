"""Tickets without pattern for the reports on them, and the reports worked out again from the raw rows of an export.

    ticket_metrics.py make               writes tickets.csv, events.csv and log.csv
    ticket_metrics.py times [BY]         prints `report times`, from tickets.json, events.json and log.json
    ticket_metrics.py tickets            prints `report tickets` by day
    ticket_metrics.py backlog TIME       prints the number of tickets created and not resolved then

Nothing here is shared with the program: each ticket's statuses are replayed, every metric is by its definition in
crm-report(1), business time is added up day by day for Monday to Friday, 9 to 18 UTC, the calendar of a new store.
"""
import csv
import json
import random
import statistics
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone

NOW = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
CATEGORY = dict(new="open", open="open", testing="open", pending="paused", hold="paused", supplier="paused",
                solved="resolved", closed="resolved", merged="resolved", spam="resolved")
SOLVED = ("solved", "closed")
METRICS = "first_reply next_reply first_resolution full_resolution requester_wait agent_wait on_hold".split()
NEXT = dict(new="open pending hold solved spam testing".split(), open="pending hold solved supplier closed".split(),
            testing="open solved".split(), pending="open solved hold".split(), hold="open solved".split(),
            supplier="open solved".split(), solved="open closed".split(), closed=["open"], spam=["open"])


# --- making ---

def make():
    rng = random.Random(20260310)
    with open("tickets.csv", "w") as t, open("events.csv", "w") as e, open("log.csv", "w") as l:
        tickets, events, log = csv.writer(t), csv.writer(e), csv.writer(l)
        tickets.writerow("customer subject type priority team status created_at".split())
        events.writerow("ticket at kind old_value new_value".split())
        log.writerow("customer ticket at channel direction content internal".split())
        for ticket in range(1, 161):
            at = created = NOW - timedelta(seconds=rng.randrange(3600, 60 * 86400))
            customer, status = rng.randrange(1, 6), "new"
            for step in range(rng.randrange(7)):
                at += timedelta(seconds=rng.randrange(1, 4 * 86400))
                if step == 0 and ticket % 40 == 0:  # changed before it was created
                    at = created - timedelta(seconds=500)
                if at > NOW:
                    break
                after = rng.choice(NEXT[status])
                events.writerow([ticket, at.isoformat(), "status", status, after])
                status = after
                if at < created:
                    at = created
            said = created
            for _ in range(rng.randrange(8)):
                said += timedelta(seconds=rng.choice([1, 60, 5000, 100000]) * rng.randrange(1, 5))
                if said <= NOW:
                    log.writerow([customer, ticket, said.isoformat(), "email", rng.choice(["in", "out"]), "x",
                                  rng.choice(["no", "no", "no", "yes"])])
            tickets.writerow([customer, "x", "question", rng.choice(["low", "high"]), rng.choice(["", "one", "two"]),
                              status, created.isoformat()])


# --- reading ---

def load():
    rows = {name: json.load(open(name + ".json")) for name in ("tickets", "events", "log")}
    tickets = {t["id"]: dict(t, created=datetime.fromisoformat(t["created_at"]), events=[], log=[])
               for t in rows["tickets"]}
    for row in rows["events"]:
        if row["kind"] == "status":
            tickets[row["ticket"]]["events"].append((datetime.fromisoformat(row["at"]), row["old_value"],
                                                     row["new_value"]))
    for row in rows["log"]:
        if row["ticket"] and not row["internal"]:
            tickets[row["ticket"]]["log"].append((datetime.fromisoformat(row["at"]), row["direction"]))
    for t in tickets.values():
        t["events"].sort(key=lambda e: e[0])
        t["log"].sort()
    return list(tickets.values())


def business(begin, end):
    total = timedelta()
    day = begin.replace(hour=0, minute=0, second=0)
    while day < end:
        if day.weekday() < 5:
            opens, closes = max(begin, day + timedelta(hours=9)), min(end, day + timedelta(hours=18))
            total += max(closes - opens, timedelta())
        day += timedelta(days=1)
    return total.total_seconds()


def solutions(t):
    return [at for at, before, after in t["events"] if after in SOLVED and before not in SOLVED]


def intervals(t):
    """(status, begin, end) from the creation to now"""
    begin, status = t["created"], "new"
    for at, before, after in t["events"]:
        yield status, begin, at
        begin, status = at, after
    yield status, begin, NOW


def values(t):
    """(metric, [(begin, end)...]) of a ticket"""
    created, replied, waiting = t["created"], False, None
    for at, direction in t["log"]:
        if direction == "in":
            waiting = waiting or (at if replied else None)
        elif at > created:
            if not replied:
                yield "first_reply", [(created, at)]
            elif waiting:
                yield "next_reply", [(waiting, at)]
            replied, waiting = True, None
    solved = solutions(t)
    if solved:
        yield "first_resolution", [(created, solved[0])]
        yield "full_resolution", [(created, solved[-1])]
    if t["status"] in SOLVED:
        for metric, counted in (("requester_wait", ("new", "open", "testing", "hold", "supplier")),
                                ("agent_wait", ("pending",)), ("on_hold", ("hold", "supplier"))):
            spans = [(begin, end) for status, begin, end in intervals(t) if status in counted]
            if spans:
                yield metric, spans


# --- reports ---

def times(by):
    data, wrong = defaultdict(list), defaultdict(int)
    buckets = set()
    for t in load():
        if t["status"] in ("merged", "spam"):
            continue
        bucket = "" if not by else t["created"].strftime("%Y-%m") if by == "month" else t[by] or ""
        buckets.add(bucket)
        early = any(at < t["created"] for at, _, _ in t["events"])
        for metric, spans in values(t):
            if any(end < begin for begin, end in spans) or (early and ("wait" in metric or metric == "on_hold")):
                wrong[bucket, metric] += 1
            else:
                data[bucket, metric].append((sum((e - b).total_seconds() for b, e in spans),
                                             sum(business(b, e) for b, e in spans)))
    for bucket in sorted(buckets):
        for metric in METRICS:
            row = [metric, str(len(data[bucket, metric]))]
            for kind in (0, 1):
                v = sorted(x[kind] for x in data[bucket, metric])
                p90 = v[-(-9 * len(v) // 10) - 1] if v else None
                row += [f"{x:.3f}" if v else "" for x in
                        ((statistics.mean(v), statistics.median(v), p90) if v else (0, 0, 0))]
            print("\t".join(([bucket] if by else []) + row + [str(wrong[bucket, metric])]))


def resolved_at(t, moment):
    """as ticket list --as-of: what the first change after it found, else what it is"""
    return CATEGORY[next((before for at, before, _ in t["events"] if at > moment), t["status"])] == "resolved"


def backlog(tickets, moment):
    return sum(t["created"] <= moment and not resolved_at(t, moment) for t in tickets)


def tickets_by_day():
    everything = load()
    kept = [t for t in everything if t["status"] not in ("merged", "spam")]
    day = min(t["created"] for t in everything).replace(hour=0, minute=0, second=0)
    while day <= NOW:
        end = day + timedelta(days=1)
        solved = [(t["id"], t["customer"]) for t in kept for at in solutions(t)
                  if day <= at < end and at >= t["created"]]
        reopened = sum(day <= at < end and before in SOLVED and CATEGORY[after] != "resolved"
                       for t in kept for at, before, after in t["events"])
        print(f"{day:%Y-%m-%d}", sum(day <= t["created"] < end for t in kept), len(solved), reopened,
              backlog(everything, min(end - timedelta(seconds=1), NOW)), len({i for i, _ in solved}),
              len({c for _, c in solved}), sep="\t")
        day = end


if sys.argv[1] == "make":
    make()
elif sys.argv[1] == "times":
    times(sys.argv[2] if len(sys.argv) > 2 else None)
elif sys.argv[1] == "tickets":
    tickets_by_day()
else:
    print(backlog(load(), datetime.fromisoformat(sys.argv[2].replace("Z", "+00:00"))))
