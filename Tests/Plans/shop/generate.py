#!/usr/bin/env python3
"""Invents a shop's visitors, sales and visits, always the same, so that a plan can ask all that plans can ask."""

import datetime
import json
import pathlib
import random
import sys

folder = pathlib.Path(sys.argv[1])
chance = random.Random(7)
start = datetime.datetime(2026, 1, 1)


def moment(hours):
    return (start + datetime.timedelta(seconds=int(hours * 3600))).strftime("%Y-%m-%d %H:%M:%S")


visitors, sales, visits = [], [], []
for block in range(200):
    arms = ["a", "a", "b"]
    chance.shuffle(arms)
    for arm in arms:
        unit, seen = f"v{len(visitors)}", chance.uniform(0, 480)
        visitors.append((unit, arm, moment(seen), f"site {block}"))
        taste = chance.expovariate(1)
        for _ in range(chance.randrange(6)):
            at = seen + chance.uniform(-400, 300)
            money = round(5 + 20 * taste + (3 if arm == "b" else 0) * (at > seen) + chance.random(), 2)
            sales.append((f"s{len(sales)}", unit, moment(at), money, chance.choice(["new", "old", "gift"])))
        for _ in range(chance.randrange(8)):
            visits.append({"id": unit, "at": moment(seen + chance.uniform(0, 300)), "device": chance.choice(["phone", "desk", "tablet"])})
# Told twice, impossible, without a value, and of nobody.
sales += [sales[3], ("s9001", "v1", moment(500), 9999.0, "new"), ("s9002", "v2", moment(500), "", "new"), ("s9003", "v9999", moment(500), 5.0, "old")]


def write(name, head, rows):
    (folder / name).write_text("\n".join([",".join(head)] + [",".join(map(str, row)) for row in rows]) + "\n")


write("visitors.csv", ("id", "arm", "seen", "site"), visitors)
half = len(sales) // 2
write("sales-1.csv", ("sale", "id", "at", "money", "kind"), sales[:half])
write("sales-2.csv", ("kind", "money", "at", "id", "sale"), [row[::-1] for row in sales[half:]])
(folder / "visits.json").write_text("".join(json.dumps(visit) + "\n" for visit in visits))
