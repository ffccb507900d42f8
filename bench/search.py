"""`people.search` among a million people on the embedded engine."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.report import as_table, machine, median, p95, peak_mb, publish, timed_ms
from examples.words import GIVEN, SURNAMES
from graph.names import search_fields
from graph.settings import Settings
from graph.store import Store, open_store
from graph.upsert import BATCH, upsert_nodes
from queries import directory
from queries.catalogue import ask

PEOPLE = 1_000_000
ASKED = 100  # texts of each kind


def main() -> None:
    """Fill a graph, let its directory be made, and time what people type."""
    chance = random.Random(1)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Settings(store_url=f"embedded:{Path(folder) / 'graph.kgl'}")) as store,
    ):
        names = _fill(store, chance)
        ask(store, "people.search", text="w")
        began = time.perf_counter()
        directory.of(store)
        directory.wait(store)
        seconds = time.perf_counter() - began
        rows = []
        for kind, text_of in _KINDS.items():
            texts = [text_of(chance, chance.choice(names)) for _ in range(ASKED)]
            times = timed_ms(lambda text: ask(store, "people.search", text=text), texts)
            rows.append([kind, texts[0], median(times), p95(times), max(times)])
    table = as_table(["typed", "for example", "median ms", "P95 ms", "worst ms"], rows)
    publish(
        "search",
        f"## Search among {PEOPLE:,} people\n\n"
        f"{machine()}; embedded engine, in process. The directory was ready after {seconds:.0f} s "
        f"(the engine itself answers until then); peak memory {peak_mb():,.0f} MB.\n\n{table}",
    )


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
