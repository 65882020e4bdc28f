"""The effect check at full size: loading against DuckDB, answering against Flask and NumPy. See Documentation/effect-check.md."""

import json
import os
import random
from pathlib import Path

from load import median, run, wrk
from servers import Flask, Gosset

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PARTS = HERE / "effect-check"
CONNECTIONS = 8


class Checker(Gosset):
    """With a shop; it counts as started when the shop is loaded."""

    def __init__(self, program, directory, shop):
        flags = ["--shop-users", shop / "df_users.csv", "--shop-sales", shop / "df_sales.csv", "--log-level", "warning"]
        super().__init__(program, directory, *flags, ready="/ping")

    def memory(self, name):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(name + ":"))


class EffectRows:
    def __init__(self, program, directory, quick):
        self.program = program
        self.directory = directory
        self.python = ROOT / ".build-peers/bin/python"
        if not self.python.exists():
            raise SystemExit(f"bench: {self.python} is not there; scripts/bootstrap bench makes it")
        self.users = 100_000 if quick else 1_000_000
        self.rounds = 1 if quick else 3
        self.seconds = 2 if quick else 6
        self.rows = []
        self.raw = {}

    def row(self, what, ours, peer, ratio, bound, ok):
        self.rows.append({"what": what, "gosset": ours, "peer": peer, "ratio": ratio, "bound": bound, "ok": ok})

    def run(self):
        shop = self.directory / "shop"
        shop.mkdir(parents=True)
        run([self.program, "simulate", "shop", "--out", shop, "--users", self.users, "--seed", 1])
        self.size = f"{self.users:,} customers, {os.path.getsize(shop / 'df_sales.csv') / 1e6:,.0f} MB of sales"
        self.start(shop)
        self.answer(shop)

    # From the start of the process until the shop is loaded, against DuckDB's sums over the same files.

    def start(self, shop):
        rounds = []
        for number in range(self.rounds):
            keep = [self.directory] if number == 0 else []
            duck = json.loads(run([self.python, PARTS / "duckdb_group.py", shop, *keep]))
            with Checker(self.program, self.directory / "serving", shop) as checker:
                memory = {"peak": checker.memory("VmHWM"), "after": checker.memory("VmRSS")}
                rounds.append({"gosset": checker.started_after, "duckdb": duck["seconds"], **memory})
        self.raw["start"] = rounds
        ratio = median(each["gosset"] / each["duckdb"] for each in rounds)
        ours, peer = (median(each[name] for each in rounds) for name in ("gosset", "duckdb"))
        self.row(
            f"from start to loaded, {self.size}, against DuckDB's sums by week", f"{ours:.1f} s", f"{peer:.1f} s", f"{ratio:.2f}",
            "<= 1.5, < 30 s", ratio <= 1.5 and ours < 30,
        )  # fmt: skip
        for name, what, most in (("after", "memory with the shop loaded", 300e6), ("peak", "its peak while loading", 1.2e9)):
            bytes_ = median(each[name] for each in rounds)
            self.row(what, f"{bytes_ / 1e6:.0f} MB", "", "", f"<= {most / 1e6:,.0f} MB", bytes_ <= most)

    # Checks as they come back, over eight connections.

    def answer(self, shop):
        ids = [line.split(",", 1)[0] for line in open(shop / "df_users.csv")][1:]
        draw = random.Random(1)
        bodies = {}
        for size, count in ((500, 200), (min(100_000, self.users // 4), 5)):
            bodies[size] = self.directory / f"tests-{size}.jsonl"
            with open(bodies[size], "w") as file:
                for _ in range(count):
                    drawn = draw.sample(ids, 3 * size)
                    groups = (",".join(drawn[start : start + size]) for start in (0, size, 2 * size))
                    file.write('{{"test":{{"group_a_one":[{}],"group_a_two":[{}],"group_b":[{}]}}}}\n'.format(*groups))
        small, large = bodies
        rounds = []
        with (
            Checker(self.program, self.directory / "serving", shop) as checker,
            self.flask("plain", "") as plain,
            self.flask("sorted", ", sorted=True") as sorted_,
        ):
            for _ in range(self.rounds):
                rounds.append(
                    {
                        "small": self.load(checker, bodies[small]),
                        "plain": self.load(plain, bodies[small]),
                        "sorted": self.load(sorted_, bodies[small]),
                        "large": self.load(checker, bodies[large]),
                    }
                )
        self.raw["answers"] = rounds
        rates = {name: median(each[name]["per_second"] for each in rounds) for name in rounds[0]}
        for peer, name in (("plain", "members by isin"), ("sorted", "members by binary search")):
            ratio = median(each["small"]["per_second"] / each[peer]["per_second"] for each in rounds)
            self.row(
                f"checks a second, 3 x {small} ids, {CONNECTIONS} connections, against Flask's t-test with NumPy, {name}",
                f"{rates['small']:,.0f}/s", f"{rates[peer]:,.0f}/s", f"{ratio:.1f}", ">= 20", ratio >= 20,
            )  # fmt: skip
        for name, size, most in (("small", small, 0.002), ("large", large, 0.06)):
            p99 = median(each[name]["p99"] for each in rounds)
            processor = median(each[name]["processor_microseconds"] for each in rounds) / 1e3
            self.row(
                f"99th percentile, 3 x {size:,} ids, {CONNECTIONS} connections ({processor:.2f} ms of a processor each)",
                f"{p99 * 1e3:.2f} ms", "", "", f"<= {most * 1e3:.0f} ms", p99 <= most,
            )  # fmt: skip

    def flask(self, name, more):
        return Flask(self.python, self.directory / name, PARTS, f"peer:application('{self.directory}'{more})", "/ping")

    def load(self, server, bodies):
        return wrk(server, "/check_test", PARTS / "load.lua", [bodies], CONNECTIONS, self.seconds, threads=1)
