"""The statistics against SciPy and statsmodels, call by call, on the same data, each on one processor. See Documentation/performance.md."""

import json
import os
import statistics
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PEER = HERE / "Statistics" / "peer.py"

ROWS = [
    # case, what it is, at least this many times as fast, how near the answers must lie
    ("welch", "Welch's t, raw 2 x 500,000", 6, 1e-9),
    ("mannwhitney", "Mann-Whitney, 2 x 500,000", 4, 1e-9),
    ("mannwhitney-ties", "Mann-Whitney, 2 x 500,000, 70 % ties", 4, 1e-9),
    ("levene", "Levene (mean), 2 x 500,000", 6, 1e-9),
    ("brown-forsythe", "Brown-Forsythe (median), 2 x 500,000", 2, 1e-9),
    ("shapiro", "Shapiro-Wilk, n = 5,000", 1.5, 1e-9),
    ("fisher", "Fisher, n = 1,000,000", 10, 1e-9),
    # SciPy searches for the worst proportion by chance, and may stop short of it.
    ("boschloo", "Boschloo, n = 200", 10, 1e-3),
    ("power", "NormalIndPower solve", 100, 1e-6),
]
WELCH = ["test", "welch", "--summary", "360,40,9802", "--summary", "352,58,9789"]
PYTHON_WELCH = "from scipy import stats; print(stats.ttest_ind_from_stats(360, 40, 9802, 352, 58, 9789, equal_var=False))"
PYTHON_VERSIONS = (
    "import json, platform, numpy, scipy, statsmodels; print(json.dumps({'python': platform.python_version(), "
    "'numpy': numpy.__version__, 'scipy': scipy.__version__, 'statsmodels': statsmodels.__version__}))"
)
BOOTSTRAP_MEMORY = 50e6


class Worker:
    """A process that does cases when it is told to, on the processors it is given."""

    def __init__(self, command, processors):
        one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **one},
            preexec_fn=lambda: os.sched_setaffinity(0, processors),
        )  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)

    def __call__(self, case, times=1, resamples=None):
        self.process.stdin.write(f"{case} {times}{'' if resamples is None else f' {resamples}'}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"bench: {self.process.args[0]} ended at {case}")
        result = json.loads(line)
        return {"seconds": result["seconds"] / times, "answer": result["answer"], "peak": result["peak"]}


class StatisticsRows:
    def __init__(self, program, directory, quick):
        self.program = program
        self.directory = directory
        self.ours = program.parent / "StatisticsBenchmark"
        self.python = ROOT / ".build-peers/bin/python"
        for needed, how in ((self.ours, "make bench builds it"), (self.python, "scripts/bootstrap bench makes it")):
            if not needed.exists():
                raise SystemExit(f"bench: {needed} is not there; {how}")
        self.rounds = 3 if quick else 9
        self.burst = 0.05 if quick else 0.2
        self.resamples = 1_000 if quick else 10_000
        self.bootstrap_rounds = 1 if quick else 3
        # Not the first processor, which has the system's interrupts.
        self.processors = sorted(os.sched_getaffinity(0))[-2:]
        self.rows = []
        self.raw = {}

    def row(self, what, ours, peer, ratio, bound, ok):
        self.rows.append({"what": what, "gosset": ours, "peer": peer, "ratio": ratio, "bound": bound, "ok": ok})

    def run(self):
        data = self.directory / "data"
        data.mkdir(parents=True)
        subprocess.run([self.python, PEER, data, "make"], check=True)
        versions = subprocess.run([self.python, "-c", PYTHON_VERSIONS], capture_output=True, text=True, check=True).stdout
        self.raw["versions"] = json.loads(versions)
        one = self.processors[-1:]
        with Worker([self.ours, data], one) as ours, Worker([self.python, PEER, data], one) as peer:
            for case, what, bound, nearness in ROWS:
                self.compare(case, what, bound, nearness, ours, peer)
        self.bootstrap(data, one)
        self.cold_start(one)

    # Calls in turn, as many at a time as take a while.

    def compare(self, case, what, bound, nearness, ours, peer):
        workers = {"gosset": ours, "peer": peer}
        first = {name: worker(case) for name, worker in workers.items()}
        self.require_same(case, first["gosset"]["answer"], first["peer"]["answer"], nearness)
        times = {}
        for name, worker in workers.items():
            # The second call, as the first fetched the data.
            times[name] = max(1, min(100_000, round(self.burst / max(worker(case)["seconds"], 1e-9))))
        rounds = []
        for number in range(self.rounds):
            order = list(workers) if number % 2 else list(workers)[::-1]
            rounds.append({name: workers[name](case, times[name])["seconds"] for name in order})
        self.report(case, what, bound, rounds)

    def require_same(self, case, ours, theirs, nearness):
        if not abs(ours - theirs) <= nearness * abs(theirs):
            raise SystemExit(f"bench: {case} gives {ours!r} here and {theirs!r} there; it is not the same work")

    def report(self, case, what, bound, rounds):
        self.raw[case] = rounds
        middle = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
        ratio = statistics.median(each["peer"] / each["gosset"] for each in rounds)
        self.row(what, duration(middle["gosset"]), duration(middle["peer"]), f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}", f">= {bound} x", ratio >= bound)

    # Resamples of means, on one processor and on two; the peer has one. In a process of its own, for its memory.

    def bootstrap(self, data, one):
        rounds = []
        for _ in range(self.bootstrap_rounds):
            each = {}
            with Worker([self.ours, data], one) as worker:
                each["gosset"] = worker("bootstrap", 1, self.resamples)
            with Worker([self.ours, data], self.processors) as worker:
                each["gosset_2"] = worker("bootstrap-2", 1, self.resamples)
            with Worker([self.python, PEER, data], one) as worker:
                each["peer"] = worker("bootstrap", 1, self.resamples)
            rounds.append(each)
        # Two runs of a thousand resamples differ by a few per cent of the interval's width.
        if abs(rounds[0]["gosset"]["answer"] - rounds[0]["peer"]["answer"]) > 0.002:
            raise SystemExit("bench: the bootstraps give different intervals")
        if rounds[0]["gosset"]["answer"] != rounds[0]["gosset_2"]["answer"]:
            raise SystemExit("bench: the bootstrap depends on its threads")
        what = f"bootstrap of a difference of means, {self.resamples:,} resamples of 2 x 100,000"
        for name, bound, threads in (("gosset", 4, "one thread"), ("gosset_2", 8, "two threads")):
            pairs = [{"gosset": each[name]["seconds"], "peer": each["peer"]["seconds"]} for each in rounds]
            self.report(f"bootstrap, {threads}", f"{what}, {threads}", bound, pairs)
        peak = {name: max(each[name]["peak"] for each in rounds) for name in rounds[0]}
        most = max(peak["gosset"], peak["gosset_2"])
        self.row(
            "memory of the bootstrap", f"{most / 1e6:.1f} MB", f"{peak['peer'] / 1e6:.1f} MB", f"{peak['peer'] / most:.1f}",
            f"<= {BOOTSTRAP_MEMORY / 1e6:.0f} MB", most <= BOOTSTRAP_MEMORY,
        )  # fmt: skip

    # From the start of a process to its printed answer.

    def cold_start(self, one):
        commands = {"gosset": [self.program, *WELCH], "peer": [self.python, "-c", PYTHON_WELCH]}
        rounds = []
        for number in range(self.rounds + 1):
            each = {}
            for name in list(commands) if number % 2 else list(commands)[::-1]:
                times = 10 if name == "gosset" else 1
                began = time.perf_counter()
                for _ in range(times):
                    self.call(commands[name], one)
                each[name] = (time.perf_counter() - began) / times
            rounds.append(each)
        # The first calls fetched the programs from the disk.
        self.report("cold start", "command line, from the start to a printed Welch t", 30, rounds[1:])

    def call(self, command, processors):
        answer = subprocess.run(
            ["taskset", "--cpu-list", str(processors[0]), *command], capture_output=True, text=True, check=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        if "11.236" not in answer.stdout:
            raise SystemExit(f"bench: {command[0]} did not print Welch's t")


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
