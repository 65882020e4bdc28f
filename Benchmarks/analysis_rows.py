"""The analysis of an experiment against tea-tasting and DuckDB alone, each in a fresh process. See Documentation/performance.md."""

import json
import os
import statistics
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PEER = HERE / "Analysis" / "peer.py"
METRICS = ["sessions", "orders", "revenue"]
NEARNESS = 1e-6
"""How near the p-values must lie: both estimate one slope from both variants."""


def plan(source):
    facts = "".join(f"  {name}: {{source: users, value: {name}}}\n  {name} before: {{source: users, value: {name}_before}}\n" for name in METRICS)
    lines = "".join(f"  {name}: {{kind: mean, of: {name}, covariate: {name} before}}\n" for name in METRICS)
    return (
        f"experiment: bench\nsources: {{users: {source}}}\nassignment: {{source: users, variant: variant, control: 0}}\n"
        f"facts:\n{facts}metrics:\n{lines}"
    )


def facts_plan():
    return (
        "experiment: bench\nsources: {users: units.parquet, events: events.parquet}\n"
        "assignment: {source: users, unit: user_id, variant: variant, control: 0}\n"
        "facts:\n  money: {source: events, value: money}\n  visits: {source: events}\n"
        "metrics:\n  money: {kind: mean, of: money}\n  visits: {kind: mean, of: visits}\n  buyers: {kind: conversion, of: money}\n"
    )


def segments_plan(count):
    """Twenty metrics of six columns, each of another part of the users; with one segment column of fifty values, or none."""
    columns = [*METRICS, *(f"{name}_before" for name in METRICS)]
    facts = "".join(
        f"  f{i}: {{source: users, value: {columns[i % 6]}, where: {{sessions: {{at least: {1 + i // 6}}}}}}}\n" for i in range(20)
    )
    lines = "".join(f"  m{i}: {{kind: mean, of: f{i}}}\n" for i in range(20))
    segments = "segments: [part]\n" if count else ""
    return (
        f"experiment: bench\nsources: {{users: parts.parquet}}\nassignment: {{source: users, variant: variant, control: 0}}\n"
        f"facts:\n{facts}metrics:\n{lines}{segments}"
    )


def measured(command):
    """The seconds that a process takes, its peak memory in bytes, and what it prints."""
    began = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"bench: {' '.join(map(str, command))} failed")
    return {"seconds": time.monotonic() - began, "peak": usage.ru_maxrss * 1024, "output": output}


class AnalysisRows:
    def __init__(self, program, directory, quick):
        self.program = program
        self.directory = directory
        self.python = ROOT / ".build-peers-analysis/bin/python"
        if not self.python.exists():
            raise SystemExit(f"bench: {self.python} is not there; scripts/bootstrap bench makes it")
        self.rounds = 3 if quick else 7
        self.users = 200_000 if quick else 1_000_000
        self.facts = 10_000_000 if quick else 50_000_000
        self.rows = []
        self.raw = {}

    def run(self):
        self.directory.mkdir(parents=True)
        subprocess.run([self.python, PEER, "make", self.directory, str(self.users)], check=True)
        for kind, bound in (("parquet", 5), ("csv", 4)):
            self.against_tea_tasting(kind, bound)
        self.segments()
        self.linearity()

    def segments(self):
        """Twenty metrics in fifty segments against the same metrics alone, and how often the file is read for them."""
        seconds = {}
        for count in (0, 50):
            file = self.directory / f"segments-{count}.yaml"
            file.write_text(segments_plan(count))
            command = [self.program, "analyze", file, "--json"]
            seconds[count] = [measured(command) for _ in range(self.rounds)]
        metrics = json.loads(seconds[50][0]["output"])["metrics"]
        found = sum(len(metric["segments"]) for metric in metrics)
        if found != 1000:
            raise SystemExit(f"bench: there are {found} segments of metrics instead of 1,000")
        script = subprocess.run([self.program, "analyze", file, "--show-sql"], check=True, capture_output=True, text=True).stdout
        # The first look at the columns and at some rows for the centres read no more than the beginning.
        scans = sum("gosset_units" in text and "LIMIT 2048" not in text and "CREATE" not in text for text in script.split(";\n"))
        self.raw["segments"] = {str(count): [each["seconds"] for each in rounds] for count, rounds in seconds.items()}
        middle = {count: statistics.median(each["seconds"] for each in rounds) for count, rounds in seconds.items()}
        ratio = middle[50] / middle[0]
        self.row(f"20 metrics x 50 segments of {self.users:,} users, against no segments", middle[50], middle[0], f"{ratio:.2f}", "<= 10 x", ratio <= 10)
        self.rows.append({
            "what": "20 metrics x 50 segments, scans of the data", "gosset": f"{scans}", "peer": "1,000", "ratio": f"{scans / 1000:.3f}", "bound": "1 scan",
            "ok": scans == 1,
        })  # fmt: skip

    def linearity(self):
        """Facts of many rows within a stated memory limit: a quarter, half and all of them."""
        (self.directory / "facts.yaml").write_text(facts_plan())
        limit = 1_000_000_000
        runs = {}
        for rows in (self.facts // 4, self.facts // 2, self.facts):
            subprocess.run([self.python, PEER, "facts", self.directory, str(self.users), str(rows)], check=True)
            command = [self.program, "analyze", self.directory / "facts.yaml", "--json", "--memory-limit", f"{limit}B"]
            command += ["--temp-directory", self.directory / "spill"]
            runs[rows] = min((measured(command) for _ in range(3)), key=lambda one: one["seconds"])
            money = json.loads(runs[rows]["output"])["metrics"][1]["groups"]
            if sum(group["sum"] for group in money.values()) != rows:
                raise SystemExit(f"bench: not all of the {rows:,} facts were counted")
        self.raw["facts"] = {str(rows): {"seconds": one["seconds"], "peak": one["peak"]} for rows, one in runs.items()}
        (quarter, whole) = (runs[self.facts // 4], runs[self.facts])
        ratio = whole["seconds"] / quarter["seconds"] / 4
        self.row(
            f"{self.facts:,} facts of {self.users:,} users, against a quarter of them, a fact", whole["seconds"], quarter["seconds"], f"{ratio:.2f}",
            "<= 1.2 x", ratio <= 1.2,
        )
        share = whole["peak"] / limit
        self.rows.append({
            "what": f"{self.facts:,} facts, peak memory against the limit", "gosset": f"{whole['peak'] / 1e6:.0f} MB", "peer": f"{limit / 1e6:.0f} MB",
            "ratio": f"{share:.2f}", "bound": "<= 1.1 x", "ok": share <= 1.1,
        })  # fmt: skip

    def against_tea_tasting(self, kind, bound):
        file = self.directory / f"users.{kind}"
        (self.directory / f"{kind}.yaml").write_text(plan(file.name))
        commands = {
            "gosset": [self.program, "analyze", self.directory / f"{kind}.yaml", "--json"],
            "polars": [self.python, PEER, "polars", file],
            "duckdb": [self.python, PEER, "duckdb", file],
            "query": [self.python, PEER, "query", file],
        }
        rounds = [{name: measured(command) for name, command in commands.items()} for _ in range(self.rounds)]
        self.require_same(rounds[0])
        self.raw[kind] = [{name: {"seconds": each["seconds"], "peak": each["peak"]} for name, each in one.items()} for one in rounds]
        middle = {name: statistics.median(one[name]["seconds"] for one in rounds) for name in commands}
        faster = min(("polars", "duckdb"), key=middle.get)
        users = f"{self.users:,} users x 3 metrics with CUPED from {kind}"
        ratio = statistics.median(one[faster]["seconds"] / one["gosset"]["seconds"] for one in rounds)
        self.row(f"{users}, against tea-tasting ({faster})", middle["gosset"], middle[faster], f"{ratio:.1f}", f">= {bound} x", ratio >= bound)
        ratio = statistics.median(one["gosset"]["seconds"] / one["query"]["seconds"] for one in rounds)
        self.row(f"{users}, against one query of DuckDB alone", middle["gosset"], middle["query"], f"{ratio:.2f}", "<= 1.4 x", ratio <= 1.4)
        peak = {name: max(one[name]["peak"] for one in rounds) for name in commands}
        share = peak["gosset"] / min(peak["polars"], peak["duckdb"])
        self.rows.append({
            "what": f"{users}, peak memory", "gosset": f"{peak['gosset'] / 1e6:.0f} MB",
            "peer": f"{min(peak['polars'], peak['duckdb']) / 1e6:.0f} MB", "ratio": f"{share:.2f}", "bound": "<= 0.5 x", "ok": share <= 0.5,
        })  # fmt: skip

    def require_same(self, one):
        ours = {metric["name"]: metric["comparisons"][0]["pValue"] for metric in json.loads(one["gosset"]["output"])["metrics"]}
        for engine in ("polars", "duckdb"):
            theirs = json.loads(one[engine]["output"])
            for name in METRICS:
                if not abs(ours[name] - theirs[name]) <= NEARNESS * theirs[name]:
                    raise SystemExit(f"bench: the p-value of {name} is {ours[name]!r} here and {theirs[name]!r} there; it is not the same work")

    def row(self, what, ours, peer, ratio, bound, ok):
        self.rows.append({"what": what, "gosset": f"{ours * 1e3:.0f} ms", "peer": f"{peer * 1e3:.0f} ms", "ratio": ratio, "bound": bound, "ok": ok})
