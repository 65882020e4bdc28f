"""Load on a server: as much as it takes, or at a given rate."""

import json
import math
import os
import re
import resource
import statistics
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
DISTINCT = 10_000
"""Known devices for each of wrk's threads."""


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"bench: {command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def median(values):
    return statistics.median(list(values))


def percentile(values, share):
    """The nearest rank: the least value that so many are not above."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def wrk(server, path, script, arguments, connections, seconds, threads=os.cpu_count()):
    """As many requests as come back: each connection asks again when it is answered. Processor times are a request's, in microseconds."""
    before, client = server.processor_seconds(), resource.getrusage(resource.RUSAGE_CHILDREN)
    output = run(
        ["wrk", "-t", threads, "-c", connections, "-d", f"{seconds}s", "--latency", "-s", script]
        + [f"http://127.0.0.1:{server.port}{path}", "--", *arguments]
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"bench: wrk met errors:\n{output}")
    requests, taken = re.search(r"(\d+) requests in ([\d.]+)s", output).groups()
    latency, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return {
        "requests": int(requests),
        "seconds": float(taken),
        "per_second": float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1]),
        "p99": float(latency) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit],
        "processor_microseconds": (server.processor_seconds() - before) / int(requests) * 1e6,
        "wrk_microseconds": (after.ru_utime + after.ru_stime - client.ru_utime - client.ru_stime) / int(requests) * 1e6,
    }


def closed_loop(server, prefix, distinct, connections, seconds):
    """Devices that ask for their variants; with none that is distinct they are all new."""
    return wrk(server, "/api/v1/experiments", HERE / "load.lua", [prefix, distinct], connections, seconds)


class Paced:
    """Open loop: requests fall due at a rate, whether or not the server keeps up. See `paced.c`."""

    def __init__(self, directory):
        self.program = directory / "paced"
        run(["cc", "-O2", "-Wall", "-o", self.program, HERE / "paced.c", "-lm"])

    def __call__(self, server, prefix, distinct, connections, rate, seconds):
        return json.loads(run([self.program, server.port, connections, f"{rate:.0f}", seconds, prefix, distinct]))
