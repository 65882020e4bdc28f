#!/usr/bin/env python3
"""Makes a folder of what the systems of an invented online cinema would export of an experiment with a bank.

New viewers see one of two offers: the standard one, or one by which the bank pays back 99 % of the first month. Some have several devices;
some of these met both offers. The files are always the same.

    generate.py FOLDER
"""

import datetime
import json
import pathlib
import random
import sys

if len(sys.argv) != 2:
    sys.exit(__doc__)
random.seed(1908)
START = datetime.datetime(2026, 1, 12)
PERSONS = 3700
CONVERSION = {"standard": 0.15, "cashback": 0.195}
PRICE = 399

exposures, links, users, payments, events = [], [], [], [], []
block = []


def variant():
    """Deals the offers in blocks of two, as the server does."""
    global block
    if not block:
        block = random.sample(["standard", "cashback"], 2)
    return block.pop()


def text(moment):
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def event(device, name, moment, minutes=None):
    events.append((moment, {"id": f"e{len(events) + 1}", "device": device, "event": name, "at": text(moment), "minutes": minutes}))


arrivals = sorted(START + datetime.timedelta(seconds=random.randrange(25 * 86400)) for _ in range(PERSONS))
for number, arrival in enumerate(arrivals):
    account, seen = f"account-{number + 1}", []
    devices = random.choices([1, 2, 3], [0.7, 0.24, 0.06])[0]
    signs_in = random.random() < 0.8
    for place in range(devices):
        device = f"{random.getrandbits(48):012x}"
        moment = arrival + datetime.timedelta(hours=place * random.uniform(2, 90))
        # Who signs in on a device before it first asks is given what they have; else it is dealt an offer of its own.
        if place == 0 or not signs_in or random.random() < 0.4:
            seen.append(variant())
            exposures.append((device, seen[-1], moment))
        if signs_in:
            links.append((device, account, moment + datetime.timedelta(minutes=random.uniform(1, 30))))
        visits = 1 + int(random.expovariate(0.9))
        for visit in range(visits):
            at = moment + datetime.timedelta(hours=random.uniform(0, 24) if visit else 0)
            event(device, "view", at)
            if random.random() < 0.5:
                event(device, "play", at + datetime.timedelta(minutes=2), round(random.lognormvariate(3.4, 0.7)))
        if random.random() < 0.08:
            event(device, "support", moment + datetime.timedelta(hours=1))
        if not signs_in:
            break
    if not signs_in:
        continue
    users.append((account, arrival, random.choices(["partner", "other"], [0.35, 0.65])[0]))
    # Who has met the better offer anywhere may take it.
    offer = "cashback" if "cashback" in seen else "standard"
    if random.random() < CONVERSION[offer]:
        paid = arrival + datetime.timedelta(hours=random.expovariate(1 / 60) + 0.5)
        cashback = round(PRICE * 0.99, 2) if offer == "cashback" else 0
        payments.append((account, "subscription", paid, PRICE, cashback))
        if random.random() < 0.62:
            payments.append((account, "renewal", paid + datetime.timedelta(days=30), PRICE, 0))

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
with open(folder / "exposures.csv", "w") as file:
    file.write("unit,variant,time\n")
    for device, name, moment in sorted(exposures, key=lambda row: row[2]):
        file.write(f"{device},{name},{text(moment)}\n")
with open(folder / "links.csv", "w") as file:
    file.write("unit,person,time\n")
    for device, account, moment in sorted(links, key=lambda row: row[2]):
        file.write(f"{device},{account},{text(moment)}\n")
with open(folder / "users.csv", "w") as file:
    file.write("account,registered,bank\n")
    for account, moment, bank in users:
        file.write(f"{account},{text(moment)},{bank}\n")
# The payment provider writes semicolons and decimal commas, tells some payments twice, and has payments of the testers among them.
with open(folder / "payments.csv", "w") as file:
    file.write("payment;account;product;paid;amount;cashback\n")
    for number, (account, product, moment, amount, cashback) in enumerate(sorted(payments, key=lambda row: row[2])):
        line = f"p{number + 1};{account};{product};{text(moment)};{amount};{str(cashback).replace('.', ',')}\n"
        file.write(line)
        if number % 40 == 7:
            file.write(line)
        if number % 100 == 50:
            file.write(f"t{number};tester;subscription;{text(moment)};1;0\n")
with open(folder / "analytics.ndjson", "w") as file:
    for _, row in sorted(events, key=lambda row: row[0]):
        file.write(json.dumps({key: value for key, value in row.items() if value is not None}, separators=(",", ":")) + "\n")
