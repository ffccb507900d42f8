"""The audit of a whole programme of 100,000 trainees, with all their records, on both engines.

The generated rows are known to be right, so they are stored as they are, without the checks of
`flask load`, and Neo4j is filled by its own importer from an export of the embedded store: only the
audit is measured here. `BENCH_TRAINEES` asks for another number of
trainees, `BENCH_ENGINES` ("embedded", "Neo4j") for one engine only. Beside ours stands what a
script would do that asks the graph for each trainee: it is measured on some of them and
multiplied, and asks for one duty only, where the audit judges every rule.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from bench.report import as_table, in_own_process, machine, peak_mb, publish
from examples.generate import generate
from graph.programme import parse_programme
from graph.settings import from_environment
from graph.store import Store, open_store
from graph.upsert import BATCH, run_batch, upsert_nodes
from loaders.export import export
from queries.programme.audit import audit
from queries.programme.reading import read_facts
from tools.neo4j import Neo4jServer

TRAINEES = int(os.environ.get("BENCH_TRAINEES", 100_000))
DAY = date(2024, 6, 30)
ASKED = 300  # trainees that the script beside us is asked about
SECONDS = 60  # what the audit may take

_ONE = """
MATCH (p:Person {id: $person})-[:HAS_RECORD]->(r:Record {kind: 'talk', level: 'township'})
RETURN max(r.on) AS last
"""


def main() -> None:
    """Audit everybody on both engines and renew the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        generate(folder, trainees=TRAINEES)
        records = sum(1 for _ in (folder / "records.csv").open(encoding="utf-8")) - 1
        rows = []
        for engine, environment in _engines(Path(scratch), folder):
            print(f"{engine}: audit", flush=True)
            done = in_own_process("bench.audit", "audit", environment=environment)
            rows.append(
                [
                    engine,
                    done["read_s"],
                    done["judge_s"],
                    done["read_s"] + done["judge_s"],
                    "yes" if done["read_s"] + done["judge_s"] <= SECONDS else "no",
                    done["cpu_s"],
                    done["findings"],
                    done["mb"],
                    done["script_s"],
                ]
            )
    publish(
        "audit",
        "\n".join(
            [
                "## The audit of everybody",
                "",
                f"{TRAINEES:,} trainees with {records:,} records; every rule of the reference "
                f"programme on {DAY}; {machine()}.",
                "",
                as_table(
                    [
                        "engine",
                        "read s",
                        "judge s",
                        "together s",
                        f"<= {SECONDS} s",
                        "its CPU s",
                        "findings",
                        "peak MB",
                        "a script, one duty, a question a trainee: s",
                    ],
                    rows,
                ),
            ]
        ),
    )


def _engines(scratch: Path, data: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each wanted engine with everybody stored; a server runs while it is asked."""
    wanted = os.environ.get("BENCH_ENGINES", "embedded,Neo4j").split(",")
    embedded = {"STORE_URL": f"embedded:{scratch}/audit.kgl"}
    print("embedded: load", flush=True)
    in_own_process("bench.audit", "load", str(data), environment=embedded)
    if "embedded" in wanted:
        yield "embedded", embedded
    if "Neo4j" in wanted:
        print("Neo4j: load", flush=True)
        in_own_process("bench.audit", "export", f"{scratch}/export", environment=embedded)
        server = Neo4jServer(scratch / "neo4j", heap_mb=4096, page_cache_mb=4096)
        server.fill(scratch / "export")
        with server:
            yield (
                "Neo4j",
                {
                    "STORE_URL": server.url,
                    "NEO4J_USERNAME": server.username,
                    "NEO4J_PASSWORD": server.password,
                },
            )


# What the rows of a file are stored by; cells come as text, an empty one as null.
_STORED = {
    "units": "CREATE (:Unit {id: row.id, name: row.name, kind: row.kind})",
    "posts": """
MATCH (u:Unit {id: row.unit})
CREATE (:Post {id: row.id, name: row.title, rank: row.rank, kind: row.kind,
  capacity: row.capacity, demands: row.demands, hardship: row.hardship})-[:IN]->(u)""",
    "activities": """
CREATE (:Activity {id: row.id, name: row.title, kind: row.kind, held_on: row.held_on,
  until: row.until, place: row.place, organiser: row.organiser})""",
    "rotations": """
MATCH (p:Person {id: row.person})
MATCH (post:Post {id: row.post})
CREATE (p)-[:ROTATED_TO {id: row.id, kind: row.kind, since: row.since, until: row.until,
  status: row.status, rank: row.rank}]->(post)""",
    "mentoring": """
MATCH (m:Person {id: row.mentor})
MATCH (t:Person {id: row.trainee})
CREATE (m)-[:MENTORS {id: row.id, kind: row.kind, since: row.since, until: row.until,
  methods: row.methods, duties: row.duties, tasks: row.tasks}]->(t)""",
    "attendance": """
MATCH (p:Person {id: row.person})
MATCH (a:Activity {id: row.activity})
CREATE (p)-[:TOOK_PART_IN {role: row.role, result: row.result}]->(a)""",
    "records": """
MATCH (p:Person {id: row.person})
CREATE (p)-[:HAS_RECORD]->(:Record {id: row.id, name: row.kind, kind: row.kind, on: row.on,
  level: row.level, result: row.result, summary: row.summary})""",
}
_PERSON = """
CREATE (:Person%s {id: row.id, name: row.name, cohort: row.cohort, joined_on: row.joined_on,
  born_on: row.born_on, native_place: row.native_place, education: row.education,
  specialties: row.specialties, status: row.status, mentor_capacity: row.mentor_capacity})"""
_PART_OF = """
MATCH (u:Unit {id: row.id})
MATCH (above:Unit {id: row.part_of})
CREATE (u)-[:PART_OF]->(above)"""
_NUMBERS = {"cohort", "mentor_capacity", "capacity", "hardship"}
_LISTS = {"specialties", "demands", "methods", "duties", "tasks"}


def load_all(folder: Path) -> dict[str, float]:
    """Store the files of the data set, batch by batch."""
    began = time.perf_counter()
    with open_store(from_environment()) as store:
        rules = (folder / "programme.yaml").read_text(encoding="utf-8")
        programme = parse_programme(rules)
        props = {"name": programme.name.zh, "rules": rules}
        upsert_nodes(store, "Programme", [{"id": programme.id, "props": props}])
        labels = {"trainee": ":Trainee", "mentor": ":Mentor", "trainee;mentor": ":Trainee:Mentor"}
        for roles, label in labels.items():
            people = (row for row in _rows(folder, "people") if row["roles"] == roles)
            _store(store, _PERSON % label, people)
        for name, statement in _STORED.items():
            _store(store, statement, _rows(folder, name))
        _store(store, _PART_OF, (row for row in _rows(folder, "units") if row["part_of"]))
        store.checkpoint()
    return {"s": time.perf_counter() - began, "mb": peak_mb()}


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {heading: _value(heading, text) for heading, text in row.items()}


def _value(heading: str, text: str) -> Any:
    if heading in _LISTS and text:
        return text.split(";")
    return int(text) if heading in _NUMBERS and text else text or None


def _store(store: Store, statement: str, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, 2 * BATCH)):
        run_batch(store, f"UNWIND $rows AS row\n{statement}", batch)


def audit_all() -> dict[str, Any]:
    """Audit everybody, then ask about some of them one by one."""
    with open_store(from_environment()) as store:
        text = store.read("MATCH (p:Programme) RETURN p.rules AS rules LIMIT 1")[0]["rules"]
        programme = parse_programme(text)
        began, busy = time.perf_counter(), time.process_time()
        facts = read_facts(store, programme, DAY)
        read = time.perf_counter()
        found = audit(facts)
        judged = time.perf_counter()
        busy = time.process_time() - busy
        peak = peak_mb()
        some = random.Random(1).sample(facts.trainees, min(ASKED, len(facts.trainees)))
        script = time.perf_counter()
        for person in some:
            store.read(_ONE, person=person)
        script = (time.perf_counter() - script) / len(some) * len(facts.trainees)
    return {
        "read_s": read - began,
        "judge_s": judged - read,
        "cpu_s": busy,
        "findings": len(found.findings),
        "counts": found.counts,
        "mb": peak,
        "script_s": script,
    }


def export_all(folder: Path) -> dict[str, float]:
    """Write what Neo4j's importer reads."""
    began = time.perf_counter()
    with open_store(from_environment()) as store:
        counts = export(store, folder, "neo4j-admin")
    return {"s": time.perf_counter() - began, "mb": peak_mb(), **counts}


def _in_process() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("load", "export", "audit"))
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args()
    parts = {"load": load_all, "export": export_all}
    print(json.dumps(parts[given.part](given.folder) if given.folder else audit_all()))


if __name__ == "__main__":
    _in_process()
