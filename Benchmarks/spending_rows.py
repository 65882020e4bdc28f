"""Customers' totals and averages against the server's own constant reply, a Flask service and SQLite itself. See Documentation/spending.md."""

import http.client
import json
import shutil
import sqlite3
import time
from pathlib import Path

from load import median, run, wrk
from servers import Flask, Gosset

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PARTS = HERE / "spending"
TOKEN = "a-token-that-only-the-benchmark-has"
CUSTOMERS = 3000
MANY = 100_000
CONNECTIONS = 64
# Per customer who spent, as the headline is, and per payment: what the shop would ask its own database.
QUERY = """
    SELECT CASE WHEN age < 18 OR age IS NULL THEN '' WHEN age <= 24 THEN '18-24' WHEN age <= 30 THEN '25-30' WHEN age <= 36 THEN '31-36'
                WHEN age <= 47 THEN '37-47' ELSE '>47' END AS band,
           count(*), avg(total), sum(total) / sum(payments)
    FROM (SELECT user_id, sum(money_spent) AS total, count(*) AS payments FROM user_spending GROUP BY user_id)
    JOIN user_info USING (user_id) GROUP BY band
"""


def rate(server, path, customers, seconds):
    return wrk(server, "/", PARTS / "total.lua", [TOKEN, path, customers], CONNECTIONS, seconds)


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
        self.totals_of_many()
        self.averages()

    # One customer's total, over many connections.

    def totals(self):
        shop = self.directory / "shop.db"
        run([self.program, "simulate", "customers", shop, "--customers", CUSTOMERS])
        # A shop's file has no index by customer, as the shop itself never asks for one customer's payments: there the peer reads every
        # payment for every answer. So the peer is measured as well with an index that somebody would have to add.
        indexed = self.directory / "indexed.db"
        shutil.copy(shop, indexed)
        with sqlite3.connect(indexed) as connection:
            connection.execute("CREATE INDEX by_customer ON user_spending (user_id)")
        connection.close()
        rounds = []
        with (
            self.gosset("totals", shop) as gosset,
            self.flask("flask", shop) as flask,
            self.flask("indexed-run", indexed, own=True) as indexed_run,
            self.flask("indexed", indexed) as indexed_gunicorn,
        ):
            rate(gosset, "/total_spent/", CUSTOMERS, 1)
            for _ in range(self.rounds):
                rounds.append(
                    {
                        "constant": rate(gosset, "/healthz", 0, self.seconds),
                        "total": rate(gosset, "/total_spent/", CUSTOMERS, self.seconds),
                        "flask": rate(flask, "/total_spent/", CUSTOMERS, self.seconds),
                        "indexed_run": rate(indexed_run, "/total_spent/", CUSTOMERS, self.seconds),
                        "indexed": rate(indexed_gunicorn, "/total_spent/", CUSTOMERS, self.seconds),
                    }
                )
        self.raw["totals"] = rounds
        for peer, what, bound in (
            ("constant", "the server's own constant reply", 0.7),
            ("flask", "Flask and SQLAlchemy behind gunicorn, on the same file", None),
            ("indexed_run", "the same as `flask run` serves it, an index added to the file", 100),
            ("indexed", "the same behind gunicorn, an index added to the file", None),
        ):
            ratio = median(each["total"]["per_second"] / each[peer]["per_second"] for each in rounds)
            ours, theirs = (median(each[name]["per_second"] for each in rounds) for name in ("total", peer))
            self.row(
                f"a customer's total, against {what}", f"{ours:,.0f}/s", f"{theirs:,.0f}/s", f"{ratio:.2f}",
                f">= {bound}" if bound else "", not bound or ratio >= bound,
            )  # fmt: skip
        client = median(each["total"]["wrk_microseconds"] for each in rounds)
        for peer, what in (
            ("constant", "the constant reply"), ("flask", "gunicorn"), ("indexed_run", "`flask run`, index added"),
            ("indexed", "gunicorn, index added"),
        ):  # fmt: skip
            ours, theirs = (median(each[name]["processor_microseconds"] for each in rounds) for name in ("total", peer))
            ratio = median(each[peer]["processor_microseconds"] / each["total"]["processor_microseconds"] for each in rounds)
            self.row(
                f"processor time of it, against {what} (wrk itself: {client:.1f} us)", f"{ours:.1f} us", f"{theirs:,.1f} us", f"{ratio:.2f}",
                "", True,
            )  # fmt: skip

    def totals_of_many(self):
        """The same in a shop of a hundred thousand customers, in its file as it is."""
        shop = self.directory / "many.db"
        run([self.program, "simulate", "customers", shop, "--customers", MANY, "--payments", 4 * MANY])
        with self.gosset("many", shop) as gosset, self.flask("flask-many", shop) as flask:
            rate(gosset, "/total_spent/", MANY, 1)
            rounds = [
                {
                    "total": rate(gosset, "/total_spent/", MANY, self.seconds),
                    "flask": rate(flask, "/total_spent/", MANY, 2 * self.seconds),
                }
                for _ in range(3)
            ]
        self.raw["totals_of_many"] = rounds
        ratio = median(each["total"]["per_second"] / each["flask"]["per_second"] for each in rounds)
        ours, theirs = (median(each[name]["per_second"] for each in rounds) for name in ("total", "flask"))
        self.row(
            f"a customer's total among {4 * MANY:,} payments, against Flask and SQLAlchemy behind gunicorn, on the same file",
            f"{ours:,.0f}/s", f"{theirs:,.0f}/s", f"{ratio:.0f}", ">= 100", ratio >= 100,
        )  # fmt: skip

    def gosset(self, name, shop):
        return Gosset(self.program, self.directory / name, "--spending", shop, token=TOKEN)

    def flask(self, name, shop, own=False):
        return Flask(self.python, self.directory / name, PARTS, "peer:app", "/total_spent/1", {"SHOP": shop}, own)

    # Averages over all payments, just after one was added, and again.

    def averages(self):
        shop = self.directory / "large.db"
        run([self.program, "simulate", "customers", shop, "--customers", self.payments // 10, "--payments", self.payments])
        rounds = []
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with self.gosset("averages", shop) as gosset:
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
