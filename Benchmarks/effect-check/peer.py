"""The plain way to check effects: Flask, and a t-test on each customer's sum in the pilot, with NumPy.

gunicorn --chdir Benchmarks/effect-check 'peer:application("DIR")': DIR has ids.npy, sorted, and sums.npy. Members are found by `isin`, as one
writes it; with sorted=True by a binary search, as one writes it who has found out that `isin` goes through all customers.
"""

import math
from pathlib import Path

import numpy
from flask import Flask, jsonify, request


def application(directory, sorted=False):
    ids = numpy.load(Path(directory) / "ids.npy")
    sums = numpy.load(Path(directory) / "sums.npy")
    app = Flask("peer")

    def group(members):
        members = numpy.asarray(members)
        if not sorted:
            return sums[numpy.isin(ids, members)]
        places = numpy.minimum(numpy.searchsorted(ids, members), len(ids) - 1)
        return numpy.where(ids[places] == members, sums[places], 0.0)

    @app.get("/ping")
    def ping():
        return jsonify(status="ok")

    @app.post("/check_test")
    def check():
        test = request.get_json(force=True)["test"]
        a = group(test["group_a_one"] + test["group_a_two"])
        b = group(test["group_b"])
        error = math.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        return jsonify(has_effect=int((b.mean() - a.mean()) / error > 1.645))

    return app
