"""The effect check at full size: loading against DuckDB, answering against Flask and NumPy. See Documentation/effect-check.md."""

import json
import os
import random
import re
import statistics
import subprocess
import time
from pathlib import Path

from servers import Server, free_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PARTS = HERE / "effect-check"
CONNECTIONS = 8


def median(values):
    return statistics.median(list(values))


class Checker(Server):
    """Gosset with a shop; it counts as started when the shop is loaded."""

    def __init__(self, program, directory, shop):
        directory.mkdir(parents=True, exist_ok=True)
        port = free_port()
        flags = ["--shop-users", shop / "df_users.csv", "--shop-sales", shop / "df_sales.csv", "--log-level", "warning"]
        command = [program, "serve", "--port", str(port), "--data", directory / "data", *flags]
        super().__init__(command, port, directory / "gosset.log", "/ping")

    def memory(self, name):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(name + ":"))


class Flask(Server):
    def __init__(self, python, directory):
        port = free_port()
        command = [python, "-m", "gunicorn", "--workers", str(os.cpu_count()), "--bind", f"127.0.0.1:{port}", "--chdir", PARTS]
        super().__init__([*command, f"peer:application('{directory}')"], port, directory / "flask.log", "/ping")


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
        self.command(self.program, "simulate", "shop", "--out", shop, "--users", self.users, "--seed", 1)
        self.size = f"{self.users:,} customers, {os.path.getsize(shop / 'df_sales.csv') / 1e6:,.0f} MB of sales"
        self.start(shop)
        self.answer(shop)

    def command(self, *words):
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: {words[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    # From the start of the process until the shop is loaded, against DuckDB's sums over the same files.

    def start(self, shop):
        rounds = []
        for number in range(self.rounds):
            keep = [self.directory] if number == 0 else []
            duck = json.loads(self.command(self.python, PARTS / "duckdb_group.py", shop, *keep))
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
        with Checker(self.program, self.directory / "serving", shop) as checker, Flask(self.python, self.directory) as flask:
            for _ in range(self.rounds):
                rounds.append(
                    {
                        "small": self.load(checker, bodies[small]),
                        "flask": self.load(flask, bodies[small]),
                        "large": self.load(checker, bodies[large]),
                    }
                )
        self.raw["answers"] = rounds
        ratio = median(each["small"]["per_second"] / each["flask"]["per_second"] for each in rounds)
        rates = {name: median(each[name]["per_second"] for each in rounds) for name in rounds[0]}
        self.row(
            f"checks a second, 3 x {small} ids, {CONNECTIONS} connections, against Flask's t-test with NumPy", f"{rates['small']:,.0f}/s",
            f"{rates['flask']:,.0f}/s", f"{ratio:.0f}", ">= 20", ratio >= 20,
        )  # fmt: skip
        for name, size, most in (("small", small, 0.002), ("large", large, 0.06)):
            p99 = median(each[name]["p99"] for each in rounds)
            processor = median(each[name]["processor"] for each in rounds)
            self.row(
                f"99th percentile, 3 x {size:,} ids, {CONNECTIONS} connections ({processor * 1e3:.2f} ms of a processor each)",
                f"{p99 * 1e3:.2f} ms", "", "", f"<= {most * 1e3:.0f} ms", p99 <= most,
            )  # fmt: skip

    def load(self, server, bodies):
        before = server.processor_seconds()
        url = f"http://127.0.0.1:{server.port}/check_test"
        output = self.command(
            "wrk", "-t", 1, "-c", CONNECTIONS, "-d", f"{self.seconds}s", "--latency", "-s", PARTS / "load.lua", url, "--", bodies)
        if "Non-2xx" in output or "Socket errors" in output:
            raise SystemExit(f"bench: wrk met errors:\n{output}")
        number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
        requests = int(re.search(r"(\d+) requests in", output)[1])
        return {
            "requests": requests,
            "per_second": float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1]),
            "p99": float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit],
            "processor": (server.processor_seconds() - before) / max(1, requests),
        }
