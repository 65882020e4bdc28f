#!/usr/bin/env python3
"""What the best of all judges scores on the shop `rare` of othershop.py: one who knows how the shop is made.

    .build-peers/bin/python3 Benchmarks/effect-check/oracle.py [--groups random] [--lift 0.4]

It knows the laws by which customers, purchases and effects are drawn and how often effects are positive, but no customer and no effect: from
each customer's seven weeks it works out (on grids) how often they have a week with purchases, how many and how dear, and from group B's
eighth week how likely each effect is. An honest judge, who must learn the laws as well, stays below.
"""

import argparse
from math import lgamma

import numpy as np

import othershop

WEEKS, PILOT = othershop.WEEKS, othershop.PILOT
RATES = np.exp(np.linspace(np.log(0.003), np.log(40), 45))
ACTIVE = np.linspace(0.01, 0.99, 25) ** 1.5
SIZES = np.exp(0.35 * np.linspace(-2.5, 2.5, 15))
LOG_FACTORIAL = np.array([lgamma(count + 1) for count in range(1000)])


def normed(weights):
    return weights / weights.sum()


def poisson(counts, means):
    return np.exp(counts * np.log(means) - means - LOG_FACTORIAL[counts])


def pilot_likelihoods(counts, young, season, multiples):
    """The probability of each customer's count in the pilot if their rate is so many times what it was."""
    rates = normed(RATES**0.7 * np.exp(-RATES * 0.7 / 3.5))
    active = normed(ACTIVE**-0.5 * (1 - ACTIVE) ** 1.5 * np.gradient(ACTIVE))
    result = np.zeros((len(counts), len(multiples)))
    for first in range(0, len(counts), 2000):
        part = slice(first, first + 2000)
        means = RATES * young[part, None]
        likelihood = rates[None, :, None] * active[None, None, :]
        for week in range(PILOT):
            here = poisson(counts[part, week, None], means * season[week])
            likelihood = likelihood * (ACTIVE * here[:, :, None] + (counts[part, week] == 0)[:, None, None] * (1 - ACTIVE))
        likelihood /= likelihood.sum(axis=(1, 2), keepdims=True)
        by_rate = (likelihood * ACTIVE).sum(axis=2)
        none = counts[part, PILOT] == 0
        for place, multiple in enumerate(multiples):
            here = none[:, None] if multiple <= 0 else poisson(counts[part, PILOT, None], means * season[PILOT] * multiple)
            result[part, place] = (by_rate * here).sum(axis=1) + none * (1 - by_rate.sum(axis=1))
    return result


def main():
    parser = argparse.ArgumentParser(description="The best that can be done on shops where whole weeks pass without a purchase.")
    parser.add_argument("--groups", choices=othershop.GROUPS, default="random")
    parser.add_argument("--lift", type=float, default=0.4)
    options = parser.parse_args()
    shape = othershop.SHAPES.index("rare")
    rng = np.random.default_rng([1, shape, othershop.GROUPS.index(options.groups)])
    plan = argparse.Namespace(groups=options.groups, tests=400, lift=options.lift, size=(200, 400), no_effects=False)
    # The same draws in the same order as there.
    shop = othershop.Shop("rare", 200_000, rng)
    before = shop.sell(0, 49)
    tests = othershop.draw_tests(shop, shop.weeks(*before).sum(axis=1), plan, rng)
    labels = np.array(othershop.treat(shop, tests, plan, rng))
    pilot = shop.sell(49, 56)

    def by_customer(sales, weights=None):
        return np.bincount(sales[0], weights=weights, minlength=shop.users)

    counts = sum(
        np.bincount(user * WEEKS + day // 7, minlength=shop.users * WEEKS).reshape(-1, WEEKS) for user, day, _ in (before, pilot)
    )
    treated = np.concatenate([b for _, _, b in tests])
    untreated = counts[np.setdiff1d(np.arange(shop.users), treated)]
    season = untreated.sum(axis=0) / untreated[:, :PILOT].sum(axis=0).mean()
    lifts = options.lift * SIZES
    weights = np.log(normed(np.exp(-0.5 * (np.log(SIZES) / 0.35) ** 2)) / 3)
    multiples = np.unique(np.round(np.maximum(0, np.concatenate([[1], *(1 + each * lifts for each in (1, -1, 5, -5))])), 9))
    young = np.where(shop.age < 30, 1.3, 1)
    likelihoods = pilot_likelihoods(counts[treated], young[treated], season, multiples)
    # The logarithm of a customer's purchases is normal about a mean that is normal too.
    variance = 1 / (1 / 0.49 + by_customer(before) / 0.64)
    usual = variance * ((3 + 0.2 * shop.gender) / 0.49 + by_customer(before, np.log(before[2])) / 0.64)
    bought, logs = by_customer(pilot), by_customer(pilot, np.log(pilot[2]))

    def effect(rows, b, lift):
        """Log-likelihood ratios of the three kinds: the rate of all, the rate of one in five, prices."""
        base, every, some = (
            rows[:, np.searchsorted(multiples, round(max(0, multiple), 9))] + 1e-300 for multiple in (1, 1 + lift, 1 + 5 * lift)
        )
        buyers = b[bought[b] > 0]
        spread = 0.64 / bought[buyers] + variance[buyers]
        off = logs[buyers] / bought[buyers] - usual[buyers]
        dearer = np.log(max(1e-9, 1 + lift))
        return [
            np.log(every / base).sum(), np.log(0.8 + 0.2 * some / base).sum(), ((off**2 - (off - dearer) ** 2) / (2 * spread)).sum()
        ]

    first, answers = 0, []
    for _, _, b in tests:
        rows = likelihoods[first : first + len(b)]
        first += len(b)
        up, down = (
            np.logaddexp.reduce(np.ravel([np.array(effect(rows, b, sign * lift)) + weight for lift, weight in zip(lifts, weights)]))
            for sign in (1, -1)
        )
        answers.append(np.log(0.5) + up > np.logaddexp(np.log(0.25) + down, np.log(0.25)))
    answers = np.array(answers)
    right, wrong = (answers & (labels == 1)).sum(), (answers & (labels == 0)).sum()
    print(f"rare, {options.groups}, {options.lift:.0%}: TP {right}, FP {wrong}: score {20 * (right - wrong) / len(labels):.1f}")


if __name__ == "__main__":
    main()
