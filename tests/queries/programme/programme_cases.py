"""The data sets that the tests of the programme's rules stand on, loaded and read as facts."""

from datetime import date
from pathlib import Path

from graph.programme import Programme, parse_programme
from graph.store import Store
from loaders.load import load
from queries.programme.facts import Facts
from queries.programme.reading import read_facts

ROOT = Path(__file__).resolve().parents[3]
SIX = ROOT / "tests" / "cases" / "programme-of-six"
DISTRICT = ROOT / "examples" / "shifeng"
RESIDENCY = ROOT / "examples" / "residency"
DAY = date(2024, 6, 30)


def loaded(store: Store, folder: Path) -> Store:
    load(store, folder)
    return store


def programme_of(store: Store) -> Programme:
    return parse_programme(store.read("MATCH (p:Programme) RETURN p.rules AS rules")[0]["rules"])


def facts_of(store: Store, on: date = DAY, people: list[str] | None = None) -> Facts:
    return read_facts(store, programme_of(store), on, people)
