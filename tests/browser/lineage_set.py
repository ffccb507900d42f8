"""The published lineage of Chinese Buddhism (../shared/data), as a graph for tests."""

import csv
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import networkx as nx
import pytest

from graph.names import search_fields
from graph.settings import Settings
from graph.store import Store, open_store
from tests.small_graph import put_mentoring, put_people

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "chinese-buddhism-lineage"


def read_ties() -> list[tuple[str, str, str, None, str | None]]:
    """Return (id, teacher, student, no kind, year) of each tie whose two ends are known."""
    if not SHARED.is_dir():
        pytest.skip(f"the published lineage is not there: {SHARED}")
    with gzip.open(SHARED / "ties.csv.gz", "rt", encoding="utf-8") as file:
        return [
            (row["tie_id"], row["teacher_id"], row["student_id"], None, _year(row["time_from"]))
            for row in csv.DictReader(file)
            if row["teacher_id"]
        ]


def read_names() -> dict[str, str]:
    """Return the names by id."""
    with gzip.open(SHARED / "persons.csv.gz", "rt", encoding="utf-8") as file:
        return {row["person_id"]: row["name"] for row in csv.DictReader(file)}


def _year(text: str) -> str | None:
    year = text.strip()[:4]
    return year if year.isdigit() and len(year) == 4 and year > "0000" else None


@contextmanager
def lineage_store(folder: Path) -> Iterator[tuple[Store, "nx.DiGraph[str]", dict[str, str]]]:
    """Open a new graph that holds the teachers and students, and give them for NetworkX too."""
    ties, names = read_ties(), read_names()
    graph: nx.DiGraph[str] = nx.DiGraph((tie[1], tie[2]) for tie in ties)
    with open_store(Settings(store_url=f"embedded:{folder / 'lineage.kgl'}")) as store:
        put_people(store, [(id_, names[id_]) for id_ in sorted(graph)])
        put_mentoring(store, ties)
        yield store, graph, {id_: names[id_] for id_ in graph}


def named_once(names: dict[str, str]) -> dict[str, str]:
    """Return the people whose initials nobody else has: initials by id."""
    initials = {id_: search_fields(id_, name)["initials"] for id_, name in names.items()}
    held: dict[str, list[str]] = {}
    for id_, sign in initials.items():
        held.setdefault(sign, []).append(id_)
    return {ids[0]: sign for sign, ids in held.items() if len(ids) == 1 and len(sign) > 1}
