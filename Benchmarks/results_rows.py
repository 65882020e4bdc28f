"""Results: what ten million events behind three experiments of five metrics cost, and whom. See Documentation/events.md."""

import http.client
import json
import re
import subprocess
import threading
import time
from pathlib import Path

from events_rows import TOKEN, Intake
from load import DISTINCT, closed_loop, median

HERE = Path(__file__).resolve().parent
BEARER = {"Authorization": f"Bearer {TOKEN}"}
KEYS = ("button_color", "price", "checkout")
PLAN = {
    "active": "visit",
    "size": 1_000_000,
    "facts": {
        "visit": {},
        "purchase": {"value": "value"},
        "yearly": {"value": "amount", "where": {"plan": "yearly"}},
    },
    "metrics": {
        "revenue": {"kind": "mean", "of": "purchase"},
        "conversion": {"kind": "conversion", "of": "purchase"},
        "visits": {"kind": "mean", "of": "visit"},
        "per visit": {"kind": "ratio", "of": "purchase", "per": "visit"},
        "yearly": {"kind": "mean", "of": "yearly"},
    },
    "segments": {"platform": {"of": "visit"}},
}


class ResultsRows:
    def __init__(self, program, directory, quick):
        self.program = program
        self.directory = directory
        self.devices = 20_000 if quick else 200_000
        self.events = 1_000_000 if quick else 10_000_000
        self.seconds = 3 if quick else 8
        self.rows = []
        self.raw = {}
        self.python = HERE.parent / ".build-peers-analysis/bin/python"
        if not self.python.exists():
            raise SystemExit(f"bench: {self.python} is not there; scripts/bootstrap bench makes it")

    def row(self, what, ours, peer, ratio, bound, ok):
        self.rows.append({"what": what, "gosset": ours, "peer": peer, "ratio": ratio, "bound": bound, "ok": ok})

    def run(self):
        place = self.directory / "results"
        with Intake(self.program, place) as server:
            self.prepare(server)
            # Nothing but devices: what the server takes when it has nothing else to do.
            closed_loop(server, "known-", DISTINCT, 64, self.seconds)
            idle = closed_loop(server, "known-", DISTINCT, 64, self.seconds)["per_second"]
        self.fill(place / "data" / "warehouse.duckdb")
        with Intake(self.program, place) as server:
            began = time.monotonic()
            refreshes = self.refreshed(server)
            first = time.monotonic() - began
            answers = self.answers(server, 100)
            # Events flow from here on, and results are worked out again and again.
            stop = threading.Event()
            flow = threading.Thread(target=self.flow, args=(server, stop))
            flow.start()
            time.sleep(2)
            busy = closed_loop(server, "known-", DISTINCT, 64, self.seconds)["per_second"]
            under = self.answers(server, 100)
            lag = max(self.lag(server) for _ in range(20) if not time.sleep(0.5))
            stop.set()
            flow.join()
            resident = server.resident_bytes()
        self.raw["results"] = {
            "events": self.events, "devices": self.devices, "first": first, "refreshes": refreshes, "answers": answers, "under": under,
            "idle": idle, "busy": busy, "lag": lag, "resident": resident,
        }  # fmt: skip
        count = f"{self.events:,} events"
        worst = max(refreshes.values())
        self.row(f"known devices a second while events flow, {count} behind three experiments of five metrics, against the same server idle",
                 f"{busy:,.0f}/s", f"{idle:,.0f}/s", f"{busy / idle:.2f}", ">= 0.5 x", busy >= 0.5 * idle)  # fmt: skip
        for name, times in (("at rest", answers), ("while events flow", under)):
            last = sorted(times)[int(0.99 * len(times))]
            self.row(f"an experiment's results, {count}, {name}: median, 99th percentile", f"{median(times) * 1e3:.1f} ms, {last * 1e3:.1f} ms",
                     "", "", "< 300 ms", last < 0.3)  # fmt: skip
        self.row(f"results of one experiment worked out anew, {count}, the slowest of three", f"{worst:.1f} s", "", "", "<= 60 s", worst <= 60)
        self.row("the oldest event that waits for the warehouse meanwhile", f"{lag:.1f} s", "", "", "<= 60 s", lag <= 60)

    def prepare(self, server):
        self.call(server, "POST", "/api/v1/admin/experiments", {
            "key": "checkout", "variants": [{"value": "old", "weight": 1}, {"value": "new", "weight": 1}]})  # fmt: skip
        self.call(server, "POST", "/api/v1/admin/experiments/checkout/start", None)
        for key in KEYS:
            self.call(server, "PUT", f"/api/v1/admin/experiments/{key}/plan", PLAN)
        enrolled, number = 0, 0
        while enrolled < self.devices:
            closed_loop(server, f"device-{number}-", 0, 64, self.seconds)
            number += 1
            enrolled = server.status()["warehouse"]["devices"]
        while (server.status()["warehouse"]["exposedDevices"] or 0) < enrolled:
            time.sleep(0.5)

    def call(self, server, method, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        headers = BEARER | ({"Content-Type": "application/json"} if body is not None else {})
        connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if response.status >= 300:
            raise SystemExit(f"bench: {method} {path}: {response.status} {text}")

    def fill(self, warehouse):
        """Events as a server of long standing has them, put where the server would have put them."""
        each = "(SELECT count(DISTINCT unit) FROM gosset_exposures)"
        statement = f"""
            INSERT INTO gosset_events SELECT CAST(hash(unit, i) >> 1 AS BIGINT), 'e' || i, unit,
            CASE WHEN i % 3 = 0 THEN 'visit' WHEN i % 3 = 1 THEN 'purchase' ELSE 'yearly' END,
            CASE WHEN i % 3 = 1 THEN (hash(unit, i) % 5000) / 100.0 END, time + to_seconds(1 + i * 60), time + to_seconds(1 + i * 60), NULL,
            CASE WHEN i % 3 = 0 THEN '{{"platform":"' || CASE WHEN hash(unit) % 2 = 0 THEN 'ios' ELSE 'android' END || '"}}'
                 WHEN i % 3 = 2 THEN '{{"plan":"yearly","amount":' || (i * 7 % 90) || '}}' END
            FROM (SELECT unit, min(time) AS time FROM gosset_exposures GROUP BY unit) AS units
            CROSS JOIN range(CAST(ceil(1.1 * {self.events} / {each}) AS BIGINT)) AS r(i) WHERE hash(unit, i) % 100 < 90 OR i % 3 = 0
            LIMIT {self.events}
        """
        script = (
            f"import duckdb\nconnection = duckdb.connect({str(warehouse)!r})\nconnection.execute({statement!r})\n"
            "print(connection.execute('SELECT count(*) FROM gosset_events').fetchone()[0])"
        )
        done = subprocess.run([self.python, "-c", script], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: the warehouse could not be filled: {done.stderr}")
        self.events = int(done.stdout)

    def refreshed(self, server):
        """Waits until all results are there, and gives how long each took."""
        while True:
            text = server.get("/metrics")[1].decode()
            found = dict(re.findall(r'gosset_results_duration_seconds\{experiment="(\w+)"\} ([\d.]+)', text))
            if set(found) >= set(KEYS):
                for key in KEYS:
                    answer = json.loads(server.get(f"/api/v1/experiments/{key}/results", BEARER)[1])
                    if answer["failure"] or len(answer["alwaysValid"]["metrics"]) != 5:
                        raise SystemExit(f"bench: no results of {key}: {answer['failure']}")
                return {key: float(found[key]) for key in KEYS}
            time.sleep(0.2)

    def answers(self, server, count):
        times = []
        for number in range(count):
            began = time.monotonic()
            response, body = server.get(f"/api/v1/experiments/{KEYS[number % 3]}/results", BEARER)
            times.append(time.monotonic() - began)
            if response.status != 200 or b'"alwaysValid":{' not in body:
                raise SystemExit(f"bench: no results: {response.status}")
        return times

    def lag(self, server):
        return server.status()["warehouse"]["lagSeconds"]

    def flow(self, server, stop):
        """Some thousand events a second, in batches of a hundred."""
        number = 0
        while not stop.is_set():
            batch = [{"id": f"flow-{number}-{index}", "unit": f"flow-{index}", "fact": "purchase", "value": 1} for index in range(100)]
            self.call(server, "POST", "/api/v1/events", batch)
            number += 1
            time.sleep(0.02)
