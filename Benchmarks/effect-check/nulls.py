#!/usr/bin/env python3
"""How often `gosset check` alarms on groups that were drawn anew, in a shop without any effect.

    .build/release/gosset simulate shop --out DIR --no-effects
    .build-peers/bin/python3 Benchmarks/effect-check/nulls.py DIR [--program .build/release/gosset] [--tests 2000] [--only random,chosen-500]

Unlike the tests that come with a shop, the groups of these are independent draws. B is drawn like A (`random`), has other people (`others`), spent
much before (`chosen`), or little (`idle`). Prints, for each way and size, the shares of p-values below 0.01, 0.05, 0.1 and 0.5, that of the t-test
below 0.05, and how many tests the rule of the likelier alarms in.
"""

import argparse
import json
import subprocess
from pathlib import Path

import duckdb
import numpy as np

SIZES = {"20": (20, 20), "60": (60, 60), "150": (150, 150), "500": (500, 500), "3000": (3000, 3000), "smallB": (2000, 60), "smallA": (60, 2000)}


def main():
    parser = argparse.ArgumentParser(description="Alarms on groups without any effect.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--program", default=".build/release/gosset")
    parser.add_argument("--tests", type=int, default=2000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    rng = np.random.default_rng(5)
    users, sales = (next(options.directory.glob(f"df_{name}.*")) for name in ("users", "sales"))
    people = duckdb.sql(
        f"select any_value(u.gender) gender, any_value(u.age) age, u.user_id, coalesce(sum(s.sales), 0) spent from '{users}' u "
        f"left join (select * from '{sales}' where day < 49) s using (user_id) group by u.user_id order by u.user_id"
    ).fetchnumpy()
    ids, count = people["user_id"], len(people["user_id"])
    appetite = np.sqrt(people["spent"] + 0.01 * people["spent"].mean())
    likeness = np.exp(0.7 * ((people["gender"] == 1) - 1 + 0.05 * (np.minimum(people["age"], 60) - 45.0)))
    ways = {"random": None, "others": likeness, "chosen": appetite, "idle": 1 / appetite}

    def draw(size, weights):
        if weights is None:
            return rng.choice(count, size, replace=False)
        chances = np.cumsum(weights / weights.sum())
        drawn = np.unique(np.minimum(np.searchsorted(chances, rng.random(2 * size)), count - 1))
        return rng.permutation(drawn)[:size]

    for way, weights in ways.items():
        for size, (of_a, of_b) in SIZES.items():
            name = f"{way}-{size}"
            if not any(name.startswith(each) for each in options.only.split(",")):
                continue
            path = options.directory / "nulls.jsonl"
            with open(path, "w") as file:
                for _ in range(options.tests):
                    b = draw(of_b, weights)
                    a = rng.permutation(np.setdiff1d(draw(2 * of_a + of_b, None), b))[: 2 * of_a]
                    groups = {"group_a_one": a[:of_a], "group_a_two": a[of_a:], "group_b": b}
                    file.write(json.dumps({"test": {key: ids[group].tolist() for key, group in groups.items()}}) + "\n")
            command = [options.program, "check", "--shop-users", users, "--shop-sales", sales, "--tests", path, "--json", "--decision", "significance"]
            lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
            found = [json.loads(line) for line in lines]
            p = np.array([each["p_value"] for each in found])
            naive = np.array([each["naive"]["p_value"] for each in found])
            likelier = sum(each["probability"]["positive"] > 0.5 for each in found)
            shares = " ".join(f"{level}: {(p < level).mean():.4f}" for level in (0.01, 0.05, 0.1, 0.5))
            print(f"{name:14} {shares}  t-test 0.05: {(naive < 0.05).mean():.4f}  likelier: {likelier} of {len(p)}", flush=True)


if __name__ == "__main__":
    main()
