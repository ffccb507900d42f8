"""Eight loads in the same moment, and entries and an undoing during a load, on both engines."""

from pathlib import Path

import pytest

from graph.changes import changes
from graph.errors import Conflict
from graph.store import Store
from graph.upsert import BATCH
from loaders import entry
from loaders.load import load
from loaders.loads import loads
from loaders.undo import undo
from tests.at_once import MANY, at_once
from tests.loaders.test_load import SET, content, labels, written

ROWS = sum(text.count("\n") - 1 for name, text in SET.items() if name.endswith(".csv"))


def test_the_same_data_set_eight_times_at_once_is_stored_once(store: Store, tmp_path: Path):
    folder = written(tmp_path / "set", SET)
    ids = at_once(lambda _: load(store, folder).load)
    assert sorted(ids) == [str(number) for number in range(1, MANY + 1)]
    assert {each.id: each.state for each in loads(store)} == dict.fromkeys(ids, "done")
    alone = content(store), labels(store)
    load(store, folder)
    assert (content(store), labels(store)) == alone
    for each in loads(store):
        assert each.new + each.changed + each.same == ROWS
    assert sum(each.new for each in loads(store)) == ROWS


def test_eight_data_sets_at_once_are_all_stored(store: Store, tmp_path: Path):
    def one(number: int) -> dict[str, str]:
        return {
            "units.csv": f"id,name,part_of\nd,区,\nu{number},村{number},d\n",
            "posts.csv": f"id,title,unit\np{number},书记,u{number}\n",
            "people.csv": f"id,name\nt{number},人{number}\nm,王芳\n",
            "mentoring.csv": f"mentor,trainee,kind,since\nm,t{number},village,2020\n",
        }

    folders = [written(tmp_path / f"set{number}", one(number)) for number in range(MANY)]
    at_once(lambda number: load(store, folders[number]))
    assert content(store)["units"] == [
        {"id": "d", "name": "区", "kind": None, "part_of": None},
        *({"id": f"u{n}", "name": f"村{n}", "kind": None, "part_of": "d"} for n in range(MANY)),
    ]
    pairs = store.read(
        "MATCH (m:Mentor)-[:MENTORS]->(t:Trainee) RETURN m.id AS m, t.id AS t ORDER BY t"
    )
    assert pairs == [{"m": "m", "t": f"t{n}"} for n in range(MANY)]
    assert sum(each.new for each in loads(store)) == 2 + 4 * MANY


def test_what_people_enter_during_a_load_is_stored_beside_it(store: Store, tmp_path: Path):
    folder = written(tmp_path / "set", SET)

    def do(number: int) -> None:
        if number == 0:
            load(store, folder)
            return
        for n in range(3):
            entry.add(store, "people", {"id": f"e{number}-{n}", "name": "手工"}, by="a")

    at_once(do)
    asked = "MATCH (p:Person) WHERE p.id STARTS WITH 'e' AND p.name = '手工' RETURN count(p) AS n"
    assert store.read(asked) == [{"n": 3 * (MANY - 1)}]
    assert loads(store)[0].new == ROWS


def test_a_load_compares_what_somebody_stored_between_two_of_its_batches(
    store: Store, tmp_path: Path
):
    last = f"T{BATCH + 1}"
    rows = "".join(f"T{number:05},人,trainee\n" for number in range(BATCH + 2))
    files = {
        "units.csv": "id,name,part_of\na,区,\nb,镇,a\nc,村,b\n",
        "people.csv": f"id,name,roles\n{rows}",
    }

    def on_progress(table: str, done: int, total: int) -> None:
        if table == "units" and not store.read("MATCH (n:Unit {id: 'd'}) RETURN n.id AS id"):
            entry.add(store, "units", {"id": "d", "name": "手工", "part_of": "a"}, by="a")
        elif table == "people" and done < total and not changes(store, about=last):
            entry.add(store, "people", {"id": last, "name": "手工"}, by="a")

    load(store, written(tmp_path / "set", files), on_progress=on_progress)
    asked = "MATCH (a:Unit)-[:PART_OF]->(b:Unit) RETURN a.id AS a, b.id AS b ORDER BY a"
    assert [tuple(row.values()) for row in store.read(asked)] == [
        ("b", "a"), ("c", "b"), ("d", "a"),
    ]  # fmt: skip
    asked = "MATCH (p:Person) RETURN count(p) AS n, count(DISTINCT p.id) AS ids"
    assert store.read(asked) == [{"n": BATCH + 2, "ids": BATCH + 2}]
    assert entry.stored(store, "people", last).values["name"] == "人"
    (told,) = loads(store)
    units, people = told.tables["units"], told.tables["people"]
    assert (units.new, units.changed, units.same) == (3, 0, 0)
    assert (people.new, people.changed, people.same) == (BATCH + 1, 1, 0)


def test_a_load_that_is_undone_while_it_runs_stops_and_leaves_nothing(store: Store, tmp_path: Path):
    folder = written(tmp_path / "set", SET)
    before = content(store)

    def on_progress(table: str, done: int, total: int) -> None:
        if table == "people":
            undo(store, "1", by="王芳")

    with pytest.raises(Conflict) as caught:
        load(store, folder, on_progress=on_progress)
    assert "undone" in caught.value.message
    assert [each.state for each in loads(store)] == ["undone"]
    assert content(store) == before
