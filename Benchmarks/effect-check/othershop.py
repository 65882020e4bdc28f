#!/usr/bin/env python3
"""Shops that `gosset simulate shop` knows nothing of, to see where the effect check loses.

    Benchmarks/effect-check/othershop.py DIR [--shape poisson] [--groups random] [--seed 1] [--users 200000] [--tests 400] [--lift 0.1]
                                         [--size 300-600] [--no-effects]

writes df_users.parquet, df_sales.parquet and tests.jsonl as `gosset check` reads them, and prints what two plain judges score on the same
tests, each with the threshold that is best in hindsight: a t-test of sums, and a regression of the pilot's sums on the seven weeks before.

Shapes: `poisson` (gamma-Poisson purchases, log-normal checks, no rhythm), `rare` (whole weeks without a purchase), `tiers` (a few wholesalers
carry half of the revenue; a shock in the pilot for one gender and one age), `drift` (each customer's level wanders, some join, some leave).
Shocks by day are common to all. Effects are on every price, on the rate of purchases, or on one customer in five only.

Groups: `random`; `spenders` (A and B both drawn by what was spent before); `chosen` (B alone drawn by it: so it falls back by itself);
`others` (B has other people: mostly of gender 1 and above 45); `unequal` (sizes up to thirty times apart); `small` (50 to 200).
"""

import argparse
import json
from pathlib import Path

import duckdb
import numpy as np

DAYS, WEEKS, PILOT = 56, 8, 7
SHAPES = ("poisson", "rare", "tiers", "drift")
GROUPS = ("random", "spenders", "chosen", "others", "unequal", "small")


class Shop:
    """Customers with a rate of purchases by day and a size of purchases."""

    def __init__(self, shape, users, rng):
        self.rng, self.users = rng, users
        self.gender = rng.integers(0, 2, users)
        self.age = np.clip(rng.gamma(6, 6.5, users), 16, 95).astype(int)
        weekly = rng.gamma(0.7, 3.5 / 0.7, users) * np.where(self.age < 30, 1.3, 1)
        self.check = rng.normal(3 + 0.2 * self.gender, 0.7, users)
        self.spread = 0.8
        level = np.ones((users, WEEKS))
        if shape == "rare":
            level *= rng.random((users, WEEKS)) < rng.beta(0.5, 2.5, users)[:, None]
        elif shape == "tiers":
            wholesale = rng.random(users) < 0.02
            weekly = np.where(wholesale, rng.gamma(4, 2, users), weekly * 0.5)
            self.check = np.where(wholesale, rng.normal(6.5, 0.6, users), self.check)
            self.spread = 1.0
            level[:, PILOT] *= np.where((self.gender == 1) & (self.age > 45), 1.25, 0.95)
        elif shape == "drift":
            level *= np.exp(np.cumsum(rng.normal(0, 0.25, (users, WEEKS)), axis=1))
            week = np.arange(WEEKS)
            joined = np.where(rng.random(users) < 0.2, rng.integers(1, WEEKS, users), 0)
            left = np.where(rng.random(users) < 0.15, rng.integers(2, WEEKS + 1, users), WEEKS)
            level *= (week >= joined[:, None]) & (week < left[:, None])
        days = np.array([1, 0.8, 0.8, 0.9, 1.1, 1.5, 1.3]) / 7.4
        shocks = np.exp(rng.normal(0, 0.2, DAYS))
        self.rate = weekly[:, None] * np.repeat(level, 7, axis=1) * (np.tile(days, WEEKS) * shocks)
        self.price = np.ones(users)

    def sell(self, first, end):
        """The sales of some days, as columns."""
        counts = self.rng.poisson(self.rate[:, first:end]).ravel().astype(np.int64)
        user, day = np.divmod(np.repeat(np.arange(counts.size), counts), end - first)
        sums = np.exp(self.check[user] + self.rng.normal(0, self.spread, user.size)) * self.price[user]
        return user, day + first, np.round(np.maximum(sums, 0.01), 2)

    def weeks(self, user, day, sums):
        """Each customer's sums by week."""
        return np.bincount(user * WEEKS + day // 7, weights=sums, minlength=self.users * WEEKS).reshape(self.users, WEEKS)


def draw_tests(shop, spent, options, rng):
    """The members of each test's groups; treated customers are in one test only."""
    low, high = options.size
    appetite = np.sqrt(spent + 0.01 * spent.mean())
    everyone = np.arange(shop.users)
    # Sampling without replacement with weights, by exponential clocks: the first to ring are drawn first.
    by_spend = np.argsort(rng.exponential(size=shop.users) / appetite)
    by_people = np.argsort(rng.exponential(size=shop.users) / np.where((shop.gender == 1) & (shop.age > 45), 8, 1))
    order = {"spenders": by_spend, "chosen": by_spend, "others": by_people}.get(options.groups, rng.permutation(everyone))
    tests, place = [], 0
    for _ in range(options.tests):
        sizes = rng.integers(low, high + 1, 3)
        if options.groups == "small":
            sizes = rng.integers(50, 201, 3)
        elif options.groups == "unequal":
            sizes = np.exp(rng.uniform(np.log(60), np.log(2000), 3)).astype(int)
            sizes[2] = min(sizes[2], high)
        tests.append([None, None, np.sort(order[place : place + sizes[2]])])
        place += sizes[2]
        tests[-1][:2] = sizes[:2]
    if place > shop.users * 0.7:
        raise SystemExit("too many treated customers for this shop: fewer tests or more users")
    # Whoever has a pilot is in no group A.
    free = np.setdiff1d(everyone, order[:place])
    if options.groups == "spenders":
        # The first in the order were likelier drawn: deal tests and controls from it alike.
        pool = order[: min(shop.users, 3 * place)]
        pool = rng.permutation(pool)
        treated, free, start = pool[:place], pool[place:], 0
        for test in tests:
            test[2] = np.sort(treated[start : start + len(test[2])])
            start += len(test[2])
    for test in tests:
        both = rng.choice(free, test[0] + test[1], replace=False)
        test[0], test[1] = both[: test[0]], both[test[0] :]
    return tests


def treat(shop, tests, options, rng):
    labels = []
    for index, (_, _, b) in enumerate(tests):
        sign = 0 if options.no_effects else (1, 0, 1, -1)[index % 4]
        labels.append(int(sign > 0))
        lift = sign * options.lift * np.exp(rng.normal(0, 0.35))
        kind = rng.integers(3)
        if kind == 0:
            shop.price[b] *= 1 + lift
        elif kind == 1:
            shop.rate[b, 49:] *= 1 + lift
        else:
            some = b[rng.random(len(b)) < 0.2]
            shop.rate[some, 49:] *= max(0, 1 + 5 * lift)
    return labels


def best(values, labels):
    """The greatest TP - FP over all thresholds, and the score for a thousand tests."""
    order = np.argsort(-np.asarray(values))
    net = np.concatenate([[0], np.cumsum(np.where(np.asarray(labels)[order] == 1, 1, -1))]).max()
    return int(net), 20 * net / len(labels)


def judge(weeks, shop, tests, labels):
    """The two plain judges."""
    def statistic(values, test):
        a, b = values[np.concatenate(test[:2])], values[test[2]]
        return (b.mean() - a.mean()) / np.sqrt(a.var() / len(a) + b.var() / len(b) + 1e-12)

    plain = [statistic(weeks[:, PILOT], test) for test in tests]
    design = np.column_stack([np.ones(len(weeks)), np.minimum(weeks[:, :PILOT], np.quantile(weeks, 0.999)), shop.gender, shop.age])
    answer = np.minimum(weeks[:, PILOT], np.quantile(weeks[:, PILOT], 0.999))
    scale = 0.3 * answer.mean() + design[:, 1:8].mean(axis=1)
    solution = np.linalg.lstsq(design / scale[:, None], answer / scale, rcond=None)[0]
    adjusted = [statistic((answer - design @ solution) / np.sqrt(scale), test) for test in tests]
    return {"t-test of sums": best(plain, labels), "regression on seven weeks": best(adjusted, labels)}


def main():
    parser = argparse.ArgumentParser(description="A shop of another make.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--shape", choices=SHAPES, default="poisson")
    parser.add_argument("--groups", choices=GROUPS, default="random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--users", type=int, default=200_000)
    parser.add_argument("--tests", type=int, default=400)
    parser.add_argument("--lift", type=float, default=0.1)
    parser.add_argument("--size", type=lambda text: tuple(map(int, text.split("-"))), default=(200, 400))
    parser.add_argument("--no-effects", action="store_true")
    options = parser.parse_args()
    rng = np.random.default_rng([options.seed, SHAPES.index(options.shape), GROUPS.index(options.groups)])
    shop = Shop(options.shape, options.users, rng)
    before = shop.sell(0, 49)
    tests = draw_tests(shop, shop.weeks(*before).sum(axis=1), options, rng)
    labels = treat(shop, tests, options, rng)
    user, day, sums = (np.concatenate(parts) for parts in zip(before, shop.sell(49, DAYS)))
    weeks = shop.weeks(user, day, sums)
    ids = rng.permutation(np.arange(10_000, 10_000 + 7 * options.users))[: options.users]
    options.directory.mkdir(parents=True, exist_ok=True)
    users = {"user_id": ids, "gender": shop.gender, "age": shop.age}
    sales = {"user_id": ids[user], "day": day, "sales": sums}
    for name, columns in (("users", users), ("sales", sales)):
        connection = duckdb.connect()
        connection.register("columns", columns)
        connection.execute(f"copy (select * from columns) to '{options.directory}/df_{name}.parquet' (format parquet)")
    with open(options.directory / "tests.jsonl", "w") as file:
        for test, label in zip(tests, labels):
            groups = {name: ids[group].tolist() for name, group in zip(("group_a_one", "group_a_two", "group_b"), test)}
            file.write(json.dumps({"test": groups, "label": label}) + "\n")
    for name, (net, score) in ({} if options.no_effects else judge(weeks, shop, tests, labels)).items():
        print(f"{name}: at best TP - FP {net}, score {score:.1f}")


if __name__ == "__main__":
    main()
