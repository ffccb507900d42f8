"""The list of what is doubtful: of everybody, and again after a small write.

People and postings are those of `bench.personnel`, with days of birth, pairs, a ladder of ranks and
rules of appointment beside them; nine posts in ten are of the lowest rank, the others by chance,
so that more is found than in any office. CPU time is counted, which others on the machine do not
lengthen. `BENCH_PEOPLE` asks for another number of people.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench.personnel import PER_PERSON, fill
from bench.report import as_table, in_own_process, machine, median, peak_mb, publish
from graph.schema import PROGRAMME
from graph.settings import Settings, from_environment
from graph.store import Store, open_store
from graph.upsert import BATCH, edge_type, new_edge_statement, run_batch, upsert_edges, upsert_nodes
from queries.personnel import personnel
from queries.quality.kept import found_on
from queries.quality.listed import Choice, quality

PEOPLE = int(os.environ.get("BENCH_PEOPLE", 1_000_000))
DAY = date(2023, 12, 31)
SECONDS = 60  # what the list of everybody may take
WRITES = 20

_PROGRAMME = """\
id: bench
name: {zh: 测试, en: Bench}
ranks:
  - {key: 科员, zh: 科员, en: staff}
  - {key: 副科, zh: 副科, en: deputy section}
  - {key: 正科, zh: 正科, en: section}
  - {key: 副处, zh: 副处, en: deputy county}
  - {key: 正处, zh: 正处, en: county}
rotation_kinds:
  - {key: appointment, zh: 任职, en: appointment}
  - {key: rotation, zh: 轮岗, en: rotation}
  - {key: secondment, zh: 挂职, en: secondment, keeps_home_post: true}
"""
_RULES = """\
rules:
  - id: R1
    title: {zh: 试用期一年, en: On trial for a year}
    rule: {trial_period: {months: 12}}
    kind: hard
  - id: R9
    title: {zh: 逐级提拔, en: Level by level}
    rule: {level_by_level: {months: 12}}
    kind: hard
"""


_FIRST = """
MATCH (p:Person)-[r:ROTATED_TO]->(:Post)
RETURN p.id AS person, min(r.since) AS day
"""


def main() -> None:
    """Judge everybody of an embedded graph and renew the table."""
    with tempfile.TemporaryDirectory() as scratch:
        in_own_process("bench.quality", "fill", scratch)
        environment = {"STORE_URL": f"embedded:{Path(scratch) / 'graph.kgl'}"}
        done = in_own_process("bench.quality", "measure", environment=environment)
    heads = ["what", "CPU seconds", "target"]
    rows = [
        ["reading everybody's postings, which every page shares", done["read_s"], ""],
        ["judging everybody: the first list", done["judge_s"], SECONDS],
        ["a hundred of it, chosen, counted and worded", done["page_s"], ""],
        ["after a posting is written: all findings", done["write_s"], ""],
        ["after a pair is written: all findings", done["pair_s"], ""],
        ["another day", done["other_s"], SECONDS],
    ]
    text = "\n".join(
        [
            "## What is doubtful of everybody",
            "",
            f"{PEOPLE:,} people with {PEOPLE * PER_PERSON:,} postings and {PEOPLE // 2:,} pairs, "
            f"embedded; {done['findings']:,} findings on {DAY}; peak {done['mb']:,.0f} MB; "
            f"{machine()}.",
            "",
            as_table(heads, rows),
        ]
    )
    publish("quality", text)


# --- in a process of its own


def _fill(folder: Path) -> None:
    fill(PEOPLE * PER_PERSON, folder, "embedded")
    chance = random.Random(7)
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        props = {"name": "测试", "rules": _PROGRAMME, "appointment_rules": _RULES}
        upsert_nodes(store, PROGRAMME, [{"id": "bench", "props": props}])
        posts = [row["id"] for row in store.read("MATCH (post:Post) RETURN post.id AS id")]
        for at in range(0, len(posts), BATCH):
            some = [id_ for id_ in posts[at : at + BATCH] if not id_.endswith("0")]
            upsert_nodes(store, "Post", [{"id": id_, "props": {"rank": "科员"}} for id_ in some])
        ids = [f"T{number:07}" for number in range(PEOPLE)]
        first = dict(zip(*store.read_columns(_FIRST, ("person", "day")), strict=True))
        for at in range(0, PEOPLE, BATCH):
            rows = [
                {"id": id_, "props": {"joined_on": first.get(id_), **_born(chance)}}
                for id_ in ids[at : at + BATCH]
            ]
            upsert_nodes(store, "Person", rows)
        edge = edge_type("MENTORS")
        pairs = [_pair(chance, number, first) for number in range(PEOPLE // 2)]
        statement = new_edge_statement(edge, ("id", "kind", "since"))
        for at in range(0, len(pairs), BATCH):
            run_batch(store, statement, pairs[at : at + BATCH])
        store.checkpoint()


def _born(chance: random.Random) -> dict[str, Any]:
    year, month, day = (chance.randrange(*each) for each in ((1955, 2002), (1, 13), (1, 29)))
    return {"born_on": f"{year}-{month:02}-{day:02}"}


def _pair(chance: random.Random, number: int, first: dict[str, str]) -> dict[str, Any]:
    two = [f"T{each:07}" for each in chance.sample(range(PEOPLE), 2)]
    mentor, trainee = sorted(two, key=lambda id_: (first.get(id_, ""), id_))  # no circle
    return {
        "id": f"M{number:07}",
        "source": mentor,
        "target": trainee,
        "kind": "peer",
        "since": f"{chance.randrange(1990, 2023)}-09-01",
    }


def measure(store: Store) -> dict[str, float]:
    """Return every figure, by name."""
    read = _seconds(lambda: personnel(store))
    judge = _seconds(lambda: found_on(store, DAY))
    findings = sum(1 for _ in found_on(store, DAY))
    page = _seconds(lambda: quality(store, DAY, Choice(), limit=100))
    chance = random.Random(3)
    writes, pairs = [], []
    for number in range(WRITES):
        person = f"T{chance.randrange(PEOPLE):07}"
        props = {"kind": "rotation", "since": "2021-03-01", "until": None}
        row = {"id": f"W{number}", "source": person, "target": "P0000003", "props": props}
        upsert_edges(store, edge_type("ROTATED_TO"), [row])
        writes.append(_seconds(lambda: found_on(store, DAY)))
        other = f"T{chance.randrange(PEOPLE):07}"
        props = {"kind": "peer", "since": "2021-03-01", "until": None}
        row = {"id": f"V{number}", "source": person, "target": other, "props": props}
        upsert_edges(store, edge_type("MENTORS"), [row])
        pairs.append(_seconds(lambda: found_on(store, DAY)))
    return {
        "read_s": read,
        "judge_s": judge,
        "findings": findings,
        "page_s": page,
        "write_s": median(writes),
        "pair_s": median(pairs),
        "other_s": _seconds(lambda: found_on(store, date(2015, 6, 30))),
        "mb": peak_mb(),
    }


def _seconds(work: Any) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        _fill(Path(sys.argv[2]))
        print("{}")
    else:
        with open_store(from_environment()) as opened:
            print(json.dumps(measure(opened)))
