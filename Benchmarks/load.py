"""Load on a server: as much as it takes, or at a given rate."""

import json
import os
import re
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


def closed_loop(server, prefix, distinct, connections, seconds):
    """As many requests as come back: each connection asks again when it is answered."""
    before = server.processor_seconds()
    output = run(
        ["wrk", "-t", os.cpu_count(), "-c", connections, "-d", f"{seconds}s", "-s", HERE / "load.lua"]
        + [f"http://127.0.0.1:{server.port}/api/v1/experiments", "--", prefix, distinct]
    )
    processor = server.processor_seconds() - before
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"bench: wrk met errors:\n{output}")
    requests = int(re.search(r"(\d+) requests in", output)[1])
    return {
        "requests": requests,
        "per_second": float(re.search(r"Requests/sec:\s*([\d.]+)", output)[1]),
        "processor_microseconds": processor / requests * 1e6,
    }


class Paced:
    """Open loop: requests fall due at a rate, whether or not the server keeps up. See `paced.c`."""

    def __init__(self, directory):
        self.program = directory / "paced"
        run(["cc", "-O2", "-Wall", "-o", self.program, HERE / "paced.c", "-lm"])

    def __call__(self, server, prefix, distinct, connections, rate, seconds):
        return json.loads(run([self.program, server.port, connections, f"{rate:.0f}", seconds, prefix, distinct]))
