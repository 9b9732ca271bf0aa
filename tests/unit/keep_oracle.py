"""Which copies --keep leaves, against a calculation by Python's own calendar: `keep_oracle.py PROGRAM`."""
import random
import subprocess
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

PERIODS = {
    "d": lambda t: t.date(),
    "w": lambda t: t.isocalendar()[:2],
    "m": lambda t: (t.year, t.month),
    "y": lambda t: t.year,
}


def kept(zone, now, rules, times):
    result = {t for t in times if t > now}
    local = {t: datetime.fromtimestamp(t, timezone.utc).astimezone(ZoneInfo(zone)) for t in times if t <= now}
    for rule in rules.split(","):
        count, period = int(rule[:-1]), PERIODS[rule[-1]]
        newest = {}
        for t, clock in local.items():
            key = period(clock)
            newest[key] = max(newest.get(key, t), t)
        result.update(sorted(newest.values(), reverse=True)[:count])
    return sorted(result)


def cases(rng):
    for zone in ("UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia", "Africa/Casablanca"):
        for _ in range(200):
            now = rng.randrange(1_200_000_000, 1_800_000_000)
            span = rng.choice((3, 40, 400, 4000)) * 86400
            times = sorted(rng.sample(range(now - span, now + span // 20), rng.randrange(0, 120)))
            units = rng.sample("dwmy", rng.randrange(1, 5))
            rules = ",".join(f"{rng.choice((1, 2, 3, 7, 12, 60))}{u}" for u in units)
            rng.shuffle(times)
            yield zone, now, rules, times


def main():
    asked = list(cases(random.Random(7)))
    lines = "".join(f"{z} {n} {r}{''.join(f' {t}' for t in ts)}\n" for z, n, r, ts in asked)
    answers = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(answers) == len(asked), (len(answers), len(asked))
    for (zone, now, rules, times), answer in zip(asked, answers):
        got, wanted = sorted(map(int, answer.split())), kept(zone, now, rules, times)
        assert got == wanted, f"{zone} {now} {rules} {times}: {got}, not {wanted}"
    print(f"{len(asked)} choices are the same")


main()
