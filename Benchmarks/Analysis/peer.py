"""What the analysis is measured against, each as a process of its own.

    peer.py make FOLDER USERS      makes the data: users with three metrics and three covariates, and one of fifty parts
    peer.py facts FOLDER USERS N   makes users, and facts of N rows about them
    peer.py polars|duckdb FILE     tea-tasting by one of its back ends
    peer.py query FILE             DuckDB's own single aggregate query of the same statistics
"""

import json
import sys
from pathlib import Path

METRICS = ["sessions", "orders", "revenue"]


def make(folder, rows):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.5)")
    connection.execute(
        f"""
        CREATE TABLE users AS SELECT i AS user_id, (hash(i) % 2)::INT AS variant, sessions, (sessions * random() / 3)::INT AS orders,
            round(sessions * (5 + 10 * random()), 2) AS revenue, sessions + (2 * random())::INT AS sessions_before,
            (sessions * random() / 3)::INT AS orders_before, round(sessions * (5 + 10 * random()), 2) AS revenue_before
        FROM (SELECT i, 1 + (6 * random())::INT AS sessions FROM range({rows}) AS r(i))
        """
    )
    connection.execute(f"COPY users TO '{folder}/users.parquet'")
    connection.execute(f"COPY users TO '{folder}/users.csv'")
    connection.execute(f"COPY (SELECT *, user_id % 50 AS part FROM users) TO '{folder}/parts.parquet'")


def facts(folder, users, rows):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"COPY (SELECT i AS user_id, (hash(i) % 2)::INT AS variant FROM range({users}) AS r(i)) TO '{folder}/units.parquet'")
    connection.execute(
        f"COPY (SELECT (hash(i) % {users})::BIGINT AS user_id, round(1 + (hash(i + 1) % 10000) / 100, 2) AS money FROM range({rows}) AS r(i)) "
        f"TO '{folder}/events.parquet'"
    )


def tea_tasting(engine, file):
    import tea_tasting as tt

    if engine == "polars":
        import polars

        data = polars.scan_parquet(file) if file.endswith(".parquet") else polars.scan_csv(file)
    else:
        import ibis

        connection = ibis.duckdb.connect()
        data = connection.read_parquet(file) if file.endswith(".parquet") else connection.read_csv(file)
    experiment = tt.Experiment({name: tt.Mean(name, f"{name}_before") for name in METRICS})
    result = experiment.analyze(data)
    return {name: result[name].pvalue for name in METRICS}


def query(file):
    import duckdb

    reader = "read_parquet" if file.endswith(".parquet") else "read_csv"
    columns = ", ".join(
        f"avg({name}), avg({name}_before), var_samp({name}), var_samp({name}_before), covar_samp({name}, {name}_before)" for name in METRICS
    )
    duckdb.connect().execute(f"SELECT variant, count(*), {columns} FROM {reader}('{file}') GROUP BY variant").fetchall()
    return {}


if __name__ == "__main__":
    what = sys.argv[1]
    if what == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]))
    elif what == "facts":
        facts(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        print(json.dumps(query(sys.argv[2]) if what == "query" else tea_tasting(what, sys.argv[2])))
