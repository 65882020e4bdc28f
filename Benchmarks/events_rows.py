"""Events: how many a second are durable, in batches of 100, against plain appends to the same disk. See Documentation/events.md."""

import json
import sys
import time
from pathlib import Path

from load import median, run, wrk
from servers import Gosset

HERE = Path(__file__).resolve().parent
PARTS = HERE / "events"
BATCH = 100
# The bytes of a batch as batches.lua makes it.
BATCH_BYTES = 15_800
CONNECTIONS = 16
TOKEN = "a-token-of-the-benchmark-only"


class Intake(Gosset):
    def __init__(self, program, directory):
        super().__init__(program, directory, "--log-level", "warning", token=TOKEN)

    def status(self):
        return json.loads(self.get("/api/v1/events/status", {"Authorization": f"Bearer {TOKEN}"})[1])


class EventsRows:
    def __init__(self, program, directory, quick):
        self.program = program
        self.directory = directory
        self.rounds = 1 if quick else 3
        self.seconds = 3 if quick else 8
        self.rows = []
        self.raw = {}

    def row(self, what, ours, peer, ratio, bound, ok):
        self.rows.append({"what": what, "gosset": ours, "peer": peer, "ratio": ratio, "bound": bound, "ok": ok})

    def run(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        rounds = [self.round(number) for number in range(self.rounds)]
        self.raw["events"] = rounds
        durable, plain, delivered = (median(each[name] for each in rounds) for name in ("durable", "plain", "delivered"))
        ratio = median(each["durable"] / each["plain"] for each in rounds)
        self.row(
            f"durable events a second, batches of {BATCH}, {CONNECTIONS} connections, against plain appends with fdatasync",
            f"{durable:,.0f}/s", f"{plain:,.0f}/s", f"{ratio:.2f}", ">= 50,000/s", durable >= 50_000,
        )  # fmt: skip
        self.row("delivered to DuckDB, a second", f"{delivered:,.0f}/s", "", "", ">= 50,000/s", delivered >= 50_000)

    def delivered(self, server):
        """From the end of one delivery to that of a later one: some tens of thousands of events arrive at a time."""
        ends, until = [], time.monotonic() + self.seconds
        count = server.status()["delivered"]
        while (now := time.monotonic()) < until:
            if (latest := server.status()["delivered"]) != count:
                count = latest
                ends.append((now, count))
            time.sleep(0.01)
        if len(ends) < 2:
            raise SystemExit(f"bench: fewer than two deliveries ended in {self.seconds} s")
        (first, before), (last, after) = ends[0], ends[-1]
        return (after - before) / (last - first)

    def round(self, number):
        plain = float(run([sys.executable, PARTS / "appends.py", self.directory / "appends", BATCH_BYTES, self.seconds]))
        with Intake(self.program, self.directory / f"intake-{number}") as server:
            load = wrk(server, "/", PARTS / "batches.lua", [f"r{number}"], CONNECTIONS, self.seconds, threads=1)
            batches, seconds = load["requests"], load["seconds"]
            before = server.status()
            # What was answered is counted; the last requests may have been counted without their answers being read.
            assert before["received"] >= batches * BATCH, before
            delivered = self.delivered(server)
        return {"durable": batches * BATCH / seconds, "plain": plain * BATCH, "delivered": delivered}
