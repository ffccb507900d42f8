"""What it costs to know the state of everybody, and to know it again after a small write.

Beside it stands what a user would have without: every posting read anew after each write. A ratio
to a bare scan or a sort tells more than seconds, which differ from machine to machine. What the
embedded engine does is counted in CPU time, which others on the machine do not lengthen; on Neo4j
the clock counts. A small run takes seconds:
`BENCH_POSTINGS=20000 BENCH_NEO4J_POSTINGS=20000 make bench ARGS=personnel`.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from bench.report import as_table, in_own_process, machine, median, p95, peak_mb, publish
from examples.words import GIVEN, SURNAMES
from graph.names import search_fields
from graph.schema import Property, table
from graph.settings import Settings, from_environment
from graph.store import Store, open_store
from graph.upsert import (
    BATCH,
    declare,
    edge_type,
    new_edge_statement,
    new_node_statement,
    run_batch,
    upsert_edges,
    upsert_nodes,
)
from loaders.export import export
from queries import directory
from queries.catalogue import ask
from queries.personnel import Personnel, personnel
from tools.neo4j import Neo4jServer

POSTINGS = int(os.environ.get("BENCH_POSTINGS", 1_000_000))
NEO4J_POSTINGS = int(os.environ.get("BENCH_NEO4J_POSTINGS", 300_000))
PER_PERSON = 4
DAY, OTHER_DAYS = date(2023, 12, 31), (date(2005, 6, 30), date(2012, 6, 30), date(2019, 6, 30))
WRITES = 40
READERS, WRITERS, SECONDS = 20, 5, 4
THINKING_S, WRITING_S = 0.05, 0.2  # what a person takes before the next question, or entry

_SCAN = """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post)
WHERE r.since > '9'
RETURN count(r) AS n
"""
# Of each engine: full read in scans, MB, commit to next answer in ms.
_TARGETS = {"embedded": (25, 600, 20), "Neo4j": (8, 600, 50)}


def main() -> None:
    """Measure both engines, each in a process of its own, and renew the table."""
    rows: list[list[Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for engine, postings in (("embedded", POSTINGS), ("Neo4j", NEO4J_POSTINGS)):
            folder = Path(scratch) / engine
            folder.mkdir()
            print(f"{engine}: {postings:,} postings", flush=True)
            in_own_process("bench.personnel", "fill", str(postings), str(folder), engine)
            for environment in _environments(engine, folder):
                done = in_own_process("bench.personnel", "measure", environment=environment)
                rows += _lines(engine, postings, done)
    publish("personnel", page(rows))


def page(rows: list[list[Any]]) -> str:
    """Return the part of the page of results."""
    heads = ["engine", "postings", "what", "ours", "target", "read anew", "ratio"]
    return "\n".join(
        [
            "## The state of everybody, and after a write",
            "",
            f"{machine()}, {os.getloadavg()[2]:.1f} processes wanting them on average. Figures "
            "of the embedded engine and of states in sorts are CPU time, the others of Neo4j and "
            "those of readers beside writers the clock's. A write stores one posting. "
            f"{READERS} readers ask about one person each, and think {THINKING_S * 1000:.0f} ms; "
            f"{WRITERS} writers pause "
            f"{WRITING_S * 1000:.0f} ms. Read anew: all postings read and judged again, as "
            "without following; of a search, the engine's own `CONTAINS`.",
            "",
            as_table(heads, rows),
        ]
    )


def _environments(engine: str, folder: Path) -> Iterator[dict[str, str]]:
    if engine == "embedded":
        yield {"STORE_URL": f"embedded:{folder / 'graph.kgl'}"}
        return
    server = Neo4jServer(folder / "neo4j", heap_mb=2048, page_cache_mb=1024)
    server.fill(folder / "export")
    with server:
        yield {
            "STORE_URL": server.url,
            "NEO4J_USERNAME": server.username,
            "NEO4J_PASSWORD": server.password,
        }


def _lines(engine: str, postings: int, done: dict[str, float]) -> Iterator[list[Any]]:
    scans, most, ms = _TARGETS[engine]
    anew, beside = done["read_s"] * 1000 + done["cold_ms"], done["beside_ms"] / done["alone_ms"]
    answer, search = done["answer_ms"], done["search_ms"]
    slow = done["answer_p95_ms"]
    sorts, cold = done["state_ms"] / done["sort_ms"], done["cold_ms"] / done["sort_ms"]
    lines: list[list[Any]] = [
        ["full read, in bare scans", done["read_s"] / done["scan_s"], scans, "", ""],
        ["full read, seconds", done["read_s"], "", "", ""],
        ["full read, peak MB more", done["read_mb"], most, "", ""],
        ["state of everybody on another day, in sorts", sorts, 3, "", ""],
        ["state of everybody, the first day after a full read, in sorts", cold, "", "", ""],
        ["commit to the answer about a person, ms", answer, ms, anew, anew / answer],
        ["the same, 95th percentile", slow, "", anew, anew / slow],
        ["commit to the state of everybody, ms", done["all_ms"], "", anew, anew / done["all_ms"]],
        ["search after a write, ms", search, 20, done["engine_ms"], done["engine_ms"] / search],
        ["readers alone, median ms", done["alone_ms"], "", "", ""],
        ["readers beside writers, in that", beside, 1.5, "", ""],
    ]
    return ([engine, postings, *line] for line in lines)


# --- in a process of its own


def fill(postings: int, folder: Path, engine: str) -> None:
    """Store invented people with careers; for Neo4j write them for its importer."""
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        _fill(store, postings)
        if engine == "Neo4j":
            export(store, folder / "export", "neo4j-admin")


def _fill(store: Store, postings: int) -> None:
    chance = random.Random(1)
    people, posts, units = postings // PER_PERSON, max(postings // 12, 20), max(postings // 240, 5)
    ranks = ("科员", "副科", "正科", "副处", "正处")
    kinds = ("appointment", "rotation", "secondment")
    surnames, given = list(SURNAMES), list(GIVEN)

    def person(number: int) -> dict[str, Any]:
        id_, name = f"T{number:07}", chance.choice(surnames) + "".join(chance.choices(given, k=2))
        joined = f"{chance.randrange(1985, 2024)}-07-01"
        return {"id": id_, "name": name, "joined_on": joined, **search_fields(id_, name)}

    def post(number: int) -> dict[str, Any]:
        rank = chance.choices(ranks, (55, 20, 15, 7, 3))[0]
        return {"id": f"P{number:07}", "name": f"岗位{number % 9}", "rank": rank, "kind": "staff"}

    def unit(number: int) -> dict[str, Any]:
        return {"id": f"U{number:06}", "name": f"单位{number}", "kind": "township"}

    makes: tuple[tuple[str, str, int, Callable[[int], dict[str, Any]]], ...] = (
        ("Unit", "units", units, unit),
        ("Post", "posts", posts, post),
        ("Person", "people", people, person),
    )
    for label, name, count, make in makes:
        of = table(name)
        stored = tuple(each for each in of.columns if isinstance(each, Property))
        declare(store, label, (*stored, *of.derived))
        _create(store, new_node_statement(label, (), list(make(0))), count, make)

    def within(number: int) -> dict[str, Any]:
        return {"source": f"P{number:07}", "target": f"U{chance.randrange(units):06}"}

    begun = [date(chance.randrange(1986, 2015), 7, 1) for _ in range(people)]

    def posting(number: int) -> dict[str, Any]:
        who = number % people
        since = begun[who]
        begun[who] = until = since + timedelta(days=chance.randrange(300, 1500))
        is_last = number >= (PER_PERSON - 1) * people and chance.random() < 0.7
        return {
            "id": f"R{number:08}",
            "source": f"T{who:07}",
            "target": f"P{chance.randrange(posts):07}",
            "kind": chance.choices(kinds, (6, 3, 1))[0],
            "rank": chance.choice(ranks) if chance.random() < 0.1 else None,
            "since": since.isoformat()[: 10 if chance.random() < 0.9 else 7],
            "until": None if is_last else until.isoformat(),
        }

    _create(store, new_edge_statement(edge_type("IN"), ()), posts, within)
    names = ("id", "kind", "rank", "since", "until")
    with store.filling("ROTATED_TO"):
        _create(
            store, new_edge_statement(edge_type("ROTATED_TO"), names), people * PER_PERSON, posting
        )
    store.checkpoint()


def _create(
    store: Store, statement: str, count: int, make: Callable[[int], dict[str, Any]]
) -> None:
    for low in range(0, count, BATCH):
        run_batch(store, statement, [make(at) for at in range(low, min(low + BATCH, count))])


def _timed_ms(store: Store, work: Callable[[Any], Any], arguments: Iterable[Any]) -> list[float]:
    if store.engine == "embedded":
        return _cpu_ms(work, arguments)
    return _ms(time.perf_counter, work, arguments)


def _cpu_ms(work: Callable[[Any], Any], arguments: Iterable[Any]) -> list[float]:
    return _ms(time.process_time, work, arguments)


def _ms(
    clock: Callable[[], float], work: Callable[[Any], Any], arguments: Iterable[Any]
) -> list[float]:
    times = []
    for argument in arguments:
        began = clock()
        work(argument)
        times.append((clock() - began) * 1000)
    return times


def measure(store: Store) -> dict[str, float]:
    """Return every figure of one engine, by name."""
    store.checkpoint()
    scans = _timed_ms(store, lambda _: store.read(_SCAN), range(5))
    before = psutil.Process().memory_info().rss / 2**20
    (read,) = _timed_ms(store, personnel, [store])
    read_mb = peak_mb() - before
    scans += _timed_ms(store, lambda _: store.read(_SCAN), range(3))
    model = personnel(store)
    keys = np.random.default_rng(1).integers(0, 1 << 60, len(model.columns))
    (cold,) = _cpu_ms(lambda day: _judge(model, day), [DAY])
    found = {
        "scan_s": median(scans) / 1000,
        "read_s": read / 1000,
        "read_mb": read_mb,
        "cold_ms": cold,
        "state_ms": median(_cpu_ms(lambda day: _judge(model, day), OTHER_DAYS)),
        "sort_ms": median(_cpu_ms(np.sort, [keys] * 9)),
    }
    people = random.Random(2).sample(personnel(store).columns.person_ids, 4 * WRITES)
    found |= _after_writes(store, people)
    found |= _at_once(store, people)
    return found


def _state(store: Store, day: date) -> None:
    _judge(personnel(store), day)


def _judge(model: Personnel, day: date) -> None:
    """Let everybody's state be judged: it asks no store, whichever engine is behind."""
    found = model.on(day)
    assert len(found.main) == len(found.rank) == len(found.in_service)


def _after_writes(store: Store, people: list[str]) -> dict[str, float]:
    """Return what the first answers after a commit take."""
    if store.engine == "embedded":
        directory.of(store)
        directory.wait(store)

    def about(person: str) -> None:
        assert personnel(store).on(DAY)[person].person == person

    answers, everybody, searches, engine = [], [], [], []
    query = "MATCH (p:Person) WHERE p.search CONTAINS $text RETURN p.id AS id LIMIT 20"
    for number, person in enumerate(people[:WRITES]):
        _write(store, person, number)
        answers += _timed_ms(store, about, [person])
        _write(store, person, WRITES + number)
        everybody += _timed_ms(store, lambda day: _state(store, day), [DAY])
        name = GIVEN[number % len(GIVEN)] * 2
        props = {"name": name, **search_fields(f"N{number}", name)}
        upsert_nodes(store, "Person", [{"id": f"N{number}", "props": props}])
        searches += _timed_ms(store, lambda text: ask(store, "people.search", text=text), [name])
        engine += _timed_ms(store, lambda text: store.read(query, text=text), [name])
    return {
        "answer_ms": median(answers),
        "answer_p95_ms": p95(answers),
        "all_ms": median(everybody),
        "search_ms": median(searches),
        "engine_ms": median(engine),
    }


def _write(store: Store, person: str, number: int) -> None:
    """Store one posting of a person."""
    props = {"kind": "rotation", "since": f"2020-{number % 12 + 1:02}", "until": None}
    row = {"id": f"W{person}-{number}", "source": person, "target": "P0000003", "props": props}
    upsert_edges(store, edge_type("ROTATED_TO"), [row])


def _at_once(store: Store, people: list[str]) -> dict[str, float]:
    """Return the median of many readers alone, and beside writers."""
    found = {}
    for name, writers in (("alone_ms", 0), ("beside_ms", WRITERS)):
        ended = threading.Event()
        times: list[float] = []
        threads = [
            threading.Thread(target=_read, args=(store, people, seed, ended, times))
            for seed in range(READERS)
        ] + [
            threading.Thread(target=_keep_writing, args=(store, people, seed, ended))
            for seed in range(writers)
        ]
        for each in threads:
            each.start()
        time.sleep(SECONDS)
        ended.set()
        for each in threads:
            each.join()
        found[name] = median(times)
    return found


def _read(
    store: Store, people: list[str], seed: int, ended: threading.Event, times: list[float]
) -> None:
    chance = random.Random(seed)
    while not ended.wait(THINKING_S * chance.uniform(0.5, 1.5)):
        person, began = chance.choice(people), time.perf_counter()
        assert personnel(store).on(DAY)[person].person == person
        times.append((time.perf_counter() - began) * 1000)


def _keep_writing(store: Store, people: list[str], seed: int, ended: threading.Event) -> None:
    chance = random.Random(100 + seed)
    while not ended.wait(WRITING_S * chance.uniform(0.5, 1.5)):
        _write(store, chance.choice(people), 1000 * seed + chance.randrange(1000))


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
        print("{}")
    else:
        with open_store(from_environment()) as opened:
            print(json.dumps(measure(opened)))
