"""Customers' totals and averages against the server's own constant reply, a Flask service and SQLite itself. See Documentation/spending.md."""

import http.client
import json
import os
import re
import resource
import sqlite3
import statistics
import time
from pathlib import Path

from load import run
from servers import Server, free_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PARTS = HERE / "spending"
TOKEN = "a-token-that-only-the-benchmark-has"
CUSTOMERS = 3000
CONNECTIONS = 64
# Per customer who spent, as the headline is, and per payment: what the shop would ask its own database.
QUERY = """
    SELECT CASE WHEN age < 18 OR age IS NULL THEN '' WHEN age <= 24 THEN '18-24' WHEN age <= 30 THEN '25-30' WHEN age <= 36 THEN '31-36'
                WHEN age <= 47 THEN '37-47' ELSE '>47' END AS band,
           count(*), avg(total), sum(total) / sum(payments)
    FROM (SELECT user_id, sum(money_spent) AS total, count(*) AS payments FROM user_spending GROUP BY user_id)
    JOIN user_info USING (user_id) GROUP BY band
"""


class Gosset(Server):
    def __init__(self, program, directory, shop):
        directory.mkdir(parents=True, exist_ok=True)
        port = free_port()
        os.environ["GOSSET_ADMIN_TOKEN"] = TOKEN
        command = [program, "serve", "--port", str(port), "--data", directory / "data", "--spending", shop]
        super().__init__(command, port, directory / "gosset.log", "/readyz")


class Flask(Server):
    def __init__(self, python, directory, shop):
        directory.mkdir(parents=True, exist_ok=True)
        port = free_port()
        os.environ["SHOP"] = str(shop)
        command = [python, "-m", "gunicorn", "--chdir", PARTS, "--workers", str(os.cpu_count()), "--bind", f"127.0.0.1:{port}", "peer:app"]
        super().__init__(command, port, directory / "flask.log", "/total_spent/1")


def rate(server, path, customers, seconds):
    """Requests a second, and the processor time of one, in microseconds: the server's and that of wrk."""
    before, client = server.processor_seconds(), resource.getrusage(resource.RUSAGE_CHILDREN)
    output = run(
        ["wrk", "-t", os.cpu_count(), "-c", CONNECTIONS, "-d", f"{seconds}s", "-s", PARTS / "total.lua"]
        + [f"http://127.0.0.1:{server.port}/", "--", TOKEN, path, customers]
    )
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"bench: wrk met errors:\n{output}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    requests = int(re.search(r"(\d+) requests in", output)[1])
    return {
        "rate": float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1]),
        "server": (server.processor_seconds() - before) / requests * 1e6,
        "wrk": (after.ru_utime + after.ru_stime - client.ru_utime - client.ru_stime) / requests * 1e6,
    }


def ask(server, path, headers):
    """The answer's body, however long it takes to read the records."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"bench: {path} answered {answer.status}: {body.decode()}")
        return body
    finally:
        connection.close()


def median(values):
    return statistics.median(list(values))


class SpendingRows:
    def __init__(self, program, directory, quick):
        self.program = program
        self.directory = directory
        self.python = ROOT / ".build-peers-spending/bin/python"
        if not self.python.exists():
            raise SystemExit(f"bench: {self.python} is not there; scripts/bootstrap bench makes it")
        self.rounds = 3 if quick else 5
        self.seconds = 1 if quick else 2
        self.payments = 1_000_000 if quick else 10_000_000
        self.rows = []
        self.raw = {}

    def row(self, what, ours, peer, ratio, bound, ok):
        self.rows.append({"what": what, "gosset": ours, "peer": peer, "ratio": ratio, "bound": bound, "ok": ok})

    def run(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        self.totals()
        self.averages()

    # One customer's total, over many connections.

    def totals(self):
        shop = self.directory / "shop.db"
        run([self.program, "simulate", "customers", shop, "--customers", CUSTOMERS])
        with sqlite3.connect(shop) as connection:
            # Without it the peer reads every payment for every answer.
            connection.execute("CREATE INDEX by_customer ON user_spending (user_id)")
        connection.close()
        rounds = []
        with Gosset(self.program, self.directory / "totals", shop) as gosset, Flask(self.python, self.directory / "flask", shop) as flask:
            rate(gosset, "/total_spent/", CUSTOMERS, 1)
            for _ in range(self.rounds):
                rounds.append(
                    {
                        "constant": rate(gosset, "/healthz", 0, self.seconds),
                        "total": rate(gosset, "/total_spent/", CUSTOMERS, self.seconds),
                        "flask": rate(flask, "/total_spent/", CUSTOMERS, self.seconds),
                    }
                )
        self.raw["totals"] = rounds
        for peer, what, bound in (("constant", "the server's own constant reply", 0.7), ("flask", "Flask and SQLAlchemy", 100)):
            ratio = median(each["total"]["rate"] / each[peer]["rate"] for each in rounds)
            ours, theirs = (median(each[name]["rate"] for each in rounds) for name in ("total", peer))
            self.row(
                f"a customer's total, against {what}", f"{ours:,.0f}/s", f"{theirs:,.0f}/s", f"{ratio:.2f}", f">= {bound}", ratio >= bound
            )
        ours, theirs = (median(each[name]["server"] for each in rounds) for name in ("total", "flask"))
        ratio = median(each["flask"]["server"] / each["total"]["server"] for each in rounds)
        client = median(each["total"]["wrk"] for each in rounds)
        self.row(
            f"processor time of it, against Flask and SQLAlchemy (wrk itself: {client:.1f} us)", f"{ours:.1f} us", f"{theirs:,.0f} us",
            f"{ratio:.0f}", ">= 100", ratio >= 100,
        )  # fmt: skip

    # Averages over all payments, just after one was added, and again.

    def averages(self):
        shop = self.directory / "large.db"
        run([self.program, "simulate", "customers", shop, "--customers", self.payments // 10, "--payments", self.payments])
        rounds = []
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with Gosset(self.program, self.directory / "averages", shop) as gosset:
            for _ in range(3):
                connection = sqlite3.connect(shop)
                began = time.perf_counter()
                bands = connection.execute(QUERY).fetchall()
                peer = time.perf_counter() - began
                with connection:
                    connection.execute("INSERT INTO user_spending VALUES (1, 0.01, 2024)")
                connection.close()
                began = time.perf_counter()
                body = ask(gosset, "/average_spending_by_age", headers)
                ours = time.perf_counter() - began
                began = time.perf_counter()
                ask(gosset, "/average_spending_by_age", headers)
                cached = time.perf_counter() - began
                known = {band["band"]: band["averagePerSpender"] for band in json.loads(body)["bands"]}
                for band, _, per_spender, _ in bands:
                    if band and abs(known[band] - per_spender) > 1e-3 * per_spender:
                        raise SystemExit(f"bench: {band}: {known[band]} and {per_spender} differ")
                rounds.append({"sqlite": peer, "gosset": ours, "cached": cached})
        self.raw["averages"] = rounds
        ratio = median(each["gosset"] / each["sqlite"] for each in rounds)
        ours, peer, cached = (median(each[name] for each in rounds) for name in ("gosset", "sqlite", "cached"))
        what = f"averages over {self.payments / 1e6:g} million payments"
        self.row(f"{what} after a change, against SQLite's query", f"{ours:.2f} s", f"{peer:.2f} s", f"{ratio:.2f}", "<= 1.3", ratio <= 1.3)
        self.row(
            f"{what}, unchanged, against SQLite's query", f"{cached * 1e3:.2f} ms", f"{peer:.2f} s", f"{cached / peer:.4f}", "<= 1.3",
            cached / peer <= 1.3,
        )  # fmt: skip
