"""Corpora of our own, and measures computed a second time."""
import csv
import json
import random
import sys

TOPICS = {
    "refund": ("money refund paid twice charge card return amount bank account".split(),
               "退款 退钱 多付 金额 银行卡 扣款 返还 账户".split()),
    "delivery": ("parcel courier late address street package arrived shipping tracking".split(),
                 "快递 包裹 物流 地址 没到 发货 派送 单号".split()),
    "repair": ("broken screen crack battery noise leaks switch fault engineer".split(),
               "维修 屏幕 碎了 电池 噪音 漏水 开关 故障".split()),
    "invoice": ("invoice tax number copy billing title receipt paper printed".split(),
                "发票 税号 抬头 开票 补开 电子票 报销 专票".split()),
}
COMMON = ("please help i have a question about the thing you sold me yesterday thank you".split(),
          "你好 请问 帮忙 处理 一下 谢谢 昨天 买的 东西 怎么办".split())


def rows(n, noise=0.0, seed=7):
    """Rows of id, subject, body, label: every other one Chinese; of `noise` the label is any."""
    chance = random.Random(seed)
    labels = sorted(TOPICS)
    for i in range(n):
        label, language = labels[i % len(labels)], i // len(labels) % 2
        words = chance.sample(TOPICS[label][language], 3) + chance.sample(COMMON[language], 4)
        chance.shuffle(words)
        glue = "" if language else " "
        told = chance.choice(labels) if chance.random() < noise else label
        yield [f"R{i:04}", glue.join(words[:3]), glue.join(words[3:]), told]


def write(path, n, noise=0.0, seed=7, encoding="utf-8", delimiter=",", shuffled=None):
    table = list(rows(n, noise, seed))
    if shuffled is not None:
        random.Random(shuffled).shuffle(table)
    with open(path, "w", encoding=encoding, newline="") as f:
        out = csv.writer(f, delimiter=delimiter, lineterminator="\n")
        out.writerow(["key", "subject", "body", "category"])
        out.writerows(table)


def ratio(a, b):
    return a / b if b else None


def measure(pairs):
    """Figures of (true, said) pairs, straight from their definitions."""
    labels = sorted({t for t, _ in pairs} | {s for _, s in pairs})
    table = []
    for label in labels:
        hit = sum(t == s == label for t, s in pairs)
        n = sum(t == label for t, _ in pairs)
        said = sum(s == label for _, s in pairs)
        precision, recall = ratio(hit, said), ratio(hit, n)
        both = (precision or 0) + (recall or 0)
        f1 = 2 * (precision or 0) * (recall or 0) / both if both else 0.0
        table.append({"label": label, "n": n, "precision": precision, "recall": recall, "f1": f1})
    confusion = {}
    for pair in pairs:
        confusion[pair] = confusion.get(pair, 0) + 1
    return {
        "n": len(pairs), "test_n": len(pairs),
        "accuracy": sum(t == s for t, s in pairs) / len(pairs),
        "macro_f1": sum(row["f1"] for row in table) / len(table),
        "majority": max(row["n"] for row in table) / len(pairs),
        "per_label": table,
        "confusion": [{"label": t, "predicted": s, "n": n} for (t, s), n in sorted(confusion.items())],
    }


def compare(said, wanted):
    """Fails where an object of crm differs from the figures computed here."""
    for key, value in wanted.items():
        same(key, said[key], value)


def same(where, a, b):
    if isinstance(b, list):
        if len(a) != len(b):
            sys.exit(f"{where}: {a}, not {b}")
        for i, (x, y) in enumerate(zip(a, b)):
            same(f"{where}[{i}]", x, y)
    elif isinstance(b, dict):
        for key in b:
            same(f"{where}.{key}", a[key], b[key])
    elif a != b and not (isinstance(b, float) and a is not None and abs(a - b) < 1e-9):
        sys.exit(f"{where}: {a}, not {b}")


def main():
    what, *rest = sys.argv[1:]
    if what == "write":
        options = dict(option.split("=") for option in rest[2:])
        for name in ("noise",):
            if name in options:
                options[name] = float(options[name])
        for name in ("seed", "shuffled"):
            if name in options:
                options[name] = int(options[name])
        write(rest[0], int(rest[1]), **options)
    elif what == "compare":  # OBJECT, FILE with labels, FILE with suggestions
        with open(rest[0]) as f, open(rest[1], newline="") as g, open(rest[2]) as h:
            truth = [row["category"] for row in csv.DictReader(g)]
            compare(json.load(f), measure(list(zip(truth, (json.loads(line)["label"] for line in h)))))
    elif what == "inner":  # OBJECT: its figures follow from its confusion
        with open(rest[0]) as f:
            said = json.load(f)
        pairs = [(cell["label"], cell["predicted"]) for cell in said["confusion"] for _ in range(cell["n"])]
        wanted = measure(pairs)
        del wanted["n"]
        compare(said, wanted)


if __name__ == "__main__":
    main()
