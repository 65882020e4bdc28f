"""Invented data of a school for online learning, of the shape that such data really have: two files of groups whose headers differ, units
with two labels, payers who were never active, separators that change from file to file. Python 3.11's own generator, seed 20."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

random.seed(20)
here = Path(__file__).parent


def write(name, header, rows, delimiter=","):
    with open(here / name, "w", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


# The experiment with the payment page: B pays a little more often.
students = random.sample(range(1_000, 99_999), 6_000)
groups = {student: random.choice("AB") for student in students}
late = random.sample(students, 40) + random.sample(range(100_000, 109_999), 20)
late_groups = {student: groups.get(student, random.choice("AB")) for student in late}
for student in random.sample(sorted(set(late) & set(groups)), 15):
    late_groups[student] = "A" if groups[student] == "B" else "B"
active = random.sample(students, 1_400)
payments = []
for student in active:
    if random.random() < (0.06 if groups[student] == "A" else 0.09):
        payments.append((student, random.choice([199.0, 290.0, 690.0, 990.0, 1980.0, 2910.0])))
for student in random.sample(sorted(set(students) - set(active)), 25):
    payments.append((student, random.choice([690.0, 1140.0, 1900.0])))
random.shuffle(payments)
write("users.csv", ["id", "group"], sorted(groups.items()))
write("groups_add.csv", ["id", "grpp"], sorted(late_groups.items()))
write("logs.csv", ["student_id"], [[student] for student in active])
write("payments.csv", ["student_id", "rev"], payments, ";")

# The experiment with the trainer: solved tasks and sales, in October 2021.
studs = random.sample(range(100_000, 999_999), 400)
tests = {student: random.choice(["control", "pilot"]) for student in studs}
subjects = ["Math", "Statistics", "Theory of probability", "Vizualization"]
start = datetime(2021, 9, 25)


def moment():
    return (start + timedelta(minutes=random.randrange(45 * 24 * 60))).strftime("%d/%m/%y %H:%M")


peas = []
for student in random.sample(studs, 150):
    for _ in range(random.choice([1, 2, 5, 12, 30, 40])):
        peas.append((student, moment(), random.choice(["true", "true", "false"]), random.choice(subjects)))
checks = []
for student in studs:
    if random.random() < (0.08 if tests[student] == "control" else 0.16):
        for subject in random.sample(subjects, random.choice([1, 1, 2])):
            checks.append((student, moment(), random.choice([55_000, 65_000, 75_000, 85_000]), subject))
write("studs.csv", ["st_id", "test_grp"], sorted(tests.items()))
write("peas.csv", ["st_id", "timest", "correct", "subject"], peas)
write("checks.csv", ["st_id", "sale_time", "money", "subject"], checks)
