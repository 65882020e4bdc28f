#!/usr/bin/env python3
"""Loads the exports of a cinema's systems into its warehouse: tables of one form, of which every row can be believed.

    load.py SOURCES WAREHOUSE          writes one CSV file a table, for the embedded DuckDB
    load.py SOURCES WAREHOUSE --sql    also prints the tables as SQL, for psql and others

What is refused is counted and told on standard error. It may be run again: the tables are made anew.
"""

import csv
import datetime
import json
import pathlib
import sys

TABLES = {
    "exposures": ("unit", "variant", "time"),
    "links": ("unit", "person", "time"),
    "users": ("account", "registered", "bank"),
    "payments": ("payment", "account", "product", "time", "amount", "cashback"),
    "analytics": ("id", "unit", "event", "time", "minutes"),
}


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S").strftime("%Y-%m-%d %H:%M:%S")


def number(text):
    return float(str(text).replace(",", "."))


def payment(row):
    if row["account"] == "tester":
        raise ValueError("a tester's payment")
    return row["payment"], row["account"], row["product"], moment(row["paid"]), number(row["amount"]), number(row["cashback"])


def analytics(row):
    return row["id"], row["device"], row["event"], moment(row["at"]), row.get("minutes", "")


READERS = {
    "exposures": ("exposures.csv", ",", lambda row: (row["unit"], row["variant"], moment(row["time"]))),
    "links": ("links.csv", ",", lambda row: (row["unit"], row["person"], moment(row["time"]))),
    "users": ("users.csv", ",", lambda row: (row["account"], moment(row["registered"]), row["bank"])),
    "payments": ("payments.csv", ";", payment),
    "analytics": ("analytics.ndjson", None, analytics),
}


def rows(path, delimiter):
    with open(path, newline="") as file:
        yield from (json.loads(line) for line in file) if delimiter is None else csv.DictReader(file, delimiter=delimiter)


def load(sources, table):
    """The rows of a table: each once, by its first column, and none that is not as expected."""
    name, delimiter, read = READERS[table]
    kept, refused = {}, {}
    for row in rows(sources / name, delimiter):
        try:
            values = read(row)
            if values[0] in kept:
                raise ValueError("told twice")
            kept[values[0]] = values
        except (ValueError, KeyError, TypeError) as error:
            refused[str(error)] = refused.get(str(error), 0) + 1
    told = "".join(f", {count} refused: {reason}" for reason, count in sorted(refused.items()))
    print(f"{table}: {len(kept)} rows{told}", file=sys.stderr)
    return list(kept.values())


def sql(table, loaded):
    kinds = {"time": "timestamp", "registered": "timestamp", "amount": "double precision", "cashback": "double precision"}
    kinds["minutes"] = "double precision"
    columns = ", ".join(f"{column} {kinds.get(column, 'text')}" for column in TABLES[table])
    print(f"DROP TABLE IF EXISTS {table};\nCREATE TABLE {table} ({columns});")
    for row in loaded:
        values = ", ".join("NULL" if value == "" else "'" + str(value).replace("'", "''") + "'" for value in row)
        print(f"INSERT INTO {table} VALUES ({values});")


def main(sources, warehouse, *flags):
    warehouse = pathlib.Path(warehouse)
    warehouse.mkdir(parents=True, exist_ok=True)
    for table, columns in TABLES.items():
        loaded = load(pathlib.Path(sources), table)
        with open(warehouse / f"{table}.csv", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(loaded)
        if "--sql" in flags:
            sql(table, loaded)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
