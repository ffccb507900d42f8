"""`people.search` among a million people on both engines."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.report import as_table, machine, median, p95, peak_mb, publish, timed_ms
from examples.words import GIVEN, SURNAMES
from graph.names import search_fields
from graph.settings import Settings
from graph.store import Store, open_store
from graph.upsert import BATCH, upsert_nodes
from loaders.export import export
from queries import directory
from queries.catalogue import ask
from tools.neo4j import Neo4jServer

PEOPLE = 1_000_000
ASKED = 100  # texts of each kind


def main() -> None:
    """Fill both engines alike and time what people type."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with open_store(Settings(store_url=f"embedded:{scratch / 'graph.kgl'}")) as store:
            names = _fill(store, chance)
            ask(store, "people.search", text="w")
            began = time.perf_counter()
            directory.of(store)
            directory.wait(store)
            seconds = time.perf_counter() - began
            asked = {
                kind: [text_of(chance, chance.choice(names)) for _ in range(ASKED)]
                for kind, text_of in _KINDS.items()
            }
            rows = list(_timed("embedded", store, asked))
            peak = peak_mb()
            export(store, scratch / "export", "neo4j-admin")
        server = Neo4jServer(scratch / "neo4j", heap_mb=2048, page_cache_mb=2048)
        server.fill(scratch / "export")
        with server:
            settings = Settings(
                store_url=server.url,
                neo4j_username=server.username,
                neo4j_password=server.password,
            )
            with open_store(settings) as store:
                store.checkpoint()
                list(_timed("Neo4j", store, asked))  # the server compiles what it runs often
                rows += _timed("Neo4j", store, asked)
    heads = ["engine", "typed", "for example", "median ms", "P95 ms", "worst ms"]
    publish(
        "search",
        f"## Search among {PEOPLE:,} people\n\n"
        f"{machine()}; in process. The embedded engine's directory was ready after {seconds:.0f} s "
        f"(the engine itself answers until then); peak memory {peak:,.0f} MB. Neo4j answers from "
        f"its text index, warm.\n\n{as_table(heads, rows)}",
    )


def _timed(engine: str, store: Store, asked: dict[str, list[str]]) -> Iterator[list[Any]]:
    for kind, texts in asked.items():
        times = timed_ms(lambda text: ask(store, "people.search", text=text), texts)
        yield [engine, kind, texts[0], median(times), p95(times), max(times)]


def _fill(store: Store, chance: random.Random) -> list[tuple[str, str]]:
    people = []
    for start in range(0, PEOPLE, BATCH):
        rows = []
        for number in range(start, start + BATCH):
            id_ = f"T{number:07}"
            name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2))))
            people.append((id_, name))
            rows.append({"id": id_, "props": {"name": name, **search_fields(id_, name)}})
        upsert_nodes(store, "Person", rows)
    store.checkpoint()
    return people


def _pinyin(person: tuple[str, str]) -> str:
    return search_fields(*person)["pinyin"]


_KINDS: dict[str, Callable[[random.Random, tuple[str, str]], str]] = {
    "a name": lambda chance, person: person[1],
    "a surname": lambda chance, person: person[1][:1],
    "the given name": lambda chance, person: person[1][1:],
    "pinyin": lambda chance, person: _pinyin(person),
    "part of pinyin": lambda chance, person: _pinyin(person)[: chance.randint(1, 5)],
    "initials": lambda chance, person: search_fields(*person)["initials"],
    "an id": lambda chance, person: person[0],
    "the end of an id": lambda chance, person: person[0][-3:],
    "nobody": lambda chance, person: person[1] + "〇",
    "nobody in pinyin": lambda chance, person: _pinyin(person) + "zz",
}
