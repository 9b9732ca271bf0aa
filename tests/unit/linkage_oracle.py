"""Record linkage against a second implementation: linkage_oracle.py LINKAGE_ROWS. Patterns are drawn from known m, u and
shares; what is learnt must be what the words of analysis/linkage.h lead to here, and near what the patterns were drawn from."""

import itertools
import math
import subprocess
import sys

M_SEEN, SHARE_SEEN, MOST = 30, 2, 3
LEVELS = (1, 2, 3, 4)  # exact, very close, close, different; 0 is missing


def product(terms):
    return math.prod(terms)


class Model:
    def __init__(self, fields, records, joint):
        self.guess = [f["m"] for f in fields]
        self.m, self.u = [list(f["m"]) for f in fields], [f["u"] for f in fields]
        self.shared = [f["shared"] for f in fields]
        self.same = self.household = min(0.01, 0.03 * records / 2 / (records * (records - 1) / 2))
        self.together = joint / (self.u[0][0] * self.u[1][0]) if joint else 1

    def kinds(self, pattern):
        known = [(i, level - 1) for i, level in enumerate(pattern) if level]
        factor = self.together if pattern[0] == pattern[1] == 1 else 1
        one = [(i, k) for i, k in known if self.shared[i] == 1]
        household = 0
        if any(k < 3 for _, k in one):
            mixed = ((self.shared[i] * self.m[i][k] + (1 - self.shared[i]) * self.u[i][k]) for i, k in known)
            household = self.household * product(mixed) / (1 - product(self.m[i][3] for i, _ in one))
        return (self.same * product(self.m[i][k] for i, k in known), household,
                (1 - self.same - self.household) * product(self.u[i][k] for i, k in known) * factor)

    def learn(self, patterns, pairs, shared):
        first = self.same
        for _ in range(500):
            same = household = 0.0
            seen = [[0.0] * 4 for _ in self.m]
            for pattern, count in patterns:
                kinds = self.kinds(pattern)
                share = count * kinds[0] / sum(kinds)
                same += share
                household += count * kinds[1] / sum(kinds)
                for i, level in enumerate(pattern):
                    if level:
                        seen[i][level - 1] += share
            moved = 0
            for i, counts in enumerate(seen):
                m = [(c + M_SEEN * g) / (sum(counts) + M_SEEN) for c, g in zip(counts, self.guess[i])]
                most = min(0.9, MOST * self.guess[i][3])
                if m[3] > most:
                    m = [v * (1 - most) / (1 - m[3]) for v in m[:3]] + [most]
                moved = max(moved, *(abs(a - b) for a, b in zip(m, self.m[i])))
                self.m[i] = m
            before = self.same, self.household
            self.same = (same + SHARE_SEEN) / (pairs + SHARE_SEEN / first)
            self.household = (household + SHARE_SEEN) / (shared + SHARE_SEEN / first)
            moved = max(moved, abs(self.same / before[0] - 1), abs(self.household / before[1] - 1))
            if moved <= 1e-6:
                return

    def score(self, pattern):
        kinds = self.kinds(pattern)
        return kinds[0] / sum(kinds)


def field(m, u, shared):
    return {"m": m, "u": u, "shared": shared}


GUESS = [field([0.8, 0.1, 0.05, 0.05], [0.01, 0.004, 0.02, 0.966], 0.5),
         field([0.7, 0.1, 0.1, 0.1], [0.02, 0.01, 0.03, 0.94], 0),
         field([0.6, 0.1, 0.05, 0.25], [0.0001, 0.0002, 0.001, 0.9987], 1)]


def drawn(m, missing, same, household, pairs, together=1):
    """Expected counts of every pattern; those that agree in nothing are no candidates."""
    shares = (same, household, 1 - same - household)
    for pattern in itertools.product((0, *LEVELS), repeat=3):
        if not any(0 < level < 4 for level in pattern):
            continue
        p = [1, 1, 1]
        for i, level in enumerate(pattern):
            for kind in range(3):
                u, s = GUESS[i]["u"][level - 1], GUESS[i]["shared"]
                of = (m[i][level - 1], s * m[i][level - 1] + (1 - s) * u, u)[kind] if level else 1
                p[kind] *= missing[i] if not level else (1 - missing[i]) * of
        p[1] *= 1 / (1 - m[2][3]) if 0 < pattern[2] < 4 else 0  # two of a household have the third in common
        p[2] *= together if pattern[0] == pattern[1] == 1 else 1
        count = pairs * sum(a * b for a, b in zip(shares, p))
        if count > 0:
            yield pattern, count


def run(program, records, pairs, shared, joint, patterns):
    lines = [f"{records} {pairs!r} {shared!r} {joint!r}"]
    lines += [" ".join(map(repr, [*f["m"], *f["u"], f["shared"]])) for f in GUESS]
    lines += [" ".join(map(str, pattern)) + f" {count!r}" for pattern, count in patterns]
    out = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True).stdout
    return [[float(v) for v in line.split()] for line in out.splitlines()]


def compare(what, got, wanted, within):
    if not all(abs(g - w) <= within * max(abs(w), 1e-12) for g, w in zip(got, wanted, strict=True)):
        sys.exit(f"{what}: {got}, not {wanted}")


def check(name, program, records, m, missing, same, household, joint=0.0, true=None, together=1):
    pairs = records * (records - 1) / 2
    patterns = list(drawn(m, missing, same, household, pairs, together=together))
    shared = pairs * (1 - missing[2])
    got = run(program, records, pairs, shared, joint, patterns)
    model = Model(GUESS, records, joint)
    model.learn(patterns, pairs, shared)
    compare(f"{name}: shares", got[0], [model.same, model.household], 1e-6)
    for i in range(3):
        compare(f"{name}: m of {i}", got[1 + i], model.m[i], 1e-6)
    compare(f"{name}: scores", [row[0] for row in got[4:]], [model.score(p) for p, _ in patterns], 1e-6)
    if true:  # a large store says what it is made of
        compare(f"{name}: drawn", got[0], [same, household], true)
        for i in range(3):
            compare(f"{name}: drawn m of {i}", got[1 + i][:1], m[i][:1], true)


def main():
    program = sys.argv[1]
    m = [[0.85, 0.05, 0.04, 0.06], [0.65, 0.15, 0.1, 0.1], [0.5, 0.1, 0.1, 0.3]]
    check("large", program, 100000, m, [0.01, 0.05, 0.3], 4e-7, 2e-6, true=0.25)
    check("no household", program, 100000, m, [0, 0, 0], 1e-6, 0)
    check("bounded", program, 50000, [[0.6, 0.1, 0, 0.3], [0.3, 0.1, 0.1, 0.5], [0.1, 0, 0, 0.9]], [0, 0.1, 0.2], 1e-6, 1e-6)
    check("ten", program, 10, m, [0, 0, 0.5], 1 / 45, 0)
    check("nobody", program, 1000, m, [0, 0, 0], 0, 0)
    # Three times as many namesakes as family and given names would make: told, they are taken for what they are.
    check("joint", program, 100000, m, [0.01, 0.05, 0.3], 4e-7, 2e-6, joint=3 * 0.01 * 0.02, true=0.25, together=3)


main()
