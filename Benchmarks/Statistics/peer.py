"""The same cases as main.swift, by SciPy and statsmodels: `peer.py DIRECTORY` answers lines, `peer.py DIRECTORY make` makes the data."""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from scipy import stats

directory = Path(sys.argv[1])


def make():
    draw = np.random.default_rng(1908)
    data = {}
    for arm, shift in (("a", 0.0), ("b", 0.004)):
        data[f"normal-{arm}"] = draw.normal(10 + shift, 2 + shift, 500_000)
        # Seven tenths did not buy.
        data[f"tied-{arm}"] = np.where(draw.random(500_000) < 0.7, 0.0, draw.lognormal(1 + shift, 1, 500_000))
        data[f"skewed-{arm}"] = draw.lognormal(shift, 1, 100_000)
    data["small"] = draw.normal(0, 1, 5_000)
    for name, values in data.items():
        values.tofile(directory / f"{name}.f64")


def sample(name, known={}):
    if name not in known:
        known[name] = np.fromfile(directory / f"{name}.f64")
    return known[name]


def difference(x, y, axis):
    return x.mean(axis=axis) - y.mean(axis=axis)


def bootstrap(resamples):
    # Of the batches tried, 1 to 5 resamples at a time are the fastest: more leave the processor's cache.
    return stats.bootstrap(
        (sample("skewed-a"), sample("skewed-b")), difference, n_resamples=resamples, batch=5, vectorized=True, method="percentile", rng=1
    ).confidence_interval.low  # fmt: skip


def power():
    from statsmodels.stats.power import NormalIndPower

    solver = NormalIndPower()
    return lambda: solver.solve_power(effect_size=0.01, alpha=0.03, power=0.87, ratio=1)


def work(name, resamples):
    if name in ("mannwhitney", "mannwhitney-ties"):
        kind = "normal" if name == "mannwhitney" else "tied"
        a, b = sample(f"{kind}-a"), sample(f"{kind}-b")
        return lambda: stats.mannwhitneyu(a, b).pvalue
    if name in ("welch", "levene", "brown-forsythe"):
        a, b = sample("normal-a"), sample("normal-b")
        if name == "welch":
            return lambda: stats.ttest_ind(a, b, equal_var=False).pvalue
        return lambda: stats.levene(a, b, center="mean" if name == "levene" else "median").pvalue
    if name == "shapiro":
        a = sample("small")
        return lambda: stats.shapiro(a).statistic
    if name.startswith("bootstrap"):
        return lambda: bootstrap(resamples)
    if name == "fisher":
        return lambda: stats.fisher_exact([[12_600, 487_400], [12_350, 487_650]]).pvalue
    if name == "boschloo":
        return lambda: stats.boschloo_exact([[17, 9], [83, 91]]).pvalue
    if name == "power":
        return power()
    raise SystemExit(f"there is no case '{name}'")


def answer():
    for line in sys.stdin:
        name, times, *rest = line.split()
        call = work(name, int(rest[0]) if rest else 10_000)
        began = time.perf_counter()
        for _ in range(int(times)):
            result = call()
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"seconds": seconds, "answer": float(result), "peak": peak}), flush=True)


if __name__ == "__main__":
    make() if sys.argv[2:] == ["make"] else answer()
