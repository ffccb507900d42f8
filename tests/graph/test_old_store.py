"""A store written before a table came opens with nothing lost, and takes the new table.

`stores/before-service.kgl` is the residency as the program of 2026-11-27 stored it: no node of it
is a `Service` or a `Grade`.
"""

import shutil
from datetime import date
from pathlib import Path

import pytest

from graph.settings import Settings
from graph.store import Store, open_store
from loaders.entry import add
from loaders.load import load
from queries.catalogue import ask
from queries.person_file import person_file
from queries.personnel import personnel
from tests.conftest import ROOT

BEFORE = Path(__file__).parent / "stores" / "before-service.kgl"
ON = date(2024, 6, 30)


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "graph.kgl"
    shutil.copyfile(BEFORE, path)
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield store


def counts(store: Store) -> dict[str, int]:
    return {row["key"]: row["value"] for row in ask(store, "data.counts").rows}


def test_nothing_is_lost_and_everything_can_be_asked(old):
    assert {key: count for key, count in counts(old).items() if count} == {
        "units": 5, "posts": 8, "people": 10, "mentoring": 9, "rotations": 25,
        "activities": 7, "attendance": 24, "records": 30, "programmes": 1,
    }  # fmt: skip
    found = person_file(old, "R1", ON)
    assert (found.service, found.grades, found.state.in_service) == ((), (), "yes")


def test_the_new_tables_are_taken_by_hand_and_by_a_load(old):
    left = {"person": "R1", "kind": "resigned", "since": "2024-03-01"}
    add(old, "service", left, by="王")
    assert personnel(old).on(ON)["R1"].in_service == "no"
    load(old, ROOT / "examples" / "residency")
    assert counts(old)["service"] == 2
    assert person_file(old, "R1", date(2024, 2, 29)).state.in_service == "yes"
