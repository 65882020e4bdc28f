#!/usr/bin/env python3
"""Makes visitors.csv: invented visitors of a shop, with the traps that real data have.

One row of A is a whale, and the visit times of B are wrong in a part of its rows. Run it to make the file anew; it is always the same.
"""

import random

random.seed(1908)
with open("visitors.csv", "w") as file:
    file.write("revenue,purchases,purchase,ab_group,visit time\n")
    for number in range(4000):
        group = "AB"[number % 2]
        buys = random.random() < 0.12
        purchases = 1 + int(random.expovariate(1)) if buys else 0
        revenue = round(sum(random.lognormvariate(2, 0.8) for _ in range(purchases)), 2)
        if number == 2718:
            purchases, revenue = 140, 1204.37
        time = random.gauss(7, 2)
        if group == "B" and random.random() < 0.04:
            time = -time
        file.write(f"{revenue},{purchases},{int(purchases > 0)},{group},{time:.2f}\n")
