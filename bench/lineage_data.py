"""An invented lineage of any size: people and mentoring ties, as the native data set."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from examples.words import GIVEN, SURNAMES

SEED = 20240630


def write(folder: Path, people: int, ties: int) -> None:
    """Write people.csv and mentoring.csv; every tie leads from an older person to a younger one.

    Most people have one mentor among the few hundred before them, so chains grow deep; the ties
    beyond one a person join branches, so some have several mentors.
    """
    chance = random.Random(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "cohort"])
        for number in range(people):
            name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
            rows.writerow([f"P{number}", name, 1950 + number * 70 // people])
    with (folder / "mentoring.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["mentor", "trainee", "kind", "since"])
        for number in range(ties):
            trainee = 1 + number % (people - 1)
            mentor = max(0, trainee - 1 - int(chance.expovariate(1 / (1 + trainee // 8))))
            kind = "village" if number < people - 1 else "township"
            rows.writerow([f"P{mentor}", f"P{trainee}", kind, 1950 + trainee * 70 // people])
