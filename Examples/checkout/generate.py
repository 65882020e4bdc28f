#!/usr/bin/env python3
"""Makes orders.csv: invented users of a shop whose checkout was tried in three variants, with what they spent in the month before; and
shops.csv: baskets of the same chain's shops, of which half got new tills.

Run it to make the files anew; they are always the same.
"""

import random

random.seed(1876)
COUNTRIES = [("DE", 0.5, 1.0), ("SE", 0.3, 1.2), ("FI", 0.17, 0.9), ("NO", 0.03, 1.5)]
LIFT = {"old": 1.0, "new": 1.1, "newest": 1.01}

with open("orders.csv", "w") as file:
    file.write("user_id,variant,country,sessions_before,revenue_before,sessions,orders,revenue\n")
    for number in range(3000):
        variant = ("old", "new", "newest")[number % 3]
        country, _, price = random.choices(COUNTRIES, [share for _, share, _ in COUNTRIES])[0]
        # How much somebody shops stays much the same from one month to the next.
        taste = random.lognormvariate(0, 0.7)
        months = []
        for lift in (1.0, LIFT[variant]):
            sessions = 1 + sum(random.random() < 0.3 for _ in range(round(12 * taste)))
            orders = sum(random.random() < 0.4 * lift for _ in range(sessions))
            revenue = sum(random.lognormvariate(2.5, 0.3) * price for _ in range(orders))
            months.append((sessions, orders, revenue))
        (before, _, spent_before), (sessions, orders, spent) = months
        file.write(f"u{number + 1},{variant},{country},{before},{spent_before:.2f},{sessions},{orders},{spent:.2f}\n")

with open("shops.csv", "w") as file:
    file.write("shop,variant,basket\n")
    for number in range(60):
        variant = ("old", "new")[number % 2]
        # A rich street's baskets are all larger than a poor one's.
        street = random.gauss(30 + (variant == "new"), 4)
        for _ in range(random.randint(15, 60)):
            file.write(f"s{number + 1},{variant},{max(1, random.gauss(street, 9)):.2f}\n")
