"""A million people into the embedded engine: ours beside the raw engine, and checking alone.

The data are the reference district many times over, streamed by `examples.generate` and cut to as
many ties as people and twice as many rotations. The raw engine is what a person would write without
us: the rows of the CSV files in `UNWIND ... MERGE` of 10,000. Each runs in a process of its own.
`BENCH_PEOPLE=100000 make bench ARGS=load` takes fewer people.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import kglite

from bench.report import as_table, in_own_process, machine, peak_mb, publish
from examples.district import TRAINEES
from examples.generate import generate
from graph.settings import Settings
from graph.store import open_store
from loaders.load import check, load

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "1000000"))
PEOPLE_OF_A_DISTRICT = 77
BATCH = 10_000
FILES = ("units", "posts", "people", "mentoring", "rotations")

# What a short script of a user would run, file by file.
RAW: tuple[tuple[str, str], ...] = (
    ("units", "UNWIND $rows AS row MERGE (n:Unit {id: row.id}) SET n += row"),
    (
        "units",
        "UNWIND $rows AS row MATCH (a:Unit {id: row.id}) MATCH (b:Unit {id: row.part_of}) "
        "MERGE (a)-[:PART_OF]->(b)",
    ),
    ("posts", "UNWIND $rows AS row MERGE (n:Post {id: row.id}) SET n += row"),
    (
        "posts",
        "UNWIND $rows AS row MATCH (a:Post {id: row.id}) MATCH (b:Unit {id: row.unit}) "
        "MERGE (a)-[:IN]->(b)",
    ),
    ("people", "UNWIND $rows AS row MERGE (n:Person {id: row.id}) SET n += row"),
    (
        "mentoring",
        "UNWIND $rows AS row MATCH (a:Person {id: row.mentor}) "
        "MATCH (b:Person {id: row.trainee}) MERGE (a)-[e:MENTORS {id: row.id}]->(b) SET e += row",
    ),
    (
        "rotations",
        "UNWIND $rows AS row MATCH (a:Person {id: row.person}) "
        "MATCH (b:Post {id: row.post}) MERGE (a)-[e:ROTATED_TO {id: row.id}]->(b) SET e += row",
    ),
)


def main() -> None:
    """Measure checking and loading and renew the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        counts = write(folder)
        rows = sum(counts.values())
        done = {
            how: in_own_process("bench.load", how, str(folder), f"{scratch}/{how}.kgl")
            for how in ("raw", "check", "load")
        }
        size = (Path(scratch) / "load.kgl").stat().st_size >> 20
    raw = done["raw"]["s"]
    table = [
        ["raw UNWIND ... MERGE", raw, rows / raw, done["raw"]["mb"], ""],
        ["flask check", done["check"]["s"], rows / done["check"]["s"], done["check"]["mb"], ""],
        [
            "flask load (checked, searchable, with origins)",
            done["load"]["s"],
            rows / done["load"]["s"],
            done["load"]["mb"],
            done["load"]["s"] / raw,
        ],
    ]
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    busy = os.getloadavg()[2]
    publish(
        "load",
        "\n".join(
            [
                "## A large load into the embedded engine",
                "",
                f"{told}; {machine()}, {busy:.1f} processes wanting them on average. "
                f"The stored file has {size:,} MB.",
                "",
                as_table(["how", "seconds", "rows/s", "peak MB", "ratio to raw"], table),
            ]
        ),
    )


def write(folder: Path) -> dict[str, int]:
    """Write the data set; give the number of rows of each file."""
    districts = -(-PEOPLE // PEOPLE_OF_A_DISTRICT)
    generate(folder, trainees=districts * TRAINEES, files=FILES)
    most = {"people": PEOPLE, "mentoring": PEOPLE, "rotations": 2 * PEOPLE}
    known = _cut(folder / "people.csv", most["people"], set(), ())
    people = {line.split(",", 1)[0] for line in known}
    counts = {"people": len(people)}
    for name, columns in (("mentoring", (1, 2)), ("rotations", (1,))):
        counts[name] = len(_cut(folder / f"{name}.csv", most[name], people, columns))
    for name in ("units", "posts"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            counts[name] = sum(1 for _ in file) - 1
    return counts


def _cut(path: Path, most: int, people: set[str], columns: tuple[int, ...]) -> list[str]:
    """Keep the first rows whose people are known, and give their ids."""
    short = path.with_suffix(".short")
    ids = []
    with (
        path.open(encoding="utf-8", newline="") as file,
        short.open("w", encoding="utf-8", newline="") as out,
    ):
        rows, kept = csv.reader(file), csv.writer(out, lineterminator="\n")
        kept.writerow(next(rows))
        fitting = (row for row in rows if all(row[column] in people for column in columns))
        for row in islice(fitting, most):
            kept.writerow(row)
            ids.append(row[0])
    short.replace(path)
    return ids


def run_raw(folder: Path, store: Path) -> None:
    """Load as a short script would."""
    kglite.set_query_warning_policy("silent")
    session = kglite.open_session(str(store), durable="normal")
    for label in ("Unit", "Post", "Person"):
        session.execute(
            f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS "
            f"FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        )
    for name in ("Person", "Unit", "Post"):
        of = "title" if name == "Post" else "name"
        session.execute(
            f"CREATE RANGE INDEX {name.lower()}_name IF NOT EXISTS FOR (n:{name}) ON (n.{of})"
        )
    for type_ in ("MENTORS", "ROTATED_TO"):
        session.execute(
            f"CREATE INDEX {type_.lower()}_id IF NOT EXISTS FOR ()-[e:{type_}]-() ON (e.id)"
        )
    for name, statement in RAW:
        for rows in _batches(folder / f"{name}.csv"):
            session.execute(statement, params={"rows": rows})
    session.close()


def _batches(path: Path) -> Iterator[list[dict[str, Any]]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        while batch := list(islice(rows, BATCH)):
            yield batch


def run_load(folder: Path, store: Path) -> None:
    """Load as `flask load` does."""
    with open_store(Settings(store_url=f"embedded:{store}")) as opened:
        load(opened, folder)


def run_check(folder: Path, _store: Path) -> None:
    """Check as `flask check` does."""
    check(folder)


def _in_process() -> None:
    """Do one part in this process; the last line is its JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=("raw", "check", "load"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("store", type=Path)
    given = parser.parse_args()
    work = {"raw": run_raw, "check": run_check, "load": run_load}[given.how]
    began = time.perf_counter()
    work(given.folder, given.store)
    print(json.dumps({"s": time.perf_counter() - began, "mb": peak_mb()}))


if __name__ == "__main__":
    _in_process()
