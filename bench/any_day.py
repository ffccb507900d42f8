"""What a page of an earlier day costs beside the same page of today, on the embedded engine.

Everybody is stored as in the audit's benchmark (`BENCH_TRAINEES`). Each page is opened once for
either day before it is measured, and then five times in turn; the first opening, in which what is
kept of the day is made, stands beside.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.audit import TRAINEES
from bench.report import as_table, in_own_process, machine, median, publish
from examples.generate import generate
from graph.settings import from_environment
from graph.store import open_store
from queries.personnel import personnel
from webapp import create_app

PAST = "2020-06-30"
MOST = 1.5  # times today
TIMES = 5
PAGES = (
    "/",
    "/people",
    "/people?cohort=2019",
    "/people?unit={unit}",
    "/api/search?q=村",
    "/people/{person}",
    "/units/{unit}",
    "/posts",
    "/posts/{post}",
    "/network",
    "/network?person={mentor}&depth=2",
    "/network?unit={unit}",
    "/lineage?person={mentor}",
    "/api/connection?a={person}&b={mentor}",
    "/careers/people/{person}",
    "/careers/flows",
    "/careers/tree",
    "/programme",
    "/programme/audit",
    "/programme/mentors",
    "/programme/people/{person}",
    "/data",
)


def main() -> None:
    """Measure every page and renew the table."""
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch) / "data", trainees=TRAINEES)
        environment = {"STORE_URL": f"embedded:{scratch}/day.kgl"}
        in_own_process("bench.audit", "load", f"{scratch}/data", environment=environment)
        rows = in_own_process("bench.any_day", "measure", environment=environment)
    headings = [
        "page",
        "today ms",
        f"{PAST} ms",
        "ratio",
        f"<= {MOST}",
        "first today",
        "first then",
    ]
    publish(
        "any_day",
        "\n".join(
            [
                "## A day in the past",
                "",
                f"{TRAINEES:,} trainees; median of {TIMES} openings of each page; {machine()}.",
                "",
                as_table(headings, rows),
            ]
        ),
    )


def measure() -> list[list[Any]]:
    """Open every page of today and of the past day in turn; give a row a page."""
    with open_store(from_environment()) as store:
        personnel(store)
        client = create_app(from_environment(), store).test_client()
        named = store.read(
            "MATCH (m:Person)-[:MENTORS]->(t:Person)-[e:ROTATED_TO]->(q:Post)-[:IN]->(u:Unit)\n"
            f"WHERE e.since <= '{PAST}'\n"
            "RETURN m.id AS mentor, t.id AS person, q.id AS post, u.id AS unit\n"
            "ORDER BY mentor, person, post\nLIMIT 1"
        )[0]
        rows = []
        for page in PAGES:
            address = page.format(**named)
            then = f"{address}{'&' if '?' in address else '?'}on={PAST}"
            first = [_ms(client, each) for each in (address, then)]
            times = [[_ms(client, each) for each in (address, then)] for _ in range(TIMES)]
            today, past = (median(each) for each in zip(*times, strict=True))
            ratio = past / today
            rows.append([page, today, past, ratio, "yes" if ratio <= MOST else "no", *first])
    return rows


def _ms(client: Any, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("measure",))
    parser.parse_args()
    print(json.dumps(measure()))
