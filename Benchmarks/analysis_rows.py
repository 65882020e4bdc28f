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
        self.users = 100_000 if quick else 1_000_000
        self.rows = []
        self.raw = {}

    def run(self):
        self.directory.mkdir(parents=True)
        subprocess.run([self.python, PEER, "make", self.directory, str(self.users)], check=True)
        for kind, bound in (("parquet", 5), ("csv", 4)):
            self.against_tea_tasting(kind, bound)

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
