"""Results: what ten million events behind three experiments of five metrics cost, and whom. See Documentation/events.md."""

import http.client
import json
import re
import subprocess
import threading
import time
import urllib.parse
from pathlib import Path

from browser import Chromium
from events_rows import TOKEN, Intake
from load import DISTINCT, Paced, closed_loop, median, percentile
from servers import Nginx

HERE = Path(__file__).resolve().parent
BEARER = {"Authorization": f"Bearer {TOKEN}"}
KEYS = ("button_color", "price", "checkout")
CONNECTIONS = 64
MANY = 256
"""Connections at which first contacts are measured as well, as the benchmark of assignment has it."""
BATCH = 100
BATCHES = 50
"""Batches of events a second, while events flow."""
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
        # Many short rounds, as in the table of devices without events.
        self.rounds = 3 if quick else 15
        self.rates = {}
        self.seconds = 1
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
        self.fill(place / "data" / "warehouse.duckdb")
        paced = Paced(self.directory)
        with Intake(self.program, place) as server:
            began = time.monotonic()
            refreshes = self.refreshed(server)
            first = time.monotonic() - began
            answer, body = server.get("/api/v1/experiments", {"Device-Token": "example"})
            headers = {name: value for name, value in answer.getheaders() if name not in ("Date", "Content-Length")}
            with Nginx(self.directory / "nginx", headers, body.decode()) as nginx:
                rest = self.look(server, nginx, paced, "rest")
                flow = Flow(server, self.tokens)
                with flow:
                    busy = self.look(server, nginx, paced, "flow")
                # What waits when the load ends is soon gone: nothing has fallen behind for good.
                waited = self.waiting(server)
                seconds = self.catch_up(server)
                caught_up = {"seconds": seconds, "devices": waited, "per_second": waited / max(seconds, 1)}
                status = server.status()
            resident = server.resident_bytes()
        if status["received"] != status["delivered"] + status["duplicates"]:
            raise SystemExit(f"bench: events are lost: {status}")
        self.raw["results"] = {
            "events": self.events, "devices": self.devices, "first": first, "refreshes": refreshes, "rest": rest, "flow": busy,
            "caught_up": caught_up, "flowed": flow.sent, "resident": resident,
        }  # fmt: skip
        self.report(refreshes, rest, busy, caught_up)

    def look(self, server, nginx, paced, name):
        """How fast devices and people are served now."""
        found = {"pages": self.pages(server) | self.loads(server, name), "answers": self.answers(server, 100)}
        closed_loop(server, "known-", DISTINCT, CONNECTIONS, self.seconds)
        rounds = []
        for number in range(self.rounds):
            rounds.append(
                {
                    "nginx": closed_loop(nginx, "known-", DISTINCT, CONNECTIONS, self.seconds)["per_second"],
                    "known": closed_loop(server, "known-", DISTINCT, CONNECTIONS, self.seconds)["per_second"],
                    "first": closed_loop(server, f"{name}-{number}-", 0, CONNECTIONS, self.seconds)["per_second"],
                    "known_many": closed_loop(server, "known-", DISTINCT, MANY, self.seconds)["per_second"],
                    "first_many": closed_loop(server, f"{name}-many-{number}-", 0, MANY, self.seconds)["per_second"],
                }
            )
        found["rounds"] = rounds
        # At half of the peak, as the benchmark of assignment has it; and while events flow also at half of the peak at rest, which is more.
        self.rates[name] = {key: median(each[key] for each in rounds) / 2 for key in ("known", "first")}
        for at in dict.fromkeys((name, "rest")):
            rates = self.rates[at]
            found[f"paced at {at}"] = [
                {
                    "known": paced(server, "known-0-", DISTINCT, CONNECTIONS, rates["known"], 1),
                    "first": paced(server, f"paced-{name}-{at}-{number}-", 0, CONNECTIONS, rates["first"], 1),
                }
                for number in range(self.rounds)
            ]
        found["lag"] = max(self.lag(server) for _ in range(10) if not time.sleep(0.2))
        return found

    def report(self, refreshes, rest, busy, caught_up):
        count = f"{self.events:,} events"
        while_flow = f"while {BATCH * BATCHES:,} events a second flow and results are worked out"
        rates = {name: {key: median(each[key] for each in found["rounds"]) for key in found["rounds"][0]} for name, found in
                 (("rest", rest), ("flow", busy))}  # fmt: skip
        for ours, peer, where, what, bound in (
            ("known", "nginx", "rest", f"known devices a second, {count} behind three experiments of five metrics, against nginx", 0.9),
            ("known", "nginx", "flow", f"the same {while_flow}, against nginx beside it", 0.9),
            ("first", "known", "flow", f"first contacts a second {while_flow}, against known devices, {CONNECTIONS} connections", 0.5),
            ("first_many", "known_many", "flow", f"the same at {MANY} connections", 0.5),
        ):
            found = rest if where == "rest" else busy
            ratio = median(each[ours] / each[peer] for each in found["rounds"])
            self.row(what, f"{rates[where][ours]:,.0f}/s", f"{rates[where][peer]:,.0f}/s", f"{ratio:.2f}", f">= {bound}", ratio >= bound)
        for key, what in (("known", "known devices"), ("first", "first contacts")):
            quiet = median(each[key]["p99"] for each in rest["paced at rest"])
            for at, words in (("flow", "the peak then"), ("rest", "the peak at rest")):
                flow = median(each[key]["p99"] for each in busy[f"paced at {at}"])
                self.row(f"99th percentile at half of {words} ({self.rates[at][key]:,.0f}/s), {what} {while_flow}, against half of the peak at rest",
                         f"{flow * 1e3:.2f} ms", f"{quiet * 1e3:.2f} ms", f"{flow / quiet:.2f}", "< 5 ms", flow < 0.005)  # fmt: skip
        for name, found in (("at rest", rest), ("while events flow", busy)):
            for page, times in found["pages"].items():
                last = percentile(times, 0.95)
                self.row(f"{page}, whole, {count}, {name}: median, 95th percentile", f"{median(times) * 1e3:.1f} ms, {last * 1e3:.1f} ms",
                         "", "", "< 300 ms", last < 0.3)  # fmt: skip
            last = percentile(found["answers"], 0.95)
            self.row(f"an experiment's results as JSON, {count}, {name}: median, 95th percentile",
                     f"{median(found['answers']) * 1e3:.1f} ms, {last * 1e3:.1f} ms", "", "", "< 300 ms", last < 0.3)  # fmt: skip
        worst = max(refreshes.values())
        self.row(f"results of one experiment worked out anew, {count}, the slowest of three", f"{worst:.1f} s", "", "", "<= 60 s", worst <= 60)
        self.row("the oldest event that waits for the warehouse, after the load on devices", f"{busy['lag']:.1f} s", "", "", "<= 60 s", busy["lag"] <= 60)
        self.row(
            f"exposures of new devices delivered after the load has ended ({caught_up['devices']:,} devices in {caught_up['seconds']:.0f} s)",
            f"{caught_up['per_second']:,.0f} devices/s", "", "", ">= 10,000 devices/s", caught_up["per_second"] >= 10_000)

    def prepare(self, server):
        self.call(server, "POST", "/api/v1/admin/experiments", {
            "key": "checkout", "variants": [{"value": "old", "weight": 1}, {"value": "new", "weight": 1}]})  # fmt: skip
        self.call(server, "POST", "/api/v1/admin/experiments/checkout/start", None)
        for key in KEYS:
            self.call(server, "PUT", f"/api/v1/admin/experiments/{key}/plan", PLAN)
        enrolled, number = 0, 0
        while enrolled < self.devices:
            closed_loop(server, f"device-{number}-", 0, CONNECTIONS, 2)
            number += 1
            enrolled = server.status()["warehouse"]["devices"]
        self.devices = enrolled
        # Those of wrk's first thread, whose tokens are numbered from 1.
        self.tokens = [f"device-0-0-{number}" for number in range(1, 1 + enrolled // 10)]
        self.catch_up(server)

    def waiting(self, server):
        """How many devices the warehouse has yet to hear of."""
        warehouse = server.status()["warehouse"]
        return warehouse["devices"] - (warehouse["exposedDevices"] or 0)

    def catch_up(self, server):
        """Waits until the warehouse has everything, and gives the seconds."""
        began = time.monotonic()
        while True:
            status = server.status()
            if status["spool"]["bytes"] == 0 and (status["warehouse"]["exposedDevices"] or 0) >= status["warehouse"]["devices"]:
                return time.monotonic() - began
            if time.monotonic() - began > (10 if status["warehouse"]["failure"] else 600):
                raise SystemExit(f"bench: the warehouse does not catch up: {status}")
            time.sleep(0.2)

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
            CROSS JOIN range(CAST(ceil(1.1 * {self.events} / {each}) AS BIGINT)) AS r(i) WHERE hash(unit, i) % 100 < 90 OR i = 0
            LIMIT {self.events}
        """
        script = (
            f"import duckdb\nconnection = duckdb.connect({str(warehouse)!r})\nconnection.execute('SET enable_progress_bar = false')\n"
            f"connection.execute({statement!r})\n"
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

    PAGES = (
        ("the list of experiments", "/experiments", 'id="experiments"'),
        ("an experiment's page", "/experiments/button_color", "button_color"),
        ("an experiment's results page", "/experiments/button_color/results", "<gosset-chart"),
    )

    def loads(self, server, name):
        """How long pages take in a browser that has seen them before, as people's have."""
        if not Chromium.is_installed():
            return {}
        address = f"http://127.0.0.1:{server.port}"
        with Chromium(self.directory / f"chromium-{name}") as chromium:
            chromium.sign_in(address, TOKEN)
            for _, path, _ in self.PAGES:
                chromium.loaded(address + path)
            found = {f"{page} in Chromium": [chromium.loaded(address + path) for _ in range(20)] for page, path, _ in self.PAGES[:-1]}
            page, path, _ = self.PAGES[-1]
            drawn = [chromium.drawn(address + path) for _ in range(20)]
            found[f"{page} in Chromium, with the charts in sight drawn"] = [in_sight for in_sight, _ in drawn]
            found[f"{page} in Chromium, from a jump to its end until the charts there are drawn"] = [jump for _, jump in drawn]
            return found

    def pages(self, server):
        """How long whole pages take: the page with its charts' data, and all that it loads, one after the other, without a cache."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        form = urllib.parse.urlencode({"token": TOKEN})
        connection.request("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        if answer.status >= 400 or not cookie:
            raise SystemExit(f"bench: nobody could sign in: {answer.status}")

        def fetch(path):
            connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"bench: {path}: {response.status}")
            return body.decode()

        found = {}
        for name, path, mark in self.PAGES:
            times = []
            for _ in range(20):
                began = time.monotonic()
                page = fetch(path)
                loaded = set(re.findall(r'<(?:script src|link rel="(?:stylesheet|icon|modulepreload)" href)="([^"]+)"', page))
                for part in sorted(loaded):
                    fetch(part)
                times.append(time.monotonic() - began)
                if mark not in page:
                    raise SystemExit(f"bench: {path} is not complete")
            found[name] = times
        connection.close()
        return found

    def lag(self, server):
        return server.status()["warehouse"]["lagSeconds"]


class Flow:
    """Events of devices that are in the experiments, at a steady pace, from a thread; a context manager."""

    def __init__(self, server, tokens):
        self.server = server
        self.tokens = tokens
        self.sent = 0
        self.stop = threading.Event()
        self.failure = None
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        time.sleep(2)
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        if self.failure:
            raise SystemExit(f"bench: events were refused: {self.failure}")

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        began, number = time.monotonic(), 0
        while not self.stop.is_set():
            # What falls due is sent, though the last answer was late.
            time.sleep(max(0, began + number / BATCHES - time.monotonic()))
            body = json.dumps([self.event(number, index) for index in range(BATCH)], separators=(",", ":"))
            connection.request("POST", "/api/v1/events", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 202:
                self.failure = f"{answer.status} {text[:300]}"
                return
            number += 1
            self.sent += BATCH

    def event(self, number, index):
        event = {"id": f"flow-{number}-{index}", "unit": self.tokens[(number * BATCH + index) * 7919 % len(self.tokens)]}
        if index % 3 == 0:
            return event | {"fact": "visit", "properties": {"platform": "ios"}}
        if index % 3 == 1:
            return event | {"fact": "purchase", "value": index / 4}
        return event | {"fact": "yearly", "properties": {"plan": "yearly", "amount": index}}
