"""The dates of series against counting day by day: repeat_oracle.py REPEAT_ROWS. A day is of a series when the words of
crm-followup(1) say so of it; the instants come from Python's own time zones, stepped through."""

import calendar
import random
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)
ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
         "Africa/Cairo", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def instant(zone, day, clock):
    """The first second at which the clock on the wall shows that or more: in steps of a quarter of an hour, on which all
    clocks of these cases and all changes of these zones lie."""
    wanted = datetime(day.year, day.month, day.day) + timedelta(seconds=max(clock, 0))
    t = wanted.replace(tzinfo=timezone.utc) - timedelta(hours=28)
    while t.astimezone(zone).replace(tzinfo=None) < wanted:
        t += timedelta(minutes=15)
    return int(t.timestamp())


def is_member(day, first, unit, amount, on):
    if unit == "d":
        return (day - first).days % amount == 0
    if unit == "w":
        weeks = ((day - timedelta(day.weekday())) - (first - timedelta(first.weekday()))).days // 7
        return weeks % amount == 0 and day.weekday() in (on or [first.weekday()])
    months = (day.year * 12 + day.month) - (first.year * 12 + first.month)
    if months % (amount * (12 if unit == "y" else 1)):
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    return any(day.day == (length if x == "last" else min(x, length)) for x in (on or [first.day]))


def expected(zone, unit, amount, on, first, clock, last, now):
    today = datetime.fromtimestamp(now, zone).date()
    day, missed = last, 0
    while True:
        day += timedelta(1)
        if not is_member(day, first, unit, amount, on):
            continue
        at = instant(zone, day, clock) if day <= today + timedelta(2) else now
        if (day < today) if clock < 0 else (at < now):
            missed += 1
            continue
        return f"{(day - EPOCH).days}\t{instant(zone, day, clock)}\t{missed}"


def random_case(rng):
    unit = rng.choice("dwmy")
    amount = rng.choice([1, 1, 1, 2, 3, 6])
    first = date(rng.choice([1999, 2011, 2018, 2019, 2020, 2023, 2024]), rng.randint(1, 12), 1)
    length = calendar.monthrange(first.year, first.month)[1]
    first = first.replace(day=rng.choice([1, 15, 28, length, rng.randint(1, length)]))
    on = []
    if unit == "w" and rng.random() < 0.6:
        on = sorted(rng.sample(range(7), rng.randint(1, 4)))
    if unit in "my" and rng.random() < 0.6:
        on = rng.sample(list(range(1, 32)) + ["last"], rng.randint(1, 3))
    clock = rng.choice([-1, -1, 0, 1800, 7200, 9000, 36000, 85500])
    zone = rng.choice(ZONES)
    # the one that is done: a member of the series, or the first itself
    last = first
    for _ in range(rng.randint(0, 3)):
        day = last + timedelta(1)
        while not is_member(day, first, unit, amount, on):
            day += timedelta(1)
        last = day
    now = instant(ZoneInfo(zone), last, clock) + rng.choice([-86400, 0, 3600, 86400 * 3, 86400 * 40, 86400 * 400])
    return zone, unit, amount, on, first, clock, last, now


def line(case):
    zone, unit, amount, on, first, clock, last, now = case
    every = f"{amount}{'mo' if unit == 'm' else unit}"
    days = ",".join(WEEKDAYS[x] if unit == "w" else str(x) for x in on)
    return "\t".join(str(x) for x in (zone, every, days, (first - EPOCH).days, clock, (last - EPOCH).days, now))


def main():
    rng = random.Random(20260310)
    cases = [random_case(rng) for _ in range(600)]
    # New Zealand's neighbour left a day out; clocks of Havana and Cairo change at midnight; leap days
    for zone, first, clock, every in [("Pacific/Apia", date(2011, 12, 29), -1, "d"),
                                      ("Pacific/Apia", date(2011, 12, 29), 36000, "d"),
                                      ("America/Havana", date(2024, 3, 9), 1800, "d"),
                                      ("Africa/Cairo", date(2024, 4, 25), 0, "d"),
                                      ("America/New_York", date(2024, 3, 9), 9000, "d"),
                                      ("UTC", date(2024, 2, 29), -1, "y"), ("UTC", date(2024, 1, 31), 36000, "m")]:
        last = first
        for _ in range(15):
            cases.append((zone, every, 1, [], first, clock, last, instant(ZoneInfo(zone), last, clock)))
            last += timedelta(1)
            while not is_member(last, first, every, 1, []):
                last += timedelta(1)
    text = "".join(line(c) + "\n" for c in cases)
    got = subprocess.run([sys.argv[1]], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(got) == len(cases)
    wrong = 0
    for case, answer in zip(cases, got):
        wanted = expected(ZoneInfo(case[0]), *case[1:])
        if answer != wanted:
            wrong += 1
            print(f"{line(case)}\n  got    {answer}\n  wanted {wanted}")
    print(f"{len(cases)} cases, {wrong} wrong")
    return wrong > 0


sys.exit(main())
